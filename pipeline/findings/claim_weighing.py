"""Weigh the indicators of a claim: measure each, bound it, and pick the one that is answered."""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from pipeline.codebook import Label
from pipeline.findings.claim_areas import measure_correlation, measure_ratio
from pipeline.findings.claim_conditions import oppose, spoken
from pipeline.findings.claim_grounds import Grounds, Measured, gather_grounds
from pipeline.findings.claim_indicators import (
    AboveBase,
    AreaCorrelation,
    Indicator,
    InterviewContrast,
    Nearby,
    PassageContrast,
    Ratio,
    TalkContrast,
    list_labels,
    list_parts,
)
from pipeline.findings.claim_layout import Layout, draw_within_areas, lay_out
from pipeline.findings.claim_measures import (
    measure_base,
    measure_interviews,
    measure_nearby,
    measure_passages,
    measure_talk,
)
from pipeline.findings.claims import Claim
from pipeline.resampling import Column, find_middle
from pipeline.tables import FEW_INTERVIEWS, Codings, Passages, Shares
from pipeline.wording import counted

MEASURES: Mapping[type[Any], Callable[[Any, Grounds], Measured]] = MappingProxyType(
    {
        Nearby: measure_nearby,
        PassageContrast: measure_passages,
        InterviewContrast: measure_interviews,
        TalkContrast: measure_talk,
        AboveBase: measure_base,
        Ratio: measure_ratio,
        AreaCorrelation: measure_correlation,
    }
)


class Weighed(NamedTuple):
    """An indicator with its estimate, 95 % interval and two-sided p value.

    None of these is a number if there is an obstacle, which ``measured`` then tells; there is only
    an estimate if too few samples have a figure.
    """

    indicator: Indicator
    measured: Measured
    estimate: float
    low: float
    high: float
    p: float

    @property
    def is_answered(self) -> bool:
        """Whether there are an estimate and an interval."""
        return bool(np.isfinite(self.estimate + self.low + self.high))


def prepare(
    passages: Passages,
    settled: Codings,
    shares: Shares,
    claims: Sequence[Claim],
    *,
    draws: int,
    seed: int,
) -> Grounds:
    """Lay out what the claims speak of, with what says the opposite, and redraw interviews."""
    needed = [lab for claim in claims for each in claim.indicators for lab in list_labels(each)]
    layout = lay_out(passages, settled, [*dict.fromkeys([*needed, *oppose(needed)])])
    weights = draw_within_areas(layout.area, draws=draws, seed=seed)
    return gather_grounds(layout, weights, shares, seed=seed)


def weigh_indicators(claim: Claim, coded: Collection[Label], grounds: Grounds) -> list[Weighed]:
    """Weigh the indicators whose labels were all coded, the one that is answered first.

    That is the first that can be measured; the others keep their order. Which it is hangs on how
    many interviews show what, never on what comes out.
    """
    weighed = [
        weigh(indicator, claim.null, grounds)
        for indicator in claim.indicators
        if not {*list_labels(indicator)} - {*coded}
    ]
    return sorted(weighed, key=lambda each: bool(each.measured.obstacle))


def weigh(indicator: Indicator, null: float, grounds: Grounds) -> Weighed:
    """Measure an indicator, unless too few interviews show what it is about."""
    measured = MEASURES[type(indicator)](indicator, grounds)
    obstacle = measured.obstacle or _find_obstacle(indicator, measured, grounds.layout)
    if obstacle:
        unknown = (np.nan,) * 4
        return Weighed(indicator, measured._replace(obstacle=obstacle), *unknown)
    values = measured.values
    estimate = float(values[0])
    low, high = find_middle(values[1:])
    if np.isnan(low):
        return Weighed(indicator, measured, estimate, np.nan, np.nan, np.nan)
    p = measured.p if np.isfinite(measured.p) else _find_p(values[1:], null)
    return Weighed(indicator, measured, estimate, min(low, estimate), max(high, estimate), p)


def _find_obstacle(indicator: Indicator, measured: Measured, layout: Layout) -> str:
    """Say which part of an indicator, or which group, has fewer than three interviews, if any."""
    if isinstance(indicator, AreaCorrelation):
        return ""
    for part in list_parts(indicator):
        shown = int(((layout.count(layout.find(part)) > 0) & measured.informing).sum())
        if shown < FEW_INTERVIEWS:
            names = " or ".join(f"'{spoken(' '.join(label))}'" for label in part)
            shows = "shows" if shown == 1 else "show"
            return f"{counted(shown, 'interview')} {shows} {names}; {FEW_INTERVIEWS} are needed."
    smallest = min(int(group.sum()) for group in measured.groups)
    if smallest < FEW_INTERVIEWS:
        return f"{FEW_INTERVIEWS} interviews are needed on either side; one side has {smallest}."
    return ""


def _find_p(drawn: Column, null: float) -> float:
    """Give the two-sided p value: twice the share of samples on the rarer side of the null."""
    known = drawn[np.isfinite(drawn)]
    rarer = min(int((known <= null).sum()), int((known >= null).sum()))
    return min(1.0, 2 * (rarer + 1) / (len(known) + 1))
