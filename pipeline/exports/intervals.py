"""How sure a figure is, and how far two are apart, in words."""

import math
from typing import NamedTuple

from pipeline.codebook import Label
from pipeline.exports.evidence_words import signed
from pipeline.tables import CHECKED, Differences
from pipeline.wording import percent

SHARE, BALANCE = "share", "balance"  # measures of the table of differences


class Apart(NamedTuple):
    """One area's figure minus another's, -1 to 1, with the ends of its 95 % interval."""

    difference: float
    low: float
    high: float

    @property
    def may_be_chance(self) -> bool:
        """Whether the interval includes 0."""
        return self.low <= 0 <= self.high

    @property
    def in_points(self) -> str:
        """The difference in percentage points, with its interval.

        >>> Apart(0.09, -0.02, 0.17).in_points
        '9 percentage points apart [−2 to 17], which may be chance'
        """
        start = counted_points(self.difference)
        return f"{start} apart [{points(self.low)} to {points(self.high)}]{self._doubt}"

    @property
    def as_decimal(self) -> str:
        """The difference as a number, with its interval.

        >>> Apart(0.52, 0.03, 0.8).as_decimal
        '.52 apart [.03 to .80]'
        """
        ends = f"[{signed(self.low)} to {signed(self.high)}]"
        return f"{signed(self.difference)} apart {ends}{self._doubt}"

    @property
    def _doubt(self) -> str:
        return ", which may be chance" if self.may_be_chance else ""


def find_difference(
    differences: Differences, measure: str, area: str, other: str, label: Label | None = None
) -> Apart | None:
    """Find how far apart two areas are, whichever of them the table has first.

    None where people did not check both, or where there is no interval.
    """
    code, stance = label or Label("", "")
    mine = differences[
        (differences["measure"] == measure)
        & (differences["code"] == code)
        & (differences["stance"] == stance)
        & (differences["status"] == CHECKED)
    ]
    for here, there, sign in ((area, other, 1), (other, area, -1)):
        found = mine[(mine["area"] == here) & (mine["other_area"] == there)]
        if len(found) and found[["low", "high"]].notna().all(axis=None):
            row = found.iloc[0]
            low, high = sorted((sign * row["low"], sign * row["high"]))
            return Apart(float(sign * row["difference"]), float(low), float(high))
    return None


def bounded(number: float, low: float, high: float) -> str:
    """Write a number from 0 to 1 with its interval, unless that has no width.

    Redrawing interviews gives an interval without width where no checked passage says so: it does
    not mean that the figure is sure.

    >>> bounded(0.52, 0, 0.655), bounded(0, 0, 0)
    ('.52 [.00 to .66]', '.00')
    """
    return f"{signed(number)} {ends_of(low, high)}".strip()


def ends_of(low: float, high: float) -> str:
    """Write an interval of numbers from 0 to 1, or nothing where it has no width.

    >>> ends_of(0.11, 0.734), ends_of(0, 0)
    ('[.11 to .73]', '')
    """
    return f"[{signed(low)} to {signed(high)}]" if has_width(low, high) else ""


def has_width(low: float, high: float) -> bool:
    """Whether there is an interval, and it says anything."""
    return low < high


def brackets(low: float, high: float) -> str:
    """Write the interval of a share as a plot has it, with the percent sign left out.

    >>> brackets(0.004, 0.19), brackets(float("nan"), 1)
    ('[<1 to 19]', '')
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    return f"[{percent(low).removesuffix('%')} to {percent(high).removesuffix('%')}]"


def points(difference: float) -> str:
    """Write a difference of shares in percentage points: whole ones, or tenths below one.

    >>> points(0.094), points(-0.02), points(0.004), points(0)
    ('9', '−2', '0.4', '0')
    """
    size = abs(difference) * 100
    words = f"{size:.1f}" if 0.05 <= size < 0.95 else f"{size:.0f}"
    return f"−{words}" if difference < 0 and words != "0" else words


def counted_points(difference: float) -> str:
    """Write a difference of shares with its unit.

    >>> counted_points(0.094), counted_points(-0.01)
    ('9 percentage points', '−1 percentage point')
    """
    words = points(difference)
    return f"{words} percentage point{'' if words.removeprefix('−') == '1' else 's'}"
