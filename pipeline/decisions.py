"""What people decided: an append-only SQLite file that belongs to the study.

Everything else can be made again; this cannot. A decision is never changed: a later one by the
same coder on the same passage, code and stance takes its place, and both stay. So it is with
undoing (a later row that withdraws) and with memos. What was coded is kept by its words, too, so
that decisions can be found their place again when a transcript was edited.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.errors import UserError
from pipeline.moved_passages import find_sources, find_stand, move_rows, read_batches
from pipeline.tables import DECISIONS, Decisions

APPLICATION_ID = 0x33505752  # '3PWR', so that no other program's file is taken for ours
VERSION = 2
_COLUMNS = tuple(column for column in DECISIONS.columns if column != "number")
_MORE = ("is_withdrawn", "request")
_FIRST = """
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
"""
_SECOND = """
ALTER TABLE decisions ADD COLUMN is_withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN request TEXT NOT NULL DEFAULT '';
CREATE INDEX decisions_of_passage ON decisions (passage, coder);
CREATE INDEX decisions_of_coder ON decisions (coder, passage, code, stance, is_withdrawn);
CREATE INDEX decisions_of_request ON decisions (request) WHERE request <> '';
CREATE TABLE anchors (
    passage TEXT PRIMARY KEY, transcript TEXT NOT NULL, text TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL, alike TEXT NOT NULL, repeats INTEGER NOT NULL
) STRICT;
CREATE TABLE moves (
    number INTEGER PRIMARY KEY AUTOINCREMENT, old TEXT NOT NULL, new TEXT NOT NULL,
    upto INTEGER NOT NULL, coder TEXT NOT NULL, how TEXT NOT NULL, moved_at TEXT NOT NULL
) STRICT;
CREATE TABLE memos (
    number INTEGER PRIMARY KEY AUTOINCREMENT, replaces INTEGER REFERENCES memos (number),
    coder TEXT NOT NULL CHECK (coder <> ''), about TEXT NOT NULL, target TEXT NOT NULL,
    text TEXT NOT NULL, written_at TEXT NOT NULL, request TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER memos_stay BEFORE UPDATE ON memos
    BEGIN SELECT RAISE(ABORT, 'memos are never changed'); END;
CREATE TRIGGER memos_are_kept BEFORE DELETE ON memos
    BEGIN SELECT RAISE(ABORT, 'memos are never deleted'); END;
CREATE TRIGGER moves_stay BEFORE UPDATE ON moves
    BEGIN SELECT RAISE(ABORT, 'moves are never changed'); END;
CREATE TRIGGER moves_are_kept BEFORE DELETE ON moves
    BEGIN SELECT RAISE(ABORT, 'moves are never deleted'); END;
"""
# Of the rows of a group, SQLite gives the one that has the highest number.
_DECIDED = (
    "SELECT DISTINCT passage FROM (SELECT passage, is_withdrawn, max(number) FROM decisions "
    "WHERE coder = ? GROUP BY passage, code, stance) WHERE is_withdrawn = 0"
)
_STEPS = (_FIRST, _SECOND)  # each makes a file of the version before into one of the next


GIVEN_UP = "given up"  # how a passage was moved that a person said is in the study no more


class Said(NamedTuple):
    """What a coder decided last on a label of a passage; ``number`` is the row's."""

    number: int
    coder: str
    passage: str
    code: str
    stance: str
    applied: int
    codebook_version: str
    selection: str
    probability: float | None
    is_withdrawn: int


class ChangedError(Exception):
    """A passage was decided on since the page that a save comes from was shown."""


# A passage as it was when it was coded: passage, transcript, text, before, after, alike, repeats.
Anchor = tuple[str, str, str, str, str, Sequence[str], int]


def record(
    path: Path, decisions: Sequence[Mapping[str, Any]], *, anchors: Iterable[Anchor] = ()
) -> None:
    """Add decisions (the columns of tables.DECISIONS but ``number``), all of them or none."""
    with open_decisions(path) as database:
        _insert(database, decisions)
        _keep_anchors(database, anchors)


def save(
    path: Path, decisions: Sequence[Mapping[str, Any]], *, request: str, seen: int, anchor: Anchor
) -> int:
    """Add a coder's decisions on one passage; give the number of the last.

    A ``request`` that was saved already is not saved again. ``seen`` is the number of the coder's
    last decision on the passage that the page had. Raises ChangedError if there is a later one:
    then nothing is saved.
    """
    coder, passage = decisions[0]["coder"], decisions[0]["passage"]
    with open_decisions(path) as database:
        done = _find_last(database, "request = ? AND request <> ''", request)
        if done:
            return done
        if _find_last(database, "passage = ? AND coder = ?", passage, coder) > seen:
            raise ChangedError(passage)
        _insert(database, [{**row, "request": request} for row in decisions])
        _keep_anchors(database, [anchor])
        return _find_last(database, "passage = ? AND coder = ?", passage, coder)


def read_decisions(path: Path) -> Decisions:
    """Read what each coder decided last on each passage, code and stance, where it stands now.

    A study in which nobody has decided anything yet has an empty table. What was withdrawn is left
    out; what was moved to another passage, because the transcript was edited, is told of that one.
    """
    if not path.exists():
        return DECISIONS.build([])
    with open_decisions(path) as database:
        rows = pd.read_sql_query("SELECT * FROM decisions ORDER BY number", database)
        moved = move_rows(rows, read_batches(database))
    last = moved[moved["passage"] != ""].drop_duplicates(
        ["coder", "passage", "code", "stance"], keep="last"
    )
    return DECISIONS.check(last[last["is_withdrawn"] == 0])


def read_said(
    path: Path,
    *,
    passages: Collection[str] | None = None,
    coder: str | None = None,
    is_lost: bool = False,
) -> list[Said]:
    """Read what each coder said last, by where it stands now: of some passages, or by one coder.

    The quick way for a page: what was withdrawn is told, too. What was not found again is left out,
    unless it ``is_lost`` that is asked for.
    """
    with open_decisions(path) as database:
        batches = read_batches(database)
        uptos = sorted({batch.upto for batch in batches})
        wanted, values = ["1"], list[str]()
        if passages is not None:
            wanted.append("passage IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(find_sources(passages, batches))))
        if coder is not None:
            wanted.append("coder = ?")
            values.append(coder)
        band = " + ".join(f"(number > {upto})" for upto in (0, *uptos))
        rows = database.execute(
            f"SELECT max(number), {', '.join(Said._fields[1:])} FROM decisions "
            f"WHERE {' AND '.join(wanted)} GROUP BY coder, passage, code, stance, {band}",
            values,
        ).fetchall()
    last: dict[tuple[str, ...], Said] = {}
    for said in sorted(map(Said._make, rows)):
        now, lost = find_stand(said.passage, said.number, batches)
        if lost == is_lost and (passages is None or now in passages):
            last[now, said.coder, said.code, said.stance] = said._replace(passage=now)
    return list(last.values())


def list_decided(path: Path, coder: str) -> set[str]:
    """List the passages that a coder decided on, and did not withdraw, by where that stands now."""
    with open_decisions(path) as database:
        if not read_batches(database):
            return {row[0] for row in database.execute(_DECIDED, (coder,))}
    return {said.passage for said in read_said(path, coder=coder) if not said.is_withdrawn}


def read_anchors(path: Path) -> list[Anchor]:
    """Read what is known of the passages that decisions stand on, by the id that each has now."""
    return _read_anchors(path, is_lost=False)


def read_lost(path: Path) -> list[Anchor]:
    """Read what is known of passages with decisions that were not found again, and not given up."""
    return _read_anchors(path, is_lost=True)


def record_moves(
    path: Path,
    moves: Sequence[tuple[str, str, str]],
    *,
    anchors: Iterable[Anchor] = (),
    coder: str,
    moved_at: str,
) -> None:
    """Record where passages stand now, after their transcripts were edited: old, new, how.

    What was decided so far on the old ones is told of the new ones; '' is for those that a person
    must place. ``anchors`` are of the new passages.
    """
    with open_decisions(path) as database:
        upto = database.execute("SELECT coalesce(max(number), 0) FROM decisions").fetchone()[0]
        database.executemany(
            "INSERT INTO moves (old, new, upto, coder, how, moved_at) VALUES (?, ?, ?, ?, ?, ?)",
            [(old, new, upto, coder, how, moved_at) for old, new, how in moves],
        )
        _keep_anchors(database, anchors)


def follow(moves: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Give where each passage that was moved stands now; '' for one that was given up.

    >>> follow([("a", "b"), ("b", "c"), ("d", "e"), ("d", "")])
    {'a': 'c', 'b': 'c', 'd': ''}
    """
    now: dict[str, str] = {}
    for old, new in moves:
        now |= {before: new for before, after in now.items() if after == old}
        now[old] = new
    return now


@contextmanager
def open_decisions(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the study's file in one transaction that waits its turn; create it if need be.

    A file of an earlier version is copied beside itself before it is brought up to date. Raises
    UserError for a file that is damaged, another program's, or a later version's.
    """
    try:
        database = sqlite3.connect(path, isolation_level=None, timeout=10)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("BEGIN IMMEDIATE")
            _prepare(path, database)
            yield database
            database.execute("COMMIT")
        finally:
            database.close()  # rolls back what was not committed
    except sqlite3.DatabaseError as error:
        raise UserError(f"{path} cannot be used: {error}. Nothing in it was changed.") from error


def _insert(database: sqlite3.Connection, decisions: Sequence[Mapping[str, Any]]) -> None:
    names = (*_COLUMNS, *_MORE)
    database.executemany(
        f"INSERT INTO decisions ({', '.join(names)}) "
        f"VALUES ({', '.join(f':{name}' for name in names)})",
        [{"is_withdrawn": 0, "request": "", **row} for row in decisions],
    )


def _keep_anchors(database: sqlite3.Connection, anchors: Iterable[Anchor]) -> None:
    database.executemany(
        "INSERT OR REPLACE INTO anchors VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(*anchor[:5], json.dumps(anchor[5]), anchor[6]) for anchor in anchors],
    )


def _read_anchors(path: Path, *, is_lost: bool) -> list[Anchor]:
    if not path.exists():
        return []
    with open_decisions(path) as database:
        batches = read_batches(database)
        ends = database.execute(
            "SELECT passage, min(number) FROM decisions GROUP BY passage "
            "UNION SELECT passage, max(number) FROM decisions GROUP BY passage"
        ).fetchall()
        how = database.execute("SELECT old, how, max(number) FROM moves GROUP BY old").fetchall()
        rows = database.execute("SELECT * FROM anchors").fetchall()
    stands = {find_stand(passage, number, batches) for passage, number in ends}
    found = {passage for passage, lost in stands if not lost}
    gone = {old for old, last, _ in how if last == GIVEN_UP}
    wanted = {stand.passage for stand in stands} - found - gone if is_lost else found
    return [(*row[:5], tuple(json.loads(row[5])), row[6]) for row in rows if row[0] in wanted]


def _find_last(database: sqlite3.Connection, where: str, *values: str) -> int:
    """Give the number of the last decision of a kind, 0 if there is none."""
    query = f"SELECT max(number) FROM decisions WHERE {where}"
    return int(database.execute(query, values).fetchone()[0] or 0)


def _prepare(path: Path, database: sqlite3.Connection) -> None:
    """Bring the file to the present version, within the open transaction."""
    version = _find_version(path, database)
    if version == VERSION:
        return
    if version:
        _back_up(path, path.with_name(f"{path.stem}-version-{version}{path.suffix}"))
    for step in _STEPS[version:]:
        for statement in _statements(step):
            database.execute(statement)
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {VERSION}")


def _find_version(path: Path, database: sqlite3.Connection) -> int:
    """Give the file's version, 0 for an empty one. Raises UserError for one not to be used."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (application,) = database.execute("PRAGMA application_id").fetchone()
    if application == APPLICATION_ID:
        if version > VERSION:
            raise UserError(f"{path} was made by a later three-powers. Update three-powers first.")
        return int(version)
    if database.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
        raise UserError(f"{path} is another program's file. Move it out of the study's folder.")
    return 0


def _back_up(path: Path, copy: Path) -> None:
    """Copy the file as it was before this transaction, whatever still stands in its log."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _statements(script: str) -> Iterator[str]:
    """Split a script at its complete statements: executescript would end our transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def check_whole(path: Path) -> None:
    """Raise UserError if the study's file is damaged; it takes a while for a large one."""
    if not path.exists():
        return
    with open_decisions(path) as database:
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise UserError(f"{path} is damaged ({found}). Bring it back from a backup.")
