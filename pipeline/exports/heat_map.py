"""The themes by area: a table of shares with a shade for each."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline.codebook import Codebook, Label
from pipeline.exports.figures import EVERYWHERE, Area, Figure, Figures, list_labels, pool
from pipeline.tables import IN_PART, NOT_CODED
from pipeline.wording import code_title, percent

# From none to most; the report's dark ink is readable on each of them (WCAG AA).
SHADES = ("#ffffff", "#eef5f8", "#d9e9f0", "#c0dbe6", "#a5cbdb", "#8bbbd0", "#72abc4")
INK = "#1d2733"
OLDER = "Codes that the codebook no longer has"


class Cell(NamedTuple):
    """A share as the table shows it; ``shade`` counts from 0 (none) to the darkest."""

    words: str
    hint: str
    shade: int
    is_small: bool
    is_heard_from_few: bool


class CodeRow(NamedTuple):
    """A code in one stance; ``span`` is how many rows its name covers, 0 where one above does."""

    code: str
    stance: str
    span: int
    cells: list[Cell]


class Section(NamedTuple):
    """A group of the codebook."""

    title: str
    rows: list[CodeRow]


class HeatMap(NamedTuple):
    """The table; its columns are areas, with all areas taken together where there are several."""

    columns: list[Area]
    sections: list[Section]


def draw_heat_map(areas: Sequence[Area], figures: Figures, codebook: Codebook) -> HeatMap:
    """Lay out every label of the codebook, those that nobody has too."""
    labels = list_labels(codebook, figures)
    darkest = max((f.share for f in figures.values() if f.is_comparable), default=0.0)
    rows = {label: _cells(label, areas, figures, darkest) for label in labels}
    sections = groupby(labels, key=lambda label: _group_title(codebook, label.code))
    return HeatMap(
        columns=[*areas, *_everywhere(areas)],
        sections=[
            Section(title, list(_rows(list(group), rows, codebook))) for title, group in sections
        ],
    )


def _everywhere(areas: Sequence[Area]) -> Iterator[Area]:
    if len(areas) > 1:
        yield Area(
            EVERYWHERE,
            sum(area.interviews for area in areas),
            sum(area.passages for area in areas),
        )


def _group_title(codebook: Codebook, code: str) -> str:
    group = next((entry.group for entry in codebook.codes if entry.id == code), "")
    return codebook.groups[group].title if group else OLDER


def _rows(
    labels: Sequence[Label], cells: dict[Label, list[Cell]], codebook: Codebook
) -> Iterator[CodeRow]:
    for code, stances in groupby(labels, key=lambda label: label.code):
        in_code = list(stances)
        for place, label in enumerate(in_code):
            span = 0 if place else len(in_code)
            yield CodeRow(code_title(codebook, code), label.stance, span, cells[label])


def _cells(label: Label, areas: Sequence[Area], figures: Figures, darkest: float) -> list[Cell]:
    there = {area.name: figures.get((area.name, label)) for area in areas}
    found = [figure for figure in there.values() if figure]
    cells = [_cell(figure, darkest) for figure in there.values()]
    if len(areas) > 1:
        cells.append(_cell(pool(found) if found else None, darkest))
    return cells


def _cell(figure: Figure | None, darkest: float) -> Cell:
    if figure is None or figure.status == NOT_CODED:
        hint = "not looked at" if figure is None else "not coded: no classifier, and nobody decided"
        return Cell("–", hint, 0, is_small=False, is_heard_from_few=False)
    is_shown_as_count = not figure.is_coded or (figure.is_small and figure.applied > 0)
    return Cell(
        words=_words(figure),
        hint=_hint(figure),
        shade=_shade(figure.share, darkest) if figure.is_comparable else 0,
        is_small=is_shown_as_count,
        is_heard_from_few=figure.is_heard_from_few and figure.is_comparable,
    )


def _words(figure: Figure) -> str:
    if not figure.is_coded:
        return f"{figure.applied:,}+"
    if figure.is_small and figure.applied:
        return f"{figure.applied}/{figure.passages}"
    return percent(figure.share) if figure.share else "0"


def _hint(figure: Figure) -> str:
    counts = f"{figure.applied:,}/{figure.passages:,} passages"
    people = f"{figure.interviews_with} of {figure.interviews} interviews"
    if figure.status == IN_PART:
        return f"found by people so far: {counts}, {people}; no classifier looks at the rest"
    if not figure.is_corrected:
        return f"{counts}, {people}; {figure.status}"
    corrected = (
        f"corrected {percent(figure.corrected)}{figure.interval}, {figure.checked:,} checked"
    )
    coded = "no classifier" if math.isnan(figure.raw) else f"as coded {counts}, {people}"
    return f"{corrected}; {coded}"


def _shade(share: float, darkest: float) -> int:
    # By the square root, as most shares are small and have to differ from one another.
    if not share > 0:
        return 0
    steps = len(SHADES) - 1
    return max(1, round(steps * math.sqrt(share / max(share, darkest))))
