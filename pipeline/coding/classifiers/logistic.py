"""One balanced logistic regression per label."""

import numpy as np

from pipeline.coding.classifiers import Applied, Heads, classifiers
from pipeline.coding.encoders import Vectors

NEVER = -20.0  # log odds of a label that no training passage has


@classifiers.register("logistic")
def train_logistic(vectors: Vectors, applied: Applied, seed: int) -> Heads:
    """Train the default: quick, easy to explain, and hard to beat with frozen vectors."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    weights = np.zeros((applied.shape[1], vectors.shape[1]))
    intercepts = np.full(applied.shape[1], NEVER)
    with threadpool_limits(1):  # many small fits: threads that wait for one another cost 20 times
        for label in np.flatnonzero(applied.any(axis=0) & ~applied.all(axis=0)):
            fitted = LogisticRegression(class_weight="balanced", max_iter=1000, random_state=seed)
            fitted.fit(vectors, applied[:, label])
            weights[label], intercepts[label] = fitted.coef_[0], fitted.intercept_[0]
    return Heads(weights, intercepts)
