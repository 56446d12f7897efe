"""Write what people decided as a table for a spreadsheet, which import-codes takes back unchanged.

There is one row for each passage, coder and label. A row a passage with all its labels would say
that every other label is a no, where somebody looked for some only. Nor would it be taken back as
it was decided: import-codes takes a whole passage for part of the check sample.

What several people decided together goes out under its name ('joint Ada + Bo'); import-codes takes
such a row where every one of them has decisions in the file or in the study, as only then can they
have decided together. What a model says is no decision: it neither goes out nor comes in.
"""

from collections import Counter
from functools import partial
from pathlib import Path

import pandas as pd

from pipeline.check_samples import hash_text
from pipeline.codebook import Label
from pipeline.errors import UnknownChoiceError, UserError
from pipeline.exports.spreadsheet_csv import to_csv
from pipeline.files import write_whole
from pipeline.spreadsheets import SUFFIXES
from pipeline.study import Study
from pipeline.tables import PASSAGES, is_by_model
from pipeline.typed_rows import EMPTIED
from pipeline.wording import counted, listed
from pipeline.workbooks import save_workbook

COLUMNS = [
    *("passage", "hash", "area", "transcript", "text", "code", "stance", "applied", "coder"),
    "codebook_version",
]
VERSION = "version "  # before a version, or a spreadsheet may take it for a number or a date
WIDTHS = {"text": 80, "code": 24, "coder": 20}


def export_codes(
    study: Study, output: Path | None, *, coder: str = "", may_overwrite: bool = False
) -> str:
    """Write what people decided last, as CSV or XLSX, and give a sentence on it.

    What was withdrawn is no decision any more. Decisions on passages or labels that the study does
    not have now are left out and counted, as they could not be taken back. Raises UserError if
    there is nothing to write, or a file is there already.
    """
    path = output or study.corpus / "codes.csv"
    _check_place(path, may_overwrite)
    decided = _choose(study.decisions, coder)
    rows = lay_out(study, decided)
    if rows.empty:
        raise UserError(
            "Nobody has decided on any passage of this study yet, so there is nothing to export."
        )
    write_whole(path, partial(_write, rows, path.suffix.lower()))
    return _describe(study, path, rows, len(decided) - len(rows))


def lay_out(study: Study, decided: pd.DataFrame) -> pd.DataFrame:
    """Give one row a decision: passages in the study's order, labels in the codebook's."""
    labels = {label: place for place, label in enumerate(study.codebook.labels)}
    passages = study.tables.read(PASSAGES)[["passage", "area", "transcript", "text"]]
    passages = passages.assign(place=range(len(passages)), hash=passages["text"].map(hash_text))
    pairs = map(Label._make, zip(decided["code"], decided["stance"], strict=True))
    rows = decided.assign(label=[labels.get(pair, -1) for pair in pairs])
    rows = rows[rows["label"] >= 0].merge(passages, on="passage", validate="many_to_one")
    rows = rows.sort_values(["place", "coder", "label"], ignore_index=True)
    return rows.assign(
        applied=rows["applied"].map({True: "yes", False: "no"}),
        codebook_version=VERSION + rows["codebook_version"],
    )[COLUMNS]


def _check_place(path: Path, may_overwrite: bool) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path}: let the name end in {' or '.join(SUFFIXES)}.")
    if path.exists() and not may_overwrite:
        raise UserError(
            f"{path} is there already. Name another file with --output, or add --force to "
            "overwrite it."
        )


def _choose(decisions: pd.DataFrame, coder: str) -> pd.DataFrame:
    """Give the decisions of people, or of one of them."""
    decided = decisions[~is_by_model(decisions)]
    coders = decided["coder"].unique().tolist()
    if coder and coder not in coders:
        raise UnknownChoiceError("coder", coder, coders)
    return decided[decided["coder"] == coder] if coder else decided


def _write(rows: pd.DataFrame, suffix: str, part: Path) -> None:
    if suffix == ".csv":
        part.write_bytes(to_csv(rows).encode("utf-8-sig"))
    else:
        save_workbook(part, {"codes": rows}, widths=WIDTHS, typed=("applied",))


def _describe(study: Study, path: Path, rows: pd.DataFrame, left_out: int) -> str:
    whom = rows["coder"].unique().tolist()
    yes = int((rows["applied"] == "yes").sum())
    sentence = (
        f"{counted(rows['passage'].nunique(), 'passage')} by {listed(whom)}: "
        f"{counted(yes, 'label')} yes, {len(rows) - yes:,} no -> {path}. 'three-powers "
        f"import-codes {study.name} {path}' takes it back."
    )
    if left_out:
        sentence += (
            f" {counted(left_out, 'decision')} on passages or labels that the study does not have "
            "any more are left out; they stay in coding.sqlite."
        )
    return sentence + _tell_names(whom)


def _tell_names(coders: list[str]) -> str:
    """Say whose names import-codes would read as others."""
    times = Counter(name.casefold() for name in coders)
    lost = [
        name
        for name in coders
        if times[name.casefold()] > 1 or name == EMPTIED or name != " ".join(name.split())
    ]
    told = listed(f"'{name}'" for name in lost)
    return f" But it cannot tell {told} from others by the name alone." if lost else ""
