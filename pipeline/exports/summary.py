"""Sum the findings up in words, with the counts in every sentence and no claim of cause."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Codebook, Label
from pipeline.exports import Results
from pipeline.exports.contrasts import (
    Contrast,
    Gap,
    contrast_with_others,
    find_contrasts,
    find_gaps,
)
from pipeline.exports.coverage import describe_found, name_uncoded
from pipeline.exports.figures import (
    Area,
    Figure,
    Figures,
    is_verified,
    list_areas,
    list_figures,
    list_labels,
    records,
)
from pipeline.tables import NOT_CODED
from pipeline.wording import (
    code_title,
    counted,
    decimal,
    label_title,
    listed,
    lowered,
    percent,
)

THEMES_IN_A_SENTENCE = 3
WIDEST_GAPS = 3
LEAST_PRECISION = 0.2

# What the theory expects to be heard where a power is short.
EXPECTED = {
    "individual": Label("risk_appetite", "lacking"),
    "solidaristic": Label("innovation", "lacking"),
    "hierarchical": Label("disorder", "present"),
}


class AreaSummary(NamedTuple):
    """An area in a few sentences; each ``size`` counts its interviews and passages."""

    area: str
    size: str
    is_small: bool
    sentences: list[str]


def summarise_areas(results: Results) -> list[AreaSummary]:
    """Say of each area which power is spoken of as working, which is short, what stands out."""
    figures = list_figures(results)
    return [
        AreaSummary(
            area.name, area.size, area.is_small, list(_area_sentences(area, results, figures))
        )
        for area in list_areas(results)
    ]


def summarise_differences(results: Results) -> list[str]:
    """Say what differs between the areas; areas with small counts are named and left out."""
    areas = list_areas(results)
    compared = [area for area in areas if not area.is_small]
    if len(areas) < 2:
        return ["There is one area, so there is nothing to compare."] if areas else []
    if not any(figure.is_coded for figure in list_figures(results).values()):
        return []
    if len(compared) < 2:
        return ["Too few areas have 3 interviews and 30 passages, so none are compared."]
    return [
        *_short_powers(results, compared),
        *_balances(results, compared),
        *_gaps(results, compared),
        *_left_out(areas),
    ]


def standing_out(area: str, results: Results, figures: Figures) -> list[Contrast]:
    """List the themes (every code but the powers) that stand out in an area."""
    powers = set(results.codebook.powers)
    labels = trusted_labels(results, figures)
    return find_contrasts(area, [label for label in labels if label.code not in powers], figures)


def trusted_labels(results: Results, figures: Figures) -> list[Label]:
    """List the labels that a summary may rest on.

    Those whose precision on the model's card is below .2 are left out, unless people have
    checked a sample; so are those that the card does not know.
    """
    labels = list_labels(results.codebook, figures)
    if is_verified(results) or not results.card.get("labels"):
        return labels
    precision = {
        Label(row.get("code", ""), row.get("stance", "")): row.get("precision") or 0.0
        for row in results.card["labels"]
    }
    return [label for label in labels if precision.get(label, 0.0) >= LEAST_PRECISION]


def describe_shortness(area: Area, results: Results) -> str:
    """Say in one line which power is short or crowds out the others, and on what counts."""
    if area.is_small:
        return "Too little was heard to say which power is short."
    rows = _rows_of(results.powers, area.name)
    book = results.codebook
    lines = [
        *(_line("Short", row.lacking, "lacking", row, book) for row in _short(rows)),
        *(_line("Too much", row.excessive, "excessive", row, book) for row in _crowding(rows)),
    ]
    return " ".join([*lines, *name_uncoded(rows, book)] if lines else [_none_short(rows, book)])


def describe_expectation(area: Area, results: Results, figures: Figures) -> str:
    """Hold what the theory expects where a power is short against what the area's talk has."""
    if area.is_small:
        return ""
    rows = _rows_of(results.powers, area.name)
    short = [power for power in rows.loc[rows["is_short"], "power"] if power in EXPECTED]
    found = (figures.get((area.name, EXPECTED[power])) for power in short)
    return " ".join(
        f"Where {power} power is short, the theory expects to hear of "
        f"‘{label_title(results.codebook, figure.label)}’. "
        + _heard(figure, contrast_with_others(area.name, figure.label, figures))
        for power, figure in zip(short, found, strict=True)
        if figure is not None
    )


