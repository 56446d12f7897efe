"""Read the tables that researchers keep in a spreadsheet, row by row."""

import csv
import re
import unicodedata
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, time
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile, is_zipfile

from pipeline.errors import UserError
from pipeline.files import read_lines

SUFFIXES = (".csv", ".xlsx")
_END = "\0end of file\0"  # stands after a file's last line, to see whether a cell is still open
_QUOTED = re.compile(r'"[^"]*"')
# A small workbook can unpack to gigabytes. All but its sheets is held in memory while it is read.
_LARGEST_HELD = 400_000_000
_LARGEST_RATIO = 200
_DAMAGE = (
    *(BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError, TypeError),
    *(AttributeError, SyntaxError, RuntimeError),
)


class Row(NamedTuple):
    """A row that is not blank: its number as a spreadsheet counts (from 1), its cells by column.

    ``beyond`` is what stands right of the last column, where a cell's text fell apart at a comma.
    """

    line: int
    cells: dict[str, str]
    beyond: str = ""


class Sheet(NamedTuple):
    """A table's columns, in lower case, and its rows."""

    columns: list[str]
    rows: list[Row]


class Stream(NamedTuple):
    """A table's columns, in lower case, and its rows, which are read as they are asked for."""

    columns: list[str]
    rows: Iterator[Row]


# The cells of a row, with its number.
Line = tuple[int, list[str]]


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file with , ; or tab between cells, in the encodings that Excel uses.

    Cells lose the space around them; cells without a column are left out. Raises UserError if
    the file is no text, or ends inside a cell.
    """
    columns, rows = _stream(_csv_lines(path))
    return Sheet(columns, list(rows))


def stream_sheet(path: Path) -> Stream:
    """Read a CSV file as :func:`read_sheet` does, or the first sheet of an XLSX file, row by row.

    Numbers are written as plain as can be, dates as ISO 8601 has them. Raises UserError for a file
    of another kind or a damaged one; damage further on is met when the rows are read.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path} is no table that can be read: save it as CSV (UTF-8) or XLSX.")
    return _stream(_xlsx_lines(path) if path.suffix.lower() == ".xlsx" else _csv_lines(path))


def tidy_name(column: str) -> str:
    """Write a column's name as all are compared: in lower case, on one line.

    >>> tidy_name(" What\\nhelped? ")
    'what helped?'
    """
    return " ".join(column.lower().split())


def _stream(lines: Iterator[Line]) -> Stream:
    filled = ((number, cells) for number, cells in lines if any(map(str.strip, cells)))
    _, header = next(filled, (0, []))
    columns = [tidy_name(name) for name in header]
    return Stream(columns, _rows(columns, filled))


def _rows(columns: list[str], lines: Iterator[Line]) -> Iterator[Row]:
    blank = dict.fromkeys(filter(None, columns), "")
    for number, cells in lines:
        named = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
        beyond = "".join(cells[len(columns) :]).strip()
        if beyond or any(named.values()):
            yield Row(number, blank | named, beyond)


def _csv_lines(path: Path) -> Iterator[Line]:
    try:
        lines = read_lines(path)
        start = _take_header(lines)
    except ValueError as error:
        raise UserError(f"{path} is not text: {error}. Save it as CSV (UTF-8).") from error
    bare = _QUOTED.sub("", "".join(start))
    reader = csv.reader(chain(start, lines, [_END]), delimiter=max(",;\t", key=bare.count))
    for number, cells in _records(path, reader):
        if cells and cells[-1].endswith(_END):
            if cells != [_END]:
                raise _open_cell(path, number)
            return
        yield number, cells


def _take_header(lines: Iterator[str]) -> list[str]:
    """Take lines up to the end of the header, whose cells may have line breaks in them."""
    taken: list[str] = []
    for line in lines:
        is_hint = not taken and line.lower().startswith("sep=")
        taken.append("\n" if is_hint else line)  # keeps the count of lines
        text = "".join(taken)
        if len(text) > csv.field_size_limit() or (text.strip() and text.count('"') % 2 == 0):
            break
    return taken


def _records(path: Path, reader: Iterable[list[str]]) -> Iterator[Line]:
    number = 0
    try:
        for cells in reader:
            number += 1
            yield number, cells
    except csv.Error as error:  # a cell of more than 131,072 characters
        raise _open_cell(path, number + 1) from error


def _open_cell(path: Path, number: int) -> UserError:
    return UserError(
        f"{path}, row {number}: a cell does not end, or is longer than "
        f'{csv.field_size_limit():,} characters. Is there a quotation mark (") without its fellow?'
    )


def _xlsx_lines(path: Path) -> Iterator[Line]:
    # A damaged file fails wherever its damage is, in the zip, in its parts or in their XML.
    try:
        if not is_zipfile(path) or _is_too_large(path):
            raise BadZipFile
        yield from _first_sheet(path)
    except _DAMAGE as error:
        raise UserError(
            f"{path} is no XLSX file, or it is damaged, locked by a password or far too large. "
            "Save it again in Excel, without a password, or as CSV (UTF-8)."
        ) from error


def _first_sheet(path: Path) -> Iterator[Line]:
    from openpyxl import load_workbook

    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it leaves out: styles, drop-down lists
        with closing(load_workbook(file, read_only=True, data_only=True)) as workbook:
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size may be wrong
            width = 0
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                shown = [_show(cell) for cell in cells]
                width = width or (len(shown) if any(shown) else 0)
                yield number, shown[:width]  # notes beside the table are no part of it


def _is_too_large(path: Path) -> bool:
    with ZipFile(path) as archive:
        members = archive.infolist()
    streamed = ("xl/worksheets/", "xl/media/")
    held = [member for member in members if not member.filename.startswith(streamed)]
    return sum(member.file_size for member in held) > _LARGEST_HELD or any(
        member.file_size > _LARGEST_RATIO * max(member.compress_size, 50_000) for member in members
    )


def _show(cell: Any) -> str:
    """Write a cell as text.

    >>> [_show(cell) for cell in (3.0, 0.5, True, None, datetime(2025, 3, 1), "a_x000D_b")]
    ['3', '0.5', 'TRUE', '', '2025-03-01', 'a\\rb']
    """
    from openpyxl.utils.escape import unescape

    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return unicodedata.normalize("NFC", unescape(str(cell))).strip()
