"""Every share of the study, as coded and as corrected: a row an area, code and stance."""

import math
from typing import Any, NamedTuple

from pipeline.codebook import Label
from pipeline.exports import Results
from pipeline.exports.evidence_words import with_interval
from pipeline.exports.figures import list_areas, list_labels, records
from pipeline.tables import CHECKED, NOT_CODED
from pipeline.wording import code_title, percent


class ShareRow(NamedTuple):
    """An area's share; percentages are empty where the area is small."""

    area: str
    coded: str
    raw: str
    checked: int
    corrected: str
    basis: str
    beyond: str
    status: str


class ShareBlock(NamedTuple):
    """A code in a stance, with a row an area."""

    code: str
    stance: str
    rows: list[ShareRow]


def list_shares(results: Results) -> list[ShareBlock]:
    """List every share in the codebook's order, then by area."""
    by_label: dict[Label, dict[str, Any]] = {}
    for row in records(results.shares):
        by_label.setdefault(Label(row.code, row.stance), {})[row.area] = row
    areas = list_areas(results)
    return [
        ShareBlock(
            code_title(results.codebook, label.code),
            label.stance,
            [
                _row(by_label[label][area.name], is_small=area.is_small)
                for area in areas
                if area.name in by_label[label]
            ],
        )
        for label in list_labels(results.codebook, [("", label) for label in by_label])
        if label in by_label
    ]


def _row(row: Any, *, is_small: bool) -> ShareRow:
    is_corrected = row.status == CHECKED and not is_small
    return ShareRow(
        area=row.area,
        coded=_count(row),
        raw="" if is_small else percent(row.raw_share),
        checked=row.checked,
        corrected=_within(row.corrected_share, row.low, row.high) if is_corrected else "",
        basis=row.basis,
        beyond=_beyond(row) if is_corrected else "",
        status=f"{row.status}, small counts" if is_small else row.status,
    )


def _count(row: Any) -> str:
    if row.status == NOT_CODED:
        return "–"
    is_whole = not math.isnan(row.raw_share)
    return f"{row.applied:,} of {row.passages:,}" if is_whole else f"{row.applied:,}+"


def _within(share: float, low: float, high: float) -> str:
    return with_interval(share, low, high, percent)


def _beyond(row: Any) -> str:
    if math.isnan(row.beyond_low):
        return "–"
    return f"{percent(row.beyond_low)} to {percent(row.beyond_high)}"
