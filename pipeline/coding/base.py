"""The codings that a model was trained on, as vectors and labels: texts may not be shipped.

A number of a vector takes a byte: its share of the vector's largest, in 127ths.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.arrays import Wanted, pack_arrays, read_arrays
from pipeline.coding.card import read_card
from pipeline.coding.classifiers import Examples
from pipeline.files import write_whole

BASE = "base.npz"
_ARRAYS = {
    "vectors": Wanted("i", ("passages", "size")),
    "applied": Wanted("u", ("passages", "bytes")),  # a bit for each label
    "known": Wanted("u", ("passages", "bytes")),
}
WEIGHT = 0.05  # of a shipped coding, where a decision of the study has 1


def write_base(folder: Path, base: Examples) -> str:
    """Write coded vectors of length 1 beside a model; give the file's SHA-256 for the card.

    Of the weights it keeps only which are not 0: where coders disagree, nothing is known.
    """
    largest = np.abs(base.vectors).max(axis=1, keepdims=True)
    arrays: dict[str, NDArray[Any]] = {
        "vectors": np.round(base.vectors / largest * 127).astype(np.int8),
        "applied": np.packbits(base.applied, axis=1),
        "known": np.packbits(base.weight > 0, axis=1),
    }
    content = pack_arrays(arrays)
    write_whole(folder / BASE, lambda part: part.write_bytes(content))
    return sha256(content).hexdigest()


def read_base(folder: Path) -> Examples | None:
    """Read the codings that lie beside a model, or None if it names none.

    They count little: the encoder knows these passages, and the heads that retraining starts from
    were made from them already (measured: docs/decisions/retraining.md).

    Raises ModelError if the file is not the one that the card names.
    """
    card = read_card(folder)
    if not card.get("base_sha256"):
        return None
    labels = len(card["labels"])
    arrays = read_arrays(folder / BASE, card["base_sha256"], _ARRAYS, {"bytes": -(-labels // 8)})
    applied, known = (
        np.unpackbits(arrays[name], axis=1, count=labels).astype(bool)
        for name in ("applied", "known")
    )
    vectors = arrays["vectors"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Examples(vectors, applied, known * WEIGHT)
