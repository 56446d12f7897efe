"""Keep the tables of one study on disk, whole or not at all."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from pipeline.errors import UserError
from pipeline.tables import Shape

T = TypeVar("T", bound=pd.DataFrame)


@dataclass(frozen=True)
class Store:
    """The folder of one study's tables, and the private one of those that hold real names."""

    folder: Path
    private: Path

    def read(self, shape: Shape[T]) -> T:
        """Read a table that an earlier stage has written."""
        path = self.path(shape)
        if not path.exists():
            raise UserError(f"{path} is not there yet. Run 'make analyse' to build it.")
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise UserError(f"{path} is damaged. Run 'make analyse' to build it again.") from error
        return shape.check(table)

    def write(self, shape: Shape[T], table: T) -> None:
        """Write a table whole or not at all."""
        checked = shape.check(table)
        write_whole(self.path(shape), lambda part: checked.to_parquet(part, index=False))

    def path(self, shape: Shape[Any]) -> Path:
        """Say where a table is kept."""
        return (self.private if shape.is_private else self.folder) / f"{shape.name}.parquet"


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path``, then put it in place in one step.

    Raises UserError if the folder cannot be written or the disk is full; the old file stays.
    """
    part = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        if part.is_file():
            part.unlink()
        raise UserError(f"{path} cannot be written: {error.strerror or error}.") from error


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file's content, or nothing if there is no such file."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
