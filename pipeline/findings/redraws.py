"""Redraw interviews with replacement, and give the shares that each draw would have shown."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.findings.corrections import Samples, gather_samples
from pipeline.findings.estimation import FEWEST_CHECKED, Sample, weigh_model
from pipeline.findings.grids import Grid, spread
from pipeline.resampling import DRAWS, Column, divide, redraw
from pipeline.tables import Checks, Codings, Passages, is_by_model


class Redrawn(NamedTuple):
    """Shares of labels (rows) in every draw (columns), 0 to 1, by area."""

    labels: tuple[Label, ...]
    shares: dict[str, Grid]


class Interviews(NamedTuple):
    """An area's interviews: their names, which of them each passage is of, how often each counts in
    each draw (draws x interviews), and how many passages a draw has.
    """

    names: NDArray[np.str_]
    of: NDArray[np.intp]
    weights: Column
    passages: Column

    def mean(self, values: Column) -> Column:
        """Give the mean of what passages have, in every draw."""
        return np.asarray(self.weights @ np.bincount(self.of, values) / self.passages)


def redraw_shares(
    passages: Passages,
    settled: Codings,
    codings: Codings,
    checks: Checks,
    labels: Sequence[Label],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Redrawn:
    """Redraw each area's interviews as wholes, as many as there are, and count again.

    A code that people checked at random in an area, in all stances of it that ``labels`` have, is
    corrected in each draw by the difference estimator (estimation.py), with the lambda of the whole
    sample; others are counted as coded. So it is with the powers' own shares (powers.py).
    """
    ids, model = passages["passage"], codings[is_by_model(codings)]
    (applied,) = spread(settled, ["applied"], ids, labels)
    (scores,) = spread(model, ["score"], ids, labels)
    samples = gather_samples(checks)
    trusts = {label: weigh_model([*mine.values()]).weight for label, mine in samples.items()}
    samples = _keep_whole(samples, labels)
    areas, transcripts = (passages[name].to_numpy(str) for name in ("area", "transcript"))
    random = np.random.default_rng(seed)
    found = {}
    for area in np.unique(areas):
        here = areas == area
        interviews = _draw(transcripts[here], draws, random)
        found[str(area)] = np.array(
            [
                _correct(interviews, scores[here, place], samples[label][area], trusts[label])
                if area in samples[label]
                else interviews.mean(applied[here, place])
                for place, label in enumerate(labels)
            ]
        )
    return Redrawn(tuple(labels), found)


def _draw(transcripts: NDArray[np.str_], draws: int, random: np.random.Generator) -> Interviews:
    names, of = np.unique(transcripts, return_inverse=True)
    weights = redraw(len(names), draws, random)
    return Interviews(names, of, weights, weights @ np.bincount(of))


def _keep_whole(samples: Samples, labels: Sequence[Label]) -> Samples:
    """Keep the samples of areas where people checked a code in all of its stances."""
    kept = {}
    for label in labels:
        stances = [samples.get(other, {}) for other in labels if other.code == label.code]
        areas = [{area for area, mine in of.items() if len(mine.applied) > 1} for of in stances]
        whole = set.intersection(*areas)
        kept[label] = {area: mine for area, mine in samples.get(label, {}).items() if area in whole}
    return kept


def _correct(interviews: Interviews, scores: Column, sample: Sample, trust: float) -> Column:
    """Give the corrected share in every draw; not a number where it drew no checked passage."""
    trust = trust if len(sample.applied) >= FEWEST_CHECKED else 0.0
    mine = np.searchsorted(interviews.names, sample.interviews)
    errors = sample.weights * (sample.applied - trust * sample.scores)
    missed, checked = (
        interviews.weights @ np.bincount(mine, each, len(interviews.names))
        for each in (errors, sample.weights)
    )
    return np.clip(trust * interviews.mean(scores) + divide(missed, checked), 0, 1)
