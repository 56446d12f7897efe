"""Saturation: a sentence and a small curve for each area."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.exports import Results
from pipeline.exports.figures import records
from pipeline.wording import counted, percent

ALL_AREAS = "all areas"  # as findings/ names them together
REACHED, TOO_FEW = "reached", "too few interviews"
WIDTH, HEIGHT = 240, 130
LEFT, RIGHT, TOP, BOTTOM = 26, 26, 10, 20


class Place(NamedTuple):
    """A point, in pixels from the top left."""

    x: float
    y: float


class Scale(NamedTuple):
    """The most interviews and the most codes of any curve: the same for all."""

    interviews: int
    codes: int

    def place(self, interview: int, codes: int) -> Place:
        """Say where an interview (from 1) with so many codes stands."""
        across = (interview - 1) / max(self.interviews - 1, 1)
        up = codes / max(self.codes, 1)
        x = LEFT + across * (WIDTH - LEFT - RIGHT)
        return Place(round(x, 1), round(HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM), 1))


class Curve(NamedTuple):
    """Codes heard so far, by interview; ``words`` says what the curve shows."""

    points: list[Place]
    codes: int
    words: str


class AreaSaturation(NamedTuple):
    """An area's saturation in sentences, with a curve unless it is all areas together."""

    area: str
    notation: str
    sentences: list[str]
    curve: Curve | None


class Saturation(NamedTuple):
    """The areas, then all of them together if there are several; one scale for the curves."""

    areas: list[AreaSaturation]
    scale: Scale
    labels: int


def gather_saturation(results: Results) -> Saturation:
    """Put every area's saturation into words, and draw its curve."""
    curves = results.saturation_curve[results.saturation_curve["area"] != ALL_AREAS]
    labels = len(results.codebook.labels)
    scale = Scale(
        int(curves["place"].max()) if len(curves) else 1,
        max([labels, *curves["codes_so_far"]]),
    )
    rows = {str(area): mine for area, mine in results.saturation.groupby("area", sort=False)}
    names = [name for name in rows if name != ALL_AREAS]
    shown = [*names, ALL_AREAS] if len(names) > 1 else names
    return Saturation(
        [_describe(name, rows[name], curves, scale) for name in shown if name in rows],
        scale,
        labels,
    )


def _describe(name: str, rows: pd.DataFrame, curves: pd.DataFrame, scale: Scale) -> AreaSaturation:
    verdicts = records(rows.sort_values("threshold", ascending=False))
    curve = records(curves[curves["area"] == name])
    return AreaSaturation(
        area=name,
        notation=verdicts[0].notation,
        sentences=list(_tell(verdicts)),
        curve=_draw(curve, scale) if curve else None,
    )


def _tell(verdicts: Sequence[Any]) -> Iterator[str]:
    """Tell the loosest threshold first, then whether stricter ones are reached."""
    first, *others = verdicts
    heard = f"{counted(first.codes, 'code')} heard in {counted(first.interviews, 'interview')}"
    if first.status == TOO_FEW:
        yield (
            f"{heard}: too few to tell. It takes {first.base + first.run}, {first.base} as a base "
            f"and a run of {first.run}."
        )
        return
    yield f"{heard}. {_tell_one(first)}"
    for other in others:
        most = f"at most {percent(other.threshold)}" if other.threshold else "no new code at all"
        at = f"after {other.reached_at:.0f} interviews" if other.status == REACHED else "nowhere"
        yield f"A run with {most}: {at}."
    yield f"Of random orders of the interviews, {percent(first.orders_reached)} reach it."


def _tell_one(row: Any) -> str:
    most = f"{percent(row.threshold)} of the {row.base_codes} in the first {row.base}"
    if row.status != REACHED:
        return f"Not reached: every run of {row.run} interviews added more than {most}."
    after = f"{row.reached_at - row.run:.0f}"
    return f"The {row.run} interviews after the first {after} added no more than {most}."


def _draw(rows: Sequence[Any], scale: Scale) -> Curve:
    told = ", ".join(str(row.codes_so_far) for row in rows)
    return Curve(
        points=[scale.place(row.place, row.codes_so_far) for row in rows],
        codes=rows[-1].codes_so_far,
        words=f"Codes heard so far in {rows[0].area}, interview by interview: {told}",
    )
