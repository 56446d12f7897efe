"""Differences between areas, each with its interval; no stars, since nothing is tested.

The interval of a difference follows from those of its parts, which may be lopsided: the square of
its lower half is the sum of the squares of the first's lower half and the second's upper half
(MOVER: Newcombe 1998, Statistics in Medicine 17:873; Zou and Donner 2008, 27:1693). Areas are
independent of each other: their interviews are their own.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.tables import (
    ALL_OTHERS,
    CHECKED,
    DIFFERENCES,
    STATUSES,
    Balances,
    Differences,
    Powers,
    Shares,
)

Column = NDArray[np.float64]

SHARE, SHORTNESS, EXCESS, BALANCE = "share", "shortness", "excess", "balance"
_KEY = ["measure", "code", "stance"]
_FIGURE = ["value", "low", "high", "beyond_low", "beyond_high"]


class Interval(NamedTuple):
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


def compare_areas(shares: Shares, powers: Powers, balances: Balances) -> Differences:
    """Hold every area against every other, and shares also against all others together.

    Shares are compared where people checked both, as corrected. Shortness, excess and balance are
    compared as they stand, and marked by the weaker status of the two. Areas that are small are
    left out. Other areas together count by their passages.
    """
    figures = pd.concat([_shares(shares), _powers(powers), _balances(balances)])
    small = set(balances.loc[balances["is_small"], "area"])
    known = figures[figures["value"].notna() & ~figures["area"].isin(small)]
    rows = [row for _, mine in known.groupby(_KEY, sort=False) for row in _compare(mine)]
    return DIFFERENCES.build(rows)


def subtract(here: Interval, others: Sequence[Interval], weights: Sequence[float]) -> Interval:
    """Subtract the weighted mean of independent figures from another.

    >>> [round(end, 3) for end in subtract(Interval(.5, .4, .7), [Interval(.2, .1, .25)], [1])]
    [0.3, 0.188, 0.524]
    """
    parts = np.array(weights, dtype=float) / np.sum(weights)
    value, low, high = np.array(others, dtype=float).T
    down = np.sqrt((here.value - here.low) ** 2 + (parts**2 * (high - value) ** 2).sum())
    up = np.sqrt((here.high - here.value) ** 2 + (parts**2 * (value - low) ** 2).sum())
    difference = here.value - (parts * value).sum()
    return Interval(float(difference), float(difference - down), float(difference + up))


def _compare(figures: pd.DataFrame) -> Iterator[dict[str, Any]]:
    rows = figures.to_dict("records")
    for here, other in combinations(rows, 2):
        yield _describe(here, [other], str(other["area"]))
    if len(rows) > 1 and rows[0]["measure"] == SHARE:
        for here in rows:
            others = [other for other in rows if other is not here]
            yield _describe(here, others, ALL_OTHERS)


def _describe(here: dict[Any, Any], others: list[dict[Any, Any]], name: str) -> dict[str, Any]:
    weights = [other["passages"] for other in others]
    near = subtract(_near(here), [_near(other) for other in others], weights)
    far = subtract(_far(here), [_far(other) for other in others], weights)
    return {
        **{column: here[column] for column in _KEY},
        "area": here["area"],
        "other_area": name,
        "difference": near.value,
        "low": near.low,
        "high": near.high,
        "beyond_low": far.low,
        "beyond_high": far.high,
        "status": min((row["status"] for row in [here, *others]), key=STATUSES.index),
    }


def _near(row: dict[Any, Any]) -> Interval:
    return Interval(row["value"], row["low"], row["high"])


def _far(row: dict[Any, Any]) -> Interval:
    return Interval(row["value"], row["beyond_low"], row["beyond_high"])


def _shares(shares: Shares) -> pd.DataFrame:
    checked = shares[shares["status"] == CHECKED]
    return _lay_out(checked.assign(value=checked["corrected_share"]), SHARE)


def _powers(powers: Powers) -> pd.DataFrame:
    named = powers.rename(columns={"power": "code"})
    parts = [
        named.assign(value=named[part], low=named[f"{part}_low"], high=named[f"{part}_high"])
        for part in (SHORTNESS, EXCESS)
    ]
    whole = zip(parts, (SHORTNESS, EXCESS), strict=True)
    return pd.concat([_lay_out(part, measure) for part, measure in whole])


def _balances(balances: Balances) -> pd.DataFrame:
    low, high = balances["balance_low"], balances["balance_high"]
    return _lay_out(balances.assign(value=balances["balance"], low=low, high=high), BALANCE)


def _lay_out(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Give the columns that all measures share; what a measure does not have is empty."""
    laid = table.assign(measure=measure).reindex(
        columns=[*_KEY, "area", "passages", *_FIGURE, "status"]
    )
    texts = laid[["code", "stance"]].astype("object").fillna("").astype("str")
    return laid.assign(
        code=texts["code"], stance=texts["stance"], passages=laid["passages"].fillna(1)
    )
