"""Import codes that people typed into a spreadsheet as decisions, all of them or none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.check_samples import RECORD, CheckSample, read_check_sample
from pipeline.coding.anchors import make_anchors
from pipeline.decisions import record
from pipeline.errors import UserError
from pipeline.findings.checks import RANDOM
from pipeline.study import Study
from pipeline.tables import PASSAGES, Decisions
from pipeline.typed_codes import Reading, read_typed_codes
from pipeline.typed_rows import Coded, know
from pipeline.wording import counted, listed

CHOSEN = "chosen"  # how a passage was picked that is not of the sample
KEY = ["coder", "passage", "code", "stance"]
SAID = ["applied", "selection", "probability", "codebook_version"]
REPLACED = (
    "other than the same coder decided before, which they replace (if this file is the older one, "
    "import the newer one again)"
)


class Import(NamedTuple):
    """The decisions of a file that are not recorded yet, and what to tell of them all."""

    rows: pd.DataFrame
    sentence: str


def import_codes(study: Study, path: Path, *, coder: str, now: datetime) -> str:
    """Record what people typed, and give a sentence on it.

    Raises NeedsAttentionError that lists every mistake of the file; then nothing is recorded.
    """
    found = _prepare(study, path, coder, now)
    if len(found.rows):
        rows = [
            {str(name): cell for name, cell in row.items()} for row in found.rows.to_dict("records")
        ]
        passages = study.tables.read(PASSAGES)
        anchors = make_anchors(passages, found.rows["passage"].unique().tolist())
        record(study.corpus / "coding.sqlite", rows, anchors=anchors)
    return f"{found.sentence} Run 'make analyse STUDY={study.name}' next."


def try_import(study: Study, path: Path, *, coder: str, now: datetime) -> str:
    """Say what importing would do, and do nothing. Raises what :func:`import_codes` raises."""
    return f"Nothing is recorded yet: {_prepare(study, path, coder, now).sentence}"


def _prepare(study: Study, path: Path, coder: str, now: datetime) -> Import:
    passages, decisions = study.tables.read(PASSAGES), study.decisions
    sample = read_check_sample(study.corpus / RECORD)
    texts = dict(zip(passages["passage"], passages["text"], strict=True))
    known = know(texts, study.codebook.labels, sample, coder)
    reading = read_typed_codes(path, known, decisions["coder"].unique().tolist())
    if not reading.coded:
        raise UserError(
            f"{path} has no codes in it yet, so nothing is imported. Type labels into its column "
            "'codes', or - where none applies."
        )
    rows = _to_rows(reading.coded, sample, study.codebook.version)
    rows = _hold_against(rows.assign(decided_at=_write_time(now)), decisions)
    new = rows.loc[~rows["is_recorded"], [*KEY, *SAID, "decided_at"]]
    return Import(new, _describe(reading, rows, sample, decisions))


def _to_rows(coded: Sequence[Coded], sample: CheckSample, version: str) -> pd.DataFrame:
    """Give a row a decision; passages of the sample were decided on by its codebook version."""
    rows = [
        (one.coder, one.passage, *label, applied, *_tell_selection(one, sample, version))
        for one in coded
        for label, applied in one.codes.items()
    ]
    return pd.DataFrame(rows, columns=[*KEY, *SAID]).drop_duplicates(KEY, ignore_index=True)


def _tell_selection(one: Coded, sample: CheckSample, version: str) -> tuple[str, float, str]:
    if one.drawn is None:
        return CHOSEN, float("nan"), version
    return RANDOM, one.drawn.probability, sample.codebook_version


def _hold_against(rows: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """Add is_recorded (nothing would change) and is_changed (applied would).

    What the same coder decided before, on a passage that was picked in another way than by hand,
    stays picked so: else a correction would take the passage out of the sample.
    """
    both = rows.merge(
        decisions[[*KEY, *SAID]], on=KEY, how="left", suffixes=("", "_before"), validate="1:1"
    )
    was_picked = both["selection_before"].notna() & (both["selection"] == CHOSEN)
    for column in ("selection", "probability"):
        both[column] = both[column].mask(was_picked, both[f"{column}_before"])
    same = [
        (both[column] == both[f"{column}_before"])
        | (both[column].isna() & both[f"{column}_before"].isna())
        for column in SAID
    ]
    was_decided = both["applied_before"].notna()
    return both.assign(
        is_recorded=np.logical_and.reduce(same), is_changed=was_decided & ~same[0].astype(bool)
    )


def _describe(
    reading: Reading, rows: pd.DataFrame, sample: CheckSample, decisions: Decisions
) -> str:
    whole = [name for _, name in rows[["passage", "coder"]].drop_duplicates().to_numpy()]
    by = Counter(whole)
    whom = listed(f"{coder} ({number:,})" if len(by) > 1 else coder for coder, number in by.items())
    is_chosen = rows["selection"] == CHOSEN
    chosen, lost = rows[is_chosen], rows[~is_chosen & rows["probability"].isna()]
    yes = int(rows["applied"].sum())
    parts = [
        f"{counted(rows['passage'].nunique(), 'passage')} by {whom}: {counted(yes, 'label')} yes, "
        f"{len(rows) - yes:,} no",
        *_count(int(rows["is_recorded"].sum()), "recorded before"),
        *_count(int(rows["is_changed"].sum()), REPLACED),
        *_count(reading.unchecked, "without codes, so not checked yet"),
        *_count(chosen["passage"].nunique(), "not drawn at random, which correct no share"),
        *_count(lost["passage"].nunique(), "of an earlier sample alone, which correct no share"),
        _tell_areas(sample, rows, decisions),
    ]
    return f"{'; '.join(parts)}."


def _count(number: int, what: str) -> Iterator[str]:
    if number:
        yield f"{number:,} {what}"


def _tell_areas(sample: CheckSample, rows: pd.DataFrame, decisions: Decisions) -> str:
    """Say how much of the sample somebody has checked, with this file, in each area."""
    if not sample.passages:
        return "no check sample has been drawn"
    picked = [table.loc[table["selection"] == RANDOM, "passage"] for table in (rows, decisions)]
    checked = set().union(*picked)
    sizes = Counter(one.area for one in sample.passages)
    done = Counter(one.area for one in sample.passages if one.passage in checked)
    told = ", ".join(f"{area} {done[area]:,} of {size:,}" for area, size in sizes.items())
    return f"checked so far: {told}"


def _write_time(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
