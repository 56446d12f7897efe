"""The three powers of an area: which work, which is short, and how even they are."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from pipeline.resampling import Column
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
FEWEST = 20  # mentions of a power, to call it either
BOUNDS = ("shortness_low", "shortness_high", "excess_low", "excess_high")
_POWER = ["area", "code"]


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
    table = _measure(mine).reset_index(names=["area", "power"])
    mentions = table[[f"{stance}_share" for stance in STANCES]].sum(axis=1) * table["passages"]
    may_tell = (mentions >= FEWEST - 1e-6) & ~table["is_small"]
    whole = table.assign(
        **dict.fromkeys(BOUNDS, math.nan),
        power=table["power"].astype(pd.CategoricalDtype(list(powers))),
        is_short=_stands_out(table["shortness"].where(may_tell, 0.0), table["area"]),
        crowds_out=_stands_out(table["excess"].where(may_tell, 0.0), table["area"]),
    )
    return POWERS.check(whole.sort_values(["area", "power"]))


def _measure(shares: pd.DataFrame) -> pd.DataFrame:
    """Say by area and power how much is heard of each stance, and which part of all that it is."""
    each = shares.assign(share=_pick_shares(shares))
    applied, known = (_by_stance(each, column) for column in ("applied", "share"))
    heard, coded = known.fillna(0.0), known.notna()
    parts = heard.div(heard.sum(axis=1), axis=0).fillna(0.0).round(12)
    of_power = each.groupby(_POWER)
    size = of_power[["passages", "interviews"]].first()
    return applied.fillna(0).assign(
        **{f"{stance}_share": heard[stance] for stance in STANCES},
        passages=size["passages"],
        not_coded=[", ".join(coded.columns[~row]) for row in coded.to_numpy()],
        shortness=parts["lacking"].where(coded["lacking"] & coded["enabling"]),
        excess=parts["excessive"].where(coded["excessive"] & coded["enabling"]),
        is_small=(size["passages"] < FEW_PASSAGES) | (size["interviews"] < FEW_INTERVIEWS),
        status=of_power["status"].agg(_overall),
    )


def _pick_shares(shares: pd.DataFrame) -> "pd.Series[float]":
    """Give corrected shares where all of a power's stances were checked, else those as coded."""
    is_whole = (shares["status"] == CHECKED).groupby([shares[name] for name in _POWER])
    return shares["corrected_share"].where(is_whole.transform("all"), shares["raw_share"])


def _by_stance(shares: pd.DataFrame, column: str) -> pd.DataFrame:
    """Lay a column out with areas and powers down and stances across."""
    table = shares.pivot_table(
        column, index=_POWER, columns="stance", aggfunc="first", dropna=False
    )
    return table.reindex(columns=list(STANCES)).rename_axis(columns=None)


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
        "balance": float(evenness(rows["enabling_share"].to_numpy())),
        "smallest_power": smallest["power"],
        "smallest_share": smallest["enabling_share"],
    }


def evenness(counts: Column) -> Column:
    """Give each column's entropy as a part of the greatest possible (Pielou's evenness), 0 to 1.

    0 where all counts but one are nought, or all; not a number where any count is none.

    >>> evenness(np.array([[5.0, 7.0, 0.0], [5.0, 0.0, 0.0], [5.0, 0.0, 0.0]])).tolist()
    [1.0, 0.0, 0.0]
    """
    total = counts.sum(axis=0)
    parts = np.divide(counts, total, out=np.zeros_like(counts), where=total != 0)
    logs = np.log(parts, out=np.zeros_like(parts), where=parts > 0)
    greatest = math.log(max(len(counts), 2))
    return np.asarray(abs((parts * logs).sum(axis=0)) / greatest).round(12)
