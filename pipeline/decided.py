"""What people decided, laid out to learn from: passages down, labels across."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.codebook import Label
from pipeline.coding.encoders import Vectors
from pipeline.coding.model import encoder_name
from pipeline.coding.training import Truth
from pipeline.coding.vectors import look_up, read_cache
from pipeline.findings.checks import RANDOM
from pipeline.study import Study
from pipeline.tables import PASSAGES, drop_overruled


class Decided(NamedTuple):
    """The passages that somebody decided on, their vectors, and in ``truth`` what applies."""

    passages: pd.DataFrame
    vectors: Vectors
    truth: Truth


def gather_decided(study: Study) -> Decided:
    """Gather what people decided; a label applies if at least half of those who decided say so.

    What they decided together stands instead.
    """
    decided, truth = gather_truth(study)
    return Decided(decided, look_up_vectors(study, decided), truth)


def gather_truth(study: Study) -> tuple[pd.DataFrame, Truth]:
    """Gather the passages that people decided on, and what applies to them."""
    passages, labels = study.tables.read(PASSAGES), study.codebook.labels
    decisions, places = study.decisions, {label: place for place, label in enumerate(labels)}
    standing = drop_overruled(decisions).groupby(["passage", "code", "stance"], as_index=False)
    votes = standing["applied"].mean()
    pairs = map(Label._make, zip(votes["code"], votes["stance"], strict=True))
    votes = votes.assign(label=[places.get(pair, -1) for pair in pairs]).query("label >= 0")
    decided = passages[passages["passage"].isin(votes["passage"])].reset_index(drop=True)
    votes = votes[votes["passage"].isin(decided["passage"])]
    rows = {passage: row for row, passage in enumerate(decided["passage"])}
    cells = (votes["passage"].map(rows).to_numpy(int), votes["label"].to_numpy(int))
    known = np.zeros((len(rows), len(labels)), dtype=bool)
    applied = known.copy()
    known[cells] = True
    applied[cells] = votes["applied"].to_numpy() >= 0.5
    drawn = decisions.loc[decisions["selection"] == RANDOM, "passage"]
    is_drawn = decided["passage"].isin(drawn).to_numpy()
    return decided, Truth(applied, known, decided["transcript"].to_numpy(str), is_drawn)


def look_up_vectors(study: Study, passages: pd.DataFrame) -> Vectors:
    """Give the vectors of passages by the encoder that all models share."""
    encoder = encoder_name(study.shipped_model)
    return look_up(passages["text"].tolist(), encoder, read_cache(study.vectors))
