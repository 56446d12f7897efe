"""Train classifiers. To add one, add a module here that registers a trainer."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.encoders import Vectors
from pipeline.registry import Registry

DIGITS = 6  # of a score; beyond, sums differ with the machine

Scores = NDArray[np.float64]
Applied = NDArray[np.bool_]


class Heads(NamedTuple):
    """A linear classifier for each label: ``weights`` (labels x vector size) and ``intercepts``."""

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def decide(self, vectors: Vectors) -> Scores:
        """Give the log odds of every label (columns) for every vector (rows)."""
        return np.asarray(vectors.astype(np.float64) @ self.weights.T + self.intercepts)

    def score(self, vectors: Vectors) -> Scores:
        """Give the probability of every label (columns) for every vector (rows), 0 to 1."""
        return to_probability(self.decide(vectors))

    def stretch(self, slopes: NDArray[np.float64], offsets: NDArray[np.float64]) -> "Heads":
        """Make heads whose log odds are these heads', times a slope and plus an offset a label."""
        return Heads(self.weights * slopes[:, np.newaxis], self.intercepts * slopes + offsets)


class Examples(NamedTuple):
    """Coded passages to learn from.

    ``applied`` and ``weight`` are passages x labels: whether the label applies, and how much that
    counts, from 0 (nobody decided on it, nothing is learnt) to 1.
    """

    vectors: Vectors
    applied: Applied
    weight: Scores

    def pick(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Examples":
        """Give some passages."""
        return Examples(self.vectors[rows], self.applied[rows], self.weight[rows])

    def join(self, others: "Examples") -> "Examples":
        """Give these passages and others."""
        return Examples(
            np.concatenate([self.vectors, others.vectors]),
            np.concatenate([self.applied, others.applied]),
            np.concatenate([self.weight, others.weight]),
        )


def blank_heads(labels: int, size: int) -> Heads:
    """Give heads that have learnt nothing yet: even odds for everything."""
    return Heads(np.zeros((labels, size)), np.zeros(labels))


def to_probability(log_odds: Scores) -> Scores:
    """Turn log odds into probabilities, without overflow however large they are."""
    return np.asarray(0.5 * (1 + np.tanh(log_odds / 2)))


# Takes the passages to learn from and heads that were trained before (or blank ones).
Trainer = Callable[[Examples, Heads], Heads]
classifiers: Registry[Trainer] = Registry("classifier", __name__)
