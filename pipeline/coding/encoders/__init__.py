"""Turn texts into vectors. To add an encoder, add a module here that registers a builder."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.registry import Registry

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """A sentence embedding model. Its name must change whenever its vectors would."""

    name: str
    size: int

    def encode(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        """Give the vectors of all texts, batch by batch: the texts' places, and a row for each."""
        ...


# Takes the folder of the model that the encoder belongs to.
Builder = Callable[[Path], Encoder]
encoders: Registry[Builder] = Registry("encoder", __name__)
