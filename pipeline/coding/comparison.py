"""Compare a new model with the one in use, label by label, and take only what is no worse."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.coding.classifiers import Applied
from pipeline.coding.evaluation import draw_interviews, interval, redraw_f1
from pipeline.coding.training import Truth

MOST_FALL = 0.02  # in macro-F1, for a new model to take the old one's place


class Change(NamedTuple):
    """One label, before and after; figures are F1 on the same passages.

    ``difference`` has the 95 % ``interval`` of a bootstrap over interviews. ``is_taken`` says
    whether the new head is no worse: the interval does not lie wholly below zero.
    """

    label: Label
    positives: int
    interviews: int
    old: float
    new: float
    difference: float
    interval: list[float] | None
    is_taken: bool

    def to_row(self) -> dict[str, Any]:
        """Give the change as a row of a card."""
        row = self._asdict()
        return {**row.pop("label")._asdict(), **row}


class Verdict(NamedTuple):
    """Macro-F1 of the old model and of what would take its place, and whether it does."""

    old: float
    new: float
    is_better: bool


def compare(
    truth: Truth, labels: Sequence[tuple[int, Label]], old: Applied, new: Applied
) -> list[Change]:
    """Compare where two models apply some labels (given with their columns).

    Neither may have learnt from the interview of a passage (row) that it is compared on.
    """
    return [_compare(truth, place, label, old[:, place], new[:, place]) for place, label in labels]


def judge(changes: Sequence[Change]) -> Verdict:
    """Say whether a model with the taken heads replaces the old one.

    It does if a head is taken, and macro-F1 over all labels compared falls by .02 at most.
    """
    old = float(np.mean([change.old for change in changes]))
    new = float(np.mean([change.new if change.is_taken else change.old for change in changes]))
    is_better = new >= old - MOST_FALL and any(change.is_taken for change in changes)
    return Verdict(round(old, 4), round(new, 4), is_better)


def _compare(
    truth: Truth, place: int, label: Label, old: NDArray[np.bool_], new: NDArray[np.bool_]
) -> Change:
    known = truth.known[:, place]
    applied, interviews = truth.applied[known, place], truth.interviews[known]
    draws = draw_interviews(interviews)
    before, after = (redraw_f1(applied, said[known], draws) for said in (old, new))
    old_f1, new_f1 = (_f1(applied, said[known]) for said in (old, new))
    between = interval(after - before)
    return Change(
        label,
        int(applied.sum()),
        len(set(interviews[applied])),
        old_f1,
        new_f1,
        round(new_f1 - old_f1, 4),
        between,
        not between or between[1] >= 0,
    )


def _f1(applied: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    return round(2 * int((applied & said).sum()) / max(int(applied.sum() + said.sum()), 1), 4)
