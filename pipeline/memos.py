"""Memos: what people note on passages, codes and the study, kept beside their decisions.

A memo is never changed: an edit is a later row that replaces the one before, a deletion one
without text. All of a memo's rows share the number of the first.
"""

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.decisions import open_decisions
from pipeline.errors import UserError
from pipeline.moved_passages import find_stand, read_batches
from pipeline.tables import MEMOS, Memos

ABOUT = ("passage", "code", "study")
_COLUMNS = "number, replaces, about, target, coder, text, written_at"


class Note(NamedTuple):
    """What somebody writes: ``replaces`` is the number of the row that the page had, or 0."""

    about: str
    target: str
    coder: str
    text: str
    replaces: int = 0


class Version(NamedTuple):
    """A memo as it stood at one time; deleted if it has no text.

    ``memo`` is the memo's number, ``number`` the row's.
    """

    memo: int
    number: int
    about: str
    target: str
    coder: str
    text: str
    written_at: str


class MemoChangedError(Exception):
    """A memo was changed since the page that a save comes from was shown; ``now`` is how."""

    def __init__(self, now: Version) -> None:
        super().__init__(now.memo)
        self.now = now


def write_memo(path: Path, note: Note, *, request: str, written_at: str) -> Version:
    """Add a memo, or what replaces a row of it; what was saved already is not saved again.

    What replaces keeps what the memo is about. Raises MemoChangedError if the row was replaced
    since, or if the request saved another text: then nothing is saved. Raises UserError for
    another's memo.
    """
    with open_decisions(path) as database:
        last = _find_last(database)
        if note.replaces:
            note = _continue(note, last)
        saved = database.execute("SELECT number, text FROM memos WHERE request = ?", (request,))
        for number, text in saved:
            return _take_again(note, text, last[number])
        before = last.get(note.replaces)
        if before is not None and before.number != note.replaces:
            raise MemoChangedError(before)
        if before is not None and before.text == note.text:
            return before
        return _insert(database, note, before, request, written_at)


def read_versions(path: Path) -> list[Version]:
    """Read all versions of all memos, the earliest first. A passage's are told of where it is."""
    if not path.exists():
        return []
    with open_decisions(path) as database:
        versions = list(_read(database))
        batches = read_batches(database)
    return [
        one._replace(target=find_stand(one.target, 0, batches).passage)
        if one.about == "passage"
        else one
        for one in versions
    ]


def read_memos(path: Path) -> list[Version]:
    """Read the memos as they stand, without those that were deleted; the newest first."""
    last = {one.memo: one for one in read_versions(path)}
    newest = sorted(last.values(), key=lambda one: one.number, reverse=True)
    return [one for one in newest if one.text]


def search_memos(memos: Iterable[Version], words: str) -> list[Version]:
    """Give the memos that have all of the words in their text or target, in any capitals."""
    wanted = _fold(words).split()
    return [
        one for one in memos if all(word in _fold(f"{one.text} {one.target}") for word in wanted)
    ]


def memos_table(path: Path) -> Memos:
    """Give the memos as they stand as a table, by number."""
    rows = ({**one._asdict(), "number": one.memo} for one in read_memos(path))
    return MEMOS.build(sorted(rows, key=lambda row: row["number"]))


def _read(database: sqlite3.Connection) -> Iterator[Version]:
    memo: dict[int, int] = {}
    for number, replaces, *said in database.execute(f"SELECT {_COLUMNS} FROM memos ORDER BY 1"):
        memo[number] = memo[replaces] if replaces else number
        yield Version(memo[number], number, *said)


def _find_last(database: sqlite3.Connection) -> dict[int, Version]:
    """Give the last version of the memo that each row is of."""
    versions = list(_read(database))
    last = {one.memo: one for one in versions}
    return {one.number: last[one.memo] for one in versions}


def _continue(note: Note, last: dict[int, Version]) -> Note:
    """Have what replaces be about what the memo is about. Raises UserError for another's memo."""
    before = last.get(note.replaces)
    if before is None:
        raise UserError("There is no such memo.")
    if before.coder != note.coder:
        raise UserError(f"Only {before.coder} can change this memo. Write one of your own.")
    return note._replace(about=before.about, target=before.target)


def _take_again(note: Note, text: str, now: Version) -> Version:
    """Give the memo that a request saved already; a page that came back may hold other text."""
    if note.text != text:
        raise MemoChangedError(now)
    return now


def _insert(
    database: sqlite3.Connection, note: Note, before: Version | None, request: str, written_at: str
) -> Version:
    said = (note.about, note.target, note.coder, note.text, written_at)
    done = database.execute(
        "INSERT INTO memos (replaces, about, target, coder, text, written_at, request) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (note.replaces or None, *said, request),
    )
    number = int(done.lastrowid or 0)
    return Version(before.memo if before else number, number, *said)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
