"""Captions as files keep them: cues, that is, lines below a start and an end."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.transcripts.readers.openings import seconds
from pipeline.transcripts.readers.text_lines import Line

WITHOUT_TIME = "captions without a right time"

_TIME = r"\d{1,6}:\d{1,2}(?::\d{1,2})?(?:[.,:]\d{1,3})?"
_ARROW = re.compile(rf"\s*(?P<start>{_TIME})\s*(?:-{{1,3}}>|[→⟶])\s*(?P<end>{_TIME})")
_COMMA = re.compile(rf"\s*(?P<start>{_TIME})\s?,\s?(?P<end>{_TIME})\s*$")
_BROKEN_ARROW = re.compile(r"(?:\s*\S{0,30}\d\S{0,30}\s{0,3}-->|\s*-->)")
_BROKEN_COMMA = re.compile(r"\s*\d{1,6}:\S{1,20},\s?\d{1,6}:\S{1,20}\s*$")
_NOTE = re.compile(r"(?:NOTE|STYLE|REGION)\b")


class Cue(NamedTuple):
    """The lines that are shown from one time to another; NaN where the file has no right one."""

    start: float
    end: float
    lines: list[Line]


class Timing(NamedTuple):
    """How a format writes the times of a cue, and what looks like them but cannot be read."""

    right: re.Pattern[str]
    broken: re.Pattern[str]


ARROW = Timing(_ARROW, _BROKEN_ARROW)  # 00:00:01.000 --> 00:00:02.000
COMMA = Timing(_COMMA, _BROKEN_COMMA)  # 0:00:01.000,0:00:02.000


def find_cues(lines: Sequence[Line], timing: Timing, left_out: Counter[str]) -> list[Cue]:
    """Find the cues. Counters, identifiers, notes and headers are no part of them.

    A cue whose times are missing or broken is kept and counted. Where there is not a single right
    time, there are no cues.
    """
    times = [_read_time(line.text, timing) for line in lines]
    if not any(time and not math.isnan(time.start) for time in times):
        return []
    cues: list[Cue] = []
    place = _find_end_of_header(lines, times)
    is_note = False
    while place < len(lines):
        line, time = lines[place], times[place]
        is_first = place == 0 or lines[place - 1].is_blank
        is_note = is_note and not line.is_blank and time is None
        if time:
            cues.append(time)
        elif is_first and _NOTE.match(line.text):
            left_out["note blocks"] += 1
            is_note = True
        elif not (line.is_blank or is_note or _is_name_of_cue(lines, times, place)):
            _put(line, cues, is_first=is_first)
        place += 1
    left_out[WITHOUT_TIME] += sum(math.isnan(cue.start) and bool(cue.lines) for cue in cues)
    return cues


def has_times(lines: Sequence[Line]) -> bool:
    """Tell whether a text starts as captions do, with two times in its first lines."""
    first = [line.text for line in lines[:20] if not line.is_blank][:4]
    return any(_ARROW.match(text) for text in first)


def _read_time(text: str, timing: Timing) -> Cue | None:
    """Give an empty cue for a line of times, with NaN for times that cannot be read."""
    if match := timing.right.match(text):
        return Cue(seconds(match["start"]), seconds(match["end"]), [])
    return Cue(math.nan, math.nan, []) if timing.broken.match(text) else None


def _find_end_of_header(lines: Sequence[Line], times: Sequence[Cue | None]) -> int:
    """Find the line after WebVTT's first block."""
    if not lines[0].text.lstrip("\ufeff").startswith("WEBVTT"):
        return 0
    ends = (place for place, line in enumerate(lines) if line.is_blank or times[place])
    return next(ends, len(lines))


def _is_name_of_cue(lines: Sequence[Line], times: Sequence[Cue | None], place: int) -> bool:
    """Tell counters and identifiers from words: they stand above the times, or should."""
    is_first = place == 0 or lines[place - 1].is_blank
    is_number = lines[place].text.strip().isdigit()
    if place + 1 < len(lines) and times[place + 1]:
        return is_first or is_number
    is_followed = place + 1 < len(lines) and not lines[place + 1].is_blank
    return is_first and is_number and is_followed


def _put(line: Line, cues: list[Cue], *, is_first: bool) -> None:
    """Put words into the cue they belong to; a block of its own lacks its times."""
    if not cues or (is_first and cues[-1].lines):
        cues.append(Cue(math.nan, math.nan, []))
    cues[-1].lines.append(line)
