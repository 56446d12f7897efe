"""Write tables as sheets of a workbook that people fill in: every cell is text, none is run."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

WIDTH = 14  # characters in a column, unless told
GIVEN, HEADER = "F2F2F2", "D9E1F2"  # grey and blue, as RGB


def save_workbook(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    *,
    widths: Mapping[str, int],
    typed: Collection[str] = (),
) -> None:
    """Write each table as a sheet, the header fixed, with a filter that keeps rows together.

    Columns that are ``typed`` into are white, all others grey. All cells are formatted as text, so
    that neither '-' nor '=A1' nor '3-5' is turned into something else. Characters that a workbook
    cannot hold are left out.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in tables.items():
        sheet: Worksheet = book.create_sheet(name)
        _fill(sheet, table, typed)
        for place, column in enumerate(table.columns, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = widths.get(column, WIDTH)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    book.save(path)


def _fill(sheet: "Worksheet", table: pd.DataFrame, typed: Collection[str]) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font, PatternFill

    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    grey, blue = (PatternFill("solid", fgColor=colour) for colour in (GIVEN, HEADER))
    for line, texts in enumerate(_rows(table), start=1):
        for place, text in enumerate(texts, start=1):
            cell: Cell = sheet.cell(line, place, ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = wrapped
            if line == 1:
                cell.font, cell.fill = bold, blue
            elif table.columns[place - 1] not in typed:
                cell.fill = grey


def _rows(table: pd.DataFrame) -> Iterable[list[str]]:
    yield list(table.columns)
    yield from table.astype("str").to_numpy().tolist()
