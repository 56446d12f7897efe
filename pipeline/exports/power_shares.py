"""How often a power is spoken of in a stance: corrected where people checked, else as coded."""

import math
from typing import Any, NamedTuple

from pipeline.codebook import Codebook, Label
from pipeline.exports.figures import Figures
from pipeline.exports.intervals import brackets
from pipeline.tables import STANCES
from pipeline.wording import code_title, lowered, percent


class PowerShare(NamedTuple):
    """A power in a stance in an area; ``share`` is the best there is, 0..1.

    ``low`` and ``high`` are NaN unless the share is corrected. ``applied`` counts passages as
    coded, or as found so far where not all were coded.
    """

    stance: str
    applied: int
    passages: int
    share: float
    low: float = math.nan
    high: float = math.nan
    is_coded: bool = True

    @property
    def as_coded(self) -> "PowerShare":
        """The same with the share as coded, without an interval."""
        share = self.applied / self.passages if self.is_coded and self.passages else math.nan
        return self._replace(share=share, low=math.nan, high=math.nan)

    @property
    def interval(self) -> str:
        """The 95 % interval in square brackets, or nothing."""
        return brackets(self.low, self.high)

    @property
    def words(self) -> str:
        """The share with its interval, as a sentence has it."""
        if not self.interval:
            return percent(self.share)
        return f"{percent(self.share)} [{percent(self.low)} to {percent(self.high)}]"

    def is_surely_above(self, other: "PowerShare") -> bool:
        """Whether the interval of the difference is above 0, made as for areas (MOVER).

        Two shares of one area are taken to be independent.
        """
        down = math.hypot(self.share - self.low, other.high - other.share)
        return self.share - other.share > down


def is_corrected(row: Any, figures: Figures) -> bool:
    """Whether people checked all stances of a power in an area, so that its shares are corrected.

    ``row`` is one of the powers table, which corrects all three or none.
    """
    labels = (Label(row.power, stance) for stance in STANCES)
    found = [figures[row.area, label] for label in labels if (row.area, label) in figures]
    return bool(found) and all(figure.is_corrected for figure in found)


def power_name(codebook: Codebook, power: str) -> str:
    """The name of a power inside a sentence."""
    return lowered(code_title(codebook, power))


def share_of(row: Any, stance: str, figures: Figures) -> PowerShare:
    """Read a stance from a row of the powers table, and its interval from the shares."""
    count, is_coded = int(getattr(row, stance)), stance not in row.not_coded
    found = figures.get((row.area, Label(row.power, stance)))
    has_interval = found is not None and is_corrected(row, figures)
    return PowerShare(
        stance,
        count,
        int(row.passages),
        float(getattr(row, f"{stance}_share")) if is_coded else math.nan,
        found.low if found and has_interval else math.nan,
        found.high if found and has_interval else math.nan,
        is_coded,
    )


def shares_of(row: Any, figures: Figures) -> list[PowerShare]:
    """Read all stances of a row of the powers table."""
    return [share_of(row, stance, figures) for stance in STANCES]
