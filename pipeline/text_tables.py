"""Read a table of texts from anywhere, such as open answers of a survey, without holding it."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import NeedsAttentionError, UserError, did_you_mean
from pipeline.exports.spreadsheet_csv import unprotect
from pipeline.spreadsheets import Row, stream_sheet, tidy_name

SHOWN = 20  # mistakes that are listed at most
CARRIED = ("interview", "area", "context")


class TextTable(NamedTuple):
    """A CSV or XLSX file, and its columns of texts and ids.

    Without a name for ``ids``, the column 'id' is taken, or else the number of a text's row.
    """

    path: Path
    texts: str = "text"
    ids: str = ""


class Columns(NamedTuple):
    """The columns of a table that are used; ``ids`` is empty where rows are numbered."""

    ids: str
    texts: str
    carried: tuple[str, ...]


class Text(NamedTuple):
    """A row of a table, with what its codings carry of it; ``beyond`` is as in Row."""

    line: int
    id: str
    text: str
    carried: dict[str, str]
    beyond: str = ""


class Survey(NamedTuple):
    """What a table has: texts, rows where the text is empty, and whether there are ids."""

    texts: int
    empty: int
    has_ids: bool


def survey(table: TextTable) -> Survey:
    """Count the texts of a table, and find what is wrong with it.

    Raises UserError if there is no text, NeedsAttentionError that lists up to 20 mistakes.
    """
    columns, texts = _open(table)
    hashes, mistakes, empty = array("q"), list[str](), 0
    for text in texts:
        mistakes += _mistakes(text)
        if len(mistakes) >= SHOWN:
            break
        if text.text:
            hashes.append(hash(text.id))
        else:
            empty += 1
    mistakes = mistakes or list(islice(_find_doubles(table, np.array(hashes)), SHOWN))
    if mistakes:
        raise NeedsAttentionError(table.path, mistakes)
    if not hashes:
        raise UserError(f"{table.path} has no texts in its column '{columns.texts}'.")
    return Survey(len(hashes), empty, bool(columns.ids))


def read_texts(table: TextTable) -> Iterator[Text]:
    """Give the rows of a table that have a text, as they are read."""
    return (text for text in _open(table)[1] if text.text)


def _open(table: TextTable) -> tuple[Columns, Iterator[Text]]:
    """Give the columns in use and all rows. Raises UserError if a column is missing or double."""
    named, rows = stream_sheet(table.path)
    columns = _find_columns(table, named)
    return columns, (_text(row, columns) for row in rows)


def _find_columns(table: TextTable, named: Sequence[str]) -> Columns:
    ids, texts = tidy_name(table.ids), tidy_name(table.texts)
    ids = ids or ("id" if "id" in named else "")
    carried = tuple(name for name in CARRIED if name in named)
    for column, option in ((texts, "--text"), (ids, "--id")):
        if column and column not in named:
            raise UserError(
                f"{table.path} has no column '{column}'.{did_you_mean(column, named)} "
                f"Choose with {option} from: {', '.join(filter(None, named)) or '(none)'}."
            )
    doubles = [name for name in (ids, texts, *carried) if name and named.count(name) > 1]
    if doubles:
        raise UserError(f"{table.path} has two columns '{doubles[0]}'. Rename one of them.")
    return Columns(ids, texts, carried)


def _text(row: Row, columns: Columns) -> Text:
    cells = row.cells
    return Text(
        row.line,
        unprotect(cells[columns.ids]) if columns.ids else str(row.line),
        unprotect(cells[columns.texts]),
        {name: unprotect(cells[name]) for name in columns.carried},
        row.beyond,
    )


def _mistakes(text: Text) -> Iterator[str]:
    if text.beyond:
        yield (
            f"row {text.line}: it has more cells than there are columns. Put texts with commas "
            "in them in quotation marks."
        )
    if text.text and not text.id:
        yield f"row {text.line}: id is empty."


def _find_doubles(table: TextTable, hashes: NDArray[np.int64]) -> Iterator[str]:
    """Name the rows whose id was there before; only ids whose hash is there twice are held."""
    values, counts = np.unique(hashes, return_counts=True)
    twice = set(values[counts > 1].tolist())
    first: dict[str, int] = {}
    for text in read_texts(table) if twice else ():
        if hash(text.id) in twice:
            line = first.setdefault(text.id, text.line)
            if line != text.line:
                yield f"row {text.line}: id '{text.id}' has row {line} already."
