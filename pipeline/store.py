"""Keep the tables of one study on disk, whole or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from pipeline.errors import UserError
from pipeline.files import write_whole
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
            raise UserError(f"{path} is not there yet. {self._remedy}")
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise UserError(f"{path} is damaged. {self._remedy}") from error
        return shape.check(table)

    def write(self, shape: Shape[T], table: T) -> None:
        """Write a table whole or not at all."""
        checked = shape.check(table)
        write_whole(self.path(shape), lambda part: checked.to_parquet(part, index=False))

    @property
    def _remedy(self) -> str:
        return f"Run 'make analyse STUDY={self.folder.name}' to build it."

    def path(self, shape: Shape[Any]) -> Path:
        """Say where a table is kept."""
        return (self.private if shape.is_private else self.folder) / f"{shape.name}.parquet"
