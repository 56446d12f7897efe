"""The shape of a table: its columns, what they mean, and what identifies a row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import pandas as pd

from pipeline.errors import TableError

T = TypeVar("T", bound=pd.DataFrame)


@dataclass(frozen=True)
class Shape(Generic[T]):
    """The columns of one table, what each means, their dtypes, and the columns that identify a row.

    ``columns`` maps a column's name to its dtype and its meaning; the meaning is what the data
    dictionary of the exports prints. A private table may hold real names: it is kept in the
    study's private/ folder and never exported.
    """

    name: str
    columns: Mapping[str, tuple[str, str]]
    key: tuple[str, ...]
    is_private: bool = False

    def build(self, rows: Iterable[Mapping[str, Any]]) -> T:
        """Make a checked table from records."""
        return self.check(pd.DataFrame(list(rows), columns=list(self.columns)))

    def check(self, table: pd.DataFrame) -> T:
        """Return the table with columns ordered and cast, or say what is wrong with it."""
        missing = [column for column in self.columns if column not in table]
        if missing:
            raise TableError(f"The {self.name} table has no column {', '.join(missing)}.")
        dtypes = {column: dtype for column, (dtype, _) in self.columns.items()}
        try:
            checked = table[list(self.columns)].astype(dtypes)
        except (TypeError, ValueError) as error:
            raise TableError(
                f"The {self.name} table holds a value of the wrong kind: {error}"
            ) from error
        repeated = checked.loc[checked.duplicated(list(self.key)), list(self.key)]
        if len(repeated):
            raise TableError(
                f"The {self.name} table repeats {len(repeated)} row(s), "
                f"the first being {repeated.iloc[0].to_dict()}."
            )
        return cast(T, checked.reset_index(drop=True))
