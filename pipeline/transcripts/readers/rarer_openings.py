"""Openings of a line without a colon: a name in bold, in brackets, in a column, before a dash."""

import re
from collections.abc import Callable

from pipeline.transcripts.cleaning import is_mark
from pipeline.transcripts.readers.openings import TIME, Opening, seconds, tidy_label
from pipeline.transcripts.speakers import is_usual_name

_NAME = r"(?P<label>[^\W\d_](?:[^\s:*|\[\]<>()\"“”?!;,]| (?! )){0,49})"
_BEFORE = rf"\s{{0,20}}(?:(?P<before>{TIME})[\s–-]{{0,8}})?"
_AFTER = rf"\s{{0,3}}(?:(?P<after>{TIME})\s{{0,3}})?"
_EMPHASISED = re.compile(rf"{_BEFORE}(?P<mark>[*_]{{1,3}}){_NAME}(?P=mark){_AFTER}\s(?P<words>.*)")
_BRACKETED = re.compile(rf"{_BEFORE}(?:\[|<v |<){_NAME}[\]>]{_AFTER}:?\s{{0,8}}(?P<words>.*)")
_COLUMN = re.compile(rf"{_BEFORE}{_NAME}(?:\s{{2,40}}(?P<after>{TIME}))?\s{{2,40}}(?P<words>\S.*)")
_DASHED = re.compile(rf"{_BEFORE}{_NAME}\s(?:--?|[–—])\s(?P<words>\S.*)")

_POINTED = re.compile(rf"{_BEFORE}(?P<label>[^\W\d_][\w -]{{0,20}})\.\s+(?P<words>\S.*)")
_TABLE_ROW = re.compile(
    rf"\s{{0,20}}\|\s{{0,20}}(?:(?P<before>{TIME})\s{{0,20}}\|\s{{0,20}})?{_NAME}\s{{0,40}}\|"
    r"(?P<words>[^|]*+)\|?+\s*+$"
)


def _read(pattern: re.Pattern[str], text: str) -> Opening | None:
    match = pattern.match(text)
    if not match or is_mark(f"[{match['label']}]"):
        return None
    found = match.groupdict()
    start = seconds(found["before"] or found.get("after") or "")
    return Opening(tidy_label(match["label"]), match["words"].strip(), start, False)


def read_emphasised(text: str) -> Opening | None:
    """Read '**Dawn** It floods.'."""
    return _read(_EMPHASISED, text) if text.lstrip()[:1] in "*_[(0123456789" else None


def read_bracketed(text: str) -> Opening | None:
    """Read '[Dawn] It floods.' or '<Dawn> It floods.'; '[laughs]' is no name."""
    return _read(_BRACKETED, text) if "]" in text or ">" in text else None


def read_column(text: str) -> Opening | None:
    """Read a name that two blanks or more part from the words.

    >>> read_column("Dawn     It floods.")
    Opening(label='Dawn', words='It floods.', start_seconds=nan, is_own_line=False)
    """
    return _read(_COLUMN, text)


def read_dashed(text: str) -> Opening | None:
    """Read 'Dawn - It floods.'."""
    return _read(_DASHED, text)


def read_pointed(text: str) -> Opening | None:
    """Read 'P1. It floods.', with usual names alone."""
    opening = _read(_POINTED, text)
    return opening if opening and is_usual_name(opening.label) else None


def read_table_row(text: str) -> Opening | None:
    """Read '| Dawn | It floods. |'."""
    return _read(_TABLE_ROW, text) if text.lstrip()[:1] == "|" else None


RARER: dict[str, Callable[[str], Opening | None]] = {
    "names in bold": read_emphasised,
    "names in brackets": read_bracketed,
    "names in a first column": read_column,
    "names before a dash": read_dashed,
    "names before a point": read_pointed,
    "names in a table": read_table_row,
}
