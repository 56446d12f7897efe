"""Saturation: after how many interviews hardly anything new is heard.

The method of Guest, Namey and Chen (2020, PLoS ONE 15(5): e0232076): the first interviews are the
base; then runs of interviews, each one interview further than the last, are asked how many codes
they add. Saturation is where a run first adds no more than a threshold, as a share of the codes of
the base. '6+2' means that it was reached at the sixth interview: the two after it, the run, added
no more than that. A code in each of its stances counts as a code.

Theirs is a method for themes that are found while reading. Here the codebook is given beforehand,
so this tells whether its codes have all been heard, not whether talk has ideas that it lacks. In
which order people were interviewed is arbitrary, so random orders tell how far the verdict rests on
it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.tables import (
    SATURATION,
    SATURATION_CURVE,
    Codings,
    Passages,
    Saturation,
    SaturationCurve,
)

ALL_AREAS = "all areas"
REACHED, NOT_REACHED, TOO_FEW = "reached", "not reached", "too few interviews"
ORDERS = 200
_QUANTILES = {"median": 0.5, "low": 0.05, "high": 0.95}  # of reached_at, over random orders

Shown = NDArray[np.bool_]  # one row an interview, one column a code
Order = NDArray[np.int64]  # rows of interviews, first to last
Found = NDArray[np.int64]  # one row an order, one column a place: codes found up to there


class Rule(NamedTuple):
    """How many interviews are the base and a run; thresholds are shares of the base's codes."""

    base: int = 4
    run: int = 2
    thresholds: Sequence[float] = (0.05, 0.0)


USUAL = Rule()


class Heard(NamedTuple):
    """The verdicts and the curves behind them."""

    verdicts: Saturation
    curve: SaturationCurve


def find_saturation(
    passages: Passages,
    settled: Codings,
    *,
    seed: int,
    order: Sequence[str] = (),
    rule: Rule = USUAL,
) -> Heard:
    """Find for every area, and for all areas together, where saturation is reached.

    ``order`` lists the transcripts as they were interviewed; without it, the order is that of the
    passages. ValueError if it leaves one out. ``settled`` has one row a passage, code and stance.
    ``verdicts`` has a row for each area and threshold, ``curve`` for each area and interview.
    """
    if min(rule.base, rule.run) < 1:
        raise ValueError(f"Base and run are interviews, 1 or more: {rule.base}+{rule.run}.")
    interviews = _arrange(passages, order)
    shown = _find_shown(interviews, passages, settled)
    verdicts: list[dict[str, object]] = []
    curve: list[dict[str, object]] = []
    for area, members in _list_areas(interviews):
        rows = members["row"].to_numpy()
        found, drawn = (_count_found(shown, each) for each in (rows[None], _shuffle(rows, seed)))
        verdicts += [_judge(area, found, drawn, rule, each) for each in rule.thresholds]
        curve += _trace(area, members["transcript"], found[0])
    return Heard(SATURATION.build(verdicts), SATURATION_CURVE.build(curve))


def _arrange(passages: Passages, order: Sequence[str]) -> pd.DataFrame:
    """List the interviews in order: transcript, area, and row (its place by name, from 0)."""
    interviews = passages[["transcript", "area"]].drop_duplicates("transcript")
    missing = sorted({*interviews["transcript"]} - {*order}) if len(order) else []
    if missing:
        raise ValueError(f"The order of interviews leaves out {', '.join(missing)}.")
    if len(order):
        places = interviews["transcript"].map({name: place for place, name in enumerate(order)})
        interviews = interviews.loc[places.sort_values().index]
    return interviews.assign(row=interviews["transcript"].rank().astype("int64") - 1)


def _find_shown(interviews: pd.DataFrame, passages: Passages, settled: Codings) -> Shown:
    """Say which interview (row) shows which code in which stance (column)."""
    where = passages[["passage", "transcript"]].merge(
        interviews, on="transcript", validate="many_to_one"
    )
    applied = settled[settled["applied"]].merge(where, on="passage", validate="many_to_one")
    codes = applied.groupby(["code", "stance"], observed=True)
    shown = np.zeros((len(interviews), codes.ngroups), dtype=np.bool_)
    shown[applied["row"], codes.ngroup()] = True
    return shown


def _list_areas(interviews: pd.DataFrame) -> list[tuple[Any, pd.DataFrame]]:
    areas: list[tuple[Any, pd.DataFrame]] = list(interviews.groupby("area"))
    return [*areas, (ALL_AREAS, interviews)] if areas else []


def _shuffle(rows: Order, seed: int) -> Order:
    """Draw random orders, which do not hang on the order that is given."""
    random = np.random.default_rng(seed)
    return random.permuted(np.tile(np.sort(rows), (ORDERS, 1)), axis=1)


def _count_found(shown: Shown, orders: Order) -> Found:
    """Count the codes found up to each place (columns) of each order (rows)."""
    found: Found = np.maximum.accumulate(shown[orders], axis=1).sum(axis=2)
    return found


def _judge(
    area: str, found: Found, drawn: Found, rule: Rule, threshold: float
) -> dict[str, object]:
    interviews = found.shape[1]
    is_enough = interviews >= rule.base + rule.run
    at = _find_reached(found, rule, threshold)[0]
    in_orders = _find_reached(drawn, rule, threshold)
    reached = REACHED if at > 0 else NOT_REACHED
    return {
        "area": area,
        "interviews": interviews,
        "base": rule.base,
        "run": rule.run,
        "threshold": threshold,
        "base_codes": found[0, min(rule.base, interviews) - 1],
        "reached_at": at,
        "codes": found[0, -1],
        "notation": f"{at - rule.run:.0f}+{rule.run}" if at > 0 else "",
        "status": reached if is_enough else TOO_FEW,
        **_sum_up(in_orders),
        "orders_reached": np.isfinite(in_orders).mean() if is_enough else np.nan,
    }


def _find_reached(found: Found, rule: Rule, threshold: float) -> NDArray[np.float64]:
    """Give for each order the interviews up to the first run that adds little; else no number.

    A base without any code is no base to compare with: nothing is reached.
    """
    if found.shape[1] < rule.base + rule.run:
        return np.full(len(found), np.nan)
    new = found[:, rule.base + rule.run - 1 :] - found[:, rule.base - 1 : -rule.run]
    base = found[:, [rule.base - 1]]
    is_little = new / np.where(base > 0, base, np.nan) <= threshold
    at = is_little.argmax(axis=1) + rule.base + rule.run
    return np.where(is_little.any(axis=1), at, np.nan)


def _sum_up(reached: NDArray[np.float64]) -> dict[str, float]:
    """Give the quantiles of whole numbers; orders that never reach saturation come last."""
    ordered = np.sort(reached)  # puts what is no number last
    return {
        name: float(ordered[int(np.ceil(part * len(ordered))) - 1])
        for name, part in _QUANTILES.items()
    }


def _trace(area: str, transcripts: "pd.Series[str]", found: Order) -> Iterator[dict[str, object]]:
    new = np.diff(found, prepend=0)
    for place, transcript in enumerate(transcripts):
        yield {
            "area": area,
            "place": place + 1,
            "transcript": transcript,
            "new_codes": new[place],
            "codes_so_far": found[place],
        }
