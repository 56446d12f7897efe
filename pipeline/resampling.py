"""The bootstrap: units drawn again and again, and how far a figure varies from draw to draw."""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]

DRAWS = 1_000
ENDS = (0.025, 0.975)  # of the middle 95 %
FAR = NormalDist().inv_cdf(ENDS[1])  # standard errors to the end of a normal interval


def redraw(units: int, draws: int, random: np.random.Generator) -> Column:
    """Say how often each unit is drawn, as many with replacement as there are (draws x units)."""
    return random.multinomial(units, np.full(units, 1 / units), size=draws).astype(float)


def find_middle(values: Column) -> tuple[float, float]:
    """Give the ends of the middle 95 % of a figure's values, one a draw.

    Not numbers if there are none, or if most draws gave none.

    >>> find_middle(np.arange(101.0))
    (2.5, 97.5)
    """
    known = values[np.isfinite(values)]
    if not len(known) or len(known) < len(values) / 2:
        return np.nan, np.nan
    low, high = np.quantile(known, ENDS)
    return float(low), float(high)


def divide(top: Column, bottom: Column) -> Column:
    """Divide draw by draw, and give not a number where the divisor is nought."""
    return np.asarray(np.divide(top, bottom, out=np.full_like(bottom, np.nan), where=bottom != 0))
