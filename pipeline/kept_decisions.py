"""Everything that a file of decisions keeps: read it, from a copy if need be, and add to it."""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pandas as pd

from pipeline.decisions import APPLICATION_ID, VERSION, open_decisions
from pipeline.edited import follow_talk
from pipeline.errors import UnknownChoiceError, UserError
from pipeline.moved_passages import Batch, move_rows, read_batches
from pipeline.tables import AND, JOINT, MODEL, Passages, name_joint

ROW = [
    *("coder", "passage", "code", "stance", "applied", "codebook_version", "selection"),
    *("probability", "decided_at", "is_withdrawn", "request"),
]
_NUMBERS = {"applied": "int64", "is_withdrawn": "int64", "probability": "float64"}
_NOTE = ("replaces", "about", "target", "coder", "text", "written_at", "request")

Memo = dict[str, Any]


class Kept(NamedTuple):
    """Decisions with ``at``, the passage that each stands on now ('' for none), in their order;
    what was moved; the rows of anchors and memos.
    """

    decisions: pd.DataFrame
    batches: list[Batch]
    anchors: list[tuple[Any, ...]]
    memos: list[Memo]


def read_kept(database: sqlite3.Connection) -> Kept:
    """Read everything from an open file."""
    rows = pd.read_sql_query("SELECT * FROM decisions ORDER BY number", database)
    rows = rows.astype(dict.fromkeys(ROW, "str") | _NUMBERS)
    batches = read_batches(database)
    memos = database.execute(f"SELECT number, {', '.join(_NOTE)} FROM memos ORDER BY number")
    return Kept(
        rows.assign(at=move_rows(rows, batches)["passage"]),
        batches,
        database.execute("SELECT * FROM anchors").fetchall(),
        [dict(zip(("number", *_NOTE), row, strict=True)) for row in memos],
    )


def read_copy(path: Path) -> Kept:
    """Read a file without changing anything in it or beside it; one that is not there is empty."""
    with TemporaryDirectory() as folder, open_decisions(_copy(path, Path(folder))) as database:
        return read_kept(database)


def read_elsewhere(path: Path, passages: Passages) -> Kept:
    """Read somebody else's file from a copy, its decisions where they stand among ``passages``.

    What was decided on talk that was edited between the two is found again as after any edit.
    Raises UserError for a file that is not there, damaged, another program's or a later version's.
    """
    if not path.is_file():
        raise UserError(f"There is no file {path}.")
    with TemporaryDirectory() as folder:
        copy = _copy(path, Path(folder))
        _check(path, copy)
        try:
            follow_talk(copy, passages)
            with open_decisions(copy) as database:
                return read_kept(database)
        except UserError as error:  # which names the copy
            raise UserError(str(error).replace(str(copy), str(path))) from error


def rename(kept: Kept, names: Mapping[str, str]) -> Kept:
    """Give coders other names, also in what they decided with others."""
    coders = {*kept.decisions["coder"], *(memo["coder"] for memo in kept.memos)}
    people = {person for coder in coders for person in _split(coder)}
    for old, new in names.items():
        if old not in people:
            raise UnknownChoiceError("coder", old, people)
        if not new.strip() or new.casefold().startswith((MODEL, JOINT)):
            raise UserError(f"'{new}' is no person's name. Give {old} another one.")

    def give(coder: str) -> str:
        now = [names.get(person, person) for person in _split(coder)]
        return name_joint(now) if coder.startswith(JOINT) else now[0]

    given = {coder: give(coder) for coder in coders}
    rows = kept.decisions.assign(coder=kept.decisions["coder"].map(given))
    memos = [memo | {"coder": given[memo["coder"]]} for memo in kept.memos]
    return kept._replace(decisions=rows, memos=memos)


def add_decisions(database: sqlite3.Connection, rows: pd.DataFrame) -> None:
    """Add rows after all others."""
    cells = rows[ROW].astype(object).where(rows[ROW].notna(), None)
    database.executemany(
        f"INSERT INTO decisions ({', '.join(ROW)}) VALUES ({', '.join('?' * len(ROW))})",
        cells.itertuples(index=False, name=None),
    )


def add_memos(database: sqlite3.Connection, mine: list[Memo], theirs: list[Memo]) -> None:
    """Add to the file whose memos are ``mine`` those that it has not.

    Of a memo that was changed in both files since, the version that was written later stands.
    """
    numbers = {memo["request"]: memo["number"] for memo in mine}
    added: dict[int | None, int] = {}
    for memo in theirs:
        known = numbers.get(memo["request"])
        row = memo | {"replaces": added.get(memo["replaces"])}
        added[memo["number"]] = known or _add_memo(database, row)
    requests, last = {memo["request"] for memo in theirs}, _find_last(theirs)
    for first, here in _find_last(mine).items():
        there = last.get(first, here)
        are_apart = here["request"] not in requests and there["request"] not in numbers
        if are_apart and here["written_at"] > there["written_at"]:
            again = {"replaces": added[there["number"]], "request": f"{here['request']} again"}
            _add_memo(database, here | again)


def _split(coder: str) -> list[str]:
    return coder.removeprefix(JOINT).split(AND) if coder.startswith(JOINT) else [coder]


def _copy(path: Path, folder: Path) -> Path:
    """Copy a file, with what was saved last, which may stand in the log beside it."""
    copy = folder / "coding.sqlite"
    for end in ("", "-wal"):
        source = path.with_name(path.name + end)
        try:
            if source.exists():
                shutil.copyfile(source, folder / f"{copy.name}{end}")
        except OSError as error:
            raise UserError(f"{source} cannot be read: {error.strerror or error}.") from error
    return copy


def _check(path: Path, copy: Path) -> None:
    """Refuse a copy by what is in it, and by the name of the file that it is of."""
    names = ("application_id", "user_version", "quick_check(1)")
    try:
        with closing(sqlite3.connect(copy)) as database:
            found = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    except sqlite3.DatabaseError:
        found = [APPLICATION_ID, VERSION, "no database"]
    application, version, state = found
    if state != "ok":
        raise UserError(f"{path} is damaged ({state}). Ask for another copy of it.")
    if application != APPLICATION_ID:
        raise UserError(f"{path} is no file of three-powers: name a study's coding.sqlite.")
    if version > VERSION:
        raise UserError(f"{path} was made by a later three-powers. Update three-powers first.")


def _add_memo(database: sqlite3.Connection, memo: Memo) -> int:
    done = database.execute(
        f"INSERT INTO memos ({', '.join(_NOTE)}) VALUES ({', '.join('?' * len(_NOTE))})",
        [memo[name] for name in _NOTE],
    )
    return int(done.lastrowid or 0)


def _find_last(memos: list[Memo]) -> dict[str, Memo]:
    """Give the last version of each memo, by the request of its first."""
    first: dict[int | None, str] = {}
    for memo in memos:
        first[memo["number"]] = first.get(memo["replaces"]) or str(memo["request"])
    return {first[memo["number"]]: memo for memo in memos}
