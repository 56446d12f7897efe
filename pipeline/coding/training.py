"""Train a model on coded passages, in folds that never split an interview."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.coding.classifiers import Applied, Heads, Scores, Trainer, to_probability
from pipeline.coding.encoders import Vectors
from pipeline.coding.evaluation import choose_threshold, evaluate

FOLDS = 5
ENOUGH = 20  # real positives from which a label's threshold leaves invented passages aside
INVENTED = "invented"


class Truth(NamedTuple):
    """Which labels apply to coded passages (passages x labels), and where these come from.

    Passages of the source 'invented' help to train; no figure is reported on them.
    """

    applied: Applied
    interviews: NDArray[np.str_]
    sources: NDArray[np.str_]

    @property
    def is_real(self) -> NDArray[np.bool_]:
        """Which rows somebody really said."""
        return np.asarray(self.sources != INVENTED)


class Trained(NamedTuple):
    """Calibrated heads with a threshold a label, and evaluate()'s rows, over real passages.

    ``scores`` (passages x labels) are calibrated, and out of fold.
    """

    heads: Heads
    thresholds: NDArray[np.float64]
    scores: Scores
    rows: list[dict[str, Any]]


def train(
    vectors: Vectors,
    truth: Truth,
    labels: Sequence[Label],
    *,
    trainer: Trainer,
    before: Heads,
    seed: int,
) -> Trained:
    """Train on all passages, and choose all else by scores from folds of whole interviews."""
    decided = np.zeros(truth.applied.shape)
    for held_out in deal_folds(truth.interviews, FOLDS, seed):
        heads = trainer(vectors[~held_out], truth.applied[~held_out], before, seed)
        decided[held_out] = heads.decide(vectors[held_out])
    heads = trainer(vectors, truth.applied, before, seed)
    return calibrate(heads, decided, truth, labels)


def calibrate(heads: Heads, decided: Scores, truth: Truth, labels: Sequence[Label]) -> Trained:
    """Make probabilities and thresholds from out-of-fold log odds (passages x labels)."""
    slopes, offsets = _fit_sigmoids(decided, truth)
    scores = to_probability(decided * slopes + offsets)
    thresholds = np.array(
        [
            choose_threshold(truth.applied[rows, label], scores[rows, label])
            for label, rows in enumerate(_telling_rows(truth))
        ]
    )
    real = truth.is_real
    return Trained(
        Heads(heads.weights * slopes[:, np.newaxis], heads.intercepts * slopes + offsets),
        thresholds,
        scores,
        evaluate(labels, truth.applied[real], scores[real], thresholds, truth.interviews[real]),
    )


def deal_folds(interviews: NDArray[np.str_], count: int, seed: int) -> list[NDArray[np.bool_]]:
    """Deal whole interviews to folds at random; say for each fold which rows it holds out.

    One dealing serves all labels, so it is not stratified by any.
    """
    names = np.unique(interviews)
    dealt = np.random.default_rng(seed).permutation(len(names)) % min(count, len(names))
    fold_of = dict(zip(names, dealt, strict=True))
    folds = np.array([fold_of[interview] for interview in interviews])
    return [folds == fold for fold in np.unique(folds)]


def _fit_sigmoids(decided: Scores, truth: Truth) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit Platt's sigmoid for each label on out-of-fold log odds: slopes and offsets."""
    from sklearn.linear_model import LogisticRegression

    slopes, offsets = np.ones(decided.shape[1]), np.zeros(decided.shape[1])
    for label, rows in enumerate(_telling_rows(truth)):
        applied, odds = truth.applied[rows, label], decided[rows, label]
        if applied.any() and not applied.all():
            fitted = LogisticRegression(C=1e6).fit(odds[:, np.newaxis], applied)
            slopes[label] = max(fitted.coef_[0, 0], 1e-3)  # never turn a label's order round
            offsets[label] = fitted.intercept_[0]
    return slopes, offsets


def _telling_rows(truth: Truth) -> Iterator[NDArray[np.bool_]]:
    """Give, for each label, the rows to calibrate on: real ones where enough are positive."""
    real = truth.is_real
    for applied in truth.applied.T:
        yield real if (applied & real).sum() >= ENOUGH else np.ones_like(real)
