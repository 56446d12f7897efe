"""A model on disk: a card in JSON, arrays without pickle, and what it may be used with."""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Codebook, Label
from pipeline.coding.arrays import Wanted, pack_arrays, read_arrays
from pipeline.coding.card import CARD, RANKED, read_card
from pipeline.coding.classifiers import DIGITS, Heads, Scores
from pipeline.coding.encoders import Encoder, Vectors, encoders
from pipeline.coding.evaluation import Cutoffs
from pipeline.errors import ModelError
from pipeline.files import write_together
from pipeline.tables import CODINGS, Codings, Passages

HEADS = "heads.npz"
_FROM = ("applied_from", "sure_from", "doubtful_from")
_ARRAYS = {
    "weights": Wanted("f", ("labels", "size")),
    "intercepts": Wanted("f", ("labels",)),
    "fold_weights": Wanted("f", ("folds", "labels", "size")),
    "fold_intercepts": Wanted("f", ("folds", "labels")),
    "interviews": Wanted("U", ("interviews",)),
    "left_out": Wanted("i", ("interviews", "labels")),
}


class Folds(NamedTuple):
    """Heads that did not learn from some interviews, to score these honestly.

    ``left_out`` (interviews x labels) gives the place in ``heads`` of those that did not see an
    interview, or -1 if the model's own heads did not.
    """

    heads: list[Heads]
    interviews: NDArray[np.str_]
    left_out: NDArray[np.int16]


class Model(NamedTuple):
    """Heads with cut-offs for every label, and the card that says where they come from."""

    heads: Heads
    cutoffs: Cutoffs
    labels: tuple[Label, ...]
    card: dict[str, Any]
    folds: Folds

    @property
    def ranked(self) -> frozenset[Label]:
        """The labels without a classifier: their score is only a likeness to the codebook."""
        rows = zip(self.labels, self.card["labels"], strict=True)
        return frozenset(label for label, row in rows if row["mode"] == RANKED)

    def score(self, vectors: Vectors, interviews: Iterable[str]) -> Scores:
        """Give the score of every label (columns) for every passage (rows), 0 to 1.

        A passage of an interview that the model learnt from is scored by heads that did not.
        Raises ModelError for vectors of another length than the model's.
        """
        if vectors.shape[1] != self.heads.weights.shape[1]:
            raise ModelError(
                f"The model '{self.card.get('name')}' takes vectors of "
                f"{self.heads.weights.shape[1]} numbers, its encoder gives {vectors.shape[1]}. "
                "Choose another model in study.toml (code.model), or train it anew."
            )
        scores, left_out = self.heads.score(vectors), self._find_left_out(interviews)
        for fold, heads in enumerate(self.folds.heads):
            rows = (left_out == fold).any(axis=1)
            scores[rows] = np.where(
                left_out[rows] == fold, heads.score(vectors[rows]), scores[rows]
            )
        return scores.round(DIGITS)

    def knows(self, interviews: Iterable[str]) -> NDArray[np.bool_]:
        """Say for passages of interviews (rows) which labels (columns) learnt from these."""
        return self._find_left_out(interviews) >= 0

    def _find_left_out(self, interviews: Iterable[str]) -> NDArray[np.int16]:
        """Give the heads that did not learn from each passage's interview; -1: the model's own."""
        known = {name: place for place, name in enumerate(self.folds.interviews.tolist())}
        places = np.array([known.get(mark, -1) for mark in map(mark_interview, interviews)])
        left_out = np.full((len(places), len(self.labels)), -1, dtype=np.int16)
        left_out[places >= 0] = self.folds.left_out[places[places >= 0]]
        return left_out

    def decide(self, scores: Scores) -> NDArray[np.str_]:
        """Say of every score: yes (for sure), ask (a person should look) or no."""
        sure, doubtful = scores >= self.cutoffs.sure, scores >= self.cutoffs.doubtful
        return np.select([sure, doubtful], ["yes", "ask"], "no")


def mark_interview(transcript: str) -> str:
    """Name an interview in a model's files without saying who it was."""
    return sha256(transcript.encode()).hexdigest()[:16]


def no_folds(labels: int, size: int) -> Folds:
    """Give the folds of a model that learnt from none of a study's interviews."""
    return Folds([], np.empty(0, dtype="U16"), np.empty((0, labels), dtype=np.int16))


