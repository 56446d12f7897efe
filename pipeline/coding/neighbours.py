"""What to hold a model's suggestion against: passages like it that people coded with the label.

A model has no neighbours: it draws one line through all vectors. So these are not its reasons, but
what a person can judge by whether it is right. Where nobody has coded a passage with the label yet,
the codebook's own words stand in.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Codebook, Label
from pipeline.coding.encoders import Encoder, Vectors
from pipeline.coding.likeness import describe

MOST = 3  # passages that are shown
COPIED = 1 / 8  # of all passages


class Neighbour(NamedTuple):
    """A passage that people coded: its place, and its likeness (cosine, -1 to 1)."""

    row: int
    likeness: float


class Saying(NamedTuple):
    """A sentence of the codebook, and its likeness (cosine, -1 to 1)."""

    text: str
    likeness: float


class Sayings(NamedTuple):
    """The codebook's sentences with their vectors; ``labels`` gives the place of each's label."""

    texts: tuple[str, ...]
    vectors: Vectors
    labels: NDArray[np.intp]


def find_neighbours(
    vectors: Vectors,
    row: int,
    coded: NDArray[np.bool_],
    interviews: NDArray[np.intp],
    *,
    most: int = MOST,
) -> list[Neighbour]:
    """Give the likest passages that people coded with a label, other interviews' first.

    ``vectors`` has a row a passage, ``coded`` says which have the label, and ``interviews``
    numbers each one's interview: another speaker shows more than the same one a sentence later.
    """
    rows = np.flatnonzero(coded)
    rows = rows[rows != row]
    likeness = _compare(vectors, rows, vectors[row])
    order = np.lexsort((-likeness, interviews[rows] == interviews[row]))[:most]
    return [Neighbour(int(rows[place]), float(likeness[place])) for place in order]


def embed_sayings(codebook: Codebook, encoder: Encoder) -> Sayings:
    """Make vectors of what the codebook says of each label, to be kept while a page is open."""
    said = [
        (text, place)
        for place, label in enumerate(codebook.labels)
        for text in _find_examples(codebook, label)
    ]
    texts, places = zip(*said, strict=True)
    vectors = np.array(list(encoder.encode(texts)), dtype=np.float32)
    return Sayings(texts, vectors, np.array(places, dtype=np.intp))


def find_saying(sayings: Sayings, label: int, vector: Vectors) -> Saying:
    """Give what the codebook says of a label (by its place) that is likest to a passage."""
    rows = np.flatnonzero(sayings.labels == label)
    likeness = _compare(sayings.vectors, rows, vector)
    best = int(np.argmax(likeness))
    return Saying(sayings.texts[rows[best]], float(likeness[best]))


def _find_examples(codebook: Codebook, label: Label) -> list[str]:
    """List a label's examples, or what else the codebook says of it if it has none."""
    code = next(code for code in codebook.codes if code.id == label.code)
    examples = [one.text for one in code.examples if one.stance == label.stance]
    return examples or list(describe(codebook, label))


def _compare(vectors: Vectors, rows: NDArray[np.intp], vector: Vectors) -> Vectors:
    """Give the cosine of some rows with a vector: encoders give vectors of length 1.

    To copy the rows out takes longer than to multiply them all, once they are many.
    """
    if len(rows) > COPIED * len(vectors):
        return np.asarray((vectors @ vector)[rows])
    return np.asarray(vectors[rows] @ vector)
