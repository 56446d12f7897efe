"""Logistic regression for all labels at once, which starts from what an earlier model says."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.classifiers import Examples, Heads, classifiers

PENALTY = 0.3  # on the squared distance from the earlier heads; vectors have length 1
MOST_STEPS = 300


@classifiers.register("logistic")
def train_logistic(examples: Examples, before: Heads) -> Heads:
    """Find the most probable heads, given the codings and earlier heads to start from.

    Weights are pulled towards the earlier head's, not towards zero (a Gaussian prior around them;
    Chelba and Acero 2006, "Adaptation of maximum entropy capitalizer"): with few codings the
    earlier head is kept and only moved, with many the codings speak for themselves, and a label
    that nobody decided on keeps its head. Convex, so there is one answer and no seed.
    """
    learnt: NDArray[np.bool_] = np.any(examples.weight > 0, axis=0)
    heads = np.column_stack(before)
    if learnt.any():
        heads[learnt] = _fit(examples, heads[learnt], learnt)
    return Heads(heads[:, :-1], heads[:, -1])


def _fit(
    examples: Examples, start: NDArray[np.float64], learnt: NDArray[np.bool_]
) -> NDArray[np.float64]:
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits

    rows = (examples.weight[:, learnt] > 0).any(axis=1)
    weight, applied = (
        part[rows][:, learnt].astype(np.float32) for part in (examples.weight, examples.applied)
    )
    features = np.column_stack([examples.vectors[rows], np.ones(rows.sum())]).astype(np.float32)
    penalty = np.full(start.shape, PENALTY)
    penalty[:, -1] = 0.0  # how common a label is must not be pulled anywhere

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Give the negative log posterior and its gradient."""
        heads = flat.reshape(start.shape)
        odds = features @ heads.T.astype(np.float32)
        small = np.exp(-np.abs(odds))  # never overflows
        surprise = np.maximum(odds, 0) + np.log1p(small) - applied * odds
        likely = np.where(odds >= 0, 1, small) / (1 + small)
        moved = heads - start
        total = (weight * surprise).sum(dtype=np.float64) + (penalty * moved**2).sum() / 2
        return float(total), ((weight * (likely - applied)).T @ features + penalty * moved).ravel()

    options: Any = {"maxiter": MOST_STEPS, "maxfun": 2 * MOST_STEPS}
    with threadpool_limits(1):  # threads that wait for one another cost 15 times, and change sums
        found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x.reshape(start.shape))
