"""Draw the passages that people check: at random, some of every interview, blind to the model."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEWEST = 2  # passages of an interview, if it has as many


def draw_sample(interviews: NDArray[np.str_], size: int, *, seed: int) -> pd.DataFrame:
    """Draw ``size`` of an area's passages (one entry each), and two of every interview at least.

    Gives the columns row (place of the passage) and probability (of having been drawn, 0 to 1).
    A plain random sample comes first; interviews that it leaves below two are filled up to two,
    which makes passages of short interviews likelier and the sample somewhat larger.
    """
    random = np.random.default_rng(seed)
    names, of = np.unique(interviews, return_inverse=True)
    sizes, size = np.bincount(of), min(size, len(interviews))
    order = random.permutation(len(interviews))
    drawn = np.zeros(len(interviews), dtype=bool)
    drawn[order[:size]] = True
    for name in range(len(names)):
        mine = order[of[order] == name]
        drawn[mine[:FEWEST]] = True
    probability = _probabilities(sizes, size)[of]
    rows = np.flatnonzero(drawn)
    return pd.DataFrame({"row": rows, "probability": probability[rows]})


def _probabilities(sizes: NDArray[Any], size: int) -> NDArray[np.float64]:
    """Give the probability of a passage of each interview: expected number drawn / its passages.

    The number that the plain sample has of an interview is hypergeometric; below two it is two.
    """
    from scipy.stats import hypergeom

    least = np.minimum(FEWEST, sizes)
    missing = sum(
        np.maximum(least - k, 0) * hypergeom.pmf(k, sizes.sum(), sizes, size) for k in range(FEWEST)
    )
    return np.asarray(size / sizes.sum() + missing / sizes)
