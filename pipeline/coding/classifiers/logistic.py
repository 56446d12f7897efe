"""One logistic regression per label, which starts from what an earlier model says."""

import numpy as np

from pipeline.coding.classifiers import Applied, Heads, classifiers
from pipeline.coding.encoders import Vectors

FEWEST = 5  # positives; a label with fewer, or as few negatives, keeps its head


@classifiers.register("logistic")
def train_logistic(vectors: Vectors, applied: Applied, before: Heads, seed: int) -> Heads:
    """Learn how far to trust each earlier head, and what to add to it.

    The earlier head's log odds stand beside the vector as one more feature, ten times as long as
    the others, so that the penalty hardly touches it: with few codings the earlier head is kept
    and only moved; with many, the vectors speak for themselves. The sum is linear again.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    weights, intercepts = before.weights.copy(), before.intercepts.copy()
    said = before.decide(vectors)
    enough = np.minimum(applied.sum(axis=0), (~applied).sum(axis=0)) >= FEWEST
    with threadpool_limits(1):  # many small fits: threads that wait for one another cost 20 times
        for label in np.flatnonzero(enough):
            features = np.column_stack([vectors, said[:, label] * 10])
            fitted = LogisticRegression(max_iter=1000, random_state=seed)
            fitted.fit(features, applied[:, label])
            *added, trust = fitted.coef_[0]
            weights[label] = np.array(added) + before.weights[label] * trust * 10
            intercepts[label] = fitted.intercept_[0] + before.intercepts[label] * trust * 10
    return Heads(weights, intercepts)
