"""Which power is short in an area, which is too much, and how sure that is.

Where people checked all stances of a power, sentences rest on the corrected shares and their
intervals; until then on counts as coded. That a power is short is said with a doubt unless the
whole interval is at .5 or above; that it is not, with a doubt unless the whole interval is below.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Codebook
from pipeline.exports.coverage import name_uncoded
from pipeline.exports.figures import Figures, records
from pipeline.exports.intervals import bounded, has_width
from pipeline.exports.power_shares import is_corrected, power_name, share_of
from pipeline.tables import STANCES
from pipeline.wording import code_title, counted, listed, lowered, percent

MOST = 0.5  # of what is said about a power: the rule for calling it short or too much


class Problem(NamedTuple):
    """A way in which a power may be out of balance, and the words for it."""

    flag: str
    part: str
    word: str
    stance: str
    that: str
    sure: str
    unsure: str


SHORT = Problem(
    flag="is_short",
    part="shortness",
    word="short",
    stance="lacking",
    that="that it is lacking",
    sure="It points to {name} as short",
    unsure="{Name} may be short",
)
TOO_MUCH = Problem(
    flag="crowds_out",
    part="excess",
    word="too much",
    stance="excessive",
    that="that there is too much of it",
    sure="It points to too much {name}, which crowds out the others",
    unsure="There may be too much {name}, which would crowd out the others",
)
PROBLEMS = (SHORT, TOO_MUCH)


def shortness_sentences(rows: pd.DataFrame, codebook: Codebook, figures: Figures) -> list[str]:
    """Say which power is short, which too much, and of which that cannot be ruled out."""
    flags = [
        f"{_start(row, problem, codebook)}: {_says(row, problem, figures)} "
        f"({problem.part} {_bounded(row, problem)}). {_doubt(row, problem)}".strip()
        for row, problem in _flagged(rows)
    ]
    maybe = {row.power for problem in PROBLEMS for row in _maybe(rows, problem, figures)}
    doubtful = listed(power_name(codebook, power) for power in rows["power"] if power in maybe)
    if flags:
        rest = [f"Nor can it be ruled out of {doubtful}."] if doubtful else []
    else:
        rest = [
            _none_short(rows, f", though it cannot be ruled out of {doubtful}" * bool(doubtful))
        ]
    return [*flags, *rest, *_uncoded(rows, codebook)]


def diagnosis_sentences(rows: pd.DataFrame, codebook: Codebook, figures: Figures) -> list[str]:
    """Say the same beside the plot, which has the shares: by shortness and excess alone."""
    flags = [
        f"{_start(row, problem, codebook)}: {problem.part} {_bounded(row, problem)}. "
        f"{_doubt(row, problem)}".strip()
        for row, problem in _flagged(rows)
    ]
    doubts = [
        f"{problem.word}: {listed(doubtful)}"
        for problem in PROBLEMS
        if (doubtful := list(_doubtful(rows, problem, codebook, figures)))
    ]
    rest = [f"It cannot be ruled out that these are {'; or '.join(doubts)}."] if doubts else []
    return [*(flags or [_none_short(rows)]), *rest, *_uncoded(rows, codebook)]


def is_sure(row: Any, part: str) -> bool:
    """Whether the whole interval of shortness or excess is at .5 or above."""
    low, high = getattr(row, f"{part}_low"), getattr(row, f"{part}_high")
    return has_width(low, high) and bool(low >= MOST)


def _flagged(rows: pd.DataFrame) -> Iterator[tuple[Any, Problem]]:
    """Give the powers that the rule calls short, then those that it calls too much."""
    for problem in PROBLEMS:
        for row in records(rows[rows[problem.flag]]):
            yield row, problem


def _maybe(rows: pd.DataFrame, problem: Problem, figures: Figures) -> Iterator[Any]:
    """Give the powers that the rule does not call so though they may be."""
    for row in records(rows[~rows["is_short"] & ~rows["crowds_out"]]):
        if _reaches_most(row, problem) or _may_be_missed(row, problem, figures):
            yield row


def _reaches_most(row: Any, problem: Problem) -> bool:
    return _is_bounded(row, problem) and bool(getattr(row, f"{problem.part}_high") >= MOST)


def _may_be_missed(row: Any, problem: Problem, figures: Figures) -> bool:
    """Whether there is no interval, and the share could be as large as the others together.

    Where no checked passage says that a power is lacking, redrawing interviews tells nothing; the
    interval of the share does.
    """
    if _is_bounded(row, problem) or not is_corrected(row, figures):
        return False
    others = [share_of(row, stance, figures) for stance in STANCES if stance != problem.stance]
    rest = sum(share.share for share in others if share.is_coded)
    return share_of(row, problem.stance, figures).high >= rest


def _doubtful(
    rows: pd.DataFrame, problem: Problem, codebook: Codebook, figures: Figures
) -> Iterator[str]:
    for row in _maybe(rows, problem, figures):
        words = f"{problem.part} {_bounded(row, problem)}"
        if not _is_bounded(row, problem):
            high = share_of(row, problem.stance, figures).high
            words = f"{problem.stance} in up to {percent(high)} of passages"
        yield f"{power_name(codebook, row.power)} ({words})"


def _start(row: Any, problem: Problem, codebook: Codebook) -> str:
    title = code_title(codebook, row.power)
    start = problem.sure if is_sure(row, problem.part) else problem.unsure
    return start.format(name=lowered(title), Name=title)


def _says(row: Any, problem: Problem, figures: Figures) -> str:
    if is_corrected(row, figures):
        share, helping = (share_of(row, at, figures).words for at in (problem.stance, "enabling"))
        return f"{share} of passages say {problem.that}, {helping} that it helps"
    mentions = counted(int(row.enabling + row.lacking + row.excessive), "mention")
    return (
        f"{getattr(row, problem.stance):,} of its {mentions} say {problem.that}, "
        f"{row.enabling:,} that it helps"
    )


def _doubt(row: Any, problem: Problem) -> str:
    if is_sure(row, problem.part):
        return ""
    if _is_bounded(row, problem):
        return "The interval reaches below .5, so this is not sure."
    return "There is no interval, so how sure this is is not known."


def _none_short(rows: pd.DataFrame, though: str = "") -> str:
    if _is_unknown(rows):
        return "Which power is short, and which is too much, is not known: too little is coded."
    return f"No power stands out as short, and none as too much{though}."


def _uncoded(rows: pd.DataFrame, codebook: Codebook) -> Iterator[str]:
    if not _is_unknown(rows):
        yield from name_uncoded(rows, codebook)


def _is_unknown(rows: pd.DataFrame) -> bool:
    return bool(rows[["shortness", "excess"]].isna().all(axis=None))


def _bounded(row: Any, problem: Problem) -> str:
    part = problem.part
    return bounded(getattr(row, part), getattr(row, f"{part}_low"), getattr(row, f"{part}_high"))


def _is_bounded(row: Any, problem: Problem) -> bool:
    return has_width(getattr(row, f"{problem.part}_low"), getattr(row, f"{problem.part}_high"))
