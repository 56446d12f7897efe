"""The rows of a table file: its cells as text, whatever program wrote it."""

import csv
import re
import unicodedata
import warnings
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, time
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile, is_zipfile

from pipeline.errors import TranscriptError
from pipeline.files import read_lines
from pipeline.transcripts.readers.fields import KNOWN, fold_name

_DELIMITERS = ",;\t|"
_NONE = "\x1f"  # stands for no delimiter: a table of one column
_LOOKED_AT = 20
_END = "\0end of file\0"  # stands after a file's last line, to see whether a cell is still open
_QUOTED = re.compile(r'"[^"]*"')
_HINT = re.compile(r"sep=(?P<delimiter>.)\s*$", re.IGNORECASE)
_HIDDEN = re.compile(rb'<(?:\w{1,10}:)?row\b[^<>]{0,500}\bhidden="(?:1|true)"')
_LARGEST = 60_000_000  # bytes
_LARGEST_XML = 100_000_000
_LARGEST_RATIO = 200
_MOST_ROWS, _MOST_CELLS = 1_048_576, 5_000_000
_DAMAGE = (
    *(BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError, TypeError),
    *(ArithmeticError, AttributeError, SyntaxError, RuntimeError),
)


class Row(NamedTuple):
    """A row with something in it: its number as a spreadsheet counts (from 1), and its cells."""

    number: int
    cells: list[str]


class Sheet(NamedTuple):
    """The rows of a sheet or text file. ``delimiter`` is '' in a workbook."""

    name: str
    rows: list[Row]
    delimiter: str = ""


class Book(NamedTuple):
    """The sheets of a table file, those that are shown first, and how many rows are hidden."""

    sheets: list[Sheet]
    hidden_rows: int = 0


def read_book(path: Path) -> Book:
    """Read a CSV, TSV or XLSX file. Raises TranscriptError for a damaged or far too large one."""
    if path.suffix.lower() == ".xlsx":
        return _read_workbook(path)
    if path.stat().st_size > _LARGEST:
        raise _refused(path, "it is far too large for the words of one transcript.")
    try:
        lines = list(read_lines(path))
    except ValueError as error:
        raise _refused(path, "this is not text.") from error
    hint = _HINT.match(lines[0]) if lines else None
    delimiter = hint["delimiter"] if hint else _find_delimiter(lines, is_tsv=_is_tsv(path))
    if hint:
        lines[0] = "\n"  # keeps the count of lines
    cells = _split_at_tabs(lines) if delimiter == "\t" else None
    rows = _number(path, cells or _split(path, lines, delimiter))
    return Book([Sheet("", rows, delimiter)])


def _is_tsv(path: Path) -> bool:
    return path.suffix.lower() == ".tsv"


def _find_delimiter(lines: list[str], *, is_tsv: bool) -> str:
    """Find what stands between known names, or equally often in most lines: talk has commas too."""
    filled = [line for line in lines if line.strip()][:_LOOKED_AT]
    bare = _QUOTED.sub("", "".join(filled)).splitlines()
    best, most = _NONE, len(bare) / 2
    for delimiter in "\t" if is_tsv else _DELIMITERS:
        if any(_has_names(line, delimiter) for line in filled):
            return delimiter
        counts = Counter(line.count(delimiter) for line in bare)
        del counts[0]
        alike = max(counts.values(), default=0)
        if alike > most:
            best, most = delimiter, alike
    return best


def _has_names(line: str, delimiter: str) -> bool:
    cells = line.split(delimiter)[:_LOOKED_AT]
    is_sentence = line.rstrip().endswith((".", "!"))
    return len(cells) > 1 and not is_sentence and any(fold_name(cell) in KNOWN for cell in cells)


def _split_at_tabs(lines: list[str]) -> list[list[str]] | None:
    """Split where all lines have as many tabs: Whisper writes quotation marks as they are."""
    cells = [line.rstrip("\r\n").split("\t") if line.strip() else [] for line in lines]
    widths = {len(row) for row in cells if row}
    return [list(map(_unquote, row)) for row in cells] if len(widths) == 1 else None


def _unquote(cell: str) -> str:
    if len(cell) < 2 or not (cell[0] == cell[-1] == '"'):
        return cell
    return cell[1:-1].replace('""', '"')


def _split(path: Path, lines: list[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader([*lines, _END], delimiter=delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if cells and cells[-1].endswith(_END):
                if cells != [_END]:
                    raise _open_cell(path, number)
                return
            yield cells
    except csv.Error as error:  # a cell of more than 131,072 characters
        raise _open_cell(path, number + 1) from error


def _number(path: Path, lines: Iterable[list[str]]) -> list[Row]:
    """Number the rows, and keep those that have something in them."""
    rows, cells = [], 0
    for number, line in enumerate(lines, start=1):
        cells += len(line)
        if cells > _MOST_CELLS or number > _MOST_ROWS:
            raise _refused(path, "it has far too many rows or cells for one transcript.")
        if any(map(str.strip, line)):
            rows.append(Row(number, [cell.rstrip() for cell in line]))
    return rows


def _read_workbook(path: Path) -> Book:
    # A damaged file fails wherever its damage is, in the zip, in its parts or in their XML.
    try:
        if not is_zipfile(path) or _is_too_large(path):
            raise BadZipFile
        return Book(list(_sheets(path)), _count_hidden(path))
    except _DAMAGE as error:
        raise TranscriptError(
            path,
            0,
            "this is no XLSX file, or it is damaged, locked by a password or far too large.",
            remedy="Save it again in Excel, without a password, or as CSV (UTF-8).",
        ) from error


def _sheets(path: Path) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it leaves out: styles, drop-down lists
        with closing(load_workbook(file, read_only=True, data_only=True)) as workbook:
            for sheet in sorted(workbook.worksheets, key=lambda one: one.sheet_state != "visible"):
                sheet.reset_dimensions()  # what the file says of its size may be wrong
                cells = (list(map(_show, row)) for row in sheet.iter_rows(values_only=True))
                yield Sheet(sheet.title, _number(path, cells))


def _is_too_large(path: Path) -> bool:
    with ZipFile(path) as archive:
        members = archive.infolist()
    xml = [member for member in members if not member.filename.startswith("xl/media/")]
    return sum(member.file_size for member in xml) > _LARGEST_XML or any(
        member.file_size > _LARGEST_RATIO * max(member.compress_size, 50_000) for member in xml
    )


def _count_hidden(path: Path) -> int:
    with ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return sum(len(_HIDDEN.findall(archive.read(name))) for name in names)


def _show(cell: Any) -> str:
    """Write a cell as text.

    >>> [_show(cell) for cell in (3.0, 0.5, None, time(0, 1, 2), "a_x000D_b")]
    ['3', '0.5', '', '00:01:02', 'a\\rb']
    """
    from openpyxl.utils.escape import unescape

    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | time):
        return cell.isoformat()
    return unicodedata.normalize("NFC", unescape(str(cell))).strip()


def _open_cell(path: Path, number: int) -> TranscriptError:
    return TranscriptError(
        path,
        number,
        f"a cell does not end, or is longer than {csv.field_size_limit():,} characters.",
        remedy='Is there a quotation mark (") without its fellow? Save it again as CSV (UTF-8).',
    )


def _refused(path: Path, problem: str) -> TranscriptError:
    remedy = "Save it again as CSV (UTF-8) or XLSX, with one row a turn or an answer."
    return TranscriptError(path, 0, problem, remedy=remedy)
