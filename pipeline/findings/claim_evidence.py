"""Evidence for claims: the interviews that show one, and those that go the other way."""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.codebook import Label
from pipeline.findings.claim_areas import compare_areas, rank
from pipeline.findings.claim_conditions import oppose, read_condition
from pipeline.findings.claim_grounds import Grounds
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
from pipeline.findings.claim_layout import Flags, Layout
from pipeline.findings.claim_weighing import prepare, weigh_indicators
from pipeline.findings.claims import THEORY, Claim
from pipeline.tables import CLAIM_EVIDENCE, ClaimEvidence, Codings, Passages, Shares

SUPPORTS, AGAINST = "supports", "goes against"


class Sides(NamedTuple):
    """Passages (down) and their labels (across) that speak for an indicator above its null, or
    below it.
    """

    above: Flags
    below: Flags


def list_evidence(
    passages: Passages,
    settled: Codings,
    shares: Shares,
    coded: Collection[Label],
) -> ClaimEvidence:
    """List for every claim the passages of interviews that support it and that go against it.

    Claims come in their order, what supports them first, then what people confirmed, then the
    best-scored. All is by the indicator that is weighed. An interview is on one side of a claim: it
    has 'what' with 'where', or it has either without the other (passages with the opposite of
    'what' are shown, too). In a ratio, it is on the side that more of its passages are on, on both
    if they are even. In a correlation, areas above the middle in both figures, or below it in both,
    are on one side, the others on the other. A claim that was not coded has no evidence.
    """
    grounds = prepare(passages, settled, shares, THEORY, draws=0, seed=0)
    found = [each for claim in THEORY for each in _gather(claim, coded, grounds)]
    return CLAIM_EVIDENCE.check(pd.concat(found) if found else CLAIM_EVIDENCE.build([]))


def find_sides(indicator: Indicator, grounds: Grounds) -> Sides:
    """Say which passages and labels speak for a value above the null, and which for one below."""
    return _FINDERS[type(indicator)](indicator, grounds)


def _gather(claim: Claim, coded: Collection[Label], grounds: Grounds) -> list[pd.DataFrame]:
    weighed = weigh_indicators(claim, coded, grounds)
    if not weighed:
        return []
    above, below = find_sides(weighed[0].indicator, grounds)
    supporting, opposing = (above, below) if claim.direction == "above" else (below, above)
    return [
        _list_rows(claim.number, side, flags, grounds.layout)
        for side, flags in ((SUPPORTS, supporting), (AGAINST, opposing))
        if flags.any()
    ]


def _list_rows(number: str, side: str, flags: Flags, layout: Layout) -> pd.DataFrame:
    down, across = np.nonzero(flags)
    rows = layout.passages.iloc[down].assign(
        claim=number,
        side=side,
        code=[layout.labels[place].code for place in across],
        stance=[layout.labels[place].stance for place in across],
        is_confirmed=layout.confirmed[down, across],
        score=layout.scores[down, across],
        place=down,
    )
    best_first = ["is_confirmed", "score", "area", "transcript", "place", "code", "stance"]
    ascending = [name not in ("is_confirmed", "score") for name in best_first]
    return rows.sort_values(best_first, ascending=ascending)


def _side_nearby(indicator: Nearby | PassageContrast, grounds: Grounds) -> Sides:
    layout = grounds.layout
    reach = indicator.reach if isinstance(indicator, PassageContrast) else 1
    where, what = layout.hold(indicator.where), layout.hold(indicator.what)
    hit = where & layout.reach(what, reach)
    is_hit, has_where = (layout.count(flags)[layout.interview] > 0 for flags in (hit, where))
    here, there = _labels(indicator.where), _labels(indicator.what)
    above = _mark(layout, here, hit) | _mark(layout, there, layout.follow(hit, reach))
    missed = where & ~is_hit
    below = (
        _mark(layout, here, missed)
        | _mark(layout, oppose(there), layout.follow(missed, reach))
        | _mark(layout, there, what & ~has_where)
    )
    return Sides(above, below)


def _side_interviews(
    indicator: InterviewContrast | TalkContrast | AboveBase, grounds: Grounds
) -> Sides:
    layout = grounds.layout
    among = "" if isinstance(indicator, AboveBase) else indicator.among
    asked, where, what = (
        layout.show(words)[layout.interview] for words in (among, indicator.where, indicator.what)
    )
    here, there = _labels(indicator.where) + _labels(among), _labels(indicator.what)
    above = _mark(layout, here + there, asked & where & what)
    below = _mark(layout, here + oppose(there), asked & where & ~what)
    return Sides(above, below | _mark(layout, there, asked & ~where & what))


def _side_ratio(indicator: Ratio, grounds: Grounds) -> Sides:
    layout = grounds.layout
    what, against = list_labels(indicator)
    more, fewer = (layout.count(layout.find([label])) for label in (what, against))
    is_more, is_fewer = ((more - fewer)[layout.interview] * sign >= 0 for sign in (1, -1))
    return Sides(_mark(layout, [what], is_more), _mark(layout, [against], is_fewer))


def _side_areas(indicator: AreaCorrelation, grounds: Grounds) -> Sides:
    layout = grounds.layout
    first, second = (figures[:, :1] for figures in compare_areas(indicator, grounds))
    is_known = np.isfinite(first + second)[:, 0]
    together = np.zeros(len(layout.areas))
    together[is_known] = (rank(first[is_known]) * rank(second[is_known]))[:, 0]
    labels = list_parts(indicator)[1]
    labels = [*dict.fromkeys([*labels, *oppose(labels)])]
    mine = together[layout.area][layout.interview]
    return Sides(_mark(layout, labels, mine > 0), _mark(layout, labels, mine < 0))


def _mark(layout: Layout, labels: Sequence[Label], rows: Flags) -> Flags:
    """Flag where any of these labels applies, in these passages."""
    marked = np.zeros_like(layout.applied)
    columns = layout.columns(labels)
    marked[:, columns] = layout.applied[:, columns] & rows[:, None]
    return marked


def _labels(words: str) -> list[Label]:
    return [label for part in read_condition(words) for label in part]


_FINDERS: Mapping[type[Any], Callable[[Any, Grounds], Sides]] = MappingProxyType(
    {
        Nearby: _side_nearby,
        PassageContrast: _side_nearby,
        InterviewContrast: _side_interviews,
        TalkContrast: _side_interviews,
        AboveBase: _side_interviews,
        Ratio: _side_ratio,
        AreaCorrelation: _side_areas,
    }
)
