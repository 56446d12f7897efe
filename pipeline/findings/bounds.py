"""Say how sure the powers' figures are, by interviews drawn again and again."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.codebook import Label
from pipeline.findings.powers import evenness
from pipeline.findings.redraws import Redrawn
from pipeline.resampling import Column, divide, find_middle
from pipeline.tables import BALANCES, POWERS, STANCES, Balances, Powers

ALIKE = 1e-12


def bound_powers(powers: Powers, redrawn: Redrawn) -> Powers:
    """Fill in the 95 % intervals of shortness and excess, where there is such a figure.

    Draws in which nobody speaks of the power are left out.
    """
    rows = [_bound(row, redrawn) for row in powers.to_dict("records")]
    return POWERS.check(powers.assign(**pd.DataFrame(rows, index=powers.index)))


def bound_balances(balances: Balances, powers: Powers, redrawn: Redrawn) -> Balances:
    """Fill in the 95 % intervals of the balance, where there is one."""
    enabling = [Label(str(power), "enabling") for power in powers["power"].unique()]
    ends = [
        _ends(evenness(_draws(redrawn, area, enabling)), figure)
        for area, figure in zip(balances["area"], balances["balance"], strict=True)
    ]
    table = pd.DataFrame(ends, columns=["balance_low", "balance_high"], index=balances.index)
    return BALANCES.check(balances.assign(**table))


def _bound(row: Mapping[Any, Any], redrawn: Redrawn) -> dict[str, float]:
    draws = _draws(redrawn, row["area"], [Label(row["power"], stance) for stance in STANCES])
    bounds = {}
    for name, stance in (("shortness", "lacking"), ("excess", "excessive")):
        parts = divide(draws[STANCES.index(stance)], draws.sum(axis=0))
        bounds[f"{name}_low"], bounds[f"{name}_high"] = _ends(parts, row[name])
    return bounds


def _draws(redrawn: Redrawn, area: str, labels: list[Label]) -> Column:
    """Give the labels' shares in every draw; none of a stance that the codebook does not have."""
    shares = redrawn.shares[area]
    nothing = np.zeros(shares.shape[1:])
    return np.array(
        [
            shares[redrawn.labels.index(label)] if label in redrawn.labels else nothing
            for label in labels
        ]
    )


def _ends(draws: Column, figure: float) -> tuple[float, float]:
    """Give the middle 95 % of draws, and always the figure itself; none if most draws are none.

    Few mentions make draws less even than the interviews are: hence the second part. Draws that
    are all alike, since no interview says otherwise, do not tell how sure the figure is.
    """
    low, high = find_middle(draws)
    if math.isnan(figure) or math.isnan(low) or np.ptp(draws[np.isfinite(draws)]) < ALIKE:
        return math.nan, math.nan
    return min(low, figure), max(high, figure)
