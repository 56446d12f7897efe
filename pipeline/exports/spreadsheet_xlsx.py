"""Workbooks: all findings with a sheet a table, and the framework matrix by itself."""

from pathlib import Path

import pandas as pd

from pipeline.exports import Results, exporters
from pipeline.exports.data_dictionary import EXPORTED, describe_sheets
from pipeline.exports.framework_sheet import lay_out
from pipeline.exports.sheets import save_sheets
from pipeline.files import write_whole

SHEETS = (
    *("shares", "powers", "balances", "differences", "diagnoses", "presence"),
    *("claims", "agreement", "saturation", "quote_bank"),
)
FRAMEWORK = "framework"
INTERVIEW_STAYS = {FRAMEWORK: 2}  # columns that stay in sight: area and transcript


@exporters.register("xlsx")
def write_xlsx(results: Results, folder: Path) -> list[Path]:
    """Write findings.xlsx, with a sheet a table of findings, and framework.xlsx, to work in."""
    shapes = {name: EXPORTED[name] for name in SHEETS}
    matrix = lay_out(results.framework, results.passages)
    findings: dict[str, pd.DataFrame] = {
        **{name: getattr(results, shape.name) for name, shape in shapes.items()},
        FRAMEWORK: matrix,
        "dictionary": describe_sheets(shapes, results.framework),
    }
    books = {"findings": findings, "framework": {FRAMEWORK: matrix}}
    return [_write(folder / f"{name}.xlsx", tables) for name, tables in books.items()]


def _write(path: Path, tables: dict[str, pd.DataFrame]) -> Path:
    return write_whole(path, lambda part: save_sheets(part, tables, stays=INTERVIEW_STAYS))
