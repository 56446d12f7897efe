"""How much narrower intervals will be once more passages have been checked.

A forecast by the estimator's own formulas (estimation.py), not by a rule of thumb such as 1 over
the root of n. How many of the checked passages will have a label is chance, and the interval
hangs on it, so its half width is averaged over all that may be found.

Where the model helps, the share varies less, and the variance that is found is moved up where it
came out too small: see _steady there. On average that leaves it .2 of its standard deviation too
high, for a value that lies below a normal distribution's mean by .4 of it on average counts half.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import gammaln

from pipeline.findings.estimation import FEWEST_CHECKED, SURE

MORE = (0, 10, 20, 40)  # passages to check
PRIOR = 2  # checked passages that a first guess at a share is worth
LIFTED = 0.5 / np.sqrt(2 * np.pi)  # of a variance's standard deviation: see above

Column = NDArray[np.float64]
Table = NDArray[np.float64]  # passages found with a label (0 upwards) x labels


class Area(NamedTuple):
    """How far an area is checked: passages checked and collected.

    Of each label: its likely share (0 to 1, see :func:`guess_shares`), and what part of its
    variance the model's scores explain (Trust.explained; 0 if that is not known).
    """

    checked: int
    collected: int
    shares: Column
    explained: Column


class Prospect(NamedTuple):
    """The half width of the interval to expect, in percentage points, with so many checked."""

    checked: int
    half_width: float


def look_ahead(area: Area, more: Sequence[int] = MORE) -> list[Prospect]:
    """Say how wide intervals will be with more passages checked: the median over labels.

    Not a number with fewer than two checked. No more are checked than were collected.
    """
    goals = [min(area.checked + number, area.collected) for number in more]
    return [
        Prospect(goal, float(np.median(expect_half_widths(area._replace(checked=goal)))))
        for goal in goals
    ]


def expect_half_widths(area: Area) -> Column:
    """Give each label's expected half width, in percentage points, as estimate_collected has it.

    Checked passages are taken to be equally likely to have been drawn.
    """
    if area.checked < 2:
        return np.full(len(area.shares), np.nan)
    if area.checked == area.collected:
        return np.zeros(len(area.shares))
    explained = area.explained if area.checked >= FEWEST_CHECKED else np.zeros(len(area.shares))
    found = np.arange(area.checked + 1)[:, np.newaxis] / area.checked
    shares = area.shares + (found - area.shares) * np.sqrt(1 - explained)
    worth = _find_worth(area, shares, explained)
    widths = _find_half_widths(shares, worth, area.checked - 1)
    return np.asarray(100 * (_find_chances(area) * widths).sum(axis=0))


def guess_shares(seen: Column, checked: int, priors: Column) -> Column:
    """Guess at shares, 0 to 1, from those ``seen`` in the passages checked so far.

    The ``priors``, such as the model's raw shares, count as two passages: where a label was not
    found among a few, its share is not nought. Where nothing was seen (not a number), they are all.
    """
    mixed = (checked * seen + PRIOR * priors) / (checked + PRIOR)
    return np.asarray(np.where(np.isnan(seen), priors, mixed))


def _find_chances(area: Area) -> Table:
    """Give how likely it is to find a label in each number of the checked passages.

    A share that no whole number of passages makes up lies between its two neighbours.
    """
    having = area.shares * area.collected
    below = np.floor(having)
    low, high = (_draw_from(area, np.minimum(below + more, area.collected)) for more in (0, 1))
    return np.asarray(low + (having - below) * (high - low))


def _draw_from(area: Area, having: Column) -> Table:
    """Give the hypergeometric chances, many times faster than scipy's for a whole table."""
    found = np.arange(area.checked + 1.0)[:, np.newaxis]
    ways = _count_ways(having, found) + _count_ways(area.collected - having, area.checked - found)
    return np.asarray(np.exp(ways - _count_ways(area.collected, area.checked)))


def _count_ways(of: Any, taken: Any) -> Any:
    """Give the logarithm of the number of ways to take so many: minus infinity if there is none."""
    return gammaln(of + 1) - gammaln(taken + 1) - gammaln(of - taken + 1)


def _find_worth(area: Area, shares: Table, explained: Column) -> Table:
    """Give the number of independent passages that an estimate is worth.

    Where all errors are alike, it is worth as many as were checked, as in estimation.py.
    """
    spread = area.shares * (1 - area.shares)
    peak = np.maximum(1 / np.maximum(spread, 1e-9) - 4, 0)  # kurtosis of yes and no, less one
    lift = 1 + np.where(explained > 0, LIFTED * np.sqrt(peak / area.checked), 0)
    variance = (1 - area.checked / area.collected) * (1 - explained) * lift / (area.checked - 1)
    is_alike = (shares <= 0) | (shares >= 1) | (variance <= 0)
    return np.where(is_alike, area.checked, 1 / np.where(variance > 0, variance, 1))


def _find_half_widths(shares: Table, worth: Table, freedom: int) -> Table:
    """Give half of Wilson's intervals, kept inside 0 to 1."""
    t = stats.t.ppf((1 + SURE) / 2, freedom)
    centre = (shares + t**2 / (2 * worth)) / (1 + t**2 / worth)
    spread = np.maximum(shares * (1 - shares), 0)
    half = t / (1 + t**2 / worth) * np.sqrt(spread / worth + t**2 / (4 * worth**2))
    return np.asarray((np.minimum(1, centre + half) - np.maximum(0, centre - half)) / 2)
