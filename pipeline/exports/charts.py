"""The geometry of the powers' plot: small multiples of bars that diverge from one line.

What helps goes to the right; what is missing or too much goes to the left, on two lines, so that
every bar starts at zero and can be held against every other. All panels share one scale. A bar is
the best share there is; a thin line across its end is the interval of a corrected share.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Codebook
from pipeline.exports.bar_words import describe_bars, label_bar
from pipeline.exports.figures import Area, Figures, records
from pipeline.exports.power_shares import PowerShare, shares_of
from pipeline.tables import STANCES
from pipeline.wording import code_title, percent

WIDTH = 720
TOP = 4
NAME = 22
ROW = 72
BAR = 18
GUTTER = 182
AXIS = 30
TICK_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
MOST_TICKS = 8
LEAST = 0.02  # of the scale, on either side
PLACES = {"enabling": BAR / 2 + 2, "lacking": 0, "excessive": BAR + 4}


class Whisker(NamedTuple):
    """An interval, in pixels: a line across the bar from one end to the other."""

    low: float
    high: float


class Bar(NamedTuple):
    """A bar, in pixels from the top left, and the words beyond its end and its whisker.

    What was not coded, or only in part, has no width: a count such as 3+ is what people found.
    ``whisker`` is empty where nothing was checked. ``is_cut`` marks a bar that is longer than the
    scale, as a share of few passages may be.
    """

    stance: str
    x: float
    y: float
    width: float
    whisker: tuple[Whisker, ...]
    words: str
    words_x: float
    anchor: str
    is_cut: bool


class Row(NamedTuple):
    """A power's bars."""

    name: str
    y: float
    bars: list[Bar]


class Tick(NamedTuple):
    """A line of the scale."""

    x: float
    words: str


class Panel(NamedTuple):
    """One area's plot; ``description`` says in words what the plot shows."""

    area: str
    description: str
    rows: list[Row]
    ticks: list[Tick]
    zero: float
    width: int
    height: int


class Scale(NamedTuple):
    """The longest bar or whisker on either side, as a share: the same in every panel."""

    left: float
    right: float

    @property
    def pixels(self) -> float:
        """Pixels for a share of 1."""
        return (WIDTH - 2 * GUTTER) / (self.left + self.right)

    @property
    def zero(self) -> float:
        """Pixels from the left edge to the line that all bars start from."""
        return GUTTER + self.left * self.pixels


def draw_panels(
    powers: pd.DataFrame, areas: Sequence[Area], codebook: Codebook, figures: Figures
) -> list[Panel]:
    """Lay out one panel for each of the areas that the powers table has.

    Areas with small counts are drawn as coded, and do not stretch the scale unless there are no
    others.
    """
    tables = [(area, records(powers[powers["area"] == area.name])) for area in areas]
    found = [(area, rows) for area, rows in tables if rows]
    large = [(area, rows) for area, rows in found if not area.is_small]
    scale = _scale(
        share
        for area, rows in large or found
        for row in rows
        for share in _drawn(row, area, figures)
    )
    return [_panel(area, rows, codebook, figures, scale) for area, rows in found]


def _drawn(row: Any, area: Area, figures: Figures) -> list[PowerShare]:
    """Give the shares that the bars of a power show: as coded in a small area."""
    shares = shares_of(row, figures)
    return [share.as_coded for share in shares] if area.is_small else shares


def _scale(shares: Iterable[PowerShare]) -> Scale:
    """Find how far bars and whiskers reach."""
    ends = dict.fromkeys(STANCES, LEAST)
    for share in shares:
        reach = (end for end in (share.share, share.high) if not math.isnan(end))
        ends[share.stance] = max([ends[share.stance], *reach])
    return Scale(max(ends["lacking"], ends["excessive"]), ends["enabling"])


def _panel(
    area: Area, rows: Sequence[Any], codebook: Codebook, figures: Figures, scale: Scale
) -> Panel:
    names = [code_title(codebook, row.power) for row in rows]
    described = [
        describe_bars(name, row, area, figures) for name, row in zip(names, rows, strict=True)
    ]
    return Panel(
        area=area.name,
        description=". ".join(described) + ".",
        rows=[
            Row(name, TOP + ROW * place, _bars(row, area, TOP + ROW * place, figures, scale))
            for place, (name, row) in enumerate(zip(names, rows, strict=True))
        ],
        ticks=_ticks(scale),
        zero=round(scale.zero, 1),
        width=WIDTH,
        height=TOP + ROW * len(rows) + AXIS,
    )


def _bars(row: Any, area: Area, top: float, figures: Figures, scale: Scale) -> list[Bar]:
    return [_bar(share, area, top + NAME + 2, scale) for share in _drawn(row, area, figures)]


def _bar(share: PowerShare, area: Area, top: float, scale: Scale) -> Bar:
    goes_right = share.stance == "enabling"
    sign, longest = (1, scale.right) if goes_right else (-1, scale.left)
    size = share.share if share.is_coded else 0.0
    width = min(size, longest) * scale.pixels
    whisker = _whisker(share, sign, scale)
    reach = max(width, *(abs(end - scale.zero) for one in whisker for end in one), 0.0)
    return Bar(
        stance=share.stance,
        x=round(scale.zero if goes_right else scale.zero - width, 1),
        y=round(top + PLACES[share.stance], 1),
        width=round(width, 1),
        whisker=whisker,
        words=label_bar(share, area),
        words_x=round(scale.zero + sign * (reach + 6), 1),
        anchor="start" if goes_right else "end",
        is_cut=size > longest,
    )


def _whisker(share: PowerShare, sign: int, scale: Scale) -> tuple[Whisker, ...]:
    if math.isnan(share.low) or math.isnan(share.high):
        return ()
    ends = (round(scale.zero + sign * end * scale.pixels, 1) for end in (share.low, share.high))
    return (Whisker(*ends),)


def _ticks(scale: Scale) -> list[Tick]:
    span = scale.left + scale.right
    step = next((step for step in TICK_STEPS if span / step <= MOST_TICKS), 1.0)
    steps_left, steps_right = (math.floor(side / step + 1e-9) for side in scale)
    places = range(-steps_left, steps_right + 1)
    return [
        Tick(round(scale.zero + place * step * scale.pixels, 1), percent(abs(place * step)))
        for place in places
    ]
