"""The list of interviews: which transcript is whose, about which area."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import NeedsAttentionError, UserError, did_you_mean
from pipeline.spreadsheets import read_sheet

REQUIRED = ("transcript", "participant", "area")
OPTIONAL = ("role", "date")


class Interview(NamedTuple):
    """One row of interviews.csv. ``participant`` is the speaker's name as the transcript has it.

    ``others`` are the further rows of the same transcript: a focus group has one a participant.
    """

    transcript: str
    participant: str
    area: str
    role: str = ""
    date: str = ""
    others: tuple["Interview", ...] = ()


def read_interviews(path: Path, transcripts: Sequence[str]) -> list[Interview]:
    """Read interviews.csv and hold it against the file names in transcripts/.

    Raises UserError if it is missing, NeedsAttentionError that lists every mistake in it.
    """
    if not path.exists():
        raise UserError(
            f"{path} is missing. It says whose each transcript is: one row a transcript, "
            f"with the columns {', '.join(REQUIRED + OPTIONAL)}.\n"
            f"'three-powers new STUDY --from FOLDER' writes one to fill in."
        )
    sheet = read_sheet(path)
    missing = [name for name in REQUIRED if name not in sheet.columns]
    others = [name for name in sheet.columns if name and name not in REQUIRED + OPTIONAL]
    if missing:
        raise NeedsAttentionError(
            path, (f"there is no column '{name}'.{_rename(name, others)}" for name in missing)
        )
    lines = {
        row.line: Interview._make(
            [*(row.cells.get(column, "") for column in REQUIRED + OPTIONAL), ()]
        )
        for row in sheet.rows
    }
    interviews = list(lines.values())
    mistakes = [*_mistakes(lines, transcripts), *_unlisted(interviews, transcripts)]
    if mistakes:
        raise NeedsAttentionError(path, mistakes)
    return _gather(interviews)


def write_interviews(path: Path, interviews: Sequence[Interview]) -> None:
    """Write interviews.csv as a spreadsheet opens it: UTF-8 with a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REQUIRED + OPTIONAL)
        rows = (row for interview in interviews for row in (interview, *interview.others))
        writer.writerows(row[: len(REQUIRED + OPTIONAL)] for row in rows)


def _gather(rows: Sequence[Interview]) -> list[Interview]:
    """Put the rows of each transcript together, in the order of their first ones."""
    groups: dict[str, list[Interview]] = {}
    for row in rows:
        groups.setdefault(row.transcript, []).append(row)
    return [group[0]._replace(others=tuple(group[1:])) for group in groups.values()]


def _rename(name: str, others: Sequence[str]) -> str:
    close = get_close_matches(name, others, n=1)
    return f" Rename '{close[0]}' to '{name}'." if close else ""


def _mistakes(lines: Mapping[int, Interview], transcripts: Sequence[str]) -> Iterator[str]:
    if not lines:
        yield "it has no rows. Give each transcript a row."
    seen: dict[str, dict[str, int]] = {}
    listed = {interview.transcript for interview in lines.values()}
    free = [name for name in transcripts if name not in listed]
    for line, interview in lines.items():
        is_there = interview.transcript in transcripts
        yield from (f"row {line}: {each}" for each in _row_mistakes(interview, is_there, free))
        yield from _doubles(line, interview, seen)
    yield from _variants("area", lines)
    yield from _variants("participant", lines)


def _doubles(line: int, row: Interview, seen: dict[str, dict[str, int]]) -> Iterator[str]:
    """Find a second row for a transcript that does not name another participant."""
    rows = seen.setdefault(row.transcript, {})
    key = " ".join(row.participant.casefold().split())
    if rows and row.transcript and (not key or key in rows or "" in rows):
        first = rows.get(key) or next(iter(rows.values()))
        yield (
            f"row {line}: transcript '{row.transcript}' has row {first} already. In a focus group, "
            f"each row names another participant."
        )
    rows.setdefault(key, line)


def _row_mistakes(interview: Interview, is_there: bool, free: Sequence[str]) -> Iterator[str]:
    name = interview.transcript
    if not name:
        yield "transcript is empty."
    elif not is_there:
        yield f"transcript '{name}' is not in transcripts/.{did_you_mean(name, free)}"
    if not interview.area:
        yield "area is empty."


def _variants(column: str, lines: Mapping[int, Interview]) -> Iterator[str]:
    """Find spellings that differ in capitals or spaces only: they would be two areas or people."""
    first: dict[str, tuple[int, str]] = {}
    for line, interview in lines.items():
        value = str(getattr(interview, column))
        row, known = first.setdefault(" ".join(value.casefold().split()), (line, value))
        if value != known:
            yield f"row {line}: {column} '{value}' is '{known}' in row {row}. Write both alike."


def _unlisted(interviews: Sequence[Interview], transcripts: Sequence[str]) -> Iterator[str]:
    listed = {interview.transcript for interview in interviews}
    for name in transcripts:
        if name not in listed:
            yield f"'{name}' is in transcripts/ and has no row. Add one, or move the file away."
