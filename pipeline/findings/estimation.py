"""Correct a model's share by a random sample that people checked, and say how sure that is.

The difference estimator: the model's mean score over all passages, plus the mean of what it gets
wrong on the passages that people checked. It is right on average however bad the model is; a good
model only makes the interval narrower. Survey statistics call it GREG, machine learning PPI++
(Angelopoulos, Duchi and Zrnic 2023). The scores must come from a model that did not learn from
the interview (Model.score sees to it), and the sample must be drawn at random.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Column = NDArray[np.float64]
Names = NDArray[np.str_]

SURE = 0.95
FEWEST_CHECKED = 20  # passages of an area, for the model's scores to be used at all
FEWEST_CLUSTERS = 5  # interviews, to say anything beyond them


class Sample(NamedTuple):
    """A random sample of an area's passages, one entry each.

    ``applied`` is what people say, 0 to 1; ``weights`` are 1 / probability of being drawn.
    """

    applied: Column
    scores: Column
    weights: Column
    interviews: Names

    @classmethod
    def of(cls, checks: pd.DataFrame) -> "Sample":
        """Take the rows of one area and label from a table of checks."""
        return cls(
            checks["applied"].to_numpy(float),
            checks["score"].to_numpy(float),
            1 / checks["probability"].to_numpy(float),
            checks["transcript"].to_numpy(str),
        )


class Estimate(NamedTuple):
    """A share with its 95 % interval, all 0 to 1; not numbers if nothing can be said."""

    share: float
    low: float
    high: float


UNKNOWN = Estimate(np.nan, np.nan, np.nan)


class Trust(NamedTuple):
    """How far a model's scores are to be trusted: lambda, and the part of the variance of what
    people say that scores times lambda explain. Both 0 to 1.
    """

    weight: float
    explained: float


NO_TRUST = Trust(0.0, 0.0)


def weigh_model(samples: Sequence[Sample]) -> Trust:
    """Say how far the model's scores are to be trusted, over all areas.

    Lambda is the regression of what people say on scores. None if they correlate no more than by
    chance (below 1 / sqrt(n - 2)).
    """
    applied, scores = (
        np.concatenate([getattr(sample, name) for sample in samples] or [np.empty(0)])
        for name in ("applied", "scores")
    )
    if len(applied) < FEWEST_CHECKED or not applied.std() or not scores.std():
        return NO_TRUST
    if np.corrcoef(applied, scores)[0, 1] < 1 / np.sqrt(len(applied) - 2):
        return NO_TRUST
    between = np.cov(applied, scores)
    weight = float(np.clip(between[0, 1] / between[1, 1], 0, 1))
    return Trust(weight, float(1 - np.var(applied - weight * scores) / np.var(applied)))


def estimate_collected(scores: Column, sample: Sample, trust: Trust) -> Estimate:
    """Estimate the share among the passages that were collected in an area.

    ``scores`` are those of all its passages; with fewer than 20 checked
    passages the model is left out. Wilson's interval, with the number of independent passages
    that the estimate is worth, by t with n - 1 degrees of freedom.
    """
    checked, collected = len(sample.applied), len(scores)
    if checked < 2:
        return UNKNOWN
    trust = trust if checked >= FEWEST_CHECKED else NO_TRUST
    errors, parts = _errors(sample, trust.weight)
    share = float(np.clip(trust.weight * scores.mean() + (parts * errors).sum(), 0, 1))
    if checked == collected:
        return Estimate(share, share, share)
    around = parts * (errors - (parts * errors).sum())
    variance = (1 - checked / collected) * checked / (checked - 1) * (around**2).sum()
    variance = _steady(variance, share, checked, collected, trust)
    return _bound(share, variance, checked, checked - 1)


def estimate_beyond(scores: Column, interviews: Names, sample: Sample, trust: Trust) -> Estimate:
    """Estimate the share that more interviews of the same kind would show.

    Interviews are drawn as wholes (clusters): passages of one interview say little that is new.
    That the interviewees stand for others is an assumption. Unknown below 5 interviews.
    """
    checked = len(sample.applied)
    names, rows = np.unique(interviews, return_inverse=True)
    if checked < 2 or len(names) < FEWEST_CLUSTERS:
        return UNKNOWN
    trust = trust if checked >= FEWEST_CHECKED else NO_TRUST
    errors, parts = _errors(sample, trust.weight)
    error = (parts * errors).sum()
    share = float(np.clip(trust.weight * scores.mean() + error, 0, 1))
    mine = np.searchsorted(names, sample.interviews)
    each = trust.weight * np.bincount(rows, scores - scores.mean(), len(names)) / len(scores)
    each += np.bincount(mine, parts * (errors - error), len(names))
    variance = len(names) / (len(names) - 1) * (each**2).sum()
    variance = _steady(variance, share, checked, len(scores), trust)
    return _bound(share, variance, checked, len(names) - 1)


def _errors(sample: Sample, weight: float) -> tuple[Column, Column]:
    """Give what the model gets wrong on each checked passage, and how much each counts."""
    return sample.applied - weight * sample.scores, sample.weights / sample.weights.sum()


def _steady(variance: float, share: float, checked: int, collected: int, trust: Trust) -> float:
    """Move a variance that is below what is to be expected halfway up to it.

    Where few checked passages have the code, their errors hardly vary by chance. Expected is the
    variance of a share in a random sample, less what the scores explain over all areas. Without
    this, intervals for a share of .05 from 40 passages hold the truth in 91 % of cases, not 93.
    """
    of_sample = (1 - checked / collected) * share * (1 - share) / checked
    return max(variance, (variance + of_sample * (1 - trust.explained)) / 2)


def _bound(share: float, variance: float, checked: int, freedom: int) -> Estimate:
    """Give Wilson's interval for a share with a variance.

    Where the variance is nought because all errors are alike, the sample is worth its size.
    """
    from scipy.special import stdtrit

    spread = share * (1 - share)
    worth = spread / variance if variance > 0 and spread > 0 else float(checked)
    low, high = wilson(share, worth, float(stdtrit(freedom, (1 + SURE) / 2)))
    return Estimate(share, float(low), float(high))


def wilson(share: ArrayLike, worth: ArrayLike, far: float) -> tuple[Column, Column]:
    """Give Wilson's score interval (1927), kept inside 0 to 1.

    ``worth`` is the number of independent passages or interviews that a share rests on; ``far`` is
    how many standard errors to go either way. Not numbers where these are none.
    """
    share, worth = np.asarray(share, dtype=float), np.asarray(worth, dtype=float)
    centre = (share + far**2 / (2 * worth)) / (1 + far**2 / worth)
    spread = share * (1 - share) / worth + far**2 / (4 * worth**2)
    half = far / (1 + far**2 / worth) * np.sqrt(spread)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
