"""Join the decisions of two files as if all had been saved in one: each once, the later standing.

Within a file the counter gives the order, and between two the time: what a coder decided last on a
label of a passage in one is held against the other's. If one file has what stands in the other,
somebody went on from there, and its own stands. Else the two were decided apart, and the later
stands; of two in the same second one that was not taken back, and of these a yes.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from pipeline.kept_decisions import ROW

# A row of two files is the same if all of these are. How likely the passage was drawn is no part
# of a decision; a request is that of one save.
SAME = [name for name in ROW if name != "probability"]
_LABEL = ["coder", "at", "code", "stance"]
_ORDER = {"is_known": False, "when": True, "is_withdrawn": False, "applied": True, "request": True}


class Joined(NamedTuple):
    """What to add to a file, in order: the ``new`` rows, then ``again`` those that stand on.

    ``known`` counts the rows that are there. ``apart`` are the labels (coder, at, code, stance)
    that a coder decided on in both files apart, each in another way.
    """

    new: pd.DataFrame
    again: pd.DataFrame
    known: int
    apart: pd.DataFrame


def join_decisions(mine: pd.DataFrame, theirs: pd.DataFrame) -> Joined:
    """Say what of ``theirs`` to add to ``mine``; both are in the order of their counters.

    Both have ``at``, the passage of this study that a row stands on, or '', besides the columns of
    decisions. Rows are never changed: where new ones would come after the one that stands, that is
    added once more.
    """
    mine = mine.assign(is_known=_is_in(mine, theirs), when=_read_times(mine))
    theirs = theirs.assign(is_known=_is_in(theirs, mine), when=_read_times(theirs))
    new = theirs[~theirs["is_known"]].drop_duplicates([*SAME, "at"])
    here, there = _find_last(mine), _find_last(theirs)
    either = pd.concat([here, there]).sort_values(
        [*_ORDER], ascending=[*_ORDER.values()], kind="stable"
    )
    stands, at_end = _find_last(either), _find_last(pd.concat([mine, new]))
    done = {*_keys(_put(at_end))}
    again = stands[[key not in done for key in _keys(_put(stands))]]
    return Joined(new, again, int(theirs["is_known"].sum()), _find_apart(here, there))


def _is_in(rows: pd.DataFrame, others: pd.DataFrame) -> "pd.Series[bool]":
    """Say which rows others have, too, by the passage as it was decided on or as it stands."""
    known = {*_keys(others), *_keys(_put(others))}
    ways = zip(_keys(rows), _keys(_put(rows)), strict=True)
    return pd.Series([made in known or now in known for made, now in ways], rows.index, dtype=bool)


def _keys(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    return zip(*(rows[name].tolist() for name in SAME), strict=True)


def _put(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(passage=rows["at"].mask(rows["at"] == "", rows["passage"]))


def _read_times(rows: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    when = pd.to_datetime(rows["decided_at"], utc=True, format="ISO8601", errors="coerce")
    return when.fillna(pd.Timestamp(0, tz="UTC"))


def _find_last(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["at"] != ""].drop_duplicates(_LABEL, keep="last")


def _find_apart(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    sides = [
        rows.assign(said=rows["applied"].mask(rows["is_withdrawn"] == 1, -1))[~rows["is_known"]]
        for rows in (here, there)
    ]
    both = sides[0].merge(sides[1], on=_LABEL, validate="one_to_one")
    return both.loc[both["said_x"] != both["said_y"], _LABEL].reset_index(drop=True)
