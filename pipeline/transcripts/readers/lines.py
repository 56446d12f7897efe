"""Tell turns from lines: 'Speaker: words', or the speaker alone with the words below."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import NO_SPEAKERS, RawTurn, Script
from pipeline.transcripts.readers.furniture import leave_out_furniture
from pipeline.transcripts.readers.labels import warn_of_one
from pipeline.transcripts.readers.layouts import Layout, find_layout, find_unclear
from pipeline.transcripts.readers.openings import Opening, is_time, seconds
from pipeline.transcripts.readers.paragraphs import make_paragraphs
from pipeline.transcripts.readers.text_lines import Line, number_lines

__all__ = [
    "REMEDY",
    "UNNAMED_CHANGES",
    "Line",
    "no_speaker",
    "number_lines",
    "split_into_turns",
    "split_or_paragraphs",
    "unclear_speaker",
]

UNNAMED_CHANGES = "changes of speaker are marked in it, but nobody is named"
REMEDY = "Start the line with the speaker and a colon, as in 'P01: I like it here.'"
_QUOTED = 30
_MOST_HEADING_LINES = 100
# A stenographer who runs the next speaker into the line writes the name in capitals.
_RUN_IN = re.compile(
    r"(?<=\s)(?=(?:MS|MRS?|MISS|DR|PROF|PROFESSOR|SIR|LADY|LORD|DAME|CLLR|THE)\.?\s[^a-z:\n]{2,40}:)"
)
# What f4 and MAXQDA write at the end of a paragraph: when it ends.
_STAMP = re.compile(r"\s?#(?P<time>\d{1,2}:\d{2}:\d{2})(?:[.,-]\d{1,3}){0,2}#")
# Where hardly anybody speaks, sentences of so many words before the first speaker are no heading.
_FEW_OPENINGS, _PROSE_WORDS = 2, 12
_SENTENCE_END = re.compile(r"[.?!…][\"'”’)]?\s*$")


class _Read(NamedTuple):
    """Lines that are left when what is no talk is taken away, and what each opens with."""

    lines: list[Line]
    layout: Layout
    left_out: Counter[str]


def split_or_paragraphs(path: Path, lines: Sequence[Line]) -> Script:
    """Put the lines into turns; in a text that names no speakers, make each paragraph a turn.

    A text names speakers if labels before its words look like names and come again, or are usual
    ('P01') or titled ones; :func:`pipeline.transcripts.readers.layouts.find_layout` has the rule
    in full. Words before a colon that come once or twice ('Note:', 'Housing:') are part of the
    text, as in a letter or an essay. Between the two it is refused and never guessed: where much
    stands before the first speaker, and where one label opens three lines or more, and a fifth of
    all, but no name could be told in it, as when a transcript names only a part of its speakers.

    Raises TranscriptError for these, and for a text without words.
    """
    read = _read(lines)
    if any(read.layout.openings):
        return _split(path, read)
    unclear = find_unclear([line.text for line in read.lines])
    if unclear:
        raise unclear_speaker(path, read.lines, unclear)
    turns = make_paragraphs(read.lines, read.left_out)
    if not turns:
        raise no_speaker(path, [])
    is_marked = any(line.text.lstrip().startswith(">>") for line in read.lines)
    warnings = (NO_SPEAKERS, UNNAMED_CHANGES) if is_marked else (NO_SPEAKERS,)
    return Script(turns, _counts(read.left_out), "no speakers named", warnings)


def split_into_turns(path: Path, lines: Sequence[Line]) -> Script:
    """Put the lines into turns. Lines without a speaker go on with the turn before.

    Raises TranscriptError where there is no speaker, or so much stands before the first one
    that it cannot be a heading.
    """
    return _split(path, _read(lines))


def no_speaker(path: Path, lines: Sequence[Line]) -> TranscriptError:
    """Say at which line a speaker is missing."""
    for line in lines:
        if text := line.text.strip():
            problem = f"no speaker before '{text[:_QUOTED]}'."
            return TranscriptError(path, line.number, problem, remedy=REMEDY)
    return TranscriptError(path, 0, "the file is empty.", remedy="Put the transcript in again.")


def unclear_speaker(path: Path, lines: Sequence[Line], label: str) -> TranscriptError:
    """Say at which line there is a label that may be a speaker."""
    line = next((line.number for line in lines if label in line.text), 0)
    return TranscriptError(
        path,
        line,
        f"it is not clear whether '{label[:_QUOTED]}' is a speaker, and who says the rest.",
        remedy="Start each turn with its speaker and a colon, as in 'P01: I like it here.'",
    )


def _read(lines: Sequence[Line]) -> _Read:
    left_out: Counter[str] = Counter()
    furnished = leave_out_furniture(lines, left_out)
    kept = [part for line in furnished for part in _split_run_in(line)]
    kept = [part for line in kept for part in _take_stamp(line)]
    return _Read(kept, find_layout([line.text for line in kept]), left_out)


def _split(path: Path, read: _Read) -> Script:
    kept, openings = read.lines, read.layout.openings
    first = next((place for place, opening in enumerate(openings) if opening), len(kept))
    while first and (kept[first - 1].is_blank or is_time(kept[first - 1].text)):
        first -= 1  # a time above the first name is that turn's
    heading, body = kept[:first], kept[first:]
    heading_lines = sum(not line.is_blank for line in heading)
    is_long = _count_words(heading) >= _count_words(body) or heading_lines > _MOST_HEADING_LINES
    if is_long or (sum(map(bool, openings)) <= _FEW_OPENINGS and _has_prose(heading)):
        raise no_speaker(path, kept)
    read.left_out["heading lines"] += heading_lines
    turns = _gather(body, openings[first:], read.left_out)
    return Script(
        turns, _counts(read.left_out), read.layout.kind, warn_of_one(turn.speaker for turn in turns)
    )


def _counts(left_out: Counter[str]) -> dict[str, int]:
    return {kind: count for kind, count in left_out.items() if count}


def _split_run_in(line: Line) -> list[Line]:
    if ":" not in line.text or line.text.isupper():
        return [line]
    return [Line(line.number, text) for text in _RUN_IN.split(line.text)]


def _take_stamp(line: Line) -> list[Line]:
    """Put the time at a paragraph's end on a line of its own: there the next one starts."""
    if "#" not in line.text:
        return [line]
    stamps = list(_STAMP.finditer(line.text))
    text = Line(line.number, _STAMP.sub("", line.text))
    if not stamps or line.text[stamps[-1].end() :].strip():
        return [text]
    return [text, Line(line.number, stamps[-1]["time"])]


