"""The figures of a report: each share with its numerator, its denominator and its doubts."""

import math
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Codebook, Label
from pipeline.exports import Results
from pipeline.tables import (
    CHECKED,
    FEW_INTERVIEWS,
    FEW_PASSAGES,
    IN_PART,
    NOT_CODED,
    STATUSES,
    UNVERIFIED,
)
from pipeline.wording import counted, percent

EVERYWHERE = "All areas"


class Area(NamedTuple):
    """A place and how much was heard about it."""

    name: str
    interviews: int
    passages: int

    @property
    def is_small(self) -> bool:
        """Whether too little was heard for shares to be compared."""
        return self.interviews < FEW_INTERVIEWS or self.passages < FEW_PASSAGES

    @property
    def size(self) -> str:
        """How much was heard, in words."""
        return f"{counted(self.interviews, 'interview')}, {counted(self.passages, 'passage')}"


class Figure(NamedTuple):
    """The share of an area's passages that carry a label.

    ``raw`` is the share as coded, 0..1; NaN where not every passage was coded. ``corrected``,
    ``low`` and ``high`` are NaN unless people have checked a random sample.
    """

    area: str
    label: Label
    applied: int
    passages: int
    interviews_with: int
    interviews: int
    raw: float
    status: str = UNVERIFIED
    checked: int = 0
    corrected: float = math.nan
    low: float = math.nan
    high: float = math.nan

    @property
    def is_coded(self) -> bool:
        """Whether there is a share: every passage was coded, or people checked a sample."""
        return self.status not in (IN_PART, NOT_CODED)

    @property
    def is_corrected(self) -> bool:
        """Whether a checked sample has corrected the share."""
        return self.status == CHECKED and not math.isnan(self.corrected)

    @property
    def share(self) -> float:
        """The best share there is: corrected where it can be, else raw."""
        return self.corrected if self.is_corrected else self.raw

    @property
    def is_small(self) -> bool:
        """Whether the denominator is too small for a percentage."""
        return self.interviews < FEW_INTERVIEWS or self.passages < FEW_PASSAGES

    @property
    def is_comparable(self) -> bool:
        """Whether there is a share that may be held against another."""
        return self.is_coded and not self.is_small

    @property
    def is_heard_from_few(self) -> bool:
        """Whether only one or two interviews carry the label, however often."""
        return 0 < self.interviews_with < FEW_INTERVIEWS

    @property
    def words(self) -> str:
        """The counts as coded and, unless the cell is small, the percentage."""
        if self.status == NOT_CODED:
            return NOT_CODED
        count = f"{self.applied:,} of {counted(self.passages, 'passage')}"
        if math.isnan(self.raw):  # no classifier: people decided on some passages only
            count = f"{counted(self.applied, 'passage')} so far, of those that people decided on"
        if self.is_small or not self.is_coded:
            return count
        if not self.is_corrected:
            return f"{count}, {percent(self.raw)}"
        return f"{count}; corrected {percent(self.corrected)}{self.interval}"

    @property
    def heard(self) -> str:
        """The corrected share with its interval; the counts as coded where nothing was checked."""
        if self.is_small or not self.is_corrected:
            return self.words
        return f"{percent(self.corrected)}{self.interval} of passages"

    @property
    def interval(self) -> str:
        """The 95 % interval in square brackets with a space before it, or nothing."""
        if math.isnan(self.low) or math.isnan(self.high):
            return ""
        return f" [{percent(self.low)} to {percent(self.high)}]"


Figures = dict[tuple[str, Label], Figure]


def records(table: pd.DataFrame) -> list[Any]:
    """A table's rows, each a tuple with the columns' names."""
    return list(table.itertuples(index=False))


def list_areas(results: Results) -> list[Area]:
    """List every area that has a passage or a figure, by name."""
    interviews = results.passages[["area", "transcript", "participant"]].drop_duplicates()
    interviews_in = interviews["area"].value_counts()
    passages_in = results.passages["area"].value_counts()
    names = set(results.passages["area"]) | set(results.shares["area"])
    names |= set(results.powers["area"])
    return [
        Area(name, int(interviews_in.get(name, 0)), int(passages_in.get(name, 0)))
        for name in sorted(names, key=lambda name: (name.casefold(), name))
    ]


def list_figures(results: Results) -> Figures:
    """Every share of the shares table, by area and label."""
    columns = ["area", "code", "stance", "applied", "passages", "interviews_with", "interviews"]
    columns += ["raw_share", "status", "checked", "corrected_share", "low", "high"]
    figures: Figures = {}
    for area, code, stance, *rest in results.shares[columns].itertuples(index=False, name=None):
        label = Label(code, stance)
        figures[area, label] = Figure(area, label, *rest)
    return figures


def list_labels(codebook: Codebook, figures: Collection[tuple[str, Label]]) -> list[Label]:
    """The codebook's labels in its order, then those that only an older coding still has."""
    older = {label for _, label in figures} - set(codebook.labels)
    return [*codebook.labels, *sorted(older)]


def pool(figures: Sequence[Figure], *, name: str = EVERYWHERE) -> Figure:
    """Take several areas' figures of one label together; corrected only if all of them are.

    Where only some of them are coded, the whole is coded in part.
    """
    applied = sum(figure.applied for figure in figures)
    passages = sum(figure.passages for figure in figures)
    is_whole = bool(passages) and not any(math.isnan(figure.raw) for figure in figures)
    corrected = math.nan
    if passages and all(figure.is_corrected for figure in figures):
        corrected = sum(figure.corrected * figure.passages for figure in figures) / passages
    return Figure(
        area=name,
        label=figures[0].label,
        applied=applied,
        passages=passages,
        interviews_with=sum(figure.interviews_with for figure in figures),
        interviews=sum(figure.interviews for figure in figures),
        raw=applied / passages if is_whole else math.nan,
        status=_pool_status({figure.status for figure in figures}),
        checked=sum(figure.checked for figure in figures),
        corrected=corrected,
    )


def _pool_status(statuses: set[str]) -> str:
    if NOT_CODED in statuses and len(statuses) > 1:
        return IN_PART
    return IN_PART if IN_PART in statuses else min(statuses, key=STATUSES.index)


def comparable_shares(figures: Sequence[Figure]) -> list[float]:
    """Shares on one footing: corrected if every one of them is, else every one raw.

    Some may be NaN: without a classifier, people's checks give a corrected share and no raw one.
    """
    if all(figure.is_corrected for figure in figures):
        return [figure.corrected for figure in figures]
    return [figure.raw for figure in figures]
