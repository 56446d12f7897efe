"""Measure indicators over interviews and passages, for the study and for every redrawn sample."""

import numpy as np
from numpy.typing import NDArray

from pipeline.findings.claim_grounds import Grounds, Measured, unsettle
from pipeline.findings.claim_indicators import (
    AboveBase,
    InterviewContrast,
    Nearby,
    PassageContrast,
    TalkContrast,
)
from pipeline.findings.claim_layout import Flags, Layout
from pipeline.resampling import Column, divide

_MUCH_LONGER = 1.5  # times as many passages


def measure_nearby(indicator: Nearby, grounds: Grounds) -> Measured:
    """Measure whether d ('what') stands by c ('where'), with the interview as the unit.

    Of the interviews with a passage of c, the share in which d stands in at least one such passage
    or in the passage after it; minus the share to be expected of the interviews without c. These
    have no passage of c that d could stand by. The plain share that shows d anywhere would set
    whole interviews against the surroundings of a few passages: where c and d have nothing to do
    with each other, the difference would be far below 0. So for each interview without c it is
    asked how probable a d is in, or just after, as many passages as an interview with c has of c,
    drawn from it at random (hypergeometric, as in rarefaction: Hurlbert 1971, Ecology 52:577; all
    if it has fewer), averaged over the interviews with c. Areas are pooled.
    """
    layout, weights = grounds.layout, grounds.weights
    where, near = layout.hold(indicator.where), layout.reach(layout.hold(indicator.what))
    places = layout.count(where)
    with_it, beside = places > 0, layout.count(where & near) > 0
    expected = expect_hits(layout.count(near), layout.sizes, places)
    mine, others = weights * with_it, weights * ~with_it
    sizes, without = mine.sum(axis=1), others.sum(axis=1)
    rest = divide(((others @ expected) * mine).sum(axis=1), without * sizes)
    values = unsettle(divide(mine @ beside, sizes), sizes, grounds.noise[:2])
    values -= unsettle(rest, without, grounds.noise[2:])
    figures = (
        f"{beside.sum()} of {sizes[0]:.0f} interviews with it; "
        f"{np.nan_to_num(rest[0]) * without[0]:.1f} of {without[0]:.0f} expected without it."
    )
    return Measured(values, np.ones_like(with_it), (with_it, ~with_it), figures)


def expect_hits(hits: Column, sizes: Column, draws: Column) -> NDArray[np.float64]:
    """Give the probability of a hit in an interview (row) by as many draws as another's (column).

    An interview has so many hits among so many passages; it is drawn from without replacement.

    >>> expect_hits(np.array([1.0]), np.array([4.0]), np.array([2.0])).round(3).tolist()
    [[0.5]]
    """
    from scipy.special import gammaln

    size, missed = sizes[:, None], (sizes - hits)[:, None]
    drawn = np.minimum(draws, size)
    left = np.maximum(missed - drawn, 0)
    ways = gammaln(missed + 1) - gammaln(left + 1)
    all_ways = gammaln(size + 1) - gammaln(size - drawn + 1)
    return np.asarray(np.where(drawn > missed, 1.0, 1 - np.exp(ways - all_ways)))


def measure_passages(indicator: PassageContrast, grounds: Grounds) -> Measured:
    """Measure in how many of the passages with c ('where') d stands, against other passages.

    Both are shares of all such passages of the study; interviews are redrawn as wholes.
    """
    layout = grounds.layout
    where = layout.hold(indicator.where)
    near = layout.reach(layout.hold(indicator.what), indicator.reach)
    others = layout.hold(indicator.others) if indicator.others else ~where
    groups = layout.count(where), layout.count(others)
    hits = layout.count(where & near), layout.count(others & near)
    return _contrast(hits, groups, grounds, "passages")


def measure_interviews(indicator: InterviewContrast, grounds: Grounds) -> Measured:
    """Measure in how many interviews of a group 'what' is shown anywhere, against the rest.

    Longer interviews show more of everything; the figures say so where one group talks longer.
    """
    groups = _group(indicator, grounds.layout)
    shown = grounds.layout.show(indicator.what)
    hits = tuple((group & shown).astype(float) for group in groups)
    sizes = tuple(group.astype(float) for group in groups)
    measured = _contrast(hits, sizes, grounds, "interviews")
    return measured._replace(figures=measured.figures + _compare_length(groups, grounds.layout))


def measure_talk(indicator: TalkContrast, grounds: Grounds) -> Measured:
    """Measure what share of a group of interviews' passages have 'what', against the rest's."""
    layout = grounds.layout
    groups, found = _group(indicator, layout), layout.count(layout.hold(indicator.what))
    hits = tuple(found * group for group in groups)
    sizes = tuple(layout.sizes * group for group in groups)
    return _contrast(hits, sizes, grounds, "passages")


def measure_base(indicator: AboveBase, grounds: Grounds) -> Measured:
    """Measure in how many interviews with 'where' all of 'what' is shown, against all interviews.

    All interviews are the base, those with 'where' among them.
    """
    layout = grounds.layout
    with_it, shown = layout.show(indicator.where), layout.show(indicator.what)
    hits = (with_it & shown).astype(float), shown.astype(float)
    sizes = with_it.astype(float), np.ones(layout.interviews)
    groups = with_it, ~with_it
    measured = _contrast(hits, sizes, grounds, "interviews")
    figures = measured.figures + _compare_length(groups, layout)
    return measured._replace(groups=groups, figures=figures)


def _group(indicator: InterviewContrast | TalkContrast, layout: Layout) -> tuple[Flags, Flags]:
    among, where = layout.show(indicator.among), layout.show(indicator.where)
    return among & where, among & ~where


def _contrast(
    hits: tuple[Column, ...], sizes: tuple[Column, ...], grounds: Grounds, unit: str
) -> Measured:
    """Give the share of the first group minus that of the second, from counts by interview."""
    counts = [
        (grounds.weights @ hit, grounds.weights @ size)
        for hit, size in zip(hits, sizes, strict=True)
    ]
    first, second = (
        unsettle(divide(hit, size), size, noise)
        for (hit, size), noise in zip(counts, np.split(grounds.noise, 2), strict=True)
    )
    figures = (
        f"{hits[0].sum():,.0f} of {sizes[0].sum():,.0f} {unit}, against {hits[1].sum():,.0f} of "
        f"{sizes[1].sum():,.0f}."
    )
    groups = tuple(size > 0 for size in sizes)
    return Measured(first - second, groups[0] | groups[1], groups, figures)


def _compare_length(groups: tuple[Flags, Flags], layout: Layout) -> str:
    """Say so if the interviews of one group are much longer than those of the other."""
    if not all(group.any() for group in groups):
        return ""
    first, second = (float(np.median(layout.sizes[group])) for group in groups)
    if max(first, second) < _MUCH_LONGER * min(first, second):
        return ""
    return (
        f" Those with it have {first:,.0f} passages in the median, those without {second:,.0f}: "
        "longer interviews show more of everything."
    )
