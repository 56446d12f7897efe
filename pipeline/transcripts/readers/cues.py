"""Captions: cues between two times, put together to turns."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import TranscriptError
from pipeline.transcripts.cleaning import is_mark
from pipeline.transcripts.readers import NO_SPEAKERS, RawTurn, Script
from pipeline.transcripts.readers.caption_blocks import ARROW, Timing, find_cues
from pipeline.transcripts.readers.caption_groups import group_captions, has_changes
from pipeline.transcripts.readers.labels import warn_of_one
from pipeline.transcripts.readers.layouts import find_unclear
from pipeline.transcripts.readers.lines import UNNAMED_CHANGES, no_speaker, unclear_speaker
from pipeline.transcripts.readers.rolling import take_once
from pipeline.transcripts.readers.text_lines import Line
from pipeline.transcripts.readers.voices import UNNAMED, Utterance, find_voices

_SOUND = re.compile(r"[\[(][^\[\]()]{1,60}[\])]|[♪♫\s]{1,60}")


def split_captions(path: Path, lines: Sequence[Line], *, timing: Timing = ARROW) -> Script:
    """Put the lines into cues, and neighbouring cues of one speaker into a turn.

    Captions that name nobody are put together to turns of a few sentences. Raises TranscriptError
    for a file without cues or words, and where it is not clear who speaks, as
    :func:`pipeline.transcripts.readers.lines.split_or_paragraphs` does.
    """
    left_out: Counter[str] = Counter()
    voices = find_voices(find_cues(lines, timing, left_out))
    spoken = _leave_out_sounds(voices.parts, left_out)
    if not spoken:
        raise _no_captions(path)
    fresh = [part for part in take_once(spoken, left_out) if part.text]
    is_named = any(part.speaker not in ("", UNNAMED) for part in fresh)
    script = _take_turns if is_named else _take_paragraphs
    turns, warnings = script(path, fresh, left_out)
    if not turns:
        raise _no_captions(path)
    kept = {kind: count for kind, count in left_out.items() if count}
    return Script(turns, kept, f"captions ({voices.kind})", warnings)


def _take_turns(
    path: Path, parts: Sequence[Utterance], left_out: Counter[str]
) -> tuple[list[RawTurn], tuple[str, ...]]:
    first = next(place for place, part in enumerate(parts) if part.speaker)
    if _count_words(parts[:first]) >= _count_words(parts[first:]):
        raise no_speaker(path, _as_lines(parts))
    left_out["heading captions"] = first
    turns = _gather(parts[first:])
    return turns, warn_of_one(turn.speaker for turn in turns)


def _take_paragraphs(
    path: Path, parts: Sequence[Utterance], _: Counter[str]
) -> tuple[list[RawTurn], tuple[str, ...]]:
    lines = _as_lines(parts)
    if unclear := find_unclear([line.text for line in lines]):
        raise unclear_speaker(path, lines, unclear)
    warnings = (NO_SPEAKERS, UNNAMED_CHANGES) if has_changes(parts) else (NO_SPEAKERS,)
    return group_captions(parts), warnings


def _as_lines(parts: Sequence[Utterance]) -> list[Line]:
    return [Line(part.first_line, part.text) for part in parts]


def _leave_out_sounds(parts: Sequence[Utterance], left_out: Counter[str]) -> list[Utterance]:
    """Leave out captions of nobody that hold a sound and nothing else, as '[Music]'."""
    spoken = [part for part in parts if part.speaker or not _is_sound(part.text)]
    left_out["sound captions"] = len(parts) - len(spoken)
    return spoken


def _is_sound(text: str) -> bool:
    return bool(_SOUND.fullmatch(text)) and (text[0] in "♪♫" or is_mark(text))


def _gather(parts: Sequence[Utterance]) -> list[RawTurn]:
    turns: list[RawTurn] = []
    texts: list[list[str]] = []
    for part in parts:
        if turns and part.speaker in ("", turns[-1].speaker):
            turns[-1] = turns[-1]._replace(last_line=part.last_line)
            texts[-1].append(part.text)
        else:
            turns.append(RawTurn(part.speaker, "", part.first_line, part.last_line, part.start))
            texts.append([part.text])
    joined = ("\n".join(filter(None, pieces)) for pieces in texts)
    return [turn._replace(text=text) for turn, text in zip(turns, joined, strict=True)]


def _count_words(parts: Sequence[Utterance]) -> int:
    return sum(len(part.text.split()) for part in parts)


def _no_captions(path: Path) -> TranscriptError:
    return TranscriptError(
        path,
        0,
        "there are no captions, that is, no words below times as '00:01:02.000 --> 00:01:04.000'.",
        remedy="Export the captions again, or save the words as .txt with their speakers.",
    )
