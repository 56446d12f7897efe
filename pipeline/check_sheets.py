"""Draw a study's check sample and write the spreadsheets in which people check it."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import pandas as pd

from pipeline.check_samples import (
    RECORD,
    CheckSample,
    count_lost,
    draw_check_sample,
    find_outdated,
    read_check_sample,
    write_check_sample,
)
from pipeline.codebook import Codebook
from pipeline.decisions import record
from pipeline.errors import UserError
from pipeline.exports.spreadsheet_csv import to_csv
from pipeline.files import Write, write_together
from pipeline.findings.estimation import FEWEST_CHECKED
from pipeline.spreadsheets import SUFFIXES, stream_sheet
from pipeline.study import Study
from pipeline.tables import PASSAGES, Passages
from pipeline.typed_labels import write_label
from pipeline.wording import counted, listed
from pipeline.workbooks import save_workbook

TYPED = ("codes", "coder", "note")  # what people fill in
WIDTHS = {
    "number": 8,
    "context": 36,
    "text": 80,
    "codes": 40,
    "note": 30,
    "label": 36,
    "definition": 60,
    "meaning": 50,
    "include": 60,
    "exclude": 60,
    "example": 60,
    "how to check": 110,
}
HOW = """\
Read 'text', and code what is said in it. 'context' is what was said before, and is never coded.
Type every label that applies into 'codes', with ; between them: {first}; {last}
Type - where you looked and no label applies. An empty cell means that nobody has looked yet.
Look for every label in every passage: what you do not type counts as a no.
The sheet 'codebook' says what the labels mean. Copy them from there if you like.
Begin at the top and leave out nothing because it is hard: then the sample is random no more.
Do not look up what the model says of a passage.
Put your name into 'coder', or leave it empty and give it with --coder when the file is imported.
Leave the grey columns as they are. You may sort and filter whole rows, and move columns.
Save as XLSX or CSV, and run: three-powers import-codes STUDY FILE
"""


def write_check_sheets(
    study: Study, sheets: Sequence[Path], *, size: int, seed: int, may_overwrite: bool = False
) -> str:
    """Draw the sample, write it as CSV and XLSX files, and give a sentence on what was drawn.

    Without ``sheets`` there is one of each in the study's folder. How it was drawn goes there, too,
    and with what was decided before. Raises UserError if that would cost something that people
    typed or checked.
    """
    sheets = sheets or [study.corpus / f"check-sample{suffix}" for suffix in SUFFIXES]
    drawn = study.corpus / RECORD
    passages, before = study.tables.read(PASSAGES), read_check_sample(drawn)
    sample = draw_check_sample(passages, study.codebook, size=size, seed=seed)
    for sheet in sheets:
        _check_place(study, sheet)
    if not may_overwrite:
        _check_before(drawn, before, sample)
        for sheet in filter(Path.exists, sheets):
            _check_sheet(study, sheet)
    outdated, rows = find_outdated(study.decisions, sample), lay_out(sample, passages)
    writes: dict[Path, Write] = {drawn: partial(write_check_sample, sample=sample)}
    writes |= {sheet: partial(_write, sheet, rows, study.codebook) for sheet in sheets}
    write_together(writes)
    if len(outdated):
        decided = cast("list[dict[str, Any]]", outdated.to_dict("records"))
        record(study.corpus / "coding.sqlite", decided)
    return _describe(study, sample, before, sheets)


def lay_out(sample: CheckSample, passages: Passages) -> pd.DataFrame:
    """Give one row a passage of the sample, in its order, with empty columns to type into."""
    drawn = pd.DataFrame([(one.passage, one.hash) for one in sample.passages])
    drawn.columns = pd.Index(["passage", "hash"])
    given = ["passage", "area", "transcript", "context", "text"]
    rows = drawn.merge(passages[given], on="passage", validate="one_to_one")
    rows.insert(0, "number", range(1, len(rows) + 1))
    return rows.assign(**dict.fromkeys(TYPED, ""))


def lay_out_codebook(codebook: Codebook) -> pd.DataFrame:
    """Give one row a label: what it means and what shows it."""
    return pd.DataFrame(
        {
            "label": write_label(label),
            "code": code.label,
            "definition": code.definition.strip(),
            "meaning": code.stances[label.stance],
            "include": "\n".join(code.include),
            "exclude": "\n".join(code.exclude),
            "example": "\n".join(one.text for one in code.examples if one.stance == label.stance),
        }
        for label in codebook.labels
        for code in codebook.codes
        if code.id == label.code
    )


def _check_place(study: Study, sheet: Path) -> None:
    if sheet.suffix.lower() not in SUFFIXES:
        raise UserError(f"{sheet}: let the name end in {' or '.join(SUFFIXES)}.")
    if sheet.resolve().is_relative_to(study.outputs.resolve().parent):
        raise UserError(
            f"{sheet}: what people type is not kept in outputs/, which may be deleted at any time. "
            f"Name a file elsewhere, such as {study.corpus / sheet.name}."
        )


def _check_before(drawn: Path, before: CheckSample, sample: CheckSample) -> None:
    """Refuse a sample that would make an earlier one worthless."""
    lost = count_lost(before, sample)
    told = f"{drawn}: a sample of {before.size:,} an area was drawn with seed {before.seed} before"
    if lost:
        raise UserError(
            f"{told}, and {lost:,} of its {counted(len(before.passages), 'passage')} are not in "
            "the new one: what people say of these would correct no share any more. Keep to the "
            "old one, whose sheets can be imported at any time; or import what has been typed, so "
            "that models can learn from it, and add --force."
        )
    if before.passages and (_codebook(before), before.labels) != (_codebook(sample), sample.labels):
        raise UserError(
            f"{told} by codebook {_codebook(before)}, and the study has {_codebook(sample)} now"
            f"{_name_new_labels(before, sample)}: codes typed by the old one would be taken for "
            "codes by the new one. Import what has been typed, then add --force."
        )


def _name_new_labels(before: CheckSample, sample: CheckSample) -> str:
    """Name the labels that nobody has looked for, if there are any."""
    new = [label for label in sample.labels if label not in before.labels]
    return f", with the new {listed(new)}" if new else ""


def _check_sheet(study: Study, sheet: Path) -> None:
    """Refuse to overwrite what somebody typed, or another table."""
    columns, rows = stream_sheet(sheet)
    if not {"passage", "codes"} <= set(columns):
        raise UserError(
            f"{sheet} is there already and is no check sample. Name another file with --output, or "
            "add --force to overwrite it."
        )
    typed = sum(any(row.cells.get(column) for column in TYPED) for row in rows)
    if typed:
        raise UserError(
            f"{sheet} has {counted(typed, 'row')} that somebody filled in, which would be lost. "
            f"Import it first ('three-powers import-codes {study.name} {sheet}') and name another "
            "file with --output, or add --force to overwrite it."
        )


def _write(sheet: Path, rows: pd.DataFrame, codebook: Codebook, part: Path) -> None:
    if sheet.suffix.lower() == ".csv":
        part.write_bytes(to_csv(rows).encode("utf-8-sig"))
        return
    first, last = (write_label(codebook.labels[place]) for place in (0, -1))
    how = pd.DataFrame({"how to check": HOW.format(first=first, last=last).splitlines()})
    tables = {"check": rows, "codebook": lay_out_codebook(codebook), "how": how}
    save_workbook(part, tables, widths=WIDTHS, typed=TYPED)


def _describe(
    study: Study, sample: CheckSample, before: CheckSample, sheets: Sequence[Path]
) -> str:
    areas = Counter(one.area for one in sample.passages)
    told = ", ".join(f"{area} {number:,}" for area, number in areas.items())
    sentence = (
        f"{counted(len(sample.passages), 'passage')} to check ({told}), drawn with seed "
        f"{sample.seed} -> {', '.join(map(str, sheets))}. Fill in the column 'codes', then run "
        f"'three-powers import-codes {study.name} FILE'."
    )
    if sample.size < FEWEST_CHECKED:
        fewest = f"at least {FEWEST_CHECKED} is advised"
        sentence += f" Fewer than {FEWEST_CHECKED} an area say little: {fewest}."
    return sentence + _tell_before(before, sample)


def _tell_before(before: CheckSample, sample: CheckSample) -> str:
    """Say what becomes of the sample before, and of what people said of it."""
    lost = count_lost(before, sample)
    if lost:
        return (
            f" {lost:,} of the {counted(len(before.passages), 'passage')} drawn before are not in "
            "it: what people say of these still teaches models, but corrects no share."
        )
    if before.passages and len(before.passages) < len(sample.passages):
        return (
            " The sample drawn before is part of it: what was imported of that one counts, and its "
            "sheets can be imported as before."
        )
    return ""


def _codebook(sample: CheckSample) -> str:
    return f"{sample.codebook} {sample.codebook_version}"
