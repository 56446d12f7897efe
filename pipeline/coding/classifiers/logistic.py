"""Logistic regression for all labels at once, which starts from what an earlier model says."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.classifiers import Examples, Heads, classifiers, to_probability

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
    from scipy.optimize import minimize

    features = np.column_stack([examples.vectors.astype(np.float64), np.ones(len(examples[0]))])
    start = np.column_stack(before)
    penalty = np.full(start.shape, PENALTY)
    penalty[:, -1] = 0.0  # how common a label is must not be pulled anywhere

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Give the negative log posterior and its gradient."""
        heads = flat.reshape(start.shape)
        odds = features @ heads.T
        surprise = np.logaddexp(0, odds) - examples.applied * odds
        moved = heads - start
        gap = examples.known * (to_probability(odds) - examples.applied)
        total = (examples.known * surprise).sum() + (penalty * moved**2).sum() / 2
        return float(total), (gap.T @ features + penalty * moved).ravel()

    options: Any = {"maxiter": MOST_STEPS, "maxfun": 2 * MOST_STEPS}
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    heads = found.x.reshape(start.shape)
    return Heads(heads[:, :-1], heads[:, -1])
