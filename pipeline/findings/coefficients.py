"""Coefficients of agreement, from counts that may be weighted, and bootstrap samples of interviews.

Every count is an array with one entry a bootstrap sample, so that a coefficient of all samples is
one sum. A coefficient is not a number where its formula divides by nought.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.resampling import Column, divide, redraw

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

BLOCK = 256  # sets that are held against all others at once


class Pairs(NamedTuple):
    """Passages that two coders coded: how many get a yes from both, from one only, from neither."""

    both: Column
    first: Column
    second: Column
    neither: Column


class Values(NamedTuple):
    """What two or more coders say of the same passages, where distances are 0 (alike) to 1.

    ``total`` is the number of values. ``differing`` sums, over passages, the distances between
    all ordered pairs of a passage's values, divided by one less than it has values. ``chance``
    sums the distances between all ordered pairs of values, of whichever passages.
    """

    total: Column
    differing: Column
    chance: Column


def raw_agreement(values: Values) -> Column:
    """Give one minus the observed disagreement, 0 to 1.

    With two coders that say yes or no, the share of passages on which they agree.
    """
    return 1 - divide(values.differing, values.total)


def krippendorffs_alpha(values: Values) -> Column:
    """Give Krippendorff's alpha: 1 is full agreement, 0 is chance, below 0 is worse than chance.

    For any number of coders and missing codings. Not a number if all values are alike: then
    nobody can tell agreement from chance. Krippendorff (2019), Content Analysis, chapter 12.
    """
    return 1 - divide((values.total - 1) * values.differing, values.chance)


def positive_agreement(pairs: Pairs) -> Column:
    """Give the share of all yeses that the other coder says, too, 0 to 1.

    Not a number if nobody says yes. Cicchetti and Feinstein (1990), J. Clin. Epidemiol. 43(6).
    """
    return divide(2 * pairs.both, 2 * pairs.both + pairs.first + pairs.second)


def cohens_kappa(pairs: Pairs) -> Column:
    """Give Cohen's kappa, -1 to 1; 0 is what chance gives coders who keep their shares of yes.

    Not a number if both say yes always, or both never. Cohen (1960), Educ. Psychol. Meas. 20(1).
    """
    both, first, second, neither = pairs
    beyond = 2 * (both * neither - first * second)
    return divide(beyond, (both + first) * (first + neither) + (both + second) * (second + neither))


def gwets_ac1(pairs: Pairs) -> Column:
    """Give Gwet's AC1, -1 to 1; 0 is what chance gives on passages that are hard to code.

    Holds where yeses are rare; 1 if both always say the same. Gwet (2008), Br. J. Math. Stat.
    Psychol. 61(1).
    """
    both, first, second, neither = pairs
    count = both + first + second + neither
    share = divide(2 * both + first + second, 2 * count)
    chance = 2 * share * (1 - share)
    return (divide(both + neither, count) - chance) / (1 - chance)


def masi_distances(shared: Column, left: Column, right: Column) -> Column:
    """Give MASI distances, 0 to 1, between sets of sizes left and right that share so many.

    One minus Jaccard's index times 1 (same), 2/3 (one within the other), 1/3 (they overlap) or 0.
    Two empty sets are the same. Passonneau (2006), Measuring Agreement on Set-valued Items, LREC.

    >>> masi_distances(np.ones(3), np.ones(3), np.array([1.0, 2.0, 4.0])).round(3).tolist()
    [0.0, 0.667, 0.833]
    """
    union = left + right - shared
    jaccard = np.divide(shared, union, out=np.ones_like(union), where=union > 0)
    is_within = shared == np.minimum(left, right)
    likeness = np.where(shared == union, 1, np.where(is_within, 2 / 3, 1 / 3))
    return np.asarray(1 - jaccard * likeness)


def sum_within(sets: Flags, known: Flags) -> Column:
    """Give what each unit adds to Values.differing: distances between all pairs of its sets.

    ``sets`` are units x coders x labels; ``known`` (units x coders) says which there are, two or
    more a unit.
    """
    sizes = sets.sum(axis=2, dtype=float)
    total = np.zeros(len(sets))
    for one, other in combinations(range(sets.shape[1]), 2):
        shared = (sets[:, one] & sets[:, other]).sum(axis=1, dtype=float)
        far = masi_distances(shared, sizes[:, one], sizes[:, other])
        total += far * (known[:, one] & known[:, other])
    return np.asarray(2 * total / (known.sum(axis=1) - 1))


def sum_between(sets: Flags, clusters: Places, count: int) -> Column:
    """Give the summed distances between the sets of each two clusters (count x count).

    ``sets`` are sets x labels; ``clusters`` says which of the count clusters each set is of. With
    a sample's weights w, Values.chance is w @ this @ w.
    """
    kinds, kind = np.unique(sets, axis=0, return_inverse=True)
    holds = np.bincount(clusters * len(kinds) + kind, minlength=count * len(kinds))
    holds = holds.reshape(count, len(kinds)).astype(float)
    has = kinds.astype(float)
    sizes = has.sum(axis=1)
    total = np.zeros((count, count))
    for start in range(0, len(has), BLOCK):
        some = slice(start, start + BLOCK)
        far = masi_distances(has[some] @ has.T, sizes[some, None], sizes[None])
        total += holds[:, some] @ far @ holds.T
    return total


def draw_samples(interviews: int, *, draws: int, seed: int) -> Column:
    """Say how often each interview counts in each sample (1 + draws x interviews).

    The first sample is the interviews as they are, the others are drawn with replacement. One
    interview alone cannot say how much interviews differ: then there is only the first.
    """
    as_they_are = np.ones((1, interviews))
    if interviews < 2:
        return as_they_are
    return np.concatenate([as_they_are, redraw(interviews, draws, np.random.default_rng(seed))])
