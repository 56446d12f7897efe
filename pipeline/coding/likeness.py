"""Rank passages by likeness to the codebook, for labels with too few codings for a classifier."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.codebook import Codebook, Label
from pipeline.coding.card import RANKED, describe_codebook
from pipeline.coding.classifiers import Heads
from pipeline.coding.encoders import Encoder, Vectors
from pipeline.coding.evaluation import Cutoffs
from pipeline.coding.model import Model, no_folds

MOST_ASKED = 0.05  # of ordinary passages that are put to a person, the likest
ORDINARY = 0.5  # the score of a passage at that edge


def describe(codebook: Codebook, label: Label) -> Iterator[str]:
    """Give what the codebook says of a label: what it means in this stance, and examples."""
    code = next(code for code in codebook.codes if code.id == label.code)
    yield f"{code.label}. {code.stances[label.stance]}"
    yield f"{code.definition} {code.stances[label.stance]}"
    for example in code.examples:
        if example.stance == label.stance:
            yield example.text


def likeness_heads(codebook: Codebook, encoder: Encoder, ordinary: Vectors) -> Heads:
    """Make heads that score a passage by its likeness to what the codebook says of each label.

    The log odds are the cosine with the mean of the codebook's texts, in standard deviations
    above the likest 5 % of ``ordinary`` passages: a ranking from 0 to 1, not a probability.
    """
    weights, intercepts = [], []
    for label in codebook.labels:
        centre = np.mean(list(encoder.encode(list(describe(codebook, label)))), axis=0)
        weight = centre / max(float(np.linalg.norm(centre)), 1e-9)
        likeness = ordinary @ weight
        spread = max(float(likeness.std()), 1e-6)
        weights.append(weight / spread)
        intercepts.append(-float(np.quantile(likeness, 1 - MOST_ASKED)) / spread)
    return Heads(np.array(weights, dtype=np.float64), np.array(intercepts))


def ranking_model(
    codebook: Codebook, encoder: Encoder, card: dict[str, Any], ordinary: Vectors
) -> Model:
    """Make a model that only ranks, for a codebook that nothing has been trained on.

    ``card`` is the encoder's part of a model's card.
    """
    heads = likeness_heads(codebook, encoder, ordinary)
    count = len(codebook.labels)
    never, even = np.full(count, np.inf), np.full(count, ORDINARY)
    rows = [
        {"code": code, "stance": stance, "mode": RANKED, "positives": 0, "interviews": 0}
        for code, stance in codebook.labels
    ]
    return Model(
        heads,
        Cutoffs(never, never, even),
        codebook.labels,
        {
            "name": "likeness",
            "codebook": describe_codebook(codebook),
            "encoder": card,
            "classifier": "none: passages are ranked by likeness to the codebook",
            "trained_on": "no codings",
            "labels": rows,
        },
        no_folds(*heads.weights.shape),
    )
