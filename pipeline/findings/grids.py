"""Codings as arrays, with passages down and labels across."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.codebook import Label

Grid = NDArray[np.float64]
Places = NDArray[np.intp]


def spread(
    codings: pd.DataFrame,
    columns: Sequence[str],
    passages: "pd.Series[str]",
    labels: Sequence[Label],
    *,
    blank: float = 0.0,
) -> list[Grid]:
    """Spread columns of codings, of which there is one a passage and label, over an array each.

    ``blank`` stands where there is no coding. Codings of other passages and labels are left out.
    """
    down, across = _find_passages(codings, passages), _find_labels(codings, labels)
    is_wanted = (down >= 0) & (across >= 0)
    place = down[is_wanted], across[is_wanted]
    grids = [np.full((len(passages), len(labels)), blank) for _ in columns]
    for grid, column in zip(grids, columns, strict=True):
        grid[place] = codings[column].to_numpy(float)[is_wanted]
    return grids


def _find_passages(codings: pd.DataFrame, passages: "pd.Series[str]") -> Places:
    """Give the place of each coding's passage, -1 for none."""
    each, names = pd.factorize(codings["passage"])  # many rows, few names
    return pd.Index(passages).get_indexer(pd.Index(names))[each]


def _find_labels(codings: pd.DataFrame, labels: Sequence[Label]) -> Places:
    """Give the place of each coding's label, -1 for none."""
    known = pd.MultiIndex.from_tuples(labels, names=Label._fields)
    return known.get_indexer(pd.MultiIndex.from_frame(codings[[*Label._fields]]))
