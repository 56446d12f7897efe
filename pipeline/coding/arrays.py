"""Named arrays on disk: plain numbers and text, never objects, and of the shapes expected."""

import io
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError

Arrays = dict[str, NDArray[Any]]


class Wanted(NamedTuple):
    """What an array must be: the letter of its kind (numpy's) and a name for each side."""

    kind: str
    sides: tuple[str, ...]


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Give the content of a file of named arrays, plain numbers and text only."""
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def read_arrays(
    path: Path, expected: str, wanted: Mapping[str, Wanted], sizes: Mapping[str, int]
) -> Arrays:
    """Read named arrays; sides of one name are of one length, which ``sizes`` may give.

    Raises ModelError if the file is missing, damaged, or has not the SHA-256 expected of it, or
    if an array is of another kind or shape, or holds numbers that are none.
    """
    if not path.is_file() or sha256(path.read_bytes()).hexdigest() != expected:
        raise ModelError(f"{path} is missing, or not the one that the card describes.")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in wanted}
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} is damaged: {error}.") from error
    known = dict(sizes)
    for name, array in arrays.items():
        if not _fits(array, wanted[name], known):
            raise ModelError(f"{path} is damaged: '{name}' is not of the shape that it should be.")
    return arrays


def _fits(array: NDArray[Any], wanted: Wanted, known: dict[str, int]) -> bool:
    return (
        array.dtype.kind == wanted.kind
        and array.ndim == len(wanted.sides)
        and all(
            known.setdefault(side, length) == length
            for side, length in zip(wanted.sides, array.shape, strict=True)
        )
        and (wanted.kind != "f" or bool(np.isfinite(array).all()))
    )
