"""Train classifiers. To add one, add a module here that registers a trainer."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.encoders import Vectors
from pipeline.registry import Registry

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


def to_probability(log_odds: Scores) -> Scores:
    """Turn log odds into probabilities, without overflow however large they are."""
    return np.asarray(0.5 * (1 + np.tanh(log_odds / 2)))


# Takes vectors (passages x size), whether each label applies (passages x labels), heads that were
# trained before, and the seed.
Trainer = Callable[[Vectors, Applied, Heads, int], Heads]
classifiers: Registry[Trainer] = Registry("classifier", __name__)
