"""The list of interviews: which transcript is whose, about which area."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import NeedsAttentionError, UserError, did_you_mean

REQUIRED = ("transcript", "participant", "area")
OPTIONAL = ("role", "date")


class Interview(NamedTuple):
    """One row of interviews.csv. ``participant`` is the speaker's name as the transcript has it."""

    transcript: str
    participant: str
    area: str
    role: str = ""
    date: str = ""


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
    rows = _rows(path)
    interviews = [
        Interview(*((row.get(column) or "").strip() for column in REQUIRED + OPTIONAL))
        for row in rows
    ]
    mistakes = [*_row_mistakes(interviews, transcripts), *_unlisted(interviews, transcripts)]
    if mistakes:
        raise NeedsAttentionError(path, mistakes)
    return interviews


def write_interviews(path: Path, interviews: Sequence[Interview]) -> None:
    """Write interviews.csv as a spreadsheet opens it: UTF-8 with a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REQUIRED + OPTIONAL)
        writer.writerows(interviews)


def _rows(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = text.splitlines()
    header = lines[0] if lines else ""
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(lines, delimiter=delimiter, restkey="")
    columns = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    rows.fieldnames = columns
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        others = [name for name in columns if name and name not in REQUIRED + OPTIONAL]
        raise NeedsAttentionError(
            path, (f"there is no column '{name}'.{did_you_mean(name, others)}" for name in missing)
        )
    return [row for row in rows if any(value and value.strip() for value in row.values())]


def _row_mistakes(interviews: Sequence[Interview], transcripts: Sequence[str]) -> Iterator[str]:
    if not interviews:
        yield "it has no rows. Give each transcript a row."
    seen: dict[str, int] = {}
    for number, interview in enumerate(interviews, start=2):
        yield from (f"row {number}: {mistake}" for mistake in _mistakes(interview, transcripts))
        first = seen.setdefault(interview.transcript, number)
        if first != number and interview.transcript:
            yield f"row {number}: transcript '{interview.transcript}' has row {first} already."


def _mistakes(interview: Interview, transcripts: Sequence[str]) -> Iterator[str]:
    name = interview.transcript
    if not name:
        yield "transcript is empty."
    elif name not in transcripts:
        yield f"transcript '{name}' is not in transcripts/.{did_you_mean(name, transcripts)}"
    if not interview.area:
        yield "area is empty."
    if interview.date and not _is_date(interview.date):
        yield f"date '{interview.date}' is not written as 2025-03-31."


def _unlisted(interviews: Sequence[Interview], transcripts: Sequence[str]) -> Iterator[str]:
    listed = {interview.transcript for interview in interviews}
    for name in transcripts:
        if name not in listed:
            yield f"'{name}' is in transcripts/ and has no row. Add one, or move the file away."


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
