"""The geometry of the ternary plot: of what is said to work, how much is of each power.

A point is an area, given by the parts of its three enabling shares. At a corner one power alone is
spoken of as working; in the middle the three are even.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from pipeline.exports import Results
from pipeline.exports.figures import Area, records
from pipeline.exports.intervals import bounded
from pipeline.exports.label_places import Box, Placed, is_tangled, place_labels
from pipeline.wording import code_title, listed, percent

WIDTH, HEIGHT = 600, 424
MARGIN, SIDE = 34, 400
MARK, CROSS = 5.0, 6.0
FEWEST_MENTIONS = 20  # of the powers as enabling: with fewer a point is hollow
GRID = (0.25, 0.5, 0.75)
MOST_NAMES = 8  # more areas are numbered, and named in the table
CORNERS = (
    (WIDTH / 2, float(MARGIN)),
    (WIDTH / 2 - SIDE / 2, MARGIN + SIDE * math.sqrt(3) / 2),
    (WIDTH / 2 + SIDE / 2, MARGIN + SIDE * math.sqrt(3) / 2),
)
MIDDLE = (1 / 3, 1 / 3, 1 / 3)


class Mix(NamedTuple):
    """What is said to work in an area, by power; ``words`` are counts in a small area."""

    parts: tuple[float, ...]
    words: tuple[str, ...]
    is_hollow: bool


class Spot(NamedTuple):
    """An area: its point in pixels, what it stands for, and where its label stands."""

    area: str
    x: float
    y: float
    mix: Mix
    balance: str
    status: str
    words: str
    label: Placed


class Corner(NamedTuple):
    """A power, where it alone is spoken of as working."""

    name: str
    x: float
    y: float
    words_y: float


class Ternary(NamedTuple):
    """The plot; ``lines`` are from (x, y) to (x, y), ``left_out`` the areas without a point."""

    corners: list[Corner]
    lines: list[tuple[float, float, float, float]]
    middle: tuple[float, float]
    spots: list[Spot]
    left_out: list[str]
    is_numbered: bool
    description: str
    mark: float = MARK
    width: int = WIDTH
    height: int = HEIGHT


def draw_ternary(results: Results, areas: Sequence[Area]) -> Ternary | None:
    """Lay out a point for each area where all three powers were coded as enabling.

    Small areas are drawn as coded. None where there is no such area, or where the codebook does not
    have three powers.
    """
    powers = results.codebook.powers
    balances = {row.area: row for row in records(results.balances) if not math.isnan(row.balance)}
    found = {area: _mix(area, results) for area in areas if area.name in balances}
    mixes = {area: mix for area, mix in found.items() if len(mix.parts) == len(CORNERS)}
    if not mixes or len(powers) != len(CORNERS):
        return None
    names = [code_title(results.codebook, power) for power in powers]
    spots = _spots(mixes, balances)
    return Ternary(
        corners=[_corner(name, place) for name, place in zip(names, CORNERS, strict=True)],
        lines=_grid(),
        middle=_rounded(locate(MIDDLE)),
        spots=spots,
        left_out=[area.name for area in areas if area not in mixes],
        is_numbered=[spot.words for spot in spots] != [spot.area for spot in spots],
        description=_describe(spots, names),
    )


def locate(parts: Sequence[float]) -> tuple[float, float]:
    """Give the pixels of a mixture, whose parts add up to 1.

    >>> locate([1, 0, 0]) == CORNERS[0]
    True
    """
    x = sum(part * corner[0] for part, corner in zip(parts, CORNERS, strict=True))
    y = sum(part * corner[1] for part, corner in zip(parts, CORNERS, strict=True))
    return x, y


def _mix(area: Area, results: Results) -> Mix:
    """Give each power's part of an area's enabling shares; no parts where none is heard to work."""
    rows = results.powers[results.powers["area"] == area.name].set_index("power")
    known = rows.reindex(list(results.codebook.powers)).dropna(subset=["enabling_share"])
    column = known["enabling" if area.is_small else "enabling_share"]
    total = float(column.sum())
    mentions = total if area.is_small else total * area.passages
    parts = tuple(float(value) / total for value in column) if total else ()
    counts = tuple(f"{value:.0f}/{total:.0f}" for value in column)
    return Mix(
        parts,
        counts if area.is_small else tuple(percent(part) for part in parts),
        is_hollow=area.is_small or mentions < FEWEST_MENTIONS,
    )


def _spots(mixes: dict[Area, Mix], balances: dict[str, Any]) -> list[Spot]:
    points = [locate(mix.parts) for mix in mixes.values()]
    words = [area.name for area in mixes]
    labels = _place(points, words)
    if len(words) > MOST_NAMES or is_tangled(labels):
        words = [str(number) for number in range(1, len(points) + 1)]
        labels = _place(points, words)
    return [
        Spot(
            area.name,
            *_rounded(point),
            mix,
            _balance(balances[area.name]),
            balances[area.name].status,
            text,
            label,
        )
        for (area, mix), point, text, label in zip(
            mixes.items(), points, words, labels, strict=True
        )
    ]


def _place(points: Sequence[tuple[float, float]], words: Sequence[str]) -> list[Placed]:
    (x, y), arm = locate(MIDDLE), CROSS + 1
    cross = Box(x - arm, y - arm, x + arm, y + arm)
    canvas = Box(0, 0, WIDTH, HEIGHT - MARGIN)
    return place_labels(points, words, canvas, mark=MARK + 1, taken=[cross])


def _balance(row: Any) -> str:
    return bounded(row.balance, row.balance_low, row.balance_high)


def _corner(name: str, place: tuple[float, float]) -> Corner:
    x, y = _rounded(place)
    return Corner(name, x, y, y - 12 if y < HEIGHT / 2 else y + 22)


def _grid() -> list[tuple[float, float, float, float]]:
    """Give the lines where a power has a quarter, half and three quarters of the whole."""
    ends = []
    for power in range(len(CORNERS)):
        for part in GRID:
            rest = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
            for side, other in zip(rest, (power + 1, power + 2), strict=True):
                side[power], side[other % len(CORNERS)] = part, 1 - part
            ends.append((*_rounded(locate(rest[0])), *_rounded(locate(rest[1]))))
    return ends


def _rounded(place: tuple[float, float]) -> tuple[float, float]:
    return round(place[0], 1), round(place[1], 1)


def _describe(spots: Sequence[Spot], names: Sequence[str]) -> str:
    each = (
        f"{spot.area}: "
        + listed(f"{name} {part}" for name, part in zip(names, spot.mix.words, strict=True))
        for spot in spots
    )
    return "Of what is said to work, by area. " + ". ".join(each) + "."
