"""The opening of a line: who speaks, and when."""

import math
import re
from typing import NamedTuple

_ONE_TIME = r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]?"
# A time, or when something starts and ends.
TIME = rf"{_ONE_TIME}(?:\s?(?:--?>?|[–—])\s?{_ONE_TIME})?"
# A time that no one says aloud: in brackets, or with hours, minutes and seconds.
_SURE_TIME = (
    r"(?:[\[(](?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]|\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?"
    rf"|{_ONE_TIME}\s?(?:--?>?|[–—])\s?{_ONE_TIME})"
)
# Hours, minutes, seconds and perhaps frames, as film editors and Teams write them.
_CLOCK = r"\d{1,3}:\d{1,2}:\d{1,2}(?:[.,:;]\d{1,3})?"
_EMPHASIS = r"[*_]{0,3}"
# Possessive, and bounded: a line may have a million blanks.
_GAP = r"\s{0,60}+"
_OPENING = re.compile(
    rf"\s*+(?:(?:>>+|[-–•])\s?)?{_EMPHASIS}(?:(?P<before>{TIME})[\s–-]{{0,3}})?{_EMPHASIS}"
    r"(?P<label>[^\W\d_][^:*\t\n\[\]\"“”?!;,]{0,50}?(?:,\s[^\W\d_][^:*\t\n\[\]\"“”?!;,]{0,30}?)?)"
    rf"{_EMPHASIS}(?:"
    rf"(?:{_GAP}(?P<after>{TIME})|{_GAP}(?={_EMPHASIS}:)|[^\S\t]{{0,60}}+){_EMPHASIS}"
    rf"(?:\s?(?:(?<!\d):|:(?!\d))(?!//){_EMPHASIS}|\t)(?P<words>.*)"
    rf"|(?!\S){_GAP}(?P<sure>{_SURE_TIME})\s(?P<rest>.*)"
    rf"|{_GAP}(?P<beneath>{TIME})?{_EMPHASIS}{_GAP}$"
    r")",
    re.DOTALL,
)
_QUESTION = re.compile(r"\s*(?P<label>[QA])\.\s(?P<words>.*)", re.DOTALL)
_TIME_FIRST = re.compile(rf"\s*(?P<time>{_SURE_TIME})(?!\d)")
_TIME_ONLY = re.compile(
    rf"\s*(?:{_ONE_TIME}|{_CLOCK})(?:\s{{0,3}}(?:--?>?|[–—])\s{{0,3}}(?:{_ONE_TIME}|{_CLOCK}))?\s*$"
)
_DIGITS = re.compile(r"\d{1,6}(?::\d{1,2}){1,3}(?:[.,;]\d{1,3})?")


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
        tidy_label(match["label"]),
        (words or "").strip(),
        seconds(next(filter(None, times), "")),
        words is None,
    )


def read_question(text: str) -> Opening | None:
    """Read 'Q.' or 'A.', as stenographers write them."""
    match = _QUESTION.match(text)
    return Opening(match["label"], match["words"].strip(), math.nan, False) if match else None


def tidy_label(label: str) -> str:
    """Fold a label's blanks, and take away what parts it from a time.

    >>> tidy_label("Dawn  Lee -")
    'Dawn Lee'
    """
    return " ".join(label.rstrip(" -–—|·").split())


def leading_time(text: str | None) -> str:
    """Give the time that the text starts with, or nothing. It has to be one that no one says."""
    match = _TIME_FIRST.match(text) if text else None
    return match["time"] if match else ""


def is_time(text: str) -> bool:
    """Tell whether a line holds a time, or a start and an end, and nothing else."""
    return bool(_TIME_ONLY.match(text))


def seconds(time: str) -> float:
    """Turn hours, minutes and seconds into seconds; NaN for no time. Frames are left away.

    >>> seconds("[01:00:02,5]"), seconds("00:00:07:12 - 00:00:09:00")
    (3602.5, 7.0)
    """
    match = _DIGITS.search(time)
    parts = re.split(r"[:;]", match[0].replace(",", "."))[:3] if match else ["nan"]
    total = 0.0
    for part in parts:
        total = total * 60 + float(part)
    return round(total, 3)
