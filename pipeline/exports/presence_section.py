"""In how many interviews people found a code: those that nobody searched are told apart."""

from collections import Counter
from itertools import groupby
from typing import Any, NamedTuple

from pipeline.codebook import Label
from pipeline.exports import Results
from pipeline.exports.figures import Area, list_areas, list_labels, records
from pipeline.tables import FEW_INTERVIEWS
from pipeline.wording import code_title, percent

NOT_LOOKED, NONE_FOUND, PRESENT = "not looked", "looked, none", "present"  # as findings/ has them


class PresenceCell(NamedTuple):
    """An area's cell; ``interval`` is empty where there are too few interviews for one."""

    words: str
    interval: str
    status: str


class PresenceRow(NamedTuple):
    """A code in a stance; ``span`` is how many rows its name covers, 0 where one above does."""

    code: str
    stance: str
    span: int
    cells: list[PresenceCell]


class Presence(NamedTuple):
    """The matrix, and how many of its cells are of which kind."""

    areas: list[Area]
    rows: list[PresenceRow]
    cells: int
    present: int
    none_found: int


def gather_presence(results: Results) -> Presence:
    """Lay out codes by area."""
    found = {(row.area, Label(row.code, row.stance)): row for row in records(results.presence)}
    areas = list_areas(results) if found else []
    labels = list_labels(results.codebook, found) if found else []
    rows = [
        PresenceRow(
            code_title(results.codebook, code),
            label.stance,
            0 if place else len(stances),
            [_cell(found.get((area.name, label))) for area in areas],
        )
        for code, of_code in groupby(labels, key=lambda label: label.code)
        for stances in [list(of_code)]
        for place, label in enumerate(stances)
    ]
    kinds = Counter(cell.status for row in rows for cell in row.cells)
    return Presence(areas, rows, sum(kinds.values()), kinds[PRESENT], kinds[NONE_FOUND])


def _cell(row: Any) -> PresenceCell:
    if row is None or row.status == NOT_LOOKED:
        return PresenceCell("–", "", NOT_LOOKED)
    searched = f", looked in {row.looked}" if row.status == NONE_FOUND else ""
    is_small = row.interviews < FEW_INTERVIEWS
    interval = "" if is_small else f"{percent(row.low)} to {percent(row.high)}"
    return PresenceCell(f"{row.present} of {row.interviews}{searched}", interval, row.status)
