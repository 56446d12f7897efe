"""Vectors of passages, asking the encoder only for texts that it has not met before."""

import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from pipeline.coding.encoders import Encoder, Vectors
from pipeline.errors import UserError

Cache = dict[str, Vectors]
PERSON = re.compile(r"\[(?:person |P)\d+\]")
PLACE = re.compile(r"\[place \d+\]")


def embed(
    texts: Sequence[str],
    encoder: Encoder,
    seen: Cache,
    progress: Callable[[Sequence[str]], Iterable[str]] = list,
) -> Cache:
    """Give the vector of every text by its key, asking the encoder only for those not seen.

    ``progress`` wraps the texts that are encoded, to draw a bar.
    """
    wanted = {text_key(encoder.name, text): without_numbers(text) for text in texts}
    new = {key: text for key, text in wanted.items() if key not in seen}
    vectors = encoder.encode(list(new.values()))
    made = {key: next(vectors) for key in progress(list(new))}
    return {key: made[key] if key in made else seen[key] for key in wanted}


def look_up(texts: Sequence[str], encoder: str, cache: Cache) -> Vectors:
    """Give one row for each text. Raises UserError if one has no vector yet."""
    keys = [text_key(encoder, text) for text in texts]
    if not all(key in cache for key in keys):
        raise UserError("Some passages have no vectors yet. Run 'make analyse' to make them.")
    return np.array([cache[key] for key in keys], dtype=np.float32)


def text_key(encoder: str, text: str) -> str:
    """Name a text's vector by encoder and words, so that another encoder never gets it."""
    return sha256(f"{encoder}\n{without_numbers(text)}".encode()).hexdigest()


def without_numbers(text: str) -> str:
    """Put plain words for numbered pseudonyms: which number a person has must not matter.

    >>> without_numbers("[person 12] met [P03] in [place 4], see [email].")
    'somebody met somebody in somewhere, see [email].'
    """
    return PLACE.sub("somewhere", PERSON.sub("somebody", text))


def write_cache(path: Path, cache: Cache) -> None:
    """Write vectors with their keys; the same vectors give the same bytes."""
    with path.open("wb") as file:
        np.savez(file, keys=np.array(list(cache)), vectors=np.array(list(cache.values())))


def read_cache(path: Path) -> Cache:
    """Read what was written before; a missing or damaged file (it has checksums) is as none."""
    if not path.exists():
        return {}
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
