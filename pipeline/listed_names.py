"""The researcher's own list of names, private/names.csv: what to replace, by what, what to keep.

Only the column 'name' is needed. The list that 'three-powers names' writes has the same columns and
some more to decide by; its rows without a decision are not the researcher's yet.
"""

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import NeedsAttentionError, did_you_mean
from pipeline.exports.spreadsheet_csv import unprotect
from pipeline.spreadsheets import Row, stream_sheet
from pipeline.transcripts.candidates import split_name
from pipeline.transcripts.details import DETAILS
from pipeline.transcripts.people import Listed

COLUMNS = ("name", "kind", "pseudonym", "decision")
COUNTED = "mentions"  # the column that only the list of found names has
KINDS = ("person", "place", "organisation")
PARTICIPANT = "participant"
KEEP, REPLACE = "keep", "replace"


def read_names(path: Path) -> list[Listed]:
    """Read a list of names, CSV or XLSX, as Excel saves it.

    A decision is keep, replace or, in its place, the pseudonym itself. Raises NeedsAttentionError
    that lists every mistake with its row.
    """
    columns, rows = stream_sheet(path)
    if "name" not in columns:
        wanted = f"The columns are {', '.join(COLUMNS)}."
        raise NeedsAttentionError(path, [f"there is no column 'name'. {wanted}"])
    plain = [_plain(row) for row in rows]
    mistakes = [f"row {row.line}: {mistake}" for row in plain for mistake in _mistakes(row)]
    if mistakes:
        raise NeedsAttentionError(path, mistakes)
    return [_listed(row.cells) for row in plain if row.cells["name"] and _is_decided(row)]


def _plain(row: Row) -> Row:
    return row._replace(cells={name: unprotect(cell) for name, cell in row.cells.items()})


def _is_decided(row: Row) -> bool:
    return bool(row.cells.get("decision")) or COUNTED not in row.cells


def _listed(cells: dict[str, str]) -> Listed:
    decision, kind = cells.get("decision", ""), cells.get("kind") or "person"
    pseudonym = cells.get("pseudonym", "") if decision.lower() in ("", REPLACE) else decision
    return Listed(
        cells["name"],
        "person" if kind == PARTICIPANT else kind,
        "" if decision.lower() == KEEP else pseudonym.strip("[] "),
        is_kept=decision.lower() == KEEP,
    )


def _mistakes(row: Row) -> Iterator[str]:
    cells = row.cells
    kind, decision, name = cells.get("kind", ""), cells.get("decision", ""), cells["name"]
    yield from _mistakes_of_form(row, kind, decision)
    if decision.lower() == KEEP and kind == PARTICIPANT:
        yield "participants cannot be kept. Write an id for them into interviews.csv instead."
    if decision.lower() != KEEP:
        yield from _mistakes_of_pseudonym(name, decision, cells.get("pseudonym", ""))


def _mistakes_of_pseudonym(name: str, decision: str, pseudonym: str) -> Iterator[str]:
    is_replaced = decision.lower() == REPLACE
    if not is_replaced and did_you_mean(decision, [KEEP, REPLACE]):
        yield f"decision '{decision}':{did_you_mean(decision, [KEEP, REPLACE])}"
    words = set(split_name(pseudonym if is_replaced else decision or pseudonym))
    if name and split_name(name) and words >= set(split_name(name)):
        yield "the pseudonym holds the name itself."


def _mistakes_of_form(row: Row, kind: str, decision: str) -> Iterator[str]:
    name, is_found = row.cells["name"], COUNTED in row.cells
    if kind and kind not in (*KINDS, *DETAILS) and not (kind == PARTICIPANT and is_found):
        yield f"kind '{kind}' is none of {', '.join(KINDS)}."
    if row.beyond:
        yield "it has more cells than there are columns. Put text with commas in quotation marks."
    if decision and not name:
        yield f"decision '{decision[:30]}' has no name."
    if name and kind not in DETAILS and not split_name(name):
        yield f"'{name[:30]}' has no letters, and is no name."
