"""Vectors of passages, asking the encoder only for texts that it has not met before."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from pipeline.coding.encoders import Encoder, Vectors

Cache = dict[str, Vectors]


def embed(
    texts: Sequence[str],
    encoder: Encoder,
    seen: Cache,
    progress: Callable[[Sequence[str]], Iterator[object]] = iter,
) -> tuple[Cache, int]:
    """Give the vector of every text by its key, and how many the encoder was asked for.

    ``progress`` is drawn from once a text that is encoded, to move a bar.
    """
    wanted = {text_key(encoder.name, text): text for text in texts}
    cache = {key: seen[key] for key in wanted if key in seen}
    new = [key for key in wanted if key not in seen]
    steps = progress(new)
    for places, vectors in encoder.encode([wanted[key] for key in new]) if new else ():
        for place, vector in zip(places, vectors, strict=True):
            cache[new[place]] = vector
            next(steps)
    next(steps, None)  # lets the bar close
    return {key: cache[key] for key in wanted}, len(new)


def look_up(texts: Sequence[str], encoder: str, cache: Cache) -> Vectors:
    """Give one row for each text; all must be in the cache."""
    return np.array([cache[text_key(encoder, text)] for text in texts], dtype=np.float32)


def text_key(encoder: str, text: str) -> str:
    """Name a text's vector by encoder and words, so that another encoder never gets it."""
    return sha256(f"{encoder}\n{text}".encode()).hexdigest()


def write_cache(path: Path, cache: Cache) -> None:
    """Write vectors with their keys; the same vectors give the same bytes."""
    with path.open("wb") as file:
        np.savez(file, keys=np.array(list(cache)), vectors=np.array(list(cache.values())))


def read_cache(path: Path) -> Cache:
    """Read what was written before; a missing or damaged file (it has checksums) is as none."""
    if not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
