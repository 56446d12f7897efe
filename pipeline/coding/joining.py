"""Put some labels' new heads in the places of an old model's, and leave the others as they are."""

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.card import CLASSIFIED
from pipeline.coding.classifiers import Heads
from pipeline.coding.model import Folds, Model, mark_interview
from pipeline.coding.training import Trained


def join(old: Model, new: Trained, taken: NDArray[np.bool_], interviews: NDArray[np.str_]) -> Model:
    """Give a model with the heads, cut-offs and figures of the ``taken`` labels from ``new``.

    ``interviews`` are those of the passages that ``new`` was trained on.
    """
    rows = zip(taken, old.card["labels"], new.rows, strict=True)
    return old._replace(
        heads=Heads(
            np.where(taken[:, np.newaxis], new.heads.weights, old.heads.weights),
            np.where(taken, new.heads.intercepts, old.heads.intercepts),
        ),
        cutoffs=old.cutoffs.take(new.cutoffs, taken),
        card=old.card
        | {
            "labels": [
                {**after, "mode": CLASSIFIED} if is_taken else before
                for is_taken, before, after in rows
            ]
        },
        folds=_drop_unused(_stack(old.folds, new, taken, interviews)),
    )


def _stack(
    old: Folds, new: Trained, taken: NDArray[np.bool_], interviews: NDArray[np.str_]
) -> Folds:
    names, first = np.unique(interviews, return_index=True)
    dealt = dict(zip(map(mark_interview, names.tolist()), new.folds[first], strict=True))
    before = dict(zip(old.interviews.tolist(), old.left_out, strict=True))
    marks = sorted({*dealt, *before})
    left_out = np.full((len(marks), len(taken)), -1, dtype=np.int16)
    for row, mark in enumerate(marks):
        kept = before.get(mark, left_out[row])
        fold = dealt[mark] + len(old.heads) if mark in dealt else -1
        left_out[row] = np.where(taken, fold, kept)
    return Folds([*old.heads, *new.fold_heads], np.array(marks), left_out)


def _drop_unused(folds: Folds) -> Folds:
    """Leave out heads that score no interview any more."""
    used = [place for place in range(len(folds.heads)) if (folds.left_out == place).any()]
    left_out = np.full(folds.left_out.shape, -1, dtype=np.int16)
    for new, place in enumerate(used):
        left_out[folds.left_out == place] = new
    return Folds([folds.heads[place] for place in used], folds.interviews, left_out)
