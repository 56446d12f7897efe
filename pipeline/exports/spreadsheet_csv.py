"""CSV files that a spreadsheet opens with accents intact and runs nothing from."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import cast

import pandas as pd

from pipeline.codebook import Codebook, Label
from pipeline.exports import Results, exporters
from pipeline.exports.data_dictionary import EXPORTED, describe_files
from pipeline.exports.framework_sheet import lay_out
from pipeline.files import write_whole
from pipeline.tables import Codings, Passages, is_by_model

# A spreadsheet runs a cell that starts with one of these as a formula. The apostrophes in front
# are counted in, so that a cell which had one from the start keeps it through a round trip.
_FORMULA = r"[=+\-@\t\r]"
_NEEDS_PROTECTION = re.compile(rf"'*{_FORMULA}")
_IS_PROTECTED = re.compile(rf"'+{_FORMULA}")

WIDE_COLUMNS = ("passage", "transcript", "participant", "area", "role", "text")


@exporters.register("csv")
def write_csv(results: Results, folder: Path) -> list[Path]:
    """Write each table, the codings and the framework also wide, and a dictionary of the columns.

    Tables that are private, or that hold people's names, are not among them.
    """
    tables: dict[str, pd.DataFrame] = {
        **{name: getattr(results, shape.name) for name, shape in EXPORTED.items()},
        "codings_wide": widen_codings(
            results.passages, results.settled, results.codebook, ranked=results.ranked
        ),
        "framework": lay_out(results.framework, results.passages),
        "data_dictionary": describe_files(results.codebook, results.framework, wide=WIDE_COLUMNS),
    }
    return [write_table(folder / f"{name}.csv", table) for name, table in tables.items()]


def write_table(path: Path, table: pd.DataFrame) -> Path:
    """Write a table as R and Excel open it: UTF-8 with a byte-order mark, safe from formulas."""
    return write_whole(path, lambda part: part.write_bytes(to_csv(table).encode("utf-8-sig")))


def protect(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    >>> protect("-I mean, no"), protect("'=A1"), protect("'tis")
    ("'-I mean, no", "''=A1", "'tis")
    """
    return f"'{text}" if _NEEDS_PROTECTION.match(text) else text


def unprotect(text: str) -> str:
    """Take off the apostrophe that :func:`protect` put on, and no other.

    >>> unprotect("'-I mean, no"), unprotect("''=A1"), unprotect("'tis")
    ('-I mean, no', "'=A1", "'tis")
    """
    return text[1:] if _IS_PROTECTED.match(text) else text


def widen_codings(
    passages: Passages, settled: Codings, codebook: Codebook, *, ranked: Collection[Label] = ()
) -> pd.DataFrame:
    """Lay out settled codings with one row a passage and one column a label, code__stance.

    1 is applied, 0 is looked at and not applied, missing is not looked at: so it is where a label
    is ``ranked``, without a classifier, and nobody decided.
    """
    named = pd.DataFrame(
        {
            "passage": settled["passage"],
            "label": settled["code"].astype("str") + "__" + settled["stance"].astype("str"),
            "applied": settled["applied"].astype("Int8"),
        }
    )
    named = named[~(is_by_model(settled) & named["label"].isin(map(column_name, ranked)))]
    # pivot refuses a label that is settled twice; pivot_table would average the two.
    applied = named.pivot(index="passage", columns="label", values="applied")  # noqa: PD010
    listed = [column_name(label) for label in codebook.labels]
    unlisted = sorted(set(applied.columns) - set(listed))
    applied = applied.reindex(columns=[*listed, *unlisted]).reset_index()
    return passages[list(WIDE_COLUMNS)].merge(
        applied, on="passage", how="left", validate="one_to_one"
    )


def column_name(label: Label) -> str:
    """Name the column of a label in codings_wide.csv."""
    return f"{label.code}__{label.stance}"


def to_csv(table: pd.DataFrame) -> str:
    r"""Write a table as RFC 4180 has it: commas, doubled quotes, lines that end in \r\n.

    Text is protected, booleans are 0 and 1, floats have up to 6 significant digits, missing is
    empty. A carriage return inside a cell is quoted only because lines end in one as well.
    """
    cells = pd.DataFrame({name: _cells(table[name]) for name in table.columns})
    cells.columns = pd.Index([protect(name) for name in table.columns], dtype="str")
    return cells.to_csv(index=False, float_format="%.6g", lineterminator="\r\n")


def _cells(column: "pd.Series[bool]") -> "pd.Series[int] | pd.Series[str]":
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _protected_categories(column)
    if pd.api.types.is_bool_dtype(column):
        return column.astype("int8")
    if pd.api.types.is_numeric_dtype(column):
        return cast("pd.Series[int]", column)
    return _protected_text(column.astype("str"))


def _protected_categories(column: "pd.Series[bool]") -> "pd.Series[str]":
    safe = {name: protect(str(name)) for name in column.cat.categories}
    return column.astype(object).map(safe).astype("str")


def _protected_text(text: "pd.Series[str]") -> "pd.Series[str]":
    at_risk = text.str.match(_NEEDS_PROTECTION).fillna(False).astype(bool)
    return text.mask(at_risk, "'" + text)
