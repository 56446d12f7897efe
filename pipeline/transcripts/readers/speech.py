"""Speech that a program or a table holds piece by piece, made a script."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import NO_SPEAKERS, RawTurn, Script
from pipeline.transcripts.readers.layouts import find_openings
from pipeline.transcripts.readers.segments import Segment
from pipeline.wording import counted

UNKNOWN = "Unknown speaker"
_NO_NAME = frozenset(
    ("", "?", "-", "n/a", "nan", "none", "null", "u_ukn", "undefined", "unknown", "uu")
)
_CLOSING = frozenset(".,?!;:%…)]}”’。，？！、")
_SENTENCE_ENDS = tuple(".?!…。？！")
_ABBREVIATED = ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Cllr.", "St.", "No.", "vs.", "e.g.", "i.e.")
# A paragraph of speech without speakers ends with a sentence, once it is so long.
_WANTED_WORDS = 40
_MOST_WORDS = 150
_MOST_LABELLED = 0.5
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Speech(NamedTuple):
    """Segments or single words in their order, with what a Script says beside its turns.

    ``is_cut`` where a segment may end in mid-sentence, so that one without a speaker is no
    paragraph.
    """

    segments: Sequence[Segment]
    kind: str
    left_out: Mapping[str, int] = {}
    warnings: tuple[str, ...] = ()
    is_cut: bool = True


def make_script(path: Path, speech: Speech) -> Script:
    """Join the segments to turns. Raises TranscriptError where there are no words.

    Without speakers, each paragraph is a turn; where some segments have one, the others are of an
    unknown speaker.
    """
    tidied = [_tidy(segment) for segment in speech.segments]
    spoken = [segment for segment in tidied if segment.text]
    if not spoken:
        raise TranscriptError(
            path,
            0,
            "there are no words in it, only times or speakers at most.",
            remedy="Export the transcript again, with its words.",
        )
    left_out = {**speech.left_out, "empty segments": len(tidied) - len(spoken)}
    turns, warnings = _take_turns(spoken, is_cut=speech.is_cut)
    kept = {noun: count for noun, count in left_out.items() if count}
    return Script(turns, kept, speech.kind, (*speech.warnings, *warnings))


def carry_on(segments: Iterable[Segment]) -> list[Segment]:
    """Give a word without a speaker the one of the word before it, at the start the next one's."""
    carried = list(segments)
    speaker = next((one.speaker for one in carried if one.speaker), "")
    for place, segment in enumerate(carried):
        speaker = segment.speaker or speaker
        carried[place] = segment._replace(speaker=speaker)
    return carried


def join_words(words: Iterable[Segment]) -> list[Segment]:
    """Put words together to sentences of one speaker, so that channels can be interleaved."""
    runs: list[list[Segment]] = []
    for word in words:
        if not runs or not _goes_on(runs[-1], word):
            runs.append([])
        runs[-1].append(word)
    return [run[0]._replace(text=glue(word.text for word in run)) for run in runs]


def glue(texts: Iterable[str]) -> str:
    """Join words with a blank between them, but none before a closing point.

    >>> glue(["Well", ",", "who", "mends", "it", "?"])
    'Well, who mends it?'
    """
    glued: list[str] = []
    for text in texts:
        glued += [text] if _CLOSING.issuperset(text) or not glued else [" ", text]
    return "".join(glued)


def clean_text(text: str) -> str:
    """Take out what no text file can hold, and write accents as one character each."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole.replace("\0", "").replace("\r\n", "\n")).strip()


def _tidy(segment: Segment) -> Segment:
    speaker = " ".join(clean_text(segment.speaker).split()).rstrip(": ")
    name = "" if speaker.casefold() in _NO_NAME else speaker
    return segment._replace(speaker=name, text=clean_text(segment.text))


def _take_turns(
    segments: Sequence[Segment], *, is_cut: bool
) -> tuple[list[RawTurn], tuple[str, ...]]:
    if not any(segment.speaker for segment in segments):
        segments = _read_labels(segments)
    if not any(segment.speaker for segment in segments):
        runs = _find_paragraphs(segments) if is_cut else ([segment] for segment in segments)
        return [_join(run) for run in runs], (NO_SPEAKERS,)
    unnamed = sum(not segment.speaker for segment in segments)
    named = _name_letters([one._replace(speaker=one.speaker or UNKNOWN) for one in segments])
    turns = [_join(list(run)) for _, run in groupby(named, key=lambda one: one.speaker)]
    return turns, _warn(unnamed)


def _warn(unnamed: int) -> tuple[str, ...]:
    if not unnamed:
        return ()
    return (f"without a speaker: {counted(unnamed, 'piece')}, kept as those of '{UNKNOWN}'",)


def _join(run: Sequence[Segment]) -> RawTurn:
    """Make a turn of segments. A hyphen at the end of one breaks off a word, and stays."""
    text = glue(segment.text for segment in run)
    return RawTurn(run[0].speaker, text, run[0].number, run[-1].number, run[0].start_seconds)


def _find_paragraphs(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    run: list[Segment] = []
    words = 0
    for segment in segments:
        run.append(segment)
        words += len(segment.text.split())
        if (words >= _WANTED_WORDS and _ends_sentence(segment.text)) or words >= _MOST_WORDS:
            yield run
            run, words = [], 0
    if run:
        yield run


def _goes_on(run: Sequence[Segment], word: Segment) -> bool:
    if _CLOSING.issuperset(word.text):
        return True
    is_open = len(run) < _MOST_WORDS and not _ends_sentence(run[-1].text)
    return is_open and word.speaker == run[-1].speaker


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’)").endswith(_SENTENCE_ENDS) and not text.endswith(_ABBREVIATED)


def _read_labels(segments: Sequence[Segment]) -> Sequence[Segment]:
    """Read 'Name: words' where most segments start so; the others go on with the one before."""
    lines = [
        segment._replace(text=line.strip())
        for segment in segments
        for line in segment.text.splitlines()
        if line.strip()
    ]
    openings = find_openings([line.text for line in lines])
    if sum(bool(opening and opening.words) for opening in openings) < _MOST_LABELLED * len(lines):
        return segments
    return carry_on(
        line._replace(speaker=opening.label, text=opening.words) if opening else line
        for line, opening in zip(lines, openings, strict=True)
    )


def _name_letters(segments: list[Segment]) -> list[Segment]:
    """Write 'Speaker A' where a program told voices apart by letters: 'A' could mean an answer."""
    letters = {segment.speaker for segment in segments} - {UNKNOWN}
    if letters != set(_ALPHABET[: len(letters)]):
        return segments
    return [
        one._replace(speaker=f"Speaker {one.speaker}" if one.speaker in letters else UNKNOWN)
        for one in segments
    ]
