"""Say which tables are exported, and what every column of them means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Codebook
from pipeline.exports.framework_sheet import INTERVIEW, describe_headings, name_codes
from pipeline.tables import (
    AGREEMENT,
    BALANCES,
    CLAIM_EVIDENCE,
    CLAIMS,
    CODINGS,
    DIAGNOSES,
    DIFFERENCES,
    DISAGREEMENTS,
    FRAMEWORK,
    MEMOS,
    PASSAGE_TOPICS,
    PASSAGES,
    POWERS,
    PRESENCES,
    QUOTE_BANK,
    SATURATION,
    SATURATION_CURVE,
    SET_AGREEMENT,
    SHARES,
    TOPICS,
    Framework,
    Shape,
)

# Tables that are written as they are, by the file's name without its ending.
EXPORTED: dict[str, Shape[Any]] = {
    "passages": PASSAGES,
    "codings_long": CODINGS,
    "shares": SHARES,
    "powers": POWERS,
    "balances": BALANCES,
    "differences": DIFFERENCES,
    "diagnoses": DIAGNOSES,
    "presence": PRESENCES,
    "claims": CLAIMS,
    "claim_evidence": CLAIM_EVIDENCE,
    "agreement": AGREEMENT,
    "set_agreement": SET_AGREEMENT,
    "disagreements": DISAGREEMENTS,
    "saturation": SATURATION,
    "saturation_curve": SATURATION_CURVE,
    "quote_bank": QUOTE_BANK,
    "topics": TOPICS,
    "passage_topics": PASSAGE_TOPICS,
    "memos": MEMOS,
}
LEFT_OUT = {
    "turns": "it is private: it holds real names",
    "replacements": "it is private: it holds real names",
    "safe_turns": "the passages hold what was said, and interviewers' words are not for analysis",
    "decisions": "they stay in coding.sqlite; codings_long has each coder's last one",
    "framework": "framework.csv and framework.xlsx lay it out with a row an interview",
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
SHEET_TEXT = (
    "text is never run as a formula; characters that a workbook cannot hold are left out, and text "
    "of more than 32,767 characters ends in […]"
)


class Entry(NamedTuple):
    """A row of the dictionary."""

    file: str
    column: str
    type: str
    meaning: str


def describe_files(codebook: Codebook, matrix: Framework, *, wide: Sequence[str]) -> pd.DataFrame:
    """List the columns of every CSV file.

    ``wide`` are those before the labels in codings_wide.csv; ``matrix`` has the codes of
    framework.csv.
    """
    entries = [*_conventions("(every file)", PROTECTION)]
    for name, shape in EXPORTED.items():
        entries += _of_shape(f"{name}.csv", shape)
    entries += [*_wide(codebook, wide), *_framework("framework.csv", matrix)]
    return pd.DataFrame(entries, columns=Entry._fields)


def describe_sheets(shapes: Mapping[str, Shape[Any]], matrix: Framework) -> pd.DataFrame:
    """List the columns of every sheet of a workbook, the framework matrix last."""
    entries = [*_conventions("(every sheet)", SHEET_TEXT)]
    for name, shape in shapes.items():
        entries += _of_shape(name, shape)
    entries += _framework("framework", matrix)
    return pd.DataFrame(entries, columns=Entry._fields).rename(columns={"file": "sheet"})


def _conventions(where: str, text: str) -> Iterator[Entry]:
    yield Entry(where, "(text)", "text", text)
    yield Entry(where, "(yes or no)", "0 or 1", "1 is yes, 0 is no")
    yield Entry(where, "(empty cell)", "", "not known, or not looked at; never zero")


def _of_shape(file: str, shape: Shape[Any]) -> Iterator[Entry]:
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


def _framework(file: str, matrix: Framework) -> Iterator[Entry]:
    for column in INTERVIEW:
        dtype, meaning = FRAMEWORK.columns[column]
        yield Entry(file, column, TYPES[dtype], meaning)
    for heading, meaning in describe_headings(name_codes(matrix)).items():
        yield Entry(file, heading, "text", meaning)
