"""What is heard more in one area than in the others.

The rule is one that a reader can check by eye, and no test: passages of one interview hang
together, so a p-value over passages would promise more than there is.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.codebook import Label
from pipeline.exports.figures import Area, Figure, Figures, comparable_shares, pool
from pipeline.tables import FEW_INTERVIEWS

STANDS_OUT_TIMES = 1.5
STANDS_OUT_POINTS = 0.03
RULE = (
    "A theme stands out in an area if its share there is at least one and a half times that of the "
    "other areas taken together and at least 3 percentage points above it, and at least 3 "
    "interviews in the area speak of it. Areas with small counts are neither compared nor "
    "compared with. This is a rule for reading, not a test: how sure a difference is, its interval "
    "says."
)


class Contrast(NamedTuple):
    """A label in one area, and in the others taken together."""

    here: Figure
    elsewhere: Figure
    points: float


class Gap(NamedTuple):
    """A label where it is heard most and where least."""

    most: Figure
    least: Figure
    points: float


def find_contrasts(area: str, labels: Iterable[Label], figures: Figures) -> list[Contrast]:
    """List the labels that stand out in an area, the widest difference first."""
    found = [
        contrast
        for label in labels
        for contrast in _contrast(area, label, figures)
        if _stands_out(contrast)
    ]
    return sorted(found, key=lambda contrast: (-contrast.points, contrast.here.label))


def find_gaps(areas: Sequence[Area], labels: Iterable[Label], figures: Figures) -> list[Gap]:
    """List the labels by how far apart the areas are, the widest first.

    Left out are those that fewer than 3 interviews speak of where the label is heard most.
    """
    gaps = [gap for label in labels for gap in _gap(_figures_of(areas, label, figures))]
    wide = [gap for gap in gaps if gap.most.interviews_with >= FEW_INTERVIEWS and gap.points > 0]
    return sorted(wide, key=lambda gap: (-gap.points, gap.most.label))


def _contrast(area: str, label: Label, figures: Figures) -> Iterator[Contrast]:
    here = figures.get((area, label))
    others = [
        figure
        for (name, other), figure in figures.items()
        if other == label and name != area and figure.is_comparable
    ]
    if here is not None and here.is_comparable and others:
        elsewhere = pool(others, name="elsewhere")
        share, other_share = comparable_shares([here, elsewhere])
        if not math.isnan(share - other_share):
            yield Contrast(here, elsewhere, share - other_share)


def _stands_out(contrast: Contrast) -> bool:
    share, elsewhere = comparable_shares([contrast.here, contrast.elsewhere])
    return (
        contrast.here.interviews_with >= FEW_INTERVIEWS
        and contrast.points >= STANDS_OUT_POINTS
        and share >= STANDS_OUT_TIMES * elsewhere
    )


def _figures_of(areas: Sequence[Area], label: Label, figures: Figures) -> list[Figure]:
    found = [figures[area.name, label] for area in areas if (area.name, label) in figures]
    return [figure for figure in found if figure.is_comparable]


def _gap(figures: Sequence[Figure]) -> Iterator[Gap]:
    shares = comparable_shares(figures)
    if len(figures) < 2 or any(map(math.isnan, shares)):
        return
    by_share = sorted(zip(shares, figures, strict=True), key=lambda pair: pair[0])
    (low, least), *_, (high, most) = by_share
    yield Gap(most, least, high - low)
