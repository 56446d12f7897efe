"""Train a model on coded passages, in folds that never split an interview."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.coding.classifiers import Applied, Heads, Scores, Trainer
from pipeline.coding.encoders import Vectors
from pipeline.coding.evaluation import choose_threshold, evaluate, mean_f1

FOLDS = 5
ENOUGH = 20  # real positives from which a label's threshold leaves invented passages aside


class Coded(NamedTuple):
    """Coded passages, one a row. ``sources`` says where each is from; 'invented' is special:
    such passages help to train, but no figure is reported on them.
    """

    vectors: Vectors
    applied: Applied
    interviews: NDArray[np.str_]
    sources: NDArray[np.str_]

    @property
    def is_real(self) -> NDArray[np.bool_]:
        """Which rows somebody really said."""
        return np.asarray(self.sources != "invented")

    def take(self, rows: NDArray[Any]) -> "Coded":
        """Keep only some rows."""
        return Coded(*(column[rows] for column in self))

    def __add__(self, other: object) -> "Coded":
        if not isinstance(other, Coded):
            return NotImplemented
        return Coded(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))


class Trained(NamedTuple):
    """Calibrated heads with a threshold a label, and the figures that they were chosen by.

    ``scores`` (passages x labels) are out of fold. ``rows`` are evaluate()'s, over real passages.
    """

    heads: Heads
    thresholds: NDArray[np.float64]
    scores: Scores
    rows: list[dict[str, Any]]
    new_source_f1: float


def train(coded: Coded, labels: Sequence[Label], trainer: Trainer, seed: int) -> Trained:
    """Train on all passages; calibrate and choose thresholds on scores from grouped folds.

    Folds are whole interviews. ``new_source_f1`` is the macro-F1 at each label's best threshold
    when all of a source is left out: what to expect of interviews from elsewhere.
    """
    decided = score_out_of_fold(coded, _interview_folds(coded, seed), trainer, seed)
    slopes, offsets = _calibrate(decided, coded)
    scores = 1 / (1 + np.exp(-(decided * slopes + offsets)))
    thresholds = _choose_thresholds(scores, coded)
    heads = trainer(coded.vectors, coded.applied, seed)
    real = coded.is_real
    return Trained(
        Heads(heads.weights * slopes[:, np.newaxis], heads.intercepts * slopes + offsets),
        thresholds,
        scores,
        evaluate(labels, coded.applied[real], scores[real], thresholds, coded.interviews[real]),
        _new_source_f1(coded, labels, trainer, seed),
    )


def score_out_of_fold(
    coded: Coded, folds: Sequence[NDArray[np.bool_]], trainer: Trainer, seed: int
) -> Scores:
    """Give each passage the log odds of a model that was trained without the passage's fold."""
    decided = np.zeros(coded.applied.shape)
    for held_out in folds:
        rest = coded.take(~held_out)
        heads = trainer(rest.vectors, rest.applied, seed)
        decided[held_out] = heads.decide(coded.vectors[held_out])
    return decided


def _interview_folds(coded: Coded, seed: int) -> list[NDArray[np.bool_]]:
    """Deal whole interviews to folds at random. One dealing for all labels, so not stratified."""
    interviews = np.unique(coded.interviews)
    dealt = np.random.default_rng(seed).permutation(len(interviews)) % min(FOLDS, len(interviews))
    fold_of = dict(zip(interviews, dealt, strict=True))
    folds = np.array([fold_of[interview] for interview in coded.interviews])
    return [folds == fold for fold in np.unique(folds)]


def _source_folds(coded: Coded) -> Iterator[NDArray[np.bool_]]:
    for source in np.unique(coded.sources[coded.is_real]):
        yield coded.sources == source


def _new_source_f1(coded: Coded, labels: Sequence[Label], trainer: Trainer, seed: int) -> float:
    folds = list(_source_folds(coded))
    if len(folds) < 2:
        return float("nan")
    scores = score_out_of_fold(coded, folds, trainer, seed)
    real = coded.is_real
    truth, scores = coded.applied[real], scores[real]
    best = np.array([choose_threshold(t, s) for t, s in zip(truth.T, scores.T, strict=True)])
    return mean_f1(evaluate(labels, truth, scores, best, coded.interviews[real]))


def _calibrate(decided: Scores, coded: Coded) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit Platt's sigmoid for each label on out-of-fold log odds: slopes and offsets."""
    from sklearn.linear_model import LogisticRegression

    slopes, offsets = np.ones(decided.shape[1]), np.zeros(decided.shape[1])
    for label, rows in enumerate(_telling_rows(coded)):
        truth, odds = coded.applied[rows, label], decided[rows, label]
        if truth.any() and not truth.all():
            fitted = LogisticRegression(C=1e6).fit(odds[:, np.newaxis], truth)
            slopes[label] = max(fitted.coef_[0, 0], 1e-3)  # never turn a label's order round
            offsets[label] = fitted.intercept_[0]
    return slopes, offsets


def _choose_thresholds(scores: Scores, coded: Coded) -> NDArray[np.float64]:
    return np.array(
        [
            choose_threshold(coded.applied[rows, label], scores[rows, label])
            for label, rows in enumerate(_telling_rows(coded))
        ]
    )


def _telling_rows(coded: Coded) -> Iterator[NDArray[np.bool_]]:
    """Give, for each label, the rows to calibrate on: real ones where enough are positive."""
    real = coded.is_real
    for applied in coded.applied.T:
        yield real if (applied & real).sum() >= ENOUGH else np.ones_like(real)
