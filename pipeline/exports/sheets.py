"""Write tables as sheets of a workbook: numbers stay numbers, text is never run as a formula.

The same tables give the same bytes: a workbook's dates are those of no moment in particular.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

from pipeline.exports.spreadsheet_csv import protect

if TYPE_CHECKING:
    from openpyxl import Workbook

MOMENT = (2000, 1, 1, 0, 0, 0)
LONGEST = 32_767  # characters that a cell can hold, as UTF-16 counts them
CUT = " […]"
NARROWEST, WIDEST, BUTTON = 9, 60, 4  # widths in characters; the last is for a heading's filter
HEADING_FILL = "D9E1F2"  # blue, as RGB
# What XML cannot hold, and halves of characters beyond U+FFFF.
_NOT_HELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Column(NamedTuple):
    """A column as a sheet has it: text, or numbers with a format; None is an empty cell."""

    heading: str
    cells: list[Any]
    number_format: str = ""

    @property
    def width(self) -> int:
        """Characters, so that headings and short values stand in one line and long text wraps."""
        longest = max((len(str(value)) for value in self.cells), default=0)
        wanted = min(len(self.number_format) + BUTTON, longest) if self.number_format else longest
        return min(WIDEST, max(NARROWEST, wanted, len(self.heading) + BUTTON))


def save_sheets(
    path: Path, tables: Mapping[str, pd.DataFrame], *, stays: Mapping[str, int] | None = None
) -> None:
    """Write each table as a sheet: headings that stay in sight, a filter, wrapped text.

    ``stays`` names sheets of which some of the first columns stay in sight, too. Booleans are 0 and
    1, what is missing is empty.
    """
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    book.properties.creator = "three-powers"
    book.properties.created = book.properties.modified = datetime(*MOMENT)
    for name, table in tables.items():
        _add_sheet(book, name, table, (stays or {}).get(name, 0))
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        ExcelWriter(book, archive).save()
    _pack(content, path)


def hold(text: str) -> str:
    r"""Give text as a cell can hold it.

    >>> hold("a\x00b"), hold("a" * 40_000)[-5:]
    ('ab', 'a […]')
    """
    held = _NOT_HELD.sub("", text)
    units = held.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return held
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", errors="ignore") + CUT


def _pack(content: io.BytesIO, path: Path) -> None:
    """Write the parts of a workbook as one file, each with the same date."""
    with ZipFile(content) as parts, ZipFile(path, "w") as archive:
        for name in parts.namelist():
            archive.writestr(ZipInfo(name, MOMENT), parts.read(name), ZIP_DEFLATED)


def _add_sheet(book: "Workbook", name: str, table: pd.DataFrame, stay: int) -> None:
    from openpyxl.utils import get_column_letter as letter

    sheet: Any = book.create_sheet(name)
    columns = [_lay_out(str(heading), table[heading]) for heading in table.columns]
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[letter(place)].width = column.width
    sheet.freeze_panes = f"{letter(stay + 1)}2"
    sheet.auto_filter.ref = f"A1:{letter(len(columns))}{len(table) + 1}"
    for row in _rows(columns, sheet):
        sheet.append(row)


def _lay_out(heading: str, column: "pd.Series[Any]") -> Column:
    if pd.api.types.is_bool_dtype(column):
        column = column.astype("int8")
    if not pd.api.types.is_numeric_dtype(column):
        return Column(hold(heading), [hold(text) for text in column.astype("str").fillna("")])
    known = column.dropna()
    values = column.astype(object).where(column.notna(), None).tolist()
    return Column(hold(heading), values, "0" if (known % 1 == 0).all() else "0.000")


def _rows(columns: list[Column], sheet: Any) -> Iterator[list[Any]]:
    yield [_head(sheet, column.heading) for column in columns]
    formats = [column.number_format for column in columns]
    for row in zip(*(column.cells for column in columns), strict=True):
        yield [_write(sheet, *each) for each in zip(row, formats, strict=True)]


def _head(sheet: Any, heading: str) -> Any:
    from openpyxl.styles import Font, PatternFill

    cell = _write(sheet, heading, "")
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=HEADING_FILL)
    return cell


def _write(sheet: Any, value: Any, number_format: str) -> Any:
    """Make a cell; text that looks like a formula stays text even if somebody edits the cell."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.alignment = _align(wraps=not number_format)
    if number_format:
        cell.number_format = number_format
        return cell
    cell.data_type = "s"
    cell.quotePrefix = protect(value) != value
    return cell


@cache
def _align(*, wraps: bool) -> Any:
    from openpyxl.styles import Alignment

    return Alignment(vertical="top", wrap_text=wraps)
