"""Tell turns from lines: 'Speaker: words', or the speaker alone with the words below."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import RawTurn, Script
from pipeline.transcripts.readers.layouts import find_openings
from pipeline.transcripts.readers.openings import Opening, is_time, seconds

REMEDY = "Start the line with the speaker and a colon, as in 'P01: I like it here.'"
_QUOTED = 30
_FURNITURE = re.compile(
    r"\s*(?:page\s+\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|[-–—]\s*\d{1,4}\s*[-–—]|[-*_=]{3,})\s*$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\s*#{1,6}\s")
_DETAIL = re.compile(
    r"\W{0,4}(?:date|time|location|place|venue|duration|length|file|study|project|recorded"
    r"|transcribed by|transcriber|interview(?: number| no\.?)?)\W{0,3}:",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!…][\"'”’)]?\s*$")
_MOST_DETAILS = 40
_MOST_HEADING_LINES = 100
_MOST_DETAIL_WORDS = 8
# A stenographer who runs the next speaker into the line writes the name in capitals.
_RUN_IN = re.compile(
    r"(?<=\s)(?=(?:MS|MRS?|MISS|DR|PROF|PROFESSOR|SIR|LADY|LORD|DAME|CLLR|THE)\.?\s[^a-z:\n]{2,40}:)"
)


class Line(NamedTuple):
    """One line of a text or paragraph of a document; numbers count from 1."""

    number: int
    text: str


def split_into_turns(path: Path, lines: Sequence[Line]) -> Script:
    """Put the lines into turns. Lines without a speaker go on with the turn before.

    Raises TranscriptError where there is no speaker, or so much stands before the first one
    that it cannot be a heading.
    """
    left_out: Counter[str] = Counter()
    kept = _leave_out(lines, left_out)
    openings = find_openings([line.text for line in kept])
    first = next((place for place, opening in enumerate(openings) if opening), len(kept))
    heading, body = kept[:first], kept[first:]
    heading_lines = sum(bool(line.text.strip()) for line in heading)
    if _count_words(heading) >= _count_words(body) or heading_lines > _MOST_HEADING_LINES:
        raise no_speaker(path, kept)
    left_out["heading lines"] += heading_lines
    turns = _gather(body, openings[first:], left_out)
    return Script(turns, {kind: count for kind, count in left_out.items() if count})


def number_lines(text: str) -> list[Line]:
    """Split a text at line ends of any system; str.splitlines() splits where no editor does."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [Line(number, line) for number, line in enumerate(lines, start=1)]


def no_speaker(path: Path, lines: Sequence[Line]) -> TranscriptError:
    """Say at which line a speaker is missing."""
    for line in lines:
        if text := line.text.strip():
            problem = f"no speaker before '{text[:_QUOTED]}'."
            return TranscriptError(path, line.number, problem, remedy=REMEDY)
    return TranscriptError(path, 0, "the file is empty.", remedy="Put the transcript in again.")


def _leave_out(lines: Sequence[Line], left_out: Counter[str]) -> list[Line]:
    """Split lines where a speaker is run in; take page furniture and headings away."""
    start = _find_end_of_details(lines)
    left_out["heading lines"] += sum(bool(line.text.strip()) for line in lines[:start])
    kept = []
    for line in lines[start:]:
        if _FURNITURE.match(line.text):
            left_out["page furniture lines"] += 1
        elif _HEADING.match(line.text):
            left_out["heading lines"] += 1
        else:
            kept += _split_run_in(line)
    return kept


def _find_end_of_details(lines: Sequence[Line]) -> int:
    """Find where 'Date: ...' and the lines beside it end, so that they become no turns."""
    end, is_open = 0, False
    for place, line in enumerate(lines[:_MOST_DETAILS]):
        if len(line.text.split()) > _MOST_DETAIL_WORDS or _SENTENCE_END.search(line.text[-4:]):
            break
        is_open = bool(line.text.strip()) and (is_open or bool(_DETAIL.match(line.text)))
        end = place + 1 if is_open else end
    return end


def _split_run_in(line: Line) -> list[Line]:
    if ":" not in line.text or line.text.isupper():
        return [line]
    return [Line(line.number, text) for text in _RUN_IN.split(line.text)]


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
            time = seconds(line.text)
        elif text := line.text.strip():
            words.append(text)
            last_line = line.number
    _close(turns, words, last_line)
    return turns


def _close(turns: list[RawTurn], words: list[str], last_line: int) -> None:
    if turns:
        text = "\n".join(filter(None, words))
        turns[-1] = turns[-1]._replace(text=text, last_line=last_line)


def _count_words(lines: Sequence[Line]) -> int:
    return sum(len(line.text.split()) for line in lines)
