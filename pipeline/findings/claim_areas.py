"""Measure indicators that rest on shares of areas: ratios, and rank correlations over areas."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np

from pipeline.findings.claim_grounds import (
    Grounds,
    Matrix,
    Measured,
    draw_shares,
    tell_basis,
    unsettle,
    weigh_areas,
)
from pipeline.findings.claim_indicators import (
    AreaCorrelation,
    AreaShare,
    Balance,
    Figure,
    Net,
    Ratio,
    list_labels,
    list_parts,
)
from pipeline.findings.powers import evenness
from pipeline.resampling import Column, divide
from pipeline.wording import counted

FEWEST_AREAS = 5  # to print a correlation: of four, even a perfect one has an exact p of .083
FEW_AREAS = 8  # up to so many, a correlation is illustrative
MOST_ORDERED = 8  # areas whose orders are all gone through for p; above, orders are drawn
ORDERS = 10_000
_CLOSE = 1e-9

_COMBINE: dict[type[Any], Callable[[Matrix], Matrix]] = {
    Balance: evenness,
    AreaShare: lambda shares: shares[0],
    Net: lambda shares: shares[0] - shares[1],
    Ratio: lambda shares: divide(shares[0], shares[0] + shares[1]),
}


def measure_ratio(indicator: Ratio, grounds: Grounds) -> Measured:
    """Measure a ratio of two labels over all areas, each area by the passages that it has."""
    layout, labels = grounds.layout, list_labels(indicator)
    size = weigh_areas(np.ones(len(layout.passages), dtype=bool), grounds)
    top, bottom = (
        (np.nan_to_num(draw_shares(label, labels, grounds)) * size).sum(axis=0) for label in labels
    )
    ratio = divide(top, top + bottom)
    informing = layout.count(layout.find(labels)) > 0
    found = [int(layout.find([label]).sum()) for label in labels]
    figures = (
        f"{counted(found[0], 'passage')} against {found[1]:,}, as coded. "
        f"{tell_basis(labels, grounds)}"
    )
    values = unsettle(ratio, top + bottom, grounds.noise[:2])
    return Measured(values, informing, (informing,), figures)


def measure_correlation(indicator: AreaCorrelation, grounds: Grounds) -> Measured:
    """Measure a rank correlation over the areas that have both figures.

    Redrawn interviews tell how sure the areas' figures are; whether areas could have fallen in this
    order by chance is told by the exact p value (all orders of up to 8 areas, else 10,000 drawn).
    """
    first, second = compare_areas(indicator, grounds)
    is_known = np.isfinite(first[:, 0] + second[:, 0])
    informing, count = is_known[grounds.layout.area], int(is_known.sum())
    if count < FEWEST_AREAS:
        unknown = np.full(len(grounds.weights), np.nan)
        return Measured(unknown, informing, (), "", obstacle=_refuse(count))
    left, right = rank(first[is_known]), rank(second[is_known])
    few = "Illustrative only: " if count <= FEW_AREAS else "Over "
    figures = f"{few}{count} areas. {tell_basis(list_labels(indicator), grounds)}"
    chance = _find_chance(left[:, 0], right[:, 0], grounds.seed)
    return Measured(_correlate(left, right), informing, (), figures, p=chance)


def compare_areas(indicator: AreaCorrelation, grounds: Grounds) -> tuple[Matrix, Matrix]:
    """Give both figures of every area (rows), in the study and in every sample (columns)."""
    first, second = (
        _draw_figure(figure, indicator, grounds) for figure in (indicator.first, indicator.second)
    )
    return first, second


def rank(figures: Matrix) -> Matrix:
    """Rank areas in every sample, around 0; not numbers in samples where an area has no figure."""
    from scipy.stats import rankdata

    ranks = np.asarray(rankdata(figures, axis=0, nan_policy="propagate"))
    return np.asarray(ranks - (len(ranks) + 1) / 2)


def _refuse(count: int) -> str:
    return (
        f"A correlation needs {FEWEST_AREAS} areas that have both figures; there "
        f"{'is' if count == 1 else 'are'} {count}."
    )


def _draw_figure(figure: Figure, indicator: AreaCorrelation, grounds: Grounds) -> Matrix:
    parts = list_parts(indicator)[0 if figure is indicator.first else 1]
    beside = list_labels(indicator)
    return _COMBINE[type(figure)](
        np.array([draw_shares(label, beside, grounds) for label in parts])
    )


def _correlate(left: Matrix, right: Matrix) -> Column:
    """Give Spearman's correlation of centred ranks; not a number where all areas are alike."""
    spread = np.sqrt((left**2).sum(axis=0) * (right**2).sum(axis=0))
    return divide((left * right).sum(axis=0), spread)


def _find_chance(left: Column, right: Column, seed: int) -> float:
    """Give the share of orders of the areas that correlate at least as strongly, either way."""
    observed = abs(float(left @ right)) - _CLOSE
    if len(left) <= MOST_ORDERED:
        orders = np.array(list(permutations(range(len(left)))))
        return float((abs(right[orders] @ left) >= observed).mean())
    random = np.random.default_rng(seed)
    orders = random.permuted(np.tile(np.arange(len(left)), (ORDERS, 1)), axis=1)
    return float(((abs(right[orders] @ left) >= observed).sum() + 1) / (ORDERS + 1))
