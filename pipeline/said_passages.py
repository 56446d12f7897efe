"""Show a passage as it was said, and where: for the owner of the transcripts alone.

Analysts quote the pseudonymised words; to hear them again, or to hold a quote against the
transcript, its owner needs the file, the line, the time and the very words.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.errors import UserError
from pipeline.study import Study
from pipeline.tables import PASSAGES, REPLACEMENTS, TURNS
from pipeline.transcripts.offsets import map_offsets

Replaced = tuple[int, str, str]  # first character in the cleaned turn, words there, what stands now


class SaidPassage(NamedTuple):
    """A passage in its file; lines count from 1, ``start_seconds`` is NaN without a time."""

    passage: str
    file: str
    speaker: str
    first_line: int
    last_line: int
    start_seconds: float
    quoted: str
    said: str


def find_said(study: Study, passage: str) -> SaidPassage:
    """Find a passage in its transcript. Raises UserError if there is none of that id."""
    passages = study.tables.read(PASSAGES)
    rows = passages[passages["passage"] == passage]
    if rows.empty:
        raise UserError(
            f"There is no passage '{passage}' in '{study.name}'. Ids stand in exports/passages.csv "
            "and beside each quote of the report."
        )
    row = rows.iloc[0]
    files = {
        label: name for (kind, name), label in study.read_key().items() if kind == "transcript"
    }
    turns = study.tables.read(TURNS)
    file = files.get(row["transcript"], row["transcript"])
    turn = turns[(turns["transcript"] == file) & (turns["turn"] == row["turn"])].iloc[0]
    log = study.tables.read(REPLACEMENTS)
    mine = log[(log["transcript"] == row["transcript"]) & (log["turn"] == row["turn"])]
    replaced = mine[["start", "found", "pseudonym"]].itertuples(index=False, name=None)
    start, end = undo_replacements(int(row["start"]), int(row["end"]), replaced)
    raw_start, raw_end = map_offsets(turn["raw_text"], turn["text"]).to_raw(start, end)
    return SaidPassage(
        passage,
        file,
        turn["speaker"],
        int(turn["first_line"]),
        int(turn["last_line"]),
        float(turn["start_seconds"]),
        row["text"],
        turn["raw_text"][raw_start:raw_end],
    )


def undo_replacements(start: int, end: int, replaced: Iterable[Replaced]) -> tuple[int, int]:
    """Give the span of a turn before names were replaced that a span after it comes from.

    >>> undo_replacements(12, 25, [(3, "Ada Quill", "[P01]"), (20, "Mill Lane", "[place 2]")])
    (16, 29)
    """
    first, last, grown = start, end, 0
    for place, found, pseudonym in sorted(replaced):
        here, longer = place + grown, len(pseudonym) - len(found)
        if here + len(pseudonym) <= start:
            first -= longer
        if here < end:
            last -= longer
        grown += longer
    return first, last


def lay_out(found: SaidPassage) -> str:
    """Write it for the screen."""
    lines = f"line {found.first_line}"
    if found.last_line != found.first_line:
        lines = f"lines {found.first_line} to {found.last_line}"
    time = "" if math.isnan(found.start_seconds) else f", at {_clock(found.start_seconds)}"
    return (
        f"{found.file}, {lines}{time}, {found.speaker or 'no speaker named'}\n\n"
        f"As it was said:\n{found.said}\n\nAs it is quoted:\n{found.quoted}"
    )


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
