"""Verified presence: in how many interviews people found a code where it was likeliest to be.

A model's marks do not tell which interviews show a code: one false mark among many passages is
enough. So people look at the few passages of an interview that the model scored best. What stands
elsewhere in the interview they miss, which makes the share a lower bound.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.findings.estimation import wilson
from pipeline.findings.grids import Grid, spread
from pipeline.resampling import FAR
from pipeline.tables import PRESENCES, Codings, Passages, Presences, drop_overruled, is_by_model

Flags = NDArray[np.bool_]

BEST = 5  # passages of an interview to look at, the best-scored
AGREED = 0.5  # of the people who decided on a passage, for the code to stand
NOT_LOOKED, NONE_FOUND, PRESENT = "not looked", "looked, none", "present"
_LABEL = ["code", "stance"]


class Sides(NamedTuple):
    """What the model and people say of passages (down, by id) and labels (across).

    ``passages`` has passage, transcript and area. ``score`` is the model's, 0 to 1, and not a
    number without a model; ``coded`` says where the model applies the label. ``yes`` is the share
    of the people who decided that apply it, and not a number where nobody did.
    """

    passages: pd.DataFrame
    score: Grid
    coded: Flags
    yes: Grid


def verify_presence(passages: Passages, codings: Codings, labels: Sequence[Label]) -> Presences:
    """Count the interviews in which people found each code, for every area, code and stance.

    An interview is searched once people decided on its five best-scored passages, or on all if
    fewer than five have a score; it is looked at if it was searched, or if they confirmed the code
    anywhere. Present is what at least half of the people who decided on a passage say yes to.

    The share is a lower bound: interviews that nobody searched count as if the code were not there.
    (Out of those looked at, it would be none: a yes from the check sample makes an interview count,
    a no does not.) Without a look there is no share.
    """
    sides = set_side_by_side(passages, codings, labels)
    interview = [sides.passages[name].to_numpy() for name in ("area", "transcript")]
    searched = pd.DataFrame(find_searched(sides)).groupby(interview).all()
    present = pd.DataFrame(sides.yes >= AGREED).groupby(interview).any()
    looked = searched | present
    return _describe(passages, labels, searched=searched, looked=looked, present=present)


def set_side_by_side(passages: Passages, codings: Codings, labels: Sequence[Label]) -> Sides:
    """Set what the model and people say of these passages and labels side by side."""
    is_model = is_by_model(codings)
    people = drop_overruled(codings[~is_model])
    votes = people.groupby(["passage", *_LABEL], observed=True, sort=False)["applied"]
    ordered = passages.sort_values("passage")[["passage", "transcript", "area"]]
    ids = ordered["passage"]
    score, coded = spread(codings[is_model], ["score", "applied"], ids, labels, blank=np.nan)
    (yes,) = spread(votes.mean().reset_index(), ["applied"], ids, labels, blank=np.nan)
    return Sides(ordered, score, coded == 1, yes)


def find_searched(sides: Sides) -> Flags:
    """Say whether the interview that a passage (down) is of was searched for a label (across).

    Equal scores go by the passage's id. Passages without a score are to be looked at only where
    fewer than five of the interview have one, and then all count.
    """
    interview = sides.passages["transcript"].to_numpy()
    scores = pd.DataFrame(sides.score).groupby(interview)
    ranks, counts = scores.rank(method="first", ascending=False), scores.transform("count")
    is_skipped = ((ranks <= BEST) | (counts < BEST)) & np.isnan(sides.yes)
    return ~is_skipped.groupby(interview).transform("any").to_numpy(bool)


def _describe(passages: Passages, labels: Sequence[Label], **is_so: pd.DataFrame) -> Presences:
    """Count by area what is so of interviews (rows) and labels (columns), and draw the shares."""
    sizes = passages.groupby("area")["transcript"].nunique()
    rows = [(area, *label, size) for area, size in sizes.items() for label in labels]
    table = pd.DataFrame(rows, columns=["area", *_LABEL, "interviews"])
    for name, each in is_so.items():
        table[name] = each.groupby(level=0).sum().to_numpy().ravel().astype("int64")
    asked = table["interviews"].where(table["looked"] > 0)
    share = table["present"] / asked
    low, high = wilson(share, asked, FAR)
    cases = [table["present"] > 0, table["looked"] > 0]
    status = np.select(cases, [PRESENT, NONE_FOUND], NOT_LOOKED)
    return PRESENCES.check(table.assign(share=share, low=low, high=high, status=status))
