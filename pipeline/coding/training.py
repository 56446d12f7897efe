"""Train a model on coded passages, in folds that never split an interview."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.coding.classifiers import (
    DIGITS,
    Applied,
    Examples,
    Heads,
    Scores,
    Trainer,
    to_probability,
)
from pipeline.coding.encoders import Vectors
from pipeline.coding.evaluation import (
    SURE,
    Answers,
    Cutoffs,
    answer,
    choose_doubtful,
    choose_sure,
    choose_threshold,
    evaluate,
)

FOLDS = 5
NO_FOLD = -1  # leaves no passage out
ENOUGH = 20  # positives drawn at random, for a label's cut-offs to be chosen on such passages alone
STEADY = 1.0  # how firmly Platt's sigmoid is held to slope 1 and offset 0

Column = NDArray[np.float64]


class Truth(NamedTuple):
    """Which labels apply to coded passages (passages x labels), and where these come from.

    ``known`` says where anybody decided; ``is_drawn``, which passages were drawn at random, and
    not picked for what they may say.
    """

    applied: Applied
    known: Applied
    interviews: NDArray[np.str_]
    is_drawn: NDArray[np.bool_]

    def pick(self, rows: NDArray[np.bool_]) -> "Truth":
        """Give some passages."""
        return Truth(
            self.applied[rows], self.known[rows], self.interviews[rows], self.is_drawn[rows]
        )


class Calibration(NamedTuple):
    """Platt's sigmoid for each label: probability = sigmoid(slope x log odds + offset)."""

    slopes: Column
    offsets: Column

    def score(self, decided: Scores) -> Scores:
        """Give the probability of every label from log odds (passages x labels)."""
        return to_probability(decided * self.slopes + self.offsets).round(DIGITS)


class Trained(NamedTuple):
    """Calibrated heads with cut-offs, and evaluate()'s rows.

    ``folds`` says of each passage which of ``fold_heads`` did not see its interview; ``answers``
    are by these, and by sigmoids and cut-offs that were chosen on the other folds.
    """

    heads: Heads
    cutoffs: Cutoffs
    answers: Answers
    rows: list[dict[str, Any]]
    fold_heads: list[Heads]
    folds: NDArray[np.intp]


