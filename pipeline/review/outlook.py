"""How sure the figures of each area are with what is checked so far, and will be with more."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.findings.checks import RANDOM
from pipeline.findings.prospects import Area, guess_shares, look_ahead
from pipeline.review.desk import Desk
from pipeline.tables import drop_overruled

COMMON = 0.1  # a share from which a label is common, 0 to 1: the widths of rare ones tell little


class Outlook(NamedTuple):
    """An area's checked and collected passages, and what to expect with MORE checked.

    Half widths are of 95 % intervals in percentage points, of the middle one of the common labels;
    not a number with fewer than two passages checked.
    """

    area: str
    checked: int
    collected: int
    half_widths: list[float]


def look_out(desk: Desk) -> list[Outlook]:
    """Give the outlook of every area, in alphabetical order.

    It leaves out what the model's scores add, so intervals may come out somewhat narrower.
    """
    labels, passages = desk.codebook.labels, desk.shelf.passages
    decisions = desk.study.decisions
    drawn = decisions[(decisions["selection"] == RANDOM) & (decisions["probability"] > 0)]
    votes = drop_overruled(drawn).groupby(["passage", "code", "stance"])["applied"].mean() >= 0.5
    areas = dict(zip(passages["passage"], passages["area"], strict=True))
    seen = votes.reset_index().assign(area=lambda rows: rows["passage"].map(areas))
    outlooks = []
    for area in sorted(set(areas.values())):
        mine, here = seen[seen["area"] == area], (passages["area"] == area).to_numpy()
        checked, collected = mine["passage"].nunique(), int(here.sum())
        found = mine.groupby(["code", "stance"])["applied"].mean().to_dict()
        shares = np.array([found.get(label, np.nan) for label in labels], dtype=float)
        likely = guess_shares(shares, checked, desk.shelf.applied[here].mean(axis=0))
        outlooks.append(Outlook(area, checked, collected, _expect(likely, checked, collected)))
    return outlooks


def _expect(shares: NDArray[np.float64], checked: int, collected: int) -> list[float]:
    common = shares[shares >= COMMON] if (shares >= COMMON).any() else shares
    ahead = look_ahead(Area(checked, collected, common, np.zeros(len(common))))
    return [prospect.half_width for prospect in ahead]
