"""Say what every column of the CSV files means."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Codebook
from pipeline.tables import (
    BALANCES,
    CODINGS,
    PASSAGE_TOPICS,
    PASSAGES,
    POWERS,
    SHARES,
    TOPICS,
    Shape,
)

FILES: dict[str, Shape[Any]] = {
    "passages.csv": PASSAGES,
    "codings_long.csv": CODINGS,
    "shares.csv": SHARES,
    "powers.csv": POWERS,
    "balances.csv": BALANCES,
    "topics.csv": TOPICS,
    "passage_topics.csv": PASSAGE_TOPICS,
}
TYPES = {
    "str": "text",
    "category": "text, one of a closed list",
    "bool": "0 or 1: 1 is yes",
    "int32": "whole number",
    "int64": "whole number",
    "float32": "number, up to 6 significant digits",
    "float64": "number, up to 6 significant digits",
}
PROTECTION = (
    "text that starts with = + - @, a tab or a carriage return has an apostrophe put in front, so "
    "that no spreadsheet runs it; take one off to have the text as it was said (text that had "
    "apostrophes before such a character has one more)"
)


class Entry(NamedTuple):
    """A row of the dictionary."""

    file: str
    column: str
    type: str
    meaning: str


def describe_columns(codebook: Codebook, *, wide: Sequence[str]) -> pd.DataFrame:
    """List the columns of every file; ``wide`` are those before the labels in codings_wide.csv."""
    return pd.DataFrame(
        [*_conventions(), *_tables(), *_wide(codebook, wide)], columns=Entry._fields
    )


def _conventions() -> Iterator[Entry]:
    yield Entry("(every file)", "(text)", "text", PROTECTION)
    yield Entry("(every file)", "(yes or no)", "0 or 1", "1 is yes, 0 is no")
    yield Entry("(every file)", "(empty cell)", "", "not known, or not looked at; never zero")


def _tables() -> Iterator[Entry]:
    for file, shape in FILES.items():
        for column, (dtype, meaning) in shape.columns.items():
            yield Entry(file, column, TYPES[dtype], meaning)


def _wide(codebook: Codebook, wide: Sequence[str]) -> Iterator[Entry]:
    file = "codings_wide.csv"
    for column in wide:
        dtype, meaning = PASSAGES.columns[column]
        yield Entry(file, column, TYPES[dtype], meaning)
    for code in codebook.codes:
        for stance, meaning in code.stances.items():
            yield Entry(
                file,
                f"{code.id}__{stance}",
                "0 or 1: 1 is yes; empty is not looked at",
                f"{code.label}, {stance}: {meaning}",
            )
