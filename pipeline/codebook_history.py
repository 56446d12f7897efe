"""How the versions of a study's codebook came about: their names, and who made each when."""

import csv
import re
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

from pipeline.codebook_changes import Change
from pipeline.files import write_whole
from pipeline.spreadsheets import read_sheet


class Made(NamedTuple):
    """A version: from which it was made, when, by whom, and what changed.

    Nobody knows when and by whom if that was not done on the page.
    """

    version: str
    before: str
    made_at: str
    coder: str
    changes: str


def read_history(path: Path) -> list[Made]:
    """Read how versions came about, the first first; nothing before the first edit."""
    rows = read_sheet(path).rows if path.exists() else []
    return [Made(*(row.cells.get(column, "") for column in Made._fields)) for row in rows]


def add_to_history(path: Path, made: Made) -> None:
    """Add a version, the file whole or not at all."""
    rows = [Made._fields, *read_history(path), made]

    def write(part: Path) -> None:
        with part.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

    write_whole(path, write)


def name_next(version: str, changes: Collection[Change], taken: Collection[str]) -> str:
    """Name the version after one: the middle number counts changes of meaning, the last others.

    A version that is not three numbers goes on with +1, +2.

    >>> name_next("1.1.0", [], []), name_next("1.1.0", [], ["1.1.1"]), name_next("a3f0", [], [])
    ('1.1.1', '1.1.2', 'a3f0+1')
    """
    is_of_meaning = any(change.is_of_meaning for change in changes)
    return next(name for name in _count_on(version, is_of_meaning) if name not in taken)


def _count_on(version: str, is_of_meaning: bool) -> Iterator[str]:
    numbers = re.fullmatch(r"([0-9]+)\.([0-9]+)\.([0-9]+)", version)
    base, _, last = (
        version.rpartition("+") if re.search(r"\+[0-9]+$", version) else (version, "", "0")
    )
    for step in count(1):
        if numbers is None:
            yield f"{base}+{int(last) + step}"
        elif is_of_meaning:
            yield f"{numbers[1]}.{int(numbers[2]) + step}.0"
        else:
            yield f"{numbers[1]}.{numbers[2]}.{int(numbers[3]) + step}"
