"""A study laid out for weighing claims: passages in order, labels across, interviews redrawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.findings.claim_conditions import read_condition
from pipeline.findings.grids import spread
from pipeline.resampling import Column
from pipeline.tables import Codings, Passages, is_by_model

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

_ORDER = ["transcript", "turn", "start", "passage"]


@dataclass(frozen=True)
class Layout:
    """Passages down, by interview and in the order of talk; labels across.

    ``passages`` has passage, transcript and area; ``applied`` says where a label applies,
    ``confirmed`` where people say so; ``scores`` are 0 to 1. ``interview`` is the place of each
    passage's interview, ``area`` that of each interview's area, both in alphabetical order.
    """

    passages: pd.DataFrame
    labels: tuple[Label, ...]
    applied: Flags
    confirmed: Flags
    scores: Column
    interview: Places
    area: Places
    areas: tuple[str, ...]

    @property
    def interviews(self) -> int:
        """How many interviews there are."""
        return len(self.area)

    @property
    def sizes(self) -> Column:
        """How many passages each interview has."""
        return self.count(np.ones(len(self.passages), dtype=bool))

    def count(self, flags: Flags) -> Column:
        """Count the passages with a flag in each interview."""
        return np.bincount(self.interview, flags, self.interviews).astype(float)

    def columns(self, labels: Sequence[Label]) -> list[int]:
        """Give the columns of labels; one that is not laid out has none."""
        return [self.labels.index(label) for label in labels if label in self.labels]

    def find(self, labels: Sequence[Label]) -> Flags:
        """Say which passages have any of the labels."""
        return np.asarray(self.applied[:, self.columns(labels)].any(axis=1))

    def hold(self, words: str) -> Flags:
        """Say in which passages a condition holds, within the passage."""
        parts = [self.find(part) for part in read_condition(words)]
        return np.logical_and.reduce(parts) if parts else np.ones(len(self.passages), dtype=bool)

    def show(self, words: str) -> Flags:
        """Say which interviews show all parts of a condition, in whichever passages."""
        parts = [self.count(self.find(part)) > 0 for part in read_condition(words)]
        return np.logical_and.reduce(parts) if parts else np.ones(self.interviews, dtype=bool)

    def reach(self, flags: Flags, reach: int = 1) -> Flags:
        """Flag passages that have a flag, or whose next ``reach`` of the interview have."""
        found = flags.copy()
        for step in range(1, reach + 1):
            is_same = self.interview[:-step] == self.interview[step:]
            found[:-step] |= flags[step:] & is_same
        return found

    def follow(self, flags: Flags, steps: int = 1) -> Flags:
        """Flag passages that have a flag, or that come up to so many after one that has."""
        found = flags.copy()
        for step in range(1, steps + 1):
            is_same = self.interview[:-step] == self.interview[step:]
            found[step:] |= flags[:-step] & is_same
        return found


def lay_out(passages: Passages, settled: Codings, labels: Sequence[Label]) -> Layout:
    """Lay out the labels in the passages; codings of other labels or passages are left out."""
    ordered = passages.sort_values(_ORDER)[["passage", "transcript", "area"]]
    ordered = ordered.reset_index(drop=True)
    interview, names = pd.factorize(ordered["transcript"], sort=True)
    home = ordered.drop_duplicates("transcript").set_index("transcript")["area"].reindex(names)
    area, areas = pd.factorize(home, sort=True)
    yes = settled[settled["applied"]]
    yes = yes.assign(confirmed=~is_by_model(yes))  # of these alone: an empty table would grow
    applied, confirmed, scores = spread(
        yes, ["applied", "confirmed", "score"], ordered["passage"], labels
    )
    return Layout(
        ordered,
        tuple(labels),
        applied > 0,
        confirmed > 0,
        scores,
        interview.astype(np.intp),
        area.astype(np.intp),
        tuple(areas),
    )


def draw_within_areas(area: Places, *, draws: int, seed: int) -> Column:
    """Say how much each interview counts in each sample (1 + draws x interviews).

    The first sample is the interviews as they are. In the others, one fewer than there are is
    drawn from each area, with replacement, and weighed up to their number: plain bootstrap samples
    of areas with few interviews differ too little (Rao and Wu 1988, J. Am. Stat. Assoc. 83:231).
    Areas with one interview are drawn from together, as one.
    """
    random = np.random.default_rng(seed)
    sizes = np.bincount(area)
    strata = np.where(sizes[area] > 1, area, -1)
    weights = np.ones((1 + draws, len(area)))
    for stratum in np.unique(strata):
        here = strata == stratum
        size = int(here.sum())
        if size > 1:
            drawn = random.multinomial(size - 1, np.full(size, 1 / size), size=draws)
            weights[1:, here] = drawn * size / (size - 1)
    return weights
