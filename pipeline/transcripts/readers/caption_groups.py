"""Captions without speakers, put together to paragraphs of a few sentences."""

import re
from collections.abc import Iterator, Sequence

from pipeline.transcripts.readers import RawTurn
from pipeline.transcripts.readers.voices import UNNAMED, Utterance

_PAUSE_SECONDS = 2.0
_MOST_SENTENCES = 5
_WANTED_WORDS = 60
# Captions without any points are cut here at the latest.
_MOST_WORDS = 120
_SENTENCE_END = re.compile(r"[.?!…][\"'”’)\]]{0,2}$")
_BETWEEN = re.compile(
    r"(?<=[.?!…])(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bMrs\.)(?<!\bNo\.)\s+(?=(?:[-–]\s)?[^\Wa-z_])"
)
_DASH = re.compile(r"[-–]\s")
_FEWEST_DASHES = 3


def group_captions(parts: Sequence[Utterance]) -> list[RawTurn]:
    """Make turns of one to five sentences, which end at a pause or with a sentence.

    A change of speaker, which '>>' or a dash marks, ends a turn as well.
    """
    marked = _mark_dashes([piece for part in parts for piece in _split_sentences(part)])
    groups: list[list[Utterance]] = []
    for piece in marked:
        if not groups or _is_closed(groups[-1], piece):
            groups.append([])
        groups[-1].append(piece)
    return [_turn(group) for group in groups]


def has_changes(parts: Sequence[Utterance]) -> bool:
    """Tell whether changes of speaker are marked."""
    pieces = [piece for part in parts for piece in _split_sentences(part)]
    return any(piece.speaker == UNNAMED for piece in _mark_dashes(pieces))


def _mark_dashes(pieces: Sequence[Utterance]) -> list[Utterance]:
    """Take '- ' before a sentence for a change of speaker, where it comes again."""
    dashes = [_DASH.match(piece.text) for piece in pieces]
    if sum(map(bool, dashes)) < _FEWEST_DASHES:
        return list(pieces)
    return [
        piece._replace(speaker=UNNAMED, text=piece.text[dash.end() :]) if dash else piece
        for piece, dash in zip(pieces, dashes, strict=True)
    ]


def _split_sentences(part: Utterance) -> Iterator[Utterance]:
    for place, text in enumerate(_BETWEEN.split(part.text)):
        yield part._replace(text=text, speaker=part.speaker if place == 0 else "")


def _is_closed(group: Sequence[Utterance], following: Utterance) -> bool:
    """Tell whether a group ends before what follows."""
    words = sum(len(part.text.split()) for part in group)
    has_pause = following.start - group[-1].end > _PAUSE_SECONDS
    if has_pause or following.speaker == UNNAMED or words >= _MOST_WORDS:
        return True
    ends = sum(bool(_SENTENCE_END.search(part.text)) for part in group)
    ends_here = bool(_SENTENCE_END.search(group[-1].text))
    return ends_here and (ends >= _MOST_SENTENCES or words >= _WANTED_WORDS)


def _turn(group: Sequence[Utterance]) -> RawTurn:
    first, last = group[0], group[-1]
    text = "\n".join(part.text for part in group)
    return RawTurn("", text, first.first_line, last.last_line, first.start)