def load_model(folder: Path, codebook: Codebook) -> Model:
    """Load a model for use with a codebook.

    Raises ModelError if it is missing or damaged, or was made for another codebook or another
    wording of it; both are then named.
    """
    try:
        model = read_model(folder)
    except ModelError as error:
        raise ModelError(
            f"{error} 'three-powers models restore {folder.name}' brings back the one before, if "
            "there is one."
        ) from error
    made_for = model.card["codebook"]
    ours, its = codebook.name_and_version, f"{made_for['name']} {made_for['version']}"
    if ours != its:
        raise ModelError(
            f"{folder} was made for the codebook '{its}'; this study uses '{ours}'. Put that "
            "codebook back, or train by this one with 'make retrain'. If people have decided on "
            "too little for that, choose another model in study.toml (code.model): 'default' "
            "ranks passages by any codebook."
        )
    if model.labels != codebook.labels or made_for["fingerprint"] != codebook.fingerprint:
        raise ModelError(
            f"{folder} was made for other wording of the codebook '{ours}'. "
            "Give the changed codebook a new version."
        )
    return model


def read_model(folder: Path) -> Model:
    """Load a model whatever codebook it is for. Raises ModelError if missing or damaged."""
    card = read_card(folder)
    rows = card["labels"]
    arrays = read_arrays(
        folder / HEADS, str(card.get("heads_sha256")), _ARRAYS, {"labels": len(rows)}
    )
    left_out = arrays["left_out"]
    if left_out.size and not -1 <= left_out.min() <= left_out.max() < len(arrays["fold_weights"]):
        raise ModelError(f"{folder / HEADS} is damaged: 'left_out' names heads that are not there.")
    froms = np.array(
        [[np.inf if row[name] is None else row[name] for name in _FROM] for row in rows]
    )
    folds = zip(arrays["fold_weights"], arrays["fold_intercepts"], strict=True)
    return Model(
        Heads(arrays["weights"], arrays["intercepts"]),
        Cutoffs(*froms.T),
        tuple(Label(row["code"], row["stance"]) for row in rows),
        card,
        Folds([Heads(*fold) for fold in folds], arrays["interviews"], left_out),
    )


def load_encoder(folder: Path) -> Encoder:
    """Load the encoder that a model's card names. It may lie with the model that it started from.

    Raises ModelError if it is missing or is another one.
    """
    encoder = read_card(folder)["encoder"]
    place = folder.parent / encoder["folder"]
    if place != folder and read_card(place)["encoder"]["sha256"] != encoder["sha256"]:
        raise ModelError(
            f"{folder} was trained with the encoder '{encoder['name']}', and {place} has another "
            f"by now. Choose the model '{place.name}' in study.toml (code.model), run 'make "
            "analyse', then train it anew with 'make retrain'."
        )
    return encoders[encoder["builder"]](place, encoder["name"], encoder["sha256"])


def encoder_name(folder: Path) -> str:
    """Give the name of a model's encoder, which its vectors are kept under."""
    return str(read_card(folder)["encoder"]["name"])


def write_model(folder: Path, model: Model) -> None:
    """Write a model, its arrays and the card that describes them, both or neither."""
    stack, shape = model.folds.heads, model.heads.weights.shape
    arrays = {
        **model.heads._asdict(),
        "fold_weights": np.array([heads.weights for heads in stack]).reshape(-1, *shape),
        "fold_intercepts": np.array([heads.intercepts for heads in stack]).reshape(-1, shape[0]),
        "interviews": model.folds.interviews,
        "left_out": model.folds.left_out,
    }
    froms = [
        dict(zip(_FROM, map(_finite, row), strict=True)) for row in zip(*model.cutoffs, strict=True)
    ]
    rows = [{**row, **cuts} for row, cuts in zip(model.card["labels"], froms, strict=True)]
    content = pack_arrays(arrays)
    whole = {**model.card, "labels": rows, "heads_sha256": sha256(content).hexdigest()}
    text = json.dumps(whole, indent=2) + "\n"
    write_together(
        {
            folder / HEADS: lambda part: part.write_bytes(content),
            folder / CARD: lambda part: part.write_text(text, "utf-8"),
        }
    )


def code_passages(passages: Passages, vectors: Vectors, model: Model, coder: str) -> Codings:
    """Score every passage for every code and stance; "no" is a row too."""
    import pandas as pd

    scores = model.score(vectors, passages["transcript"])
    codes, stances = zip(*model.labels, strict=True)
    return CODINGS.check(
        pd.DataFrame(
            {
                "passage": np.repeat(passages["passage"].to_numpy(), len(model.labels)),
                "code": np.tile(codes, len(passages)),
                "stance": np.tile(stances, len(passages)),
                "coder": coder,
                "score": scores.ravel(),
                "applied": (scores >= model.cutoffs.applied).ravel(),
                "decision": model.decide(scores).ravel(),
            }
        )
    )


def _finite(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None
