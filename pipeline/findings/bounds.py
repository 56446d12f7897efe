"""Say how sure the powers' figures are, by interviews drawn again and again."""

import math
from typing import Any

import numpy as np
import pandas as pd

from pipeline.codebook import Label
from pipeline.findings.redraws import Matrix, Redrawn
from pipeline.tables import BALANCES, POWERS, STANCES, Balances, Powers

ENDS = (2.5, 97.5)


def bound_powers(powers: Powers, redrawn: Redrawn) -> Powers:
    """Fill in the 95 % intervals of shortness and excess, where there is such a figure.

    Draws in which nobody speaks of the power are left out.
    """
    rows = [_bound(row, redrawn) for _, row in powers.iterrows()]
    return POWERS.check(powers.assign(**pd.DataFrame(rows, index=powers.index)))


def bound_balances(balances: Balances, powers: Powers, redrawn: Redrawn) -> Balances:
    """Fill in the 95 % intervals of the balance, where there is one."""
    names = list(powers["power"].unique())
    ends = [_bound_balance(row, names, redrawn) for _, row in balances.iterrows()]
    return BALANCES.check(
        balances.assign(
            balance_low=[low for low, _ in ends], balance_high=[high for _, high in ends]
        )
    )


def evenness_of(shares: Matrix) -> Matrix:
    """Give each column's entropy as a part of the greatest possible; see powers.evenness.

    >>> evenness_of(np.array([[5.0, 7.0, 0.0], [5.0, 0.0, 0.0], [5.0, 0.0, 0.0]]))
    array([1., 0., 0.])
    """
    total = shares.sum(axis=0)
    parts = np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
    logs = np.log(parts, out=np.zeros_like(parts), where=parts > 0)
    return np.asarray(np.abs((parts * logs).sum(axis=0)) / math.log(len(shares)))


def _bound(row: "pd.Series[Any]", redrawn: Redrawn) -> dict[str, float]:
    draws = np.array([_draws(redrawn, str(row["area"]), str(row["power"]), s) for s in STANCES])
    with np.errstate(invalid="ignore"):
        parts = dict(zip(STANCES, draws / draws.sum(axis=0), strict=True))
    ends = {}
    for name, stance in (("shortness", "lacking"), ("excess", "excessive")):
        ends[f"{name}_low"], ends[f"{name}_high"] = _ends(parts[stance], row[name])
    return ends


def _bound_balance(
    row: "pd.Series[Any]", powers: list[str], redrawn: Redrawn
) -> tuple[float, float]:
    draws = [_draws(redrawn, str(row["area"]), power, "enabling") for power in powers]
    return _ends(evenness_of(np.array(draws)), row["balance"])


def _draws(redrawn: Redrawn, area: str, power: str, stance: str) -> Matrix:
    shares, label = redrawn.shares[area], Label(power, stance)
    if label not in redrawn.labels:  # the codebook does not have this stance
        return np.zeros(shares.shape[1])
    return np.asarray(shares[redrawn.labels.index(label)])


def _ends(draws: Matrix, figure: object) -> tuple[float, float]:
    """Give the middle 95 % of draws, and always the figure itself; none if most draws are none.

    Few mentions make draws less even than the interviews are: hence the second part.
    """
    known = draws[np.isfinite(draws)]
    if not isinstance(figure, float) or math.isnan(figure) or len(known) < len(draws) / 2:
        return math.nan, math.nan
    low, high = np.percentile(known, ENDS)
    return min(float(low), figure), max(float(high), figure)
