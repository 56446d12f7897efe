"""The three powers of an area: which work, which is short, and how even they are."""

import math
from collections.abc import Sequence

import pandas as pd

from pipeline.tables import (
    BALANCES,
    FEW_INTERVIEWS,
    FEW_PASSAGES,
    POWERS,
    Balances,
    Powers,
    Shares,
)

MOST = 0.5  # of what is said about a power, to call it short or crowding out the others
FEWEST = 20  # mentions of a power, to call it either


def profile_powers(shares: Shares, powers: Sequence[str]) -> Powers:
    """Count each power's stances per area; say which is short and which crowds out the others.

    Of the mentions of a power (a passage that has it in two stances is two), shortness is the
    part that says it is lacking, and excess the part that says there is too much of it. The power
    with the highest shortness is short if that is .5 or more; likewise the one with the highest
    excess crowds out the others. Powers with fewer than 20 mentions, and areas with too few
    interviews or passages, are left alone.
    """
    mine = shares[shares["code"].isin(powers)]
    counts = mine.astype({"code": "str", "stance": "str"}).pivot_table(
        index=["area", "code"], columns="stance", values="applied", aggfunc="sum"
    )
    table = counts.reset_index(names=["area", "power"])
    areas = mine.groupby("area")[["passages", "interviews", "status"]].first()
    is_small = (areas["passages"] < FEW_PASSAGES) | (areas["interviews"] < FEW_INTERVIEWS)
    said = table[["enabling", "lacking", "excessive"]].sum(axis=1)
    may_tell = (said >= FEWEST) & ~table["area"].map(is_small)
    shortness, excess = ((table[stance] / said).fillna(0.0) for stance in ("lacking", "excessive"))
    whole = table.assign(
        power=table["power"].astype(pd.CategoricalDtype(list(powers))),
        passages=table["area"].map(areas["passages"]),
        shortness=shortness,
        excess=excess,
        is_short=_stands_out(shortness.where(may_tell, 0.0), table["area"]),
        crowds_out=_stands_out(excess.where(may_tell, 0.0), table["area"]),
        is_small=table["area"].map(is_small),
        status=table["area"].map(areas["status"]),
    )
    return POWERS.check(whole.sort_values(["area", "power"]))


def _stands_out(part: "pd.Series[float]", area: "pd.Series[str]") -> "pd.Series[bool]":
    return (part >= MOST) & (part == part.groupby(area).transform("max"))


def weigh_balance(powers: Powers) -> Balances:
    """Give each area's balance: the normalised entropy of the three enabling counts, 0 to 1.

    1 is even; 0 is one power only, or none. METHODS calls it BAL; it is always shown with the
    smallest of the three shares, since few mentions of each are even, too.
    """
    return BALANCES.build(_weigh(area, rows) for area, rows in powers.groupby("area", sort=False))


def _weigh(area: object, rows: pd.DataFrame) -> dict[str, object]:
    smallest = rows.sort_values("enabling", kind="stable").iloc[0]
    return {
        "area": area,
        "balance": evenness(rows["enabling"].tolist()),
        "smallest_power": smallest["power"],
        "smallest_share": smallest["enabling"] / smallest["passages"],
        "short_power": " and ".join(rows.loc[rows["is_short"], "power"]),
        "crowding_power": " and ".join(rows.loc[rows["crowds_out"], "power"]),
        "is_small": smallest["is_small"],
        "status": smallest["status"],
    }


def evenness(counts: Sequence[int]) -> float:
    """Give the entropy of counts as a part of the greatest possible (Pielou's evenness).

    >>> evenness([5, 5, 5]), evenness([7, 0, 0]), evenness([0, 0, 0])
    (1.0, 0.0, 0.0)
    """
    total = sum(counts)
    parts = [count / total for count in counts if count]
    if len(parts) < 2:
        return 0.0
    return round(-sum(part * math.log(part) for part in parts) / math.log(len(counts)), 12)
