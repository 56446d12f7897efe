"""What claims are weighed by: the study laid out, redrawn interviews, corrected shares of areas."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.findings.claim_layout import Flags, Layout
from pipeline.resampling import FAR, Column, divide
from pipeline.tables import CHECKED, Shares
from pipeline.wording import counted, listed

Matrix = NDArray[np.float64]  # areas x (1 + draws): the study, then every sample


class Grounds(NamedTuple):
    """The study, the weights of its interviews in every sample, and what people corrected.

    ``corrected`` gives the share, low and high of an area and label that people checked. ``noise``
    (4 x 1 + draws) is for unsettle().
    """

    layout: Layout
    weights: Column
    noise: Column
    corrected: dict[tuple[str, Label], tuple[float, float, float]]
    seed: int


class Measured(NamedTuple):
    """An indicator's values: the study's, then one for every redrawn sample.

    ``groups`` are the interviews of each group that is compared; ``informing`` are those that the
    figure rests on; ``figures`` say numerators and denominators in words. ``p`` is the exact
    two-sided p value where there is one, and ``obstacle`` says why there is no figure, or nothing.
    """

    values: Column
    informing: Flags
    groups: tuple[Flags, ...]
    figures: str
    p: float = np.nan
    obstacle: str = ""


def gather_grounds(layout: Layout, weights: Column, shares: Shares, *, seed: int) -> Grounds:
    """Take the corrected shares of what people checked at random."""
    known = shares[(shares["status"] == CHECKED) & shares["corrected_share"].notna()]
    columns = ["area", "code", "stance", "corrected_share", "low", "high"]
    rows = known[columns].itertuples(index=False, name=None)
    corrected = {
        (area, Label(code, stance)): (share, low, high)
        for area, code, stance, share, low, high in rows
    }
    noise = np.random.default_rng(seed).gamma(0.5, size=(4, len(weights)))
    noise[:, 0] = 0.0
    return Grounds(layout, weights, noise, corrected, seed)


def unsettle(share: Column, size: Column, noise: Column) -> Column:
    """Let shares of few vary in the samples though all of the few are alike.

    Redrawn interviews never show what none of them shows: of none in eight they make never. So each
    share is drawn with about half a unit more that has it, and half a unit that has not, as in
    Jeffreys' interval (Brown, Cai and DasGupta 2001, Stat. Sci. 16:101). Among many that is
    nothing. ``size`` is the number of units (interviews, passages), ``noise`` has two rows.
    """
    yes, no = noise
    return np.asarray(divide(share * size + yes, size + yes + no))


def draw_shares(label: Label, beside: Sequence[Label], grounds: Grounds) -> Matrix:
    """Give a label's share in every area and sample: as coded, or corrected where it can be.

    An area's share is corrected if all labels ``beside`` it are checked there, so that what is
    compared was counted alike. It moves with redrawn interviews as what is coded does (in
    proportion, where more is true than is coded: a model that misses much shows too little of how
    interviews differ), and besides by the error of the check: normal, with the standard error that
    its interval implies.
    """
    flags = grounds.layout.find([label])
    shares = divide(weigh_areas(flags, grounds), weigh_areas(np.ones_like(flags), grounds))
    random = np.random.default_rng([grounds.seed, *f"{label.code} {label.stance}".encode()])
    for place in _find_corrected(beside, grounds):
        share, low, high = grounds.corrected[grounds.layout.areas[place], label]
        coded = shares[place, 0]
        steps = max(1.0, share / coded) if coded > 0 else 1.0
        moved = share + steps * (shares[place] - coded)
        spread = (high - low) / (2 * FAR)
        error = random.normal(0, spread, len(grounds.weights))
        error[0] = 0.0
        shares[place] = np.clip(moved + error, 0, 1)
    return shares


def weigh_areas(flags: Flags, grounds: Grounds) -> Matrix:
    """Count the passages with a flag in every area and sample."""
    layout = grounds.layout
    is_in = layout.area == np.arange(len(layout.areas))[:, None]
    return np.asarray((is_in * layout.count(flags)) @ grounds.weights.T)


def tell_basis(beside: Sequence[Label], grounds: Grounds) -> str:
    """Say which areas' shares are corrected and which are as coded."""
    areas, checked = grounds.layout.areas, _find_corrected(beside, grounds)
    if not checked:
        return "Shares are as coded, unverified."
    if len(checked) == len(areas):
        return "Shares are corrected by people's checks in all areas."
    others = listed(area for place, area in enumerate(areas) if place not in checked)
    return (
        f"Shares are corrected by people's checks in {counted(len(checked), 'area')}; as coded, "
        f"unverified, in {others}."
    )


def _find_corrected(labels: Sequence[Label], grounds: Grounds) -> list[int]:
    """Give the places of the areas where all of these labels were checked."""
    areas = enumerate(grounds.layout.areas)
    return [p for p, area in areas if all((area, label) in grounds.corrected for label in labels)]
