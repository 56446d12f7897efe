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

    def encode(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """Give the vector of each text in turn."""
        ...


# Takes the folder of the model that it belongs to, its name, and its file's SHA-256.
Builder = Callable[[Path, str, str], Encoder]
encoders: Registry[Builder] = Registry("encoder", __name__)
