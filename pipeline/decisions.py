"""What people decided: an append-only SQLite file that belongs to the study.

Everything else can be made again; this cannot. A decision is never changed: a later one by the
same coder on the same passage, code and stance takes its place, and both stay.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import UserError
from pipeline.tables import DECISIONS, Decisions

APPLICATION_ID = 0x33505752  # '3PWR', so that no other program's file is taken for ours
VERSION = 1
_COLUMNS = tuple(column for column in DECISIONS.columns if column != "number")
_CREATE = f"""
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    coder TEXT NOT NULL CHECK (coder <> ''), passage TEXT NOT NULL, code TEXT NOT NULL,
    stance TEXT NOT NULL, applied INTEGER NOT NULL CHECK (applied IN (0, 1)),
    codebook_version TEXT NOT NULL, selection TEXT NOT NULL, probability REAL,
    decided_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;
CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are never deleted'); END;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""


def record(path: Path, decisions: Sequence[Mapping[str, Any]]) -> None:
    """Add decisions (the columns of tables.DECISIONS but ``number``), all of them or none."""
    with _open(path) as database:
        database.executemany(
            f"INSERT INTO decisions ({', '.join(_COLUMNS)}) "
            f"VALUES ({', '.join(f':{column}' for column in _COLUMNS)})",
            decisions,
        )


def read_decisions(path: Path) -> Decisions:
    """Read what each coder decided last on each passage, code and stance.

    A study in which nobody has decided anything yet has an empty table.
    """
    if not path.exists():
        return DECISIONS.build([])
    with _open(path) as database:
        rows = pd.read_sql_query("SELECT * FROM decisions ORDER BY number", database)
    return DECISIONS.check(
        rows.drop_duplicates(["coder", "passage", "code", "stance"], keep="last")
    )


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the study's file in one transaction that waits its turn; create it if need be.

    Raises UserError for a file that is damaged, another program's, or a later version's.
    """
    try:
        database = sqlite3.connect(path, isolation_level=None, timeout=10)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("BEGIN IMMEDIATE")
            _prepare(path, database)
            yield database
            database.execute("COMMIT")
        finally:
            database.close()  # rolls back what was not committed
    except sqlite3.DatabaseError as error:
        raise UserError(f"{path} cannot be used: {error}. Nothing in it was changed.") from error


def _prepare(path: Path, database: sqlite3.Connection) -> None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (application,) = database.execute("PRAGMA application_id").fetchone()
    if (application, version) == (APPLICATION_ID, VERSION):
        return
    if application == APPLICATION_ID:
        raise UserError(f"{path} was made by a later three-powers. Update three-powers first.")
    if database.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
        raise UserError(f"{path} is another program's file. Move it out of the study's folder.")
    for statement in _statements(_CREATE):
        database.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """Split a script at its complete statements: executescript would end our transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
