"""The codings that a model was trained on, as vectors and labels: texts may not be shipped."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.classifiers import Examples
from pipeline.coding.model import read_arrays, read_card, write_arrays
from pipeline.files import hash_file, write_whole

BASE = "base.npz"
WEIGHT = 0.1  # of a shipped coding, where a decision of the study has 1


def write_base(folder: Path, base: Examples) -> str:
    """Write coded vectors beside a model, small; give the file's SHA-256 for the card."""
    arrays: dict[str, NDArray[Any]] = {
        "vectors": base.vectors.astype(np.float16),
        "applied": np.packbits(base.applied, axis=1),
    }
    write_whole(folder / BASE, lambda part: write_arrays(part, arrays))
    return hash_file(folder / BASE)


def read_base(folder: Path) -> Examples | None:
    """Read the codings that lie beside a model, or None if it names none.

    They count little: the encoder knows these passages, and the heads that retraining starts from
    were made from them already (measured: docs/decisions/retraining.md).

    Raises ModelError if the file is not the one that the card names.
    """
    card = read_card(folder)
    if "base_sha256" not in card:
        return None
    arrays = read_arrays(folder / BASE, card["base_sha256"], ("vectors", "applied"))
    labels = len(card["labels"])
    applied = np.unpackbits(arrays["applied"], axis=1, count=labels).astype(bool)
    return Examples(arrays["vectors"].astype(np.float32), applied, np.full(applied.shape, WEIGHT))
