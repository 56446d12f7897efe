"""How far each coder has come: kept in memory, and brought up to date by the rows that came since.

So that a save answers at once however much was decided before.
"""

from pathlib import Path
from threading import Lock
from typing import NamedTuple

from pipeline.decisions import list_decided, open_decisions, read_said


class _Known(NamedTuple):
    last: int  # number of the last decision that was looked at
    moves: int
    passages: frozenset[str]


class Progress:
    """The passages that coders decided on, and did not withdraw, by where that stands now."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._known: dict[str, _Known] = {}

    def find(self, coder: str) -> frozenset[str]:
        """Give the passages that a coder decided on."""
        with self._lock:
            known = self._known.get(coder, _Known(0, 0, frozenset()))
            last, moves, touched = self._look(coder, known.last)
            if not known.last or known.moves != moves:
                passages = frozenset(list_decided(self._file, coder))
            elif touched:
                passages = (known.passages - touched) | self._find_standing(coder, touched)
            else:
                passages = known.passages
            self._known[coder] = _Known(last, moves, passages)
            return passages

    def _look(self, coder: str, last: int) -> tuple[int, int, frozenset[str]]:
        """Give the number of the last decision, of moves, and the passages decided on since."""
        with open_decisions(self._file) as database:
            (now,) = database.execute("SELECT coalesce(max(number), 0) FROM decisions").fetchone()
            (moves,) = database.execute("SELECT count(*) FROM moves").fetchone()
            # The plus keeps SQLite from looking through all that the coder ever decided.
            since = "SELECT DISTINCT passage FROM decisions WHERE number > ? AND +coder = ?"
            rows = database.execute(since, (last, coder)).fetchall() if last else []
        return int(now), int(moves), frozenset(row[0] for row in rows)

    def _find_standing(self, coder: str, touched: frozenset[str]) -> frozenset[str]:
        said = read_said(self._file, passages=touched, coder=coder)
        return frozenset(one.passage for one in said if not one.is_withdrawn)