def _heard(figure: Figure, contrast: Contrast | None) -> str:
    if figure.status == NOT_CODED:
        return "Whether it is heard is not known: it was not coded."
    return f"It is heard in {figure.words}{_elsewhere(contrast)}."


def _area_sentences(area: Area, results: Results, figures: Figures) -> Iterator[str]:
    here = [figure for (name, _), figure in figures.items() if name == area.name]
    if here and not any(figure.is_coded for figure in here):
        yield describe_found(here, results.codebook)
        return
    if results.codebook.powers:
        yield from _power_sentences(area, results, figures)
    contrasts = standing_out(area.name, results, figures)[:THEMES_IN_A_SENTENCE]
    if contrasts:
        yield _contrast_sentence(contrasts, results.codebook)
    elif not results.codebook.powers:
        yield "No theme stands out here."


def _power_sentences(area: Area, results: Results, figures: Figures) -> Iterator[str]:
    rows = _rows_of(results.powers, area.name)
    if rows.empty:
        yield "No passage has been coded for the powers."
    elif area.is_small:
        yield f"Only {area.size}: read what people said here rather than the figures."
        yield _counts_sentence(rows, results.codebook)
    else:
        yield _working_sentence(area, rows, results.codebook, figures)
        yield _shortness_sentence(rows, results.codebook)


def _working_sentence(area: Area, rows: pd.DataFrame, codebook: Codebook, figures: Figures) -> str:
    rows = rows[~rows["not_coded"].str.contains("enabling")]
    if rows.empty:
        return f"Which power works in {area.name} is not known: none was coded as enabling."
    others = rows[~rows["is_short"] & ~rows["crowds_out"]]  # what is short is told of by itself
    working = others if others["enabling"].any() else rows
    most = int(working["enabling"].max())
    if most == 0:
        return f"No passage in {area.name} speaks of a power as working."
    powers = list(working.loc[working["enabling"] == most, "power"])
    names = listed(_power_name(codebook, power) for power in powers)
    each = "each is" if len(powers) > 1 else "it is"
    figure = figures.get((area.name, Label(powers[0], "enabling")))
    of = int(rows["passages"].iloc[0])
    words = figure.words if figure else f"{most:,} of {counted(of, 'passage')}"
    return (
        f"The talk in {area.name} points to {names} as what works{_left_aside(rows, working)}: "
        f"{each} spoken of as enabling in {words}."
    )


def _left_aside(rows: pd.DataFrame, working: pd.DataFrame) -> str:
    """Say that powers were passed over that are called short or too much."""
    return "" if len(working) == len(rows) else ", besides what is short or too much"


def _counts_sentence(rows: pd.DataFrame, codebook: Codebook) -> str:
    counts = "; ".join(
        f"{_power_name(codebook, row.power)} as enabling in {row.enabling}, as lacking in "
        f"{row.lacking}, as excessive in {row.excessive}{_not_coded(row)}"
        for row in records(rows)
    )
    return f"Of {counted(int(rows['passages'].iloc[0]), 'passage')}, they speak of {counts}."


def _not_coded(row: Any) -> str:
    return f" (not coded: {row.not_coded})" if row.not_coded else ""


def _shortness_sentence(rows: pd.DataFrame, codebook: Codebook) -> str:
    sentences = [
        *(_short_sentence(row, codebook) for row in _short(rows)),
        *(_crowding_sentence(row, codebook) for row in _crowding(rows)),
    ]
    return " ".join(sentences) or _none_short(rows, codebook)


def _none_short(rows: pd.DataFrame, codebook: Codebook) -> str:
    """Say that no power stands out, and of which that cannot be said."""
    if rows[["shortness", "excess"]].isna().all(axis=None):
        return "Which power is short, and which is too much, is not known: too little is coded."
    return " ".join(
        ["No power stands out as short, and none as too much.", *name_uncoded(rows, codebook)]
    )


def _short_sentence(row: Any, codebook: Codebook) -> str:
    return (
        f"It points to {_power_name(codebook, row.power)} as short: {row.lacking:,} of its "
        f"{counted(_said(row), 'mention')} say that it is lacking, "
        f"{row.enabling:,} that it helps (shortness {decimal(row.shortness)})."
    )


