"""A model on disk: a card in JSON, arrays without pickle, and what it may be used with."""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Codebook, Label
from pipeline.coding.classifiers import DIGITS, Heads, Scores
from pipeline.coding.encoders import Encoder, Vectors, encoders
from pipeline.coding.evaluation import Cutoffs
from pipeline.errors import ModelError
from pipeline.files import hash_file, write_whole
from pipeline.tables import CODINGS, Codings, Passages

CARD, HEADS = "card.json", "heads.npz"
CLASSIFIED, RANKED = "classified", "ranked"
_FROM = ("applied_from", "sure_from", "doubtful_from")
_ARRAYS = ("weights", "intercepts", "fold_weights", "fold_intercepts", "interviews", "left_out")


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
        """
        scores = self.heads.score(vectors)
        known = {name: place for place, name in enumerate(self.folds.interviews.tolist())}
        places = np.array([known.get(mark, -1) for mark in map(mark_interview, interviews)])
        left_out = np.full(scores.shape, -1)
        left_out[places >= 0] = self.folds.left_out[places[places >= 0]]
        for fold, heads in enumerate(self.folds.heads):
            rows = (left_out == fold).any(axis=1)
            scores[rows] = np.where(
                left_out[rows] == fold, heads.score(vectors[rows]), scores[rows]
            )
        return scores.round(DIGITS)

    def decide(self, scores: Scores) -> NDArray[np.str_]:
        """Say of every score: yes (for sure), ask (a person should look) or no."""
        sure, doubtful = scores >= self.cutoffs.sure, scores >= self.cutoffs.doubtful
        return np.select([sure, doubtful], ["yes", "ask"], "no")


def mark_interview(transcript: str) -> str:
    """Name an interview in a model's files without saying who it was."""
    return sha256(transcript.encode()).hexdigest()[:16]


def describe_codebook(codebook: Codebook) -> dict[str, str]:
    """Give the part of a card that says which codebook a model is for."""
    return {
        "name": codebook.name,
        "version": codebook.version,
        "fingerprint": codebook.fingerprint,
    }


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
    rows = _read(card, folder, "labels")
    arrays = read_arrays(folder / HEADS, str(card.get("heads_sha256")), _ARRAYS)
    if any(len(arrays[name]) != len(rows) for name in ("weights", "intercepts")):
        raise ModelError(f"{folder / CARD} is damaged: it does not say the labels rightly.")
    froms = np.array(
        [[np.inf if row[name] is None else row[name] for name in _FROM] for row in rows]
    )
    folds = zip(arrays["fold_weights"], arrays["fold_intercepts"], strict=True)
    return Model(
        Heads(arrays["weights"], arrays["intercepts"]),
        Cutoffs(*froms.T),
        tuple(Label(row["code"], row["stance"]) for row in rows),
        card,
        Folds([Heads(*fold) for fold in folds], arrays["interviews"], arrays["left_out"]),
    )


def load_encoder(folder: Path) -> Encoder:
    """Load the encoder that a model's card names. It may lie with the model that it started from.

    Raises ModelError if it is missing or is another one.
    """
    encoder = _read(read_card(folder), folder, "encoder")
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
    return str(_read(read_card(folder), folder, "encoder")["name"])


def read_card(folder: Path) -> dict[str, Any]:
    """Read a model's card. Raises ModelError if there is none, or it is no card."""
    path = folder / CARD
    if not path.exists():
        raise ModelError(f"There is no model in {folder}: {CARD} is missing.")
    try:
        card: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ModelError(f"{path} is damaged: {error}.") from error
    for part in ("codebook", "encoder", "labels"):
        _read(card, folder, part)
    return card


def write_model(folder: Path, model: Model) -> None:
    """Write a model: arrays first and the card last, so that a card describes what is there."""
    stack, shape = model.folds.heads, model.heads.weights.shape
    arrays = {
        **model.heads._asdict(),
        "fold_weights": np.array([heads.weights for heads in stack]).reshape(-1, *shape),
        "fold_intercepts": np.array([heads.intercepts for heads in stack]).reshape(-1, shape[0]),
        "interviews": model.folds.interviews,
        "left_out": model.folds.left_out,
    }
    write_whole(folder / HEADS, lambda part: write_arrays(part, arrays))
    froms = [
        dict(zip(_FROM, map(_finite, row), strict=True)) for row in zip(*model.cutoffs, strict=True)
    ]
    rows = [{**row, **cuts} for row, cuts in zip(model.card["labels"], froms, strict=True)]
    whole = {**model.card, "labels": rows, "heads_sha256": hash_file(folder / HEADS)}
    text = json.dumps(whole, indent=2) + "\n"
    write_whole(folder / CARD, lambda part: part.write_text(text, "utf-8"))


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


def _read(card: Mapping[str, Any], folder: Path, part: str) -> Any:
    """Give a part of a card. Raises ModelError if it is not as it should be."""
    known = {
        "codebook": {"name", "version", "fingerprint"},
        "encoder": {"name", "sha256", "builder", "folder"},
        "labels": {"code", "stance", "mode", *_FROM},
    }
    content = card.get(part) if isinstance(card, dict) else None
    entries = content if part == "labels" and isinstance(content, list) else [content]
    if not all(isinstance(entry, dict) and known[part] <= entry.keys() for entry in entries):
        raise ModelError(f"{folder / CARD} is damaged: it does not say the {part} rightly.")
    return content


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write named arrays, plain numbers and text only."""
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def read_arrays(path: Path, expected: str, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Read named arrays, never objects.

    Raises ModelError if the file is missing, damaged, or has not the SHA-256 expected of it.
    """
    if not path.exists() or sha256(path.read_bytes()).hexdigest() != expected:
        raise ModelError(f"{path} is missing, or not the one that the card describes.")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in names}
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} is damaged: {error}.") from error