def train(
    vectors: Vectors,
    truth: Truth,
    labels: Sequence[Label],
    *,
    trainer: Trainer,
    before: Heads,
    base: Examples | None = None,
    seed: int = 0,
    track: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> Trained:
    """Train on all passages, and choose all else by scores from folds of whole interviews.

    The passages of ``base`` are learnt from in every fold, and nothing is measured on them.
    ``track`` gives the folds one by one, and may tell of it.
    """
    mine = Examples(vectors, truth.applied, truth.known.astype(float))
    decided = np.zeros(truth.applied.shape)
    folds = deal_folds(truth.interviews, truth.applied & truth.known, FOLDS, seed)
    made = {}
    for fold in track([*np.unique(folds).tolist(), NO_FOLD]):
        rest = mine.pick(folds != fold)
        made[fold] = trainer(rest.join(base) if base else rest, before)
        decided[folds == fold] = made[fold].decide(vectors[folds == fold])
    heads, fold_heads = made.pop(NO_FOLD), list(made.values())
    calibration, cutoffs = choose(decided, truth)
    cutoffs, answers = confirm_sure(cutoffs, answer_apart(decided, truth, folds), truth)
    rows = evaluate(labels, truth.applied, truth.known, answers, truth.interviews)
    stretched = [fold.stretch(*calibration) for fold in fold_heads]
    return Trained(heads.stretch(*calibration), cutoffs, answers, rows, stretched, folds)


def choose(decided: Scores, truth: Truth) -> tuple[Calibration, Cutoffs]:
    """Choose sigmoids and cut-offs by out-of-fold log odds (passages x labels)."""
    calibration = fit_sigmoids(decided, truth)
    return calibration, choose_cutoffs(calibration.score(decided), truth)


def answer_apart(decided: Scores, truth: Truth, folds: NDArray[np.intp]) -> Answers:
    """Answer for each fold by what :func:`choose` makes of the others.

    So no passage is answered for by a sigmoid or a cut-off that knows its interview.
    """
    flags = np.zeros((3, *decided.shape), dtype=bool)
    answers = Answers(np.zeros(decided.shape), *flags)
    for fold in np.unique(folds):
        mine = folds == fold
        calibration, cutoffs = choose(decided[~mine], truth.pick(~mine))
        given = answer(calibration.score(decided[mine]), cutoffs)
        for whole, part in zip(answers, given, strict=True):
            whole[mine] = part
    return answers


def confirm_sure(cutoffs: Cutoffs, answers: Answers, truth: Truth) -> tuple[Cutoffs, Answers]:
    """Leave an automatic yes only to labels where answers from other folds' cut-offs bear it out.

    A cut-off that is right nine times in ten on the passages that it was chosen on may be less so
    on others. What was for sure there is to be asked about.
    """
    said = answers.sure & truth.known
    right = (said & truth.applied).sum(axis=0)
    is_borne_out = (said.sum(axis=0) > 0) & (right >= SURE * said.sum(axis=0))
    sure = answers.sure & is_borne_out
    return (
        cutoffs._replace(sure=np.where(is_borne_out, cutoffs.sure, np.inf)),
        answers._replace(sure=sure, asked=answers.asked | (answers.sure & ~sure)),
    )


def deal_folds(
    interviews: NDArray[np.str_], applied: Applied, count: int, seed: int
) -> NDArray[np.intp]:
    """Deal whole interviews to folds, so that each label's passages are spread evenly.

    Gives each passage's fold, 0 upwards. Interviews with the rarest labels are dealt first, each
    to the fold that has least of what it brings (after Sechidis et al. 2011, with groups).
    """
    names, rows = np.unique(interviews, return_inverse=True)
    folds = min(count, len(names))
    brought = np.zeros((len(names), applied.shape[1] + 1))
    np.add.at(brought, rows, np.column_stack([applied, np.ones(len(applied))]))
    worth = brought / np.maximum(brought.sum(axis=0), 1)  # a rare label's passage is worth more
    shuffled = np.random.default_rng(seed).permutation(len(names))
    order = shuffled[np.argsort(-worth[shuffled].sum(axis=1), kind="stable")]
    dealt, has = np.zeros(len(names), dtype=np.intp), np.zeros((folds, worth.shape[1]))
    for name in order:
        dealt[name] = np.argmin((has * worth[name]).sum(axis=1) + has.sum(axis=1) * 1e-6)
        has[dealt[name]] += worth[name]
    return np.asarray(dealt[rows])


def fit_sigmoids(decided: Scores, truth: Truth) -> Calibration:
    """Fit Platt's sigmoid for each label on out-of-fold log odds.

    It is held to leave the odds as they are, so that a label with few passages moves little.
    """
    from scipy.optimize import minimize

    slopes, offsets = np.ones(decided.shape[1]), np.zeros(decided.shape[1])
    for label, rows in enumerate(_telling_rows(truth)):
        applied, odds = truth.applied[rows, label], decided[rows, label]

        def loss(fit: Column, applied: NDArray[np.bool_] = applied, odds: Column = odds) -> float:
            said = fit[0] * odds + fit[1]
            held = STEADY * ((fit[0] - 1) ** 2 + (fit[1] / 10) ** 2) / 2
            return float((np.logaddexp(0, said) - applied * said).sum() + held)

        if len(applied):
            bounds = [(1e-3, None), (None, None)]  # never turn a label's order round
            slopes[label], offsets[label] = minimize(loss, [1.0, 0.0], bounds=bounds).x
    return Calibration(slopes, offsets)


def choose_cutoffs(scores: Scores, truth: Truth) -> Cutoffs:
    """Choose each label's cut-offs by calibrated out-of-fold scores."""
    chosen = [
        [choose(truth.applied[rows, label], scores[rows, label]) for choose in _CHOICES]
        for label, rows in enumerate(_telling_rows(truth))
    ]
    applied, sure, doubtful = np.array(chosen).T
    return Cutoffs(applied, np.maximum(sure, applied), np.minimum(doubtful, applied))


_CHOICES = (choose_threshold, choose_sure, choose_doubtful)


def _telling_rows(truth: Truth) -> list[NDArray[np.bool_]]:
    """Give, for each label, the rows to choose by: those drawn at random, if enough have it.

    Passages that were picked for what they may say have more codes than others.
    """
    drawn = truth.is_drawn[:, np.newaxis] & truth.known
    has_enough = (truth.applied & drawn).sum(axis=0) >= ENOUGH
    return list(np.where(has_enough, drawn, truth.known).T)
