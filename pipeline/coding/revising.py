"""Let a model go on with a revised codebook: a label that both versions have keeps its classifier.

New labels are only ranked until enough is coded. A label whose meaning was edited since keeps its
classifier, too, and is marked: it goes by the older wording until it is trained anew.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.coding.classifiers import Examples, Heads
from pipeline.coding.evaluation import Cutoffs
from pipeline.coding.model import Folds, Model


def revise(model: Model, likeness: Model, edited: Collection[Label]) -> Model:
    """Fit a model to the codebook that ``likeness`` ranks by.

    ``edited`` are the labels whose meaning is not the same in both codebooks.
    """
    places = _find_places(model.labels, likeness.labels)
    has, at = places >= 0, np.maximum(places, 0)
    heads = [_pick(heads, likeness.heads, has, at) for heads in (model.heads, *model.folds.heads)]
    rows = [
        model.card["labels"][place] if place >= 0 else likeness.card["labels"][number]
        for number, place in enumerate(places.tolist())
    ]
    cutoffs = zip(likeness.cutoffs, model.cutoffs, strict=True)
    return Model(
        heads[0],
        Cutoffs(*(np.where(has, mine[at], its) for its, mine in cutoffs)),
        likeness.labels,
        model.card
        | {
            "codebook": likeness.card["codebook"],
            "labels": [
                {**row, "older_wording": True} if label in edited and place >= 0 else row
                for label, row, place in zip(likeness.labels, rows, places, strict=True)
            ],
        },
        Folds(
            heads[1:],
            model.folds.interviews,
            np.where(has, model.folds.left_out[:, at], -1).astype(np.int16),
        ),
    )


def revise_examples(
    base: Examples,
    labels: tuple[Label, ...],
    wanted: tuple[Label, ...],
    edited: Collection[Label],
) -> Examples:
    """Give codings for the ``wanted`` labels; nothing is known of new and of ``edited`` ones."""
    places = _find_places(labels, wanted)
    taught = (places >= 0) & np.array([label not in edited for label in wanted])
    at = np.maximum(places, 0)
    return Examples(base.vectors, base.applied[:, at] & taught, base.weight[:, at] * taught)


def _find_places(labels: tuple[Label, ...], wanted: tuple[Label, ...]) -> NDArray[np.intp]:
    """Give where each wanted label stands among the labels, -1 if it does not."""
    known = {label: place for place, label in enumerate(labels)}
    return np.array([known.get(label, -1) for label in wanted], dtype=np.intp)


def _pick(mine: Heads, its: Heads, has: NDArray[np.bool_], at: NDArray[np.intp]) -> Heads:
    return Heads(
        np.where(has[:, np.newaxis], mine.weights[at], its.weights),
        np.where(has, mine.intercepts[at], its.intercepts),
    )
