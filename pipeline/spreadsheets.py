"""Read the small tables that researchers keep in a spreadsheet and save as CSV."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UserError
from pipeline.files import decode


class Row(NamedTuple):
    """A row that is not blank: its line in the file (from 1), and its cells by column."""

    line: int
    cells: dict[str, str]


class Sheet(NamedTuple):
    """A table's columns, in lower case, and its rows."""

    columns: list[str]
    rows: list[Row]


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file with , ; or tab between cells, in the encodings that Excel uses.

    Cells lose the space around them; cells without a column are left out. Raises UserError if
    the file is no text.
    """
    try:
        text = decode(path.read_bytes())
    except ValueError as error:
        raise UserError(f"{path} is not text: {error}. Save it as CSV (UTF-8).") from error
    if text.lower().startswith("sep="):
        text = "\n" + text.partition("\n")[2]  # keeps the count of lines
    header = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    lines = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    columns = [name.strip().lower() for name in lines[0][1]] if lines else []
    return Sheet(columns, list(_rows(columns, lines[1:])))


def _rows(columns: list[str], lines: list[tuple[int, list[str]]]) -> Iterator[Row]:
    for line, cells in lines:
        named = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
        if any(named.values()):
            yield Row(line, dict.fromkeys(filter(None, columns), "") | named)
