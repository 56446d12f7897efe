"""A model on disk: a card in JSON, arrays without pickle, and what it may be used with."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Codebook, Label
from pipeline.coding.classifiers import Heads
from pipeline.coding.encoders import Vectors
from pipeline.coding.training import Coded
from pipeline.errors import ModelError
from pipeline.tables import CODINGS, Codings, Passages

CARD, HEADS, BASE = "card.json", "heads.npz", "base.npz"


class Model(NamedTuple):
    """Heads with a threshold for every label, and the card that says where they come from."""

    heads: Heads
    thresholds: NDArray[np.float64]
    labels: tuple[Label, ...]
    card: dict[str, Any]


def load_model(folder: Path, codebook: Codebook, encoder: str) -> Model:
    """Load a model for use with a codebook and an encoder's vectors.

    Raises ModelError if it is missing or damaged, or was made for others; both are then named.
    """
    card = read_card(folder)
    ours = {"codebook": f"{codebook.name} {codebook.version}", "encoder": encoder}
    its = {
        "codebook": f"{card['codebook']['name']} {card['codebook']['version']}",
        "encoder": card["encoder"]["name"],
    }
    for part, name in ours.items():
        if its[part] != name:
            raise ModelError(
                f"{folder} was made for the {part} '{its[part]}'; this study uses '{name}'. "
                "Choose another model in study.toml (code.model), or run 'make retrain'."
            )
    labels = tuple(Label(row["code"], row["stance"]) for row in card["labels"])
    if labels != codebook.labels or card["codebook"]["fingerprint"] != codebook.fingerprint:
        raise ModelError(
            f"{folder} was made for other wording of the codebook {ours['codebook']}. "
            "Give the changed codebook a new version and run 'make retrain'."
        )
    arrays = _arrays(folder / HEADS, card["heads_sha256"])
    thresholds = np.array([row["threshold"] for row in card["labels"]])
    return Model(Heads(arrays["weights"], arrays["intercepts"]), thresholds, labels, card)


def read_card(folder: Path) -> dict[str, Any]:
    """Read a model's card. Raises ModelError if there is none, or it is no card."""
    path = folder / CARD
    if not path.exists():
        raise ModelError(f"There is no model in {folder}: {CARD} is missing.")
    try:
        card: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ModelError(f"{path} is damaged: {error}.") from error
    return card


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays as .npz, without pickle. The same arrays give the same bytes."""
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def read_base(folder: Path) -> Coded:
    """Read the coded passages that ship with a model, as vectors and labels without their texts."""
    arrays = _arrays(folder / BASE, read_card(folder)["base_sha256"])
    return Coded(
        arrays["vectors"].astype(np.float32),
        arrays["applied"].astype(bool),
        arrays["interviews"],
        arrays["sources"],
    )


def code_passages(passages: Passages, vectors: Vectors, model: Model, coder: str) -> Codings:
    """Score every passage for every code and stance; "no" is a row too."""
    import pandas as pd

    scores = model.heads.score(vectors)
    codes, stances = zip(*model.labels, strict=True)
    return CODINGS.check(
        pd.DataFrame(
            {
                "passage": np.repeat(passages["passage"].to_numpy(), len(model.labels)),
                "code": np.tile(codes, len(passages)),
                "stance": np.tile(stances, len(passages)),
                "coder": coder,
                "score": scores.ravel(),
                "applied": (scores >= model.thresholds).ravel(),
            }
        )
    )


def applied_matrix(
    codings: Sequence[Sequence[Sequence[str]]], labels: Sequence[Label]
) -> NDArray[np.bool_]:
    """Turn each passage's list of (code, stance) into a row of a passages x labels matrix."""
    places = {label: place for place, label in enumerate(labels)}
    applied = np.zeros((len(codings), len(labels)), dtype=bool)
    for row, pairs in enumerate(codings):
        for code, stance in pairs:
            applied[row, places[Label(code, stance)]] = True
    return applied


def _arrays(path: Path, expected: str) -> dict[str, NDArray[Any]]:
    if not path.exists() or sha256(path.read_bytes()).hexdigest() != expected:
        raise ModelError(f"{path} is missing or is not the file that the model's card describes.")
    with np.load(path, allow_pickle=False) as file:
        return dict(file)
