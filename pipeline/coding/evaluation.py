"""Score a classifier against codings of interviews that it was not trained on."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.coding.classifiers import Applied, Scores
from pipeline.resampling import DRAWS, find_middle, redraw

SURE = 0.9  # precision that an automatic yes needs
FEWEST_SURE = 30  # passages that it must have been seen on
KEPT = 0.9  # of the passages with a label that are not turned away by an automatic no
BINS = 10  # of equal size, to compare scores with shares in

Flags = NDArray[np.bool_]
Column = NDArray[np.float64]


class Draws(NamedTuple):
    """Bootstrap samples of interviews: ``weights`` (draws x interviews), ``rows`` names a row's."""

    weights: Column
    rows: NDArray[np.intp]


class Cutoffs(NamedTuple):
    """Scores, one a label, from which a label applies, applies for sure, or is to be asked about.

    Infinite where that never happens. Below ``doubtful`` is an automatic no.
    """

    applied: Column
    sure: Column
    doubtful: Column

    def take(self, others: "Cutoffs", labels: NDArray[np.bool_]) -> "Cutoffs":
        """Give these cut-offs, with those of some labels taken from others."""
        return Cutoffs(*(np.where(labels, new, old) for old, new in zip(self, others, strict=True)))


class Answers(NamedTuple):
    """Scores (passages x labels) and what cut-offs make of them.

    ``sure`` is an automatic yes, ``asked`` is put to a person.
    """

    scores: Scores
    applied: Applied
    sure: Applied
    asked: Applied


def answer(scores: Scores, cutoffs: Cutoffs) -> Answers:
    """Say where labels apply, for sure or not, and where a person is to be asked."""
    sure = scores >= cutoffs.sure
    return Answers(scores, scores >= cutoffs.applied, sure, (scores >= cutoffs.doubtful) & ~sure)


def choose_threshold(applied: Flags, scores: Column) -> float:
    """Give the score from which as many passages get the label as really have it.

    There precision equals recall, and shares are right on average (on passages like these). The
    threshold with the best F1 gives weak labels to many times more passages than have them.

    >>> choose_threshold(np.array([True, False, True]), np.array([0.9, 0.7, 0.6]))
    0.7
    """
    positives = int(applied.sum())
    return float(np.sort(scores)[-positives]) if positives else np.inf


def choose_sure(applied: Flags, scores: Column) -> float:
    """Give the lowest score from which at least .90 of 30 or more passages have the label.

    Infinite if there is none: then nothing is an automatic yes.
    """
    order = np.argsort(-scores, kind="stable")
    said = np.arange(1, len(scores) + 1)
    is_last_of_ties = np.append(np.diff(scores[order]) != 0, True)
    precision = applied[order].cumsum() / said
    fits = np.flatnonzero((precision >= SURE) & (said >= FEWEST_SURE) & is_last_of_ties)
    return float(scores[order][fits[-1]]) if len(fits) else np.inf


def choose_doubtful(applied: Flags, scores: Column) -> float:
    """Give the highest score that at least .90 of the passages with the label reach.

    Below it is an automatic no. Infinite if no passage has the label.
    """
    having = np.sort(scores[applied])[::-1]
    return float(having[int(np.ceil(KEPT * len(having))) - 1]) if len(having) else np.inf


def calibration_error(applied: Flags, scores: Column) -> float:
    """Give the expected calibration error: how far scores are from shares, 0 to 1.

    The mean, over ten bins of as many passages each, of |mean score - share with the label|.
    """
    bins = np.array_split(np.argsort(scores, kind="stable"), BINS)
    gaps = [
        abs(scores[rows].mean() - applied[rows].mean()) * len(rows) for rows in bins if len(rows)
    ]
    return float(sum(gaps) / max(len(scores), 1))


def average_precision(applied: Flags, scores: Column) -> float:
    """Give the area under the curve of precision over recall; 0 without positives."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(applied, scores)) if applied.any() else 0.0


def draw_interviews(interviews: NDArray[np.str_], draws: int = DRAWS, seed: int = 0) -> Draws:
    """Draw whole interviews with replacement, as often as there are interviews, many times."""
    names, rows = np.unique(interviews, return_inverse=True)
    return Draws(redraw(len(names), draws, np.random.default_rng(seed)), rows)


def redraw_f1(applied: Flags, said: Flags, draws: Draws) -> Column:
    """Give the F1 in every bootstrap sample; not a number where nobody has or gets the label."""
    count = draws.weights.shape[1]
    right, errors = (
        draws.weights @ np.bincount(draws.rows, flags, count)
        for flags in (applied & said, applied ^ said)
    )
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * right / (2 * right + errors))


def interval(values: Column) -> list[float] | None:
    """Give the middle 95 % of bootstrap values, or None if most samples gave none."""
    low, high = find_middle(values)
    return None if np.isnan(low) else [round(low, 4), round(high, 4)]


def evaluate(
    labels: Sequence[Label],
    applied: Applied,
    known: Applied,
    answers: Answers,
    interviews: NDArray[np.str_],
) -> list[dict[str, Any]]:
    """Give, for every label, how many have it, precision, recall, F1 and more, a row each.

    ``sure_share`` and ``asked_share`` are the shares of passages that are an automatic yes and
    that are put to a person; ``sure_precision`` and ``sure_recall`` say what the first is worth.

    ``answers`` must come from models and cut-offs that did not know a passage's interview. Only
    passages with ``known`` count. F1 has a 95 % interval, from a bootstrap over interviews.
    Figures are None for a label that no passage has.
    """
    rows = []
    for place, label in enumerate(labels):
        seen = known[:, place]
        truth = applied[seen, place]
        mine = Answers(*(part[seen, place] for part in answers))
        rows.append(
            {
                "code": label.code,
                "stance": label.stance,
                "positives": int(truth.sum()),
                "interviews": len(set(interviews[seen][truth])),
                **_figures(truth, mine, interviews[seen]),
                **_coverage(truth, mine),
            }
        )
    return rows


def mean_f1(rows: Sequence[dict[str, Any]], *, positives: int = 10) -> float:
    """Give the mean F1 over the labels with at least so many positives (macro-F1)."""
    figures = [row["f1"] for row in rows if row["positives"] >= positives]
    return round(float(np.mean(figures)), 4) if figures else 0.0


def _coverage(truth: Flags, answers: Answers) -> dict[str, float | None]:
    sure, asked = answers.sure, answers.asked
    right = int((sure & truth).sum())
    figures = {
        "sure_share": sure.mean() if len(truth) else None,
        "sure_precision": right / sure.sum() if sure.any() else None,
        "sure_recall": right / truth.sum() if truth.any() else None,
        "asked_share": asked.mean() if len(truth) else None,
    }
    return {
        name: None if value is None else round(float(value), 4) for name, value in figures.items()
    }


def _figures(truth: Flags, answers: Answers, interviews: NDArray[np.str_]) -> dict[str, Any]:
    names = "precision recall f1 f1_interval average_precision calibration_error"
    if not truth.any():
        return dict.fromkeys(names.split())
    said = answers.applied
    right = int((said & truth).sum())
    figures = {
        "precision": right / max(int(said.sum()), 1),
        "recall": right / int(truth.sum()),
        "f1": 2 * right / int(said.sum() + truth.sum()),
        "f1_interval": interval(redraw_f1(truth, said, draw_interviews(interviews))),
        "average_precision": average_precision(truth, answers.scores),
        "calibration_error": calibration_error(truth, answers.scores),
    }
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in figures.items()
    }