def _has_prose(lines: Sequence[Line]) -> bool:
    return any(
        len(line.text.split()) >= _PROSE_WORDS and _SENTENCE_END.search(line.text[-6:])
        for line in lines
    )


def _gather(
    lines: Sequence[Line], openings: Sequence[Opening | None], left_out: Counter[str]
) -> list[RawTurn]:
    turns: list[RawTurn] = []
    words: list[str] = []
    last_line, time = 0, math.nan
    for line, opening in zip(lines, openings, strict=True):
        if opening:
            _close(turns, words, last_line)
            start = opening.start_seconds if opening.has_time else time
            turns.append(RawTurn(opening.label, "", line.number, line.number, start))
            words, last_line, time = [opening.words], line.number, math.nan
        elif is_time(line.text):
            left_out["time lines"] += 1
            time = _give_time(turns, words, seconds(line.text))
        elif text := line.text.strip():
            words.append(text)
            last_line = line.number
    _close(turns, words, last_line)
    return turns


def _give_time(turns: list[RawTurn], words: Sequence[str], time: float) -> float:
    """Give a time below a name to that turn; any other is the next turn's."""
    if not turns or any(words) or not math.isnan(turns[-1].start_seconds):
        return time
    turns[-1] = turns[-1]._replace(start_seconds=time)
    return math.nan


def _close(turns: list[RawTurn], words: list[str], last_line: int) -> None:
    if turns:
        text = "\n".join(filter(None, words))
        turns[-1] = turns[-1]._replace(text=text, last_line=last_line)


def _count_words(lines: Sequence[Line]) -> int:
    return sum(len(line.text.split()) for line in lines)