def _crowding_sentence(row: Any, codebook: Codebook) -> str:
    return (
        f"It points to too much {_power_name(codebook, row.power)}, which crowds out the others: "
        f"{row.excessive:,} of its {counted(_said(row), 'mention')} say so, "
        f"{row.enabling:,} that it helps (excess {decimal(row.excess)})."
    )


def _line(word: str, count: int, stance: str, row: Any, codebook: Codebook) -> str:
    return (
        f"{word}: {_power_name(codebook, row.power)} ({stance} in {count:,} of its "
        f"{counted(_said(row), 'mention')})."
    )


def _short(rows: pd.DataFrame) -> list[Any]:
    return list(records(rows[rows["is_short"]]))


def _crowding(rows: pd.DataFrame) -> list[Any]:
    return list(records(rows[rows["crowds_out"]]))


def _said(row: Any) -> int:
    """Count the mentions of a power: a passage that has it in two stances is two."""
    return int(row.enabling + row.lacking + row.excessive)


def _contrast_sentence(contrasts: Sequence[Contrast], codebook: Codebook) -> str:
    themes = "; ".join(
        f"‘{label_title(codebook, contrast.here.label)}’ ({contrast.here.words}"
        f"{_elsewhere(contrast)})"
        for contrast in contrasts
    )
    return f"Heard more than in the other areas: {themes}."


def _elsewhere(contrast: Contrast | None) -> str:
    return f"; elsewhere {percent(contrast.elsewhere.share)}" if contrast else ""


def _short_powers(results: Results, areas: Sequence[Area]) -> Iterator[str]:
    yield from _places("is_short", "The power that is short", results, areas)
    yield from _places("crowds_out", "The power that crowds out the others", results, areas)


def _places(mark: str, words: str, results: Results, areas: Sequence[Area]) -> Iterator[str]:
    names = [area.name for area in areas]
    rows = results.powers[results.powers[mark] & results.powers["area"].isin(names)]
    places = [
        f"{_power_name(results.codebook, power)} in {listed(sorted(rows_of_power['area']))}"
        for power in results.codebook.powers
        if len(rows_of_power := rows[rows["power"] == power])
    ]
    if places:
        yield f"{words}: {'; '.join(places)}."


def _balances(results: Results, areas: Sequence[Area]) -> Iterator[str]:
    names = [area.name for area in areas]
    rows = results.balances[results.balances["area"].isin(names)].dropna(subset=["balance"])
    if len(rows) < 2:
        return
    ordered = list(records(rows.sort_values(["balance", "area"])))
    least, most = ordered[0], decimal(ordered[-1].balance)
    evenest = listed(sorted(row.area for row in ordered if decimal(row.balance) == most))
    if decimal(least.balance) == most:
        yield f"The three powers are heard as working as evenly in all areas (balance {most})."
        return
    smallest = _power_name(results.codebook, least.smallest_power)
    yield (
        f"The three powers are heard as working most evenly in {evenest} (balance {most}) and "
        f"least evenly in {least.area} (balance {decimal(least.balance)}, where {smallest} is "
        f"spoken of as enabling in {percent(least.smallest_share)} of passages). Balance looks "
        "only at what is heard to work."
    )


def _gaps(results: Results, areas: Sequence[Area]) -> Iterator[str]:
    figures = list_figures(results)
    labels = trusted_labels(results, figures)
    for gap in find_gaps(areas, labels, figures)[:WIDEST_GAPS]:
        yield _gap_sentence(gap, results.codebook)


def _gap_sentence(gap: Gap, codebook: Codebook) -> str:
    return (
        f"‘{label_title(codebook, gap.most.label)}’ is heard most in {gap.most.area} "
        f"({gap.most.words}) and least in {gap.least.area} ({gap.least.words})."
    )


def _left_out(areas: Sequence[Area]) -> Iterator[str]:
    small = [f"{area.name} ({area.size})" for area in areas if area.is_small]
    if small:
        yield f"Left out of these comparisons, because too little was heard: {listed(small)}."


def _rows_of(table: pd.DataFrame, area: str) -> pd.DataFrame:
    return table[table["area"] == area]


def _power_name(codebook: Codebook, power: str) -> str:
    return lowered(code_title(codebook, power))
