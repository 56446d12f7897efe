"""A model on disk: a card in JSON, arrays without pickle, and what it may be used with."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Codebook, Label
from pipeline.coding.classifiers import Applied, Heads
from pipeline.coding.encoders import Encoder, Vectors, encoders
from pipeline.coding.training import Trained
from pipeline.errors import ModelError
from pipeline.files import hash_file, write_whole
from pipeline.tables import CODINGS, Codings, Passages

CARD, HEADS = "card.json", "heads.npz"


class Model(NamedTuple):
    """Heads with a threshold for every label, and the card that says where they come from."""

    heads: Heads
    thresholds: NDArray[np.float64]
    labels: tuple[Label, ...]
    card: dict[str, Any]


def load_model(folder: Path, codebook: Codebook) -> Model:
    """Load a model for use with a codebook.

    Raises ModelError if it is missing or damaged, or was made for another codebook or another
    wording of it; both are then named.
    """
    card = read_card(folder)
    made_for = _read(card, folder, "codebook")
    ours, its = codebook.name_and_version, f"{made_for['name']} {made_for['version']}"
    if ours != its:
        raise ModelError(
            f"{folder} was made for the codebook '{its}'; this study uses '{ours}'. "
            "Choose another model in study.toml (code.model)."
        )
    rows = _read(card, folder, "labels")
    labels = tuple(Label(row["code"], row["stance"]) for row in rows)
    if labels != codebook.labels or made_for["fingerprint"] != codebook.fingerprint:
        raise ModelError(
            f"{folder} was made for other wording of the codebook '{ours}'. "
            "Give the changed codebook a new version."
        )
    arrays = _read_arrays(folder / HEADS, card["heads_sha256"])
    thresholds = np.array([row["threshold"] for row in rows])
    return Model(Heads(arrays["weights"], arrays["intercepts"]), thresholds, labels, card)


def load_encoder(folder: Path) -> Encoder:
    """Load the encoder that a model's card names. It may lie with the model that it started from.

    Raises ModelError if it is missing or is another one.
    """
    encoder = _read(read_card(folder), folder, "encoder")
    place = folder.parent / encoder["folder"]
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
    return card


def write_model(folder: Path, trained: Trained, card: Mapping[str, Any]) -> None:
    """Write a model: arrays first and the card last, so that a card describes what is there."""
    heads = trained.heads._asdict()
    write_whole(folder / HEADS, lambda part: _write_arrays(part, heads))
    whole = {**card, "labels": trained.rows, "heads_sha256": hash_file(folder / HEADS)}
    text = json.dumps(whole, indent=2) + "\n"
    write_whole(folder / CARD, lambda part: part.write_text(text, "utf-8"))


def code_passages(passages: Passages, vectors: Vectors, model: Model, coder: str) -> Codings:
    """Score every passage for every code and stance; "no" is a row too."""
    import pandas as pd

    scores = model.heads.score(vectors).round(6)  # beyond, sums differ with the machine
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


def mark_applied(codings: Sequence[Sequence[Sequence[str]]], labels: Sequence[Label]) -> Applied:
    """Turn each passage's (code, stance) pairs into a row of a passages x labels matrix."""
    places = {label: place for place, label in enumerate(labels)}
    applied = np.zeros((len(codings), len(labels)), dtype=bool)
    for row, pairs in enumerate(codings):
        for code, stance in pairs:
            applied[row, places[Label(code, stance)]] = True
    return applied


def _read(card: Mapping[str, Any], folder: Path, part: str) -> Any:
    """Give a part of a card. Raises ModelError if it is not as it should be."""
    known = {
        "codebook": {"name", "version", "fingerprint"},
        "encoder": {"name", "sha256", "builder", "folder"},
    }
    content = card.get(part) if isinstance(card, dict) else None
    is_whole = isinstance(content, dict) and known.get(part, set()) <= content.keys()
    if not (is_whole or (part == "labels" and isinstance(content, list))):
        raise ModelError(f"{folder / CARD} is damaged: it does not say the {part} rightly.")
    return content


def _write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def _read_arrays(path: Path, expected: str) -> dict[str, NDArray[Any]]:
    if not path.exists() or sha256(path.read_bytes()).hexdigest() != expected:
        raise ModelError(f"{path} is missing, or not the one that the card describes.")
    with np.load(path, allow_pickle=False) as file:
        return dict(file)
