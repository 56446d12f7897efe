"""The opening of a line: who speaks, and when."""

import math
import re
from typing import NamedTuple

TIME = r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]?"
# A time that no one says aloud: in brackets, or with hours, minutes and seconds.
_SURE_TIME = (
    r"(?:[\[(](?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]|\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?)"
)
_EMPHASIS = r"[*_]{0,3}"
_OPENING = re.compile(
    rf"\s*{_EMPHASIS}(?:(?P<before>{TIME})[\s–-]{{0,3}})?{_EMPHASIS}"
    r"(?P<label>[^\W\d_][^:*\t\n\[\]\"“”?!;,]{0,50}?)"
    rf"{_EMPHASIS}(?:"
    rf"\s*(?P<after>{TIME})?{_EMPHASIS}(?:\s?(?:(?<!\d):|:(?!\d))(?!//){_EMPHASIS}|\t)(?P<words>.*)"
    rf"|\s+(?P<sure>{_SURE_TIME})\s(?P<rest>.*)"
    rf"|\s*(?P<beneath>{TIME})?{_EMPHASIS}\s*$"
    r")",
    re.DOTALL,
)
_QUESTION = re.compile(r"\s*(?P<label>[QA])\.\s(?P<words>.*)", re.DOTALL)
_TIME_FIRST = re.compile(rf"\s*(?P<time>{TIME})")
_TIME_ONLY = re.compile(rf"\s*{TIME}\s*$")


class Opening(NamedTuple):
    """A line's possible speaker; ``is_own_line`` where the words stand in the lines below."""

    label: str
    words: str
    start_seconds: float
    is_own_line: bool

    @property
    def has_time(self) -> bool:
        """Tell whether a time stands beside the label."""
        return not math.isnan(self.start_seconds)


def read_opening(text: str) -> Opening | None:
    """Read the label that a line may start with. Whether it is a speaker, the whole file tells.

    >>> read_opening("[00:01:15] Dawn: It floods.")
    Opening(label='Dawn', words='It floods.', start_seconds=75.0, is_own_line=False)
    """
    match = _OPENING.match(text)
    if not match:
        return None
    words = match["words"] if match["words"] is not None else match["rest"]
    times = (match["before"], match["after"], match["sure"], match["beneath"], leading_time(words))
    return Opening(
        " ".join(match["label"].split()),
        (words or "").strip(),
        seconds(next(filter(None, times), "")),
        words is None,
    )


def read_question(text: str) -> Opening | None:
    """Read 'Q.' or 'A.', as stenographers write them."""
    match = _QUESTION.match(text)
    return Opening(match["label"], match["words"].strip(), math.nan, False) if match else None


def leading_time(text: str | None) -> str:
    """Give the time that the text starts with, or nothing. It has to be one that no one says."""
    match = _TIME_FIRST.match(text) if text else None
    is_sure = match and re.fullmatch(_SURE_TIME, match["time"])
    return match["time"] if match and is_sure else ""


def is_time(text: str) -> bool:
    """Tell whether a line holds a time and nothing else."""
    return bool(_TIME_ONLY.match(text))


def seconds(time: str) -> float:
    """Turn hours, minutes and seconds into seconds; NaN for no time.

    >>> seconds("[01:00:02,5]")
    3602.5
    """
    total = 0.0
    for part in time.strip(" []()").replace(",", ".").split(":"):
        total = total * 60 + float(part or "nan")
    return round(total, 3)
