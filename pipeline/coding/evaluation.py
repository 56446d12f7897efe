"""Score a classifier against the codings that it was not trained on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.coding.classifiers import Applied, Scores


def choose_threshold(applied: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Give the score from which as many passages get the label as really have it.

    There precision equals recall, and shares are right on average (on passages like these). The
    threshold with the best F1 gives weak labels to many times more passages than have them.

    >>> choose_threshold(np.array([True, False, True]), np.array([0.9, 0.7, 0.6]))
    0.7
    """
    positives = int(applied.sum())
    return float(np.sort(scores)[-positives]) if positives else 1.0


def evaluate(
    labels: Sequence[Label],
    applied: Applied,
    scores: Scores,
    thresholds: NDArray[np.float64],
    interviews: NDArray[np.str_],
) -> list[dict[str, Any]]:
    """Give, for every label: positives, their interviews, precision, recall, F1, average precision.

    ``scores`` (passages x labels) must come from models that saw none of the passage's interview.
    Figures are None for a label without positives.
    """
    return [
        {
            "code": label.code,
            "stance": label.stance,
            "positives": int(truth.sum()),
            "interviews": len(set(interviews[truth])),
            "threshold": round(float(threshold), 6),
            **_figures(truth, column, threshold),
        }
        for label, truth, column, threshold in zip(
            labels, applied.T, scores.T, thresholds, strict=True
        )
    ]


def mean_f1(rows: Sequence[dict[str, Any]], *, positives: int = 10) -> float:
    """Give the mean F1 over the labels with at least so many positives (macro-F1)."""
    figures = [row["f1"] for row in rows if row["positives"] >= positives]
    return round(float(np.mean(figures)), 4) if figures else 0.0


def _figures(
    truth: NDArray[np.bool_], scores: NDArray[np.float64], threshold: float
) -> dict[str, float | None]:
    from sklearn.metrics import average_precision_score

    if not truth.any():
        return dict.fromkeys(("precision", "recall", "f1", "average_precision"))
    said = scores >= threshold
    right = int((said & truth).sum())
    precision, recall = right / max(int(said.sum()), 1), right / int(truth.sum())
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * right / int(said.sum() + truth.sum()), 4),
        "average_precision": round(float(average_precision_score(truth, scores)), 4),
    }
