"""Tables: one row a turn, or one row an open answer."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.fields import guess_unit, to_seconds, unit_of
from pipeline.transcripts.readers.segments import Segment
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.table_columns import Columns, find_columns
from pipeline.transcripts.readers.table_rows import Row, Sheet, read_book
from pipeline.wording import counted, listed

_LONGEST_NAME, _MOST_NAMES = 40, 8


class Table(NamedTuple):
    """A sheet with talk: which column is what, and the rows below the columns' names."""

    sheet: Sheet
    columns: Columns
    rows: Sequence[Row]


@readers.register(".csv", ".tsv", ".xlsx")
def read_table(path: Path) -> Script:
    """Read the first sheet that has a column of words.

    The columns are told by their names or, without any, by what is in them. An empty speaker is
    the one of the row above. Raises TranscriptError for a file without a column of words.
    """
    book = read_book(path)
    if not any(sheet.rows for sheet in book.sheets):
        raise TranscriptError(path, 0, "the file is empty.", remedy="Put the transcript in again.")
    table = _choose(book.sheets)
    if table is None:
        raise _no_words(path, book.sheets)
    _check_widths(path, table)
    segments = _read_rows(table, is_tsv=path.suffix.lower() == ".tsv")
    left_out = {
        "heading rows": table.columns.first_row,
        "empty rows": len(table.rows) - len(segments),
    }
    warnings = (*table.columns.warnings, *_warn(table, book.hidden_rows))
    is_cut = table.columns.start >= 0
    return make_script(path, Speech(segments, _describe(table), left_out, warnings, is_cut))


def _choose(sheets: Sequence[Sheet]) -> Table | None:
    tables = [
        Table(sheet, columns, sheet.rows[columns.first_row + bool(columns.names) :])
        for sheet in sheets
        if (columns := find_columns(sheet.rows)) is not None
    ]
    named = [table for table in tables if table.columns.is_named]
    return next(iter([*named, *tables]), None)


def _check_widths(path: Path, table: Table) -> None:
    """Refuse a text file where words fell apart at commas, and nobody can tell where they end."""
    width = len(table.columns.names)
    if not width or not table.sheet.delimiter or _is_last(table):
        return
    for row in table.rows:
        if any(row.cells[width:]):
            raise TranscriptError(
                path,
                row.number,
                "it has more cells than there are columns.",
                remedy="Put words with commas in them in quotation marks, or save it as XLSX.",
            )


def _read_rows(table: Table, *, is_tsv: bool) -> list[Segment]:
    """Make a segment of each row that has words."""
    columns = table.columns
    texts = [_text(row, table) for row in table.rows]
    words = sum(len(text.split()) for text in texts)
    unit = _find_unit(table, words, is_tsv=is_tsv)
    segments, speaker = [], ""
    for row, text in zip(table.rows, texts, strict=True):
        given = _cell(row, columns.speaker)
        speaker = given if given or columns.is_person else speaker
        if text:
            start = to_seconds(_cell(row, columns.start), unit=unit)
            segments.append(Segment(speaker, text, row.number, start))
    return segments


def _is_last(table: Table) -> bool:
    return table.columns.text == len(table.columns.names) - 1


def _text(row: Row, table: Table) -> str:
    """Give a row's words, put together again where they fell apart at commas."""
    if not table.sheet.delimiter or not _is_last(table):
        return _cell(row, table.columns.text)
    cells = row.cells[table.columns.text :]
    filled = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return table.sheet.delimiter.join(cells[:filled]).strip()


def _warn(table: Table, hidden: int) -> Iterator[str]:
    columns, width = table.columns, len(table.columns.names)
    if hidden:
        yield f"hidden in the workbook: {counted(hidden, 'row')}, read as well"
    unnamed = sum(not _cell(row, columns.speaker) for row in table.rows)
    if unnamed and columns.speaker >= 0 and not columns.is_person:
        yield f"without a speaker: {counted(unnamed, 'row')}, read as going on from the row above"
    apart = sum(any(row.cells[width:]) for row in table.rows) if width else 0
    if apart and table.sheet.delimiter:
        yield f"fallen apart at commas: {counted(apart, 'row')}, put together again"


def _find_unit(table: Table, words: int, *, is_tsv: bool) -> float:
    """Tell seconds from milliseconds, in which Whisper writes its tables."""
    columns = table.columns
    if columns.start < 0:
        return 1.0
    name = columns.names[columns.start] if columns.names else ""
    if is_tsv and tuple(map(str.lower, columns.names)) == ("start", "end", "text"):
        return 0.001
    starts = [_cell(row, columns.start) for row in table.rows]
    return unit_of(name) or guess_unit(starts, words)


def _cell(row: Row, place: int) -> str:
    return row.cells[place].strip() if 0 <= place < len(row.cells) else ""


def _describe(table: Table) -> str:
    columns = table.columns
    if columns.speaker >= 0 and not columns.is_person:
        what = "turn"
    else:
        what = "segment" if columns.start >= 0 else "open answer"
    shown = {
        "person" if columns.is_person else "speaker": columns.speaker,
        "words": columns.text,
        "time": columns.start,
    }
    parts = "; ".join(f"{k}: {_name(columns, place)}" for k, place in shown.items() if place >= 0)
    sheet = f" in the sheet '{table.sheet.name[:_LONGEST_NAME]}'" if table.sheet.name else ""
    return f"a table with one row a{'n' * (what[0] == 'o')} {what}{sheet} ({parts})"


def _name(columns: Columns, place: int) -> str:
    name = " ".join(columns.names[place].split())[:_LONGEST_NAME] if columns.names else ""
    return name or f"column {place + 1}"


def _no_words(path: Path, sheets: Sequence[Sheet]) -> TranscriptError:
    first = next(sheet.rows[0] for sheet in sheets if sheet.rows)
    names = [f"'{cell.strip()[:30]}'" for cell in first.cells if cell][:_MOST_NAMES]
    return TranscriptError(
        path,
        0,
        f"no column of it holds what people say; its columns are {listed(names)}.",
        remedy="Name the column of words 'Text', and the one of those who say them 'Speaker'.",
    )
