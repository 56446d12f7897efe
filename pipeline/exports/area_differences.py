"""Say what differs between areas, each difference with its interval where people checked both."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from pipeline.exports import Results
from pipeline.exports.contrasts import Gap, find_gaps
from pipeline.exports.figures import Area, list_areas, list_figures, records
from pipeline.exports.intervals import BALANCE, SHARE, Apart, bounded, find_difference
from pipeline.exports.power_shares import power_name
from pipeline.exports.summary import trusted_labels
from pipeline.exports.what_is_short import PROBLEMS, SHORT, is_sure
from pipeline.tables import ALL_OTHERS, CHECKED
from pipeline.wording import decimal, label_title, listed, percent

WIDEST_GAPS = 3
WIDEST = (
    "Of many gaps, these are named because they are the widest, so they are likely to be "
    "exaggerated."
)
ONE_IN = 20  # intervals of 95 % that do not hold the truth


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
        *_places(results, compared),
        *_balances(results, compared),
        *_gaps(results, compared),
        *_left_out(areas),
    ]


def _places(results: Results, areas: Sequence[Area]) -> Iterator[str]:
    """Say where which power is short, or crowds out the others."""
    compared = results.powers[results.powers["area"].isin([area.name for area in areas])]
    for problem in PROBLEMS:
        rows = compared[compared[problem.flag]].sort_values("area")
        places = [
            f"{power_name(results.codebook, power)} in "
            + listed(_place(row, problem.part) for row in found)
            for power in results.codebook.powers
            if (found := records(rows[rows["power"] == power]))
        ]
        if places:
            what = "is short" if problem == SHORT else "crowds out the others"
            yield f"The power that {what}: {'; '.join(places)}."


def _place(row: Any, part: str) -> str:
    """Name an area, and how far a power is short there if that is not sure."""
    if is_sure(row, part):
        return str(row.area)
    ends = (getattr(row, f"{part}_{end}") for end in ("low", "high"))
    return f"{row.area} (not sure: {part} {bounded(getattr(row, part), *ends)})"


def _balances(results: Results, areas: Sequence[Area]) -> Iterator[str]:
    names = [area.name for area in areas]
    rows = results.balances[results.balances["area"].isin(names)].dropna(subset=["balance"])
    if len(rows) < 2:
        return
    if len(set(rows["status"])) > 1:
        yield "Balance is not compared, because people have checked some of the areas only."
        return
    ordered = list(records(rows.sort_values(["balance", "area"])))
    least, most = ordered[0], decimal(ordered[-1].balance)
    evenest = [row for row in ordered if decimal(row.balance) == most]
    if decimal(least.balance) == most:
        yield f"The three powers are heard as working as evenly in all areas (balance {most})."
        return
    places = listed(sorted(row.area for row in evenest))
    extent = _balance(evenest[0]) if len(evenest) == 1 else f"balance {most}"
    apart = find_difference(results.differences, BALANCE, ordered[-1].area, least.area)
    yield (
        f"The three powers are heard as working most evenly in {places} ({extent}) and least "
        f"evenly in {least.area} ({_balance(least)}, where "
        f"{power_name(results.codebook, least.smallest_power)} is spoken of as enabling in "
        f"{percent(least.smallest_share)} of passages){_apart(apart)}. Balance looks only at what "
        "is heard to work."
    )


def _balance(row: Any) -> str:
    return f"balance {bounded(row.balance, row.balance_low, row.balance_high)}"


def _apart(apart: Apart | None) -> str:
    return f": {apart.as_decimal}" if apart else ""


def _gaps(results: Results, areas: Sequence[Area]) -> Iterator[str]:
    figures = list_figures(results)
    gaps = find_gaps(areas, trusted_labels(results, figures), figures)[:WIDEST_GAPS]
    for gap in gaps:
        yield _gap_sentence(gap, results)
    if gaps:
        yield " ".join([WIDEST, *_chances(results.differences)])


def _gap_sentence(gap: Gap, results: Results) -> str:
    label = gap.most.label
    start = f"‘{label_title(results.codebook, label)}’ is heard most in"
    apart = find_difference(results.differences, SHARE, gap.most.area, gap.least.area, label)
    if apart is None:
        return (
            f"{start} {gap.most.area} ({gap.most.heard}) and least in {gap.least.area} "
            f"({gap.least.heard})."
        )
    return (
        f"{start} {gap.most.area} ({percent(gap.most.share)}) and least in {gap.least.area} "
        f"({percent(gap.least.share)}): {apart.in_points}."
    )


def _chances(differences: pd.DataFrame) -> Iterator[str]:
    """Say how many differences of shares there are, since one interval in twenty may miss."""
    pairs = differences[
        (differences["measure"] == SHARE)
        & (differences["status"] == CHECKED)
        & (differences["other_area"] != ALL_OTHERS)
    ]
    clear = int(((pairs["low"] > 0) | (pairs["high"] < 0)).sum())
    if len(pairs) >= ONE_IN:
        yield (
            f"Of {len(pairs):,} differences of a share between two areas, {clear:,} have an "
            f"interval that leaves out 0; about {len(pairs) / ONE_IN:,.0f} would if no areas "
            "differed at all."
        )


def _left_out(areas: Sequence[Area]) -> Iterator[str]:
    small = [f"{area.name} ({area.size})" for area in areas if area.is_small]
    if small:
        yield f"Left out of these comparisons, because too little was heard: {listed(small)}."
