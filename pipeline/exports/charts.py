"""The geometry of the powers' plot: small multiples of bars that diverge from one line.

What helps goes to the right; what is missing or too much goes to the left, on two lines, so that
every bar starts at zero and can be held against every other. All panels share one scale.
"""

import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import pandas as pd

from pipeline.codebook import Codebook
from pipeline.exports.figures import Area, records
from pipeline.tables import FEW_PASSAGES, STANCES
from pipeline.wording import code_title, decimal, percent

WIDTH = 640
TOP = 4
NAME = 22
ROW = 72
BAR = 18
GUTTER = 140
AXIS = 30
TICK_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
MOST_TICKS = 8


class Bar(NamedTuple):
    """A bar, in pixels from the top left, and the words at its end.

    What was not coded, or only in part, has no width: a count such as 3+ is what people found.
    ``is_cut`` marks one that is longer than the scale, as a share of few passages may be.
    """

    stance: Literal["enabling", "lacking", "excessive"]
    x: float
    y: float
    width: float
    words: str
    words_x: float
    anchor: Literal["start", "end"]
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
    """The longest bar on either side, as a share: the same in every panel."""

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


def draw_panels(powers: pd.DataFrame, areas: Sequence[Area], codebook: Codebook) -> list[Panel]:
    """Lay out one panel for each of the areas that the powers table has.

    Areas with small counts do not stretch the scale, unless there are no others.
    """
    large = powers[powers["area"].isin([area.name for area in areas if not area.is_small])]
    scale = _scale(large if len(large) else powers)
    tables = [powers[powers["area"] == area.name] for area in areas]
    return [_panel(table, codebook, scale) for table in tables if len(table)]


def _scale(powers: pd.DataFrame) -> Scale:
    if powers.empty:
        return Scale(0.05, 0.05)
    shares = powers[list(STANCES)].div(powers["passages"].clip(lower=1), axis=0)
    left = float(shares[["lacking", "excessive"]].to_numpy().max())
    return Scale(max(left, 0.02), max(float(shares["enabling"].max()), 0.02))


def _panel(powers: pd.DataFrame, codebook: Codebook, scale: Scale) -> Panel:
    rows = records(powers)
    names = [code_title(codebook, record.power) for record in rows]
    return Panel(
        area=rows[0].area,
        description=". ".join(map(_describe, names, rows)) + ".",
        rows=[
            Row(name, TOP + ROW * place, _bars(record, TOP + ROW * place, scale))
            for place, (name, record) in enumerate(zip(names, rows, strict=True))
        ],
        ticks=_ticks(scale),
        zero=round(scale.zero, 1),
        width=WIDTH,
        height=TOP + ROW * len(rows) + AXIS,
    )


def _describe(name: str, record: Any) -> str:
    without = f", not coded as {record.not_coded}" if record.not_coded else ""
    return (
        f"{name}: enabling in {record.enabling}, lacking in {record.lacking}, excessive in "
        f"{record.excessive} of {record.passages} passages{without}, shortness "
        f"{decimal(record.shortness)}, excess {decimal(record.excess)}"
    )


def _bars(record: Any, top: float, scale: Scale) -> list[Bar]:
    upper = top + NAME + 2
    return [
        _bar("enabling", record, upper + BAR / 2 + 2, scale),
        _bar("lacking", record, upper, scale),
        _bar("excessive", record, upper + BAR + 4, scale),
    ]


def _bar(
    stance: Literal["enabling", "lacking", "excessive"], record: Any, y: float, scale: Scale
) -> Bar:
    count, is_coded = int(getattr(record, stance)), stance not in record.not_coded
    share = count / record.passages if record.passages and is_coded else 0.0
    goes_right = stance == "enabling"
    longest = scale.right if goes_right else scale.left
    width = min(share, longest) * scale.pixels
    x = scale.zero if goes_right else scale.zero - width
    return Bar(
        stance=stance,
        x=round(x, 1),
        y=round(y, 1),
        width=round(width, 1),
        words=_words(stance, count, record),
        words_x=round(scale.zero + width + 6 if goes_right else x - 6, 1),
        anchor="start" if goes_right else "end",
        is_cut=share > longest,
    )


def _words(stance: str, count: int, record: Any) -> str:
    if stance in record.not_coded:
        return f"{stance} {count:,}+" if count else f"{stance} not coded"
    is_small = record.passages < FEW_PASSAGES
    return f"{stance} {count:,}{'' if is_small else f' · {percent(count / record.passages)}'}"


def _ticks(scale: Scale) -> list[Tick]:
    span = scale.left + scale.right
    step = next((step for step in TICK_STEPS if span / step <= MOST_TICKS), 1.0)
    steps_left, steps_right = (math.floor(side / step + 1e-9) for side in scale)
    places = range(-steps_left, steps_right + 1)
    return [
        Tick(round(scale.zero + place * step * scale.pixels, 1), percent(abs(place * step)))
        for place in places
    ]
