"""Redraw interviews with replacement, and give the shares that each draw would have shown."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.findings.estimation import FEWEST_CHECKED, Sample, weigh_model
from pipeline.tables import MODEL, Checks, Codings, Passages

DRAWS = 1_000

Matrix = NDArray[np.float64]


class Redrawn(NamedTuple):
    """Shares of labels (rows) in every draw (columns), 0 to 1, by area."""

    labels: tuple[Label, ...]
    shares: dict[str, Matrix]


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

    A label that people checked at random in an area is corrected in each draw by the difference
    estimator (estimation.py), with the lambda of the whole sample; others are counted as coded.
    """
    is_model = codings["coder"].astype("str").str.startswith(MODEL)
    scores = _lay_out(codings[is_model], "score", passages, labels)
    applied = _lay_out(settled, "applied", passages, labels)
    samples = _gather(checks, labels)
    areas, interviews = (passages[name].to_numpy(str) for name in ("area", "transcript"))
    random = np.random.default_rng(seed)
    found = {}
    for area in np.unique(areas):
        here = areas == area
        names, of = np.unique(interviews[here], return_inverse=True)
        even = np.full(len(names), 1 / len(names))
        weights = random.multinomial(len(names), even, size=draws).astype(float)
        size = weights @ np.bincount(of).astype(float)
        rows = []
        for place in range(len(labels)):
            sample, trust = samples[place].get(area), _trust(samples[place])
            if sample is None:
                rows.append(weights @ np.bincount(of, applied[here, place]) / size)
                continue
            rows.append(_correct(weights, size, names, of, scores[here, place], sample, trust))
        found[str(area)] = np.array(rows)
    return Redrawn(tuple(labels), found)


def _correct(
    weights: Matrix,
    size: Matrix,
    names: NDArray[np.str_],
    of: NDArray[np.intp],
    scores: Matrix,
    sample: Sample,
    trust: float,
) -> Matrix:
    """Give the corrected share in every draw; not a number where it drew no checked passage."""
    trust = trust if len(sample.applied) >= FEWEST_CHECKED else 0.0
    mine = np.searchsorted(names, sample.interviews)
    errors = sample.weights * (sample.applied - trust * sample.scores)
    with np.errstate(invalid="ignore"):
        missed = (weights @ np.bincount(mine, errors, len(names))) / (
            weights @ np.bincount(mine, sample.weights, len(names))
        )
    return np.clip(trust * (weights @ np.bincount(of, scores) / size) + missed, 0, 1)


def _gather(checks: Checks, labels: Sequence[Label]) -> list[dict[str, Sample]]:
    """Give, for each label, the sample of every area that people checked."""
    rows = {
        (str(code), str(stance)): mine
        for (code, stance), mine in checks.groupby(["code", "stance"], observed=True)
    }
    return [
        {str(area): Sample.of(mine) for area, mine in rows[label].groupby("area")}
        if label in rows
        else {}
        for label in labels
    ]


def _trust(samples: dict[str, Sample]) -> float:
    return weigh_model(list(samples.values())).weight


def _lay_out(
    codings: pd.DataFrame, column: str, passages: Passages, labels: Sequence[Label]
) -> Matrix:
    """Lay a column out with passages down and labels across, 0 where there is none."""
    places = {label: place for place, label in enumerate(labels)}
    pairs = zip(codings["code"].astype("str"), codings["stance"].astype("str"), strict=True)
    across = np.array([places.get(Label(*pair), -1) for pair in pairs], dtype=int)
    down = pd.Index(passages["passage"]).get_indexer(codings["passage"])
    is_wanted = (across >= 0) & (down >= 0)
    table = np.zeros((len(passages), len(labels)))
    table[down[is_wanted], across[is_wanted]] = codings[column].to_numpy(float)[is_wanted]
    return table
