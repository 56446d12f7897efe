"""Where decisions stand after transcripts were edited, by the moves that were recorded.

Ids of passages come from their words, so an id may come to stand for others later: a move is of
the decisions up to one number alone.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import pandas as pd


class Batch(NamedTuple):
    """Moves that were recorded together: of decisions ``upto`` a number, from old to new ids.

    '' is for passages that were not found again.
    """

    upto: int
    moved: dict[str, str]


class Stand(NamedTuple):
    """The id of the passage that a decision stands on; ``is_lost`` if that was not found again."""

    passage: str
    is_lost: bool


def read_batches(database: sqlite3.Connection) -> list[Batch]:
    """Read the moves of a study's file, in the order in which they were recorded."""
    rows = database.execute("SELECT upto, moved_at, coder, old, new FROM moves ORDER BY number")
    together = groupby(rows, key=lambda row: row[:3])
    return [Batch(key[0], {old: new for *_, old, new in batch}) for key, batch in together]


def find_stand(passage: str, number: int, batches: Iterable[Batch]) -> Stand:
    """Say where a decision with a number, made on a passage, stands now.

    >>> batches = [Batch(5, {"a": "b", "b": "c"}), Batch(5, {"c": ""}), Batch(9, {"c": "d"})]
    >>> [find_stand(*said, batches) for said in (("a", 1), ("b", 6))]
    [Stand(passage='b', is_lost=False), Stand(passage='b', is_lost=False)]
    >>> find_stand("b", 1, batches[:2]), find_stand("b", 1, batches)
    (Stand(passage='c', is_lost=True), Stand(passage='d', is_lost=False))
    """
    is_lost = False
    for upto, moved in batches:
        if number <= upto and passage in moved:
            is_lost = not moved[passage]
            passage = moved[passage] or passage
    return Stand(passage, is_lost)


def find_sources(passages: Iterable[str], batches: Sequence[Batch]) -> set[str]:
    """Give every id under which what stands on some passages may have been decided."""
    sources = set(passages)
    for batch in reversed(batches):
        sources |= {old for old, new in batch.moved.items() if (new or old) in sources}
    return sources


def move_rows(rows: pd.DataFrame, batches: Iterable[Batch]) -> pd.DataFrame:
    """Put decisions (columns number, passage) where they stand now; '' for what is lost."""
    passages, is_lost = rows["passage"], pd.Series(False, index=rows.index)
    for upto, moved in batches:
        is_meant = passages.isin(moved) & (rows["number"] <= upto)
        now = passages.map(moved)
        is_lost = is_lost.mask(is_meant, now == "")
        passages = passages.mask(is_meant & (now != ""), now)
    return rows.assign(passage=passages.mask(is_lost, ""))
