"""What the theory says follows where a power is short, and whether an area's own talk shows it.

Hearing of it there proves no cause: the same people speak of both.
"""

import math
from typing import Any

import pandas as pd

from pipeline.codebook import Label
from pipeline.tables import (
    ALL_OTHERS,
    CHECKED,
    DIAGNOSES,
    UNVERIFIED,
    Diagnoses,
    Differences,
    Powers,
    Shares,
)

SHORT, TOO_MUCH = "short", "too much"
MORE, LESS = "more than elsewhere", "less than elsewhere"
UNCLEAR, NOT_KNOWN = "as much as elsewhere or unclear", "not known"

# What the theory expects to be heard where a power is short: no agency, no risk taken; no
# solidarity, and permission and agency come to nothing; no hierarchy, chaos.
EXPECTED = {
    "individual": Label("risk_appetite", "lacking"),
    "solidaristic": Label("innovation", "lacking"),
    "hierarchical": Label("disorder", "present"),
}
_NOTHING = Label("", "")
_PROBLEMS = {SHORT: ("is_short", "shortness"), TOO_MUCH: ("crowds_out", "excess")}


def diagnose(powers: Powers, shares: Shares, differences: Differences) -> Diagnoses:
    """Give a row for every power that is short in an area, or crowds out the others.

    Whether its consequence is heard more than elsewhere is said only where people checked, here
    and elsewhere; then the interval of the difference from all other areas together (or from the
    only one) tells.
    """
    return DIAGNOSES.build(
        _diagnose(row, problem, shares, differences)
        for problem, (flag, _) in _PROBLEMS.items()
        for row in powers[powers[flag]].to_dict("records")
    )


def _diagnose(
    row: dict[Any, Any], problem: str, shares: Shares, differences: Differences
) -> dict[str, Any]:
    part = _PROBLEMS[problem][1]
    expected = EXPECTED.get(str(row["power"]), _NOTHING) if problem == SHORT else _NOTHING
    return {
        "area": row["area"],
        "power": row["power"],
        "problem": problem,
        "extent": row[part],
        "extent_low": row[f"{part}_low"],
        "extent_high": row[f"{part}_high"],
        "expected_code": expected.code,
        "expected_stance": expected.stance,
        **_listen(str(row["area"]), expected, shares, differences),
        "status": row["status"],
    }


def _listen(
    area: str, expected: Label, shares: Shares, differences: Differences
) -> dict[str, object]:
    """Say how far a label is heard in an area, and elsewhere."""
    of_label = shares[(shares["code"] == expected.code) & (shares["stance"] == expected.stance)]
    here, others = of_label[of_label["area"] == area], of_label[of_label["area"] != area]
    share, elsewhere = _pool(here), _pool(others)
    found = _find(area, expected, differences)
    low, high = found["low"], found["high"]
    if not expected.code or math.isnan(share):
        heard = NOT_KNOWN
    elif (here["status"] != CHECKED).any():
        heard = UNVERIFIED
    elif math.isnan(low):  # no other area is checked, or there is none
        heard = NOT_KNOWN
    else:
        heard = MORE if low > 0 else LESS if high < 0 else UNCLEAR
    return {"share": share, "elsewhere": elsewhere, **found, "heard": heard}


def _pool(rows: pd.DataFrame) -> float:
    """Give the share of several areas' passages together; corrected only if all of them are."""
    if rows.empty:
        return math.nan
    column = "corrected_share" if (rows["status"] == CHECKED).all() else "raw_share"
    passages = rows["passages"]
    return float((rows[column] * passages).sum(skipna=False) / passages.sum())


def _find(area: str, label: Label, differences: Differences) -> dict[str, float]:
    """Give the difference of an area's share from that of all others, if there is one."""
    ends = ["difference", "low", "high"]
    found = differences[
        (differences["measure"] == "share")
        & (differences["code"] == label.code)
        & (differences["stance"] == label.stance)
        & (differences["area"] == area)
        & (differences["other_area"] == ALL_OTHERS)
    ]
    return {end: float(found[end].iloc[0]) if len(found) else math.nan for end in ends}
