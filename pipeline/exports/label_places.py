"""Place the labels of points so that they hide neither one another nor a point."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SIZE = 12  # of the letters, in pixels
WIDE = 0.6  # of the size: a letter on average, with some to spare
RADII = (11, 22, 36, 52, 70, 90)
DIRECTIONS = 16
STEPS = 8  # along a line from a point to its label, to see what the line crosses
SIDEWAYS = 0.3  # a cosine: labels further to the side than this begin or end at their point


class Box(NamedTuple):
    """A rectangle, in pixels from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        """The area, in square pixels, that two boxes share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(across, 0.0) * max(down, 0.0)

    def holds(self, place: tuple[float, float]) -> bool:
        """Whether a place is inside."""
        return self.left < place[0] < self.right and self.top < place[1] < self.bottom

    @property
    def size(self) -> float:
        """The area, in square pixels."""
        return (self.right - self.left) * (self.bottom - self.top)


class Placed(NamedTuple):
    """Where words stand, as SVG anchors them, and the box that they fill at most.

    ``is_far`` asks for a line from the point to ``leader``, its end on the box.
    """

    x: float
    y: float
    anchor: str
    box: Box
    point: tuple[float, float]
    leader: tuple[float, float]
    is_far: bool

    @property
    def line(self) -> list[tuple[float, float]]:
        """Some places along the line, if there is one."""
        if not self.is_far:
            return []
        (x, y), (end_x, end_y) = self.point, self.leader
        steps = [step / STEPS for step in range(1, STEPS)]
        return [(x + (end_x - x) * step, y + (end_y - y) * step) for step in steps]


def place_labels(
    points: Sequence[tuple[float, float]],
    words: Sequence[str],
    canvas: Box,
    *,
    mark: float,
    taken: Sequence[Box] = (),
) -> list[Placed]:
    """Place one label after the other, each where it hides least, crosses least, and is nearest.

    ``mark`` is the radius of a point, ``taken`` what else must not be hidden.
    """
    marks = [Box(x - mark, y - mark, x + mark, y + mark) for x, y in points]
    placed: list[Placed] = []
    for point, text in zip(points, words, strict=True):
        candidates = list(_candidates(point, text))
        obstacles = [*taken, *marks, *(label.box for label in placed)]
        hidden = [_hidden(label.box, obstacles, canvas) for label in candidates]
        least = [
            label for label, size in zip(candidates, hidden, strict=True) if size == min(hidden)
        ]
        placed.append(min(least, key=lambda label: _crossed(label, placed)))
    return placed


def is_tangled(labels: Sequence[Placed]) -> bool:
    """Whether any two labels overlap, or a line crosses one."""
    return any(
        _shared(label, labels[:place]) or _crossed(label, labels[:place])
        for place, label in enumerate(labels)
    )


def _candidates(point: tuple[float, float], text: str) -> Iterator[Placed]:
    """Give places around a point, the nearest first; of equals, the first is taken."""
    width = max(len(text), 1) * SIZE * WIDE
    for radius in RADII:
        for turn in range(DIRECTIONS):
            angle = 2 * math.pi * turn / DIRECTIONS
            across, up = math.cos(angle), math.sin(angle)
            centre_x = point[0] + radius * across + width / 2 * across
            centre_y = point[1] - radius * up - SIZE / 2 * up
            box = Box(
                centre_x - width / 2, centre_y - SIZE / 2, centre_x + width / 2, centre_y + SIZE / 2
            )
            x, anchor = _anchor(across, box)
            yield Placed(
                round(x, 1),
                round(box.bottom - 2, 1),
                anchor,
                box,
                point,
                _nearest(point, box),
                radius > RADII[0],
            )


def _anchor(across: float, box: Box) -> tuple[float, str]:
    """Fix the end of the words that is next to the point: their width is only estimated."""
    if across > SIDEWAYS:
        return box.left, "start"
    if across < -SIDEWAYS:
        return box.right, "end"
    return (box.left + box.right) / 2, "middle"


def _nearest(point: tuple[float, float], box: Box) -> tuple[float, float]:
    x = min(max(point[0], box.left), box.right)
    return round(x, 1), round(min(max(point[1], box.top), box.bottom), 1)


def _hidden(box: Box, obstacles: Sequence[Box], canvas: Box) -> float:
    """Count the square pixels that a label would hide, or that would lie outside the canvas."""
    outside = box.size - box.overlap(canvas)
    return round(outside + sum(box.overlap(other) for other in obstacles), 3)


def _shared(label: Placed, others: Sequence[Placed]) -> float:
    return sum(label.box.overlap(other.box) for other in others)


def _crossed(label: Placed, others: Sequence[Placed]) -> int:
    """Count the places where a label's line crosses another label, or another's line this one."""
    mine = sum(other.box.holds(place) for place in label.line for other in others)
    return mine + sum(label.box.holds(place) for other in others for place in other.line)
