"""Transcripts as they are read: every turn in order, with the passages in their places."""

import re
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Any, NamedTuple

import pandas as pd

from pipeline.errors import UserError
from pipeline.review.desk import Desk, Shelf
from pipeline.tables import SAFE_TURNS, SafeTurns

_TURN = ["turn", "speaker", "is_participant", "start_seconds", "text"]


class Transcript(NamedTuple):
    """A transcript, and which rows of turns and of passages on the shelf are its own."""

    name: str
    participant: str
    area: str
    turns: slice
    passages: slice

    @property
    def size(self) -> int:
        """How many passages it has."""
        return int(self.passages.stop - self.passages.start)


class Piece(NamedTuple):
    """A part of a turn; ``passage`` is empty for words that are in no passage."""

    text: str
    passage: str


class Turn(NamedTuple):
    """What one person says until another does; ``clock`` is empty where no time is known."""

    number: int
    speaker: str
    is_participant: bool
    clock: str
    pieces: tuple[Piece, ...]


class _Kept(NamedTuple):
    shelf: Shelf
    made: int
    turns: SafeTurns
    transcripts: dict[str, Transcript]


class Talk:
    """Everything that was said in a study, under pseudonyms.

    It is read when a transcript is first asked for, and again once an analysis has made it anew.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = Lock()
        self._kept: _Kept | None = None

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """The transcripts by name, area after area."""
        return self._look().transcripts

    def read_turns(self, transcript: Transcript) -> list[Turn]:
        """Give all turns of a transcript, the interviewer's too.

        Raises UserError if turns and passages are not of the same analysis.
        """
        kept = self._look()
        said = kept.turns.iloc[transcript.turns][_TURN]
        mine = kept.shelf.passages.iloc[transcript.passages]
        held: dict[int, list[tuple[str, int, int]]] = {}
        columns = (mine[name].tolist() for name in ("turn", "passage", "start", "end"))
        for number, *place in zip(*columns, strict=True):
            held.setdefault(number, []).append((place[0], place[1], place[2]))
        turns = [_make_turn(row, held) for row in said.itertuples(index=False, name=None)]
        _check_same(turns, dict(zip(mine["passage"], mine["text"], strict=True)))
        return turns

    def _look(self) -> _Kept:
        shelf, tables = self._desk.shelf, self._desk.study.tables
        path = tables.path(SAFE_TURNS)
        made = path.stat().st_mtime_ns if path.exists() else 0
        with self._lock:
            kept = self._kept
            if kept is None or kept.shelf is not shelf or kept.made != made:
                ordered = tables.read(SAFE_TURNS).sort_values(["transcript", "turn"])
                turns = SafeTurns(ordered.reset_index(drop=True))
                kept = _Kept(shelf, made, turns, _list_transcripts(turns, shelf))
                self._kept = kept
            return kept


def split_turn(text: str, passages: Iterable[tuple[str, int, int]]) -> Iterator[Piece]:
    """Cut a turn at its passages, given as id, start and end in order; nothing is left out.

    >>> [tuple(piece) for piece in split_turn("Well. It floods.", [("T1-a", 6, 16)])]
    [('Well. ', ''), ('It floods.', 'T1-a')]
    """
    at = 0
    for passage, start, end in passages:
        if start > at:
            yield Piece(text[at:start], "")
        yield Piece(text[max(start, at) : end], passage)
        at = max(end, at)
    if at < len(text):
        yield Piece(text[at:], "")


def write_clock(seconds: float) -> str:
    """Write a time in a recording.

    >>> write_clock(75.4), write_clock(3661.0), write_clock(float("nan"))
    ('1:15', '1:01:01', '')
    """
    if pd.isna(seconds):
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _make_turn(row: tuple[Any, ...], held: Mapping[int, list[tuple[str, int, int]]]) -> Turn:
    number, speaker, is_participant, seconds, text = row
    pieces = tuple(split_turn(text, held.get(number, ())))
    return Turn(number, speaker, is_participant, write_clock(seconds), pieces)


def _check_same(turns: Iterable[Turn], texts: Mapping[str, str]) -> None:
    found = {piece.passage: piece.text for turn in turns for piece in turn.pieces if piece.passage}
    if found != texts:
        raise UserError(
            "The transcripts were read anew, and not split into passages again. "
            "Run 'make analyse', and reload the page."
        )


def _list_transcripts(turns: SafeTurns, shelf: Shelf) -> dict[str, Transcript]:
    sizes = shelf.passages.groupby("transcript", sort=False).size()
    ends = dict(zip(sizes.index, sizes.cumsum(), strict=True))
    firsts = turns.drop_duplicates("transcript")
    bounds = [*firsts.index, len(turns)]
    columns = (firsts[name] for name in ("transcript", "participant", "area"))
    found = []
    for place, (name, participant, area) in enumerate(zip(*columns, strict=True)):
        end = int(ends.get(name, 0))
        passages = slice(end - int(sizes.get(name, 0)), end)
        said = slice(bounds[place], bounds[place + 1])
        found.append(Transcript(name, participant, area, said, passages))
    found.sort(key=lambda one: (one.area, _count_along(one.name)))
    return {one.name: one for one in found}


def _count_along(name: str) -> list[tuple[str, int]]:
    """Sort T2 before T10."""
    return [(letters, int(digits or 0)) for letters, digits in re.findall(r"(\D*)(\d*)", name)]
