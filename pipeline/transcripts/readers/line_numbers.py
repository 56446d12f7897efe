"""Line numbers that a stenographer's or a court's transcript prints before every line."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.transcripts.readers.text_lines import Line

_NUMBERED = re.compile(r"\s{0,40}(?P<number>\d{1,5})[.)]?(?:\s|$)(?P<words>.*)", re.DOTALL)
_FEWEST = 8
_NEARLY_ALL = 0.8


def take_line_numbers(lines: Sequence[Line], left_out: Counter[str]) -> list[Line]:
    """Take the numbers away if nearly all lines have one that counts on from the line before.

    A line without one is then part of a page's head or foot, and left out.
    """
    matches = [None if line.is_blank else _NUMBERED.match(line.text) for line in lines]
    numbers = [int(match["number"]) for match in matches if match]
    filled = sum(not line.is_blank for line in lines)
    if len(numbers) < max(_FEWEST, _NEARLY_ALL * filled) or not _count_on(numbers):
        return list(lines)
    left_out["page furniture lines"] += filled - len(numbers)
    return [
        Line(line.number, match["words"])
        for line, match in zip(lines, matches, strict=True)
        if match
    ]


def _count_on(numbers: Sequence[int]) -> bool:
    """Tell whether numbers count by one, from 1 again on each page perhaps."""
    pairs = zip(numbers, numbers[1:], strict=False)
    steps = sum(after == before + 1 or after == 1 for before, after in pairs)
    return steps >= _NEARLY_ALL * (len(numbers) - 1)
