"""The three powers of an area: which work, which is short, and how even they are."""

import math
from collections.abc import Sequence

import pandas as pd

from pipeline.tables import BALANCES, POWERS, Balances, Powers, Shares

SHORT = 0.5  # from here on more is said of a power's shortage than of its working


def profile_powers(shares: Shares, powers: Sequence[str]) -> Powers:
    """Count each power's stances per area, and how short of it the area is.

    Shortness sets what says that the power is missing, or that another crowds it out, against
    what says that it works: (lacking + crowding) / (lacking + crowding + enabling), where
    crowding is the number of passages in which the other powers are excessive. The power with
    the highest shortness is short if that is .5 or more.
    """
    mine = shares[shares["code"].isin(powers)]
    counts = mine.astype({"code": "str", "stance": "str"}).pivot_table(
        index=["area", "code"], columns="stance", values="applied", aggfunc="sum"
    )
    table = counts.reset_index(names=["area", "power"])
    excessive = table.groupby("area")["excessive"].transform("sum")
    crowding = excessive - table["excessive"]
    against = table["lacking"] + crowding
    shortness = (against / (against + table["enabling"])).fillna(0.0)
    highest = shortness.groupby(table["area"]).transform("max")
    size = table["area"].map(mine.groupby("area")["passages"].first())
    order = {power: place for place, power in enumerate(powers)}
    return POWERS.check(
        table.assign(
            passages=size,
            crowding=crowding,
            shortness=shortness,
            is_short=(shortness == highest) & (shortness >= SHORT),
            status=table["area"].map(mine.groupby("area")["status"].first()),
        ).sort_values(["area", "power"], key=lambda column: column.map(order).fillna(column))
    )


def weigh_balance(powers: Powers) -> Balances:
    """Give each area's balance: the normalised entropy of the three enabling counts, 0 to 1.

    1 is even; 0 is one power only, or none. METHODS calls it BAL; it is always shown with the
    smallest of the three shares, since few mentions of each are even, too.
    """
    return BALANCES.build(
        {
            "area": area,
            "balance": evenness(rows["enabling"].tolist()),
            "smallest_power": (least := rows.sort_values("enabling", kind="stable").iloc[0])[
                "power"
            ],
            "smallest_share": least["enabling"] / least["passages"],
            "short_power": " and ".join(rows.loc[rows["is_short"], "power"]),
            "status": rows["status"].iloc[0],
        }
        for area, rows in powers.groupby("area", sort=False)
    )


def _weigh(area: object, rows: pd.DataFrame) -> dict[str, object]:
    smallest = rows.sort_values("enabling", kind="stable").iloc[0]
    return {
        "area": area,
        "balance": evenness(rows["enabling"].tolist()),
        "smallest_power": smallest["power"],
        "smallest_share": smallest["enabling"] / smallest["passages"],
        "short_power": " and ".join(rows.loc[rows["is_short"], "power"]),
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
