"""The three powers of an area: which work, which is short, and how even they are."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from pipeline.tables import (
    BALANCES,
    CHECKED,
    FEW_INTERVIEWS,
    FEW_PASSAGES,
    POWERS,
    STANCES,
    STATUSES,
    Balances,
    Powers,
    Shares,
)

MOST = 0.5  # of what is said about a power, to call it short or crowding out the others
BOUNDS = ("shortness_low", "shortness_high", "excess_low", "excess_high")
FEWEST = 20  # mentions of a power, to call it either


def profile_powers(shares: Shares, powers: Sequence[str]) -> Powers:
    """Count each power's stances per area; say which is short and which crowds out the others.

    Of the mentions of a power (a passage that has it in two stances is two), shortness is the
    part that says it is lacking, and excess the part that says there is too much of it. The power
    with the highest shortness is short if that is .5 or more; likewise the one with the highest
    excess crowds out the others. Powers with fewer than 20 mentions, and areas with too few
    interviews or passages, are left alone.

    Once people checked all of a power's stances in an area, mentions are the corrected shares
    times the passages; until then, what was coded. Bounds are left empty (bounds.py fills them).

    A stance without a share was not coded: no mentions of it count. Without lacking there is no
    shortness, without excessive no excess, and without enabling neither.
    """
    mine = shares[shares["code"].isin(powers)].astype({"code": "str", "stance": "str"})
    if mine.empty:
        return POWERS.build([])
    areas = mine.groupby("area")[["passages", "interviews"]].first()
    is_small = (areas["passages"] < FEW_PASSAGES) | (areas["interviews"] < FEW_INTERVIEWS)
    table = _measure(mine).reset_index(names=["area", "power"])
    small = table["area"].map(is_small)
    spoken_of = table[[f"{stance}_share" for stance in STANCES]].sum(axis=1)
    may_tell = (spoken_of * table["area"].map(areas["passages"]) >= FEWEST - 1e-6) & ~small
    whole = table.assign(
        **dict.fromkeys(BOUNDS, math.nan),
        power=table["power"].astype(pd.CategoricalDtype(list(powers))),
        passages=table["area"].map(areas["passages"]),
        is_short=_stands_out(table["shortness"].where(may_tell, 0.0), table["area"]),
        crowds_out=_stands_out(table["excess"].where(may_tell, 0.0), table["area"]),
        is_small=small,
    )
    return POWERS.check(whole.sort_values(["area", "power"]))


def _measure(shares: pd.DataFrame) -> pd.DataFrame:
    """Count mentions by area and power, and say which part of them is lacking or excessive."""
    counts = _by_stance(shares, shares["applied"])
    is_coded = shares["raw_share"].notna() | (shares["status"] == CHECKED)
    coded = _by_stance(shares, is_coded.astype(int)).astype(bool)
    best = _pick_shares(shares)
    parts = best.div(best.sum(axis=1), axis=0).fillna(0.0).round(12)
    return counts.assign(
        **{f"{stance}_share": best[stance] for stance in STANCES},
        not_coded=[", ".join(coded.columns[~row]) for row in coded.to_numpy()],
        shortness=parts["lacking"].where(coded["lacking"] & coded["enabling"]),
        excess=parts["excessive"].where(coded["excessive"] & coded["enabling"]),
        status=shares.groupby(["area", "code"])["status"].agg(_overall),
    )


def _pick_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """Give corrected shares where all of a power's stances were checked, else those as coded."""
    is_checked = shares["status"] == CHECKED
    is_whole = is_checked.groupby([shares["area"], shares["code"]]).transform("all")
    return _by_stance(shares, shares["corrected_share"].where(is_whole, shares["raw_share"]))


def _by_stance(shares: pd.DataFrame, values: "pd.Series[Any]") -> pd.DataFrame:
    """Lay out values with areas and powers down and stances across, 0 where there is none."""
    table = shares.assign(value=values).pivot_table(
        index=["area", "code"], columns="stance", values="value", aggfunc="sum", fill_value=0
    )
    return table.reindex(columns=list(STANCES), fill_value=0)


def _overall(statuses: Iterable[str]) -> str:
    return min(statuses, key=STATUSES.index)


def _stands_out(part: "pd.Series[float]", area: "pd.Series[str]") -> "pd.Series[bool]":
    return (part >= MOST) & (part == part.groupby(area).transform("max"))


def weigh_balance(powers: Powers) -> Balances:
    """Give each area's balance: the normalised entropy of the three enabling shares, 0 to 1.

    1 is even; 0 is one power only, or none; not a number where not all three were coded. METHODS
    calls it BAL; it is always shown with the smallest of the three shares, since few mentions of
    each are even, too.
    """
    return BALANCES.build(_weigh(area, rows) for area, rows in powers.groupby("area", sort=False))


def _weigh(area: object, rows: pd.DataFrame) -> dict[str, object]:
    return {
        "area": area,
        **_enabling(rows),
        "balance_low": math.nan,
        "balance_high": math.nan,
        "short_power": " and ".join(rows.loc[rows["is_short"], "power"]),
        "crowding_power": " and ".join(rows.loc[rows["crowds_out"], "power"]),
        "is_small": rows["is_small"].iloc[0],
        "status": _overall(rows["status"]),
    }


def _enabling(rows: pd.DataFrame) -> dict[str, object]:
    if rows["not_coded"].str.contains("enabling").any():
        return {"balance": math.nan, "smallest_power": "", "smallest_share": math.nan}
    smallest = rows.sort_values("enabling_share", kind="stable").iloc[0]
    return {
        "balance": evenness(rows["enabling_share"].tolist()),
        "smallest_power": smallest["power"],
        "smallest_share": smallest["enabling_share"],
    }


def evenness(counts: Sequence[float]) -> float:
    """Give the entropy of counts as a part of the greatest possible (Pielou's evenness).

    >>> evenness([5, 5, 5]), evenness([7, 0, 0]), evenness([0, 0, 0])
    (1.0, 0.0, 0.0)
    """
    total = sum(counts)
    parts = [count / total for count in counts if count]
    if len(parts) < 2:
        return 0.0
    return round(-sum(part * math.log(part) for part in parts) / math.log(len(counts)), 12)
