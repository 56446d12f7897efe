"""A claim's case: its indicators weighed, and how much of it people have confirmed."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from pipeline.codebook import Label
from pipeline.findings.claim_evidence import find_sides
from pipeline.findings.claim_grounds import Grounds
from pipeline.findings.claim_indicators import list_parts
from pipeline.findings.claim_weighing import Weighed, weigh_indicators
from pipeline.findings.claims import Claim

FEWEST_CONFIRMED, FEWEST_CONFIRMED_AREAS = 3, 2  # interviews in areas, for a verdict


class Confirmed(NamedTuple):
    """In how many interviews and areas people confirmed passages; whether on both sides."""

    interviews: int
    areas: int
    on_both_sides: bool

    @property
    def is_enough(self) -> bool:
        """Whether people confirmed enough for a verdict."""
        return self.interviews >= FEWEST_CONFIRMED and self.areas >= FEWEST_CONFIRMED_AREAS


class Case(NamedTuple):
    """A claim with its indicators, the weighed one first; none if nothing was coded.

    ``lean`` is 1 if the weighed indicator's interval excludes the null in favour of the claim, -1
    if against it, else 0. ``is_opposed`` says that another's interval excludes it the other way.
    """

    claim: Claim
    weighed: list[Weighed]
    confirmed: Confirmed
    lean: int
    is_opposed: bool


def open_case(claim: Claim, coded: Collection[Label], grounds: Grounds) -> Case:
    """Weigh a claim's indicators, and count what people confirmed."""
    weighed = weigh_indicators(claim, coded, grounds)
    if not weighed:
        return Case(claim, [], Confirmed(0, 0, on_both_sides=False), 0, is_opposed=False)
    lean, *others = (_lean(each, claim) for each in weighed)
    is_opposed = any(lean * other < 0 for other in others)
    return Case(claim, weighed, _count_confirmed(weighed[0], grounds), lean, is_opposed)


def _lean(weighed: Weighed, claim: Claim) -> int:
    sign = 1 if claim.direction == "above" else -1
    if weighed.low > claim.null:
        return sign
    return -sign if weighed.high < claim.null else 0


def _count_confirmed(weighed: Weighed, grounds: Grounds) -> Confirmed:
    """Count where people confirmed each part of an indicator; the part with the fewest tells."""
    layout = grounds.layout
    counts = []
    for part in list_parts(weighed.indicator):
        flags = np.asarray(layout.confirmed[:, layout.columns(part)].any(axis=1))
        interviews = np.flatnonzero((layout.count(flags) > 0) & weighed.measured.informing)
        counts.append((len(interviews), len({*layout.area[interviews].tolist()})))
    sides = find_sides(weighed.indicator, grounds)
    on_both_sides = all((side & layout.confirmed).any() for side in sides)
    fewest, fewest_areas = (min(numbers) for numbers in zip(*counts, strict=True))
    return Confirmed(fewest, fewest_areas, on_both_sides)
