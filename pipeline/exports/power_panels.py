"""What stands beside the powers' plots: balance, diagnosis, and the same figures as a table."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pipeline.codebook import Label
from pipeline.exports import Results
from pipeline.exports.charts import Panel, draw_panels
from pipeline.exports.diagnosis_words import Consequence, list_consequences
from pipeline.exports.figures import Area, Figures, records
from pipeline.exports.intervals import bounded, ends_of
from pipeline.exports.power_shares import (
    PowerShare,
    is_corrected,
    power_name,
    share_of,
    shares_of,
)
from pipeline.exports.verification import unverified_areas
from pipeline.exports.what_is_short import diagnosis_sentences, is_sure
from pipeline.tables import CHECKED, IN_PART, NOT_CODED, STANCES, UNVERIFIED
from pipeline.wording import code_title, decimal, percent


class AreaPanel(NamedTuple):
    """An area's plot and the words beside it; ``mark`` is a tag, or empty."""

    panel: Panel
    area: Area
    balance: str
    diagnosis: list[str]
    consequences: list[Consequence]
    mark: str


class Cell(NamedTuple):
    """A figure and its interval, or nothing."""

    words: str
    interval: str


class PowerRow(NamedTuple):
    """A power in an area as the table has it; ``shares`` and ``counts`` are by stance."""

    title: str
    shares: list[Cell]
    shortness: Cell
    excess: Cell
    said: str
    counts: list[str]
    status: str


class PowerTable(NamedTuple):
    """An area's powers; ``checked`` counts the passages that people checked."""

    area: Area
    checked: int
    rows: list[PowerRow]


def lay_out_panels(results: Results, areas: Sequence[Area], figures: Figures) -> list[AreaPanel]:
    """Lay out a panel for each area where at least one power was coded."""
    by_name = {area.name: area for area in areas}
    is_coded = ~results.powers["status"].isin([NOT_CODED, IN_PART])
    powers = results.powers[results.powers["area"].isin(results.powers.loc[is_coded, "area"])]
    balances = {row.area: row for row in records(results.balances)}
    unverified = unverified_areas(results)
    return [
        AreaPanel(
            panel,
            area := by_name[panel.area],
            _balance(area, balances.get(panel.area), results, figures),
            _diagnosis(area, results, figures),
            [] if area.is_small else list_consequences(panel.area, results, figures),
            UNVERIFIED if panel.area in unverified else "",
        )
        for panel in draw_panels(powers, areas, results.codebook, figures)
    ]


def list_power_tables(
    results: Results, areas: Sequence[Area], figures: Figures
) -> Iterator[PowerTable]:
    """List every area's powers, with shares, what is made of them, and counts."""
    for area in areas:
        rows = records(results.powers[results.powers["area"] == area.name])
        checked = max((_checked(row, figures) for row in rows), default=0)
        if rows:
            yield PowerTable(area, checked, [_row(row, area, results, figures) for row in rows])


def list_as_coded(results: Results, areas: Sequence[Area], figures: Figures) -> list[str]:
    """Name the powers of areas that people did not check in all stances."""
    names = {area.name for area in areas}
    return [
        f"{power_name(results.codebook, row.power)} in {row.area}"
        for row in records(results.powers)
        if row.area in names and not is_corrected(row, figures)
    ]


def _row(row: Any, area: Area, results: Results, figures: Figures) -> PowerRow:
    shares = shares_of(row, figures)
    return PowerRow(
        title=code_title(results.codebook, row.power),
        shares=[_share(share, area) for share in shares],
        shortness=_part(row, "shortness"),
        excess=_part(row, "excess"),
        said=", ".join(_said(row)),
        counts=[_count(share) for share in shares],
        status=_status(row, figures),
    )


def _part(row: Any, part: str) -> Cell:
    ends = getattr(row, f"{part}_low"), getattr(row, f"{part}_high")
    return Cell(decimal(getattr(row, part)), ends_of(*ends))


def _balance(area: Area, row: Any, results: Results, figures: Figures) -> str:
    if row is None or row.balance != row.balance:
        return "No balance: not all three powers were coded as enabling."
    start = f"Balance {bounded(row.balance, row.balance_low, row.balance_high)}"
    power = power_name(results.codebook, row.smallest_power)
    if area.is_small:
        return f"{start}; smallest: {power}."
    of_power = results.powers[results.powers["power"] == row.smallest_power]
    found = records(of_power[of_power["area"] == area.name])
    words = [share_of(one, "enabling", figures).words for one in found]
    share = words[0] if words else percent(row.smallest_share)
    return f"{start}; smallest: {power}, enabling in {share} of passages."


def _diagnosis(area: Area, results: Results, figures: Figures) -> list[str]:
    if area.is_small:
        return ["Too little was heard to say which power is short."]
    rows = results.powers[results.powers["area"] == area.name]
    return diagnosis_sentences(rows, results.codebook, figures)


def _checked(row: Any, figures: Figures) -> int:
    found = (figures.get((row.area, Label(row.power, stance))) for stance in STANCES)
    return max((figure.checked for figure in found if figure), default=0)


def _share(share: PowerShare, area: Area) -> Cell:
    if not share.is_coded:
        return Cell("–", "")
    if area.is_small:
        return Cell(f"{share.applied}/{share.passages}", "")
    return Cell(percent(share.share), share.interval)


def _said(row: Any) -> Iterator[str]:
    if row.is_short:
        yield "short" if is_sure(row, "shortness") else "may be short"
    if row.crowds_out:
        yield "too much" if is_sure(row, "excess") else "may be too much"


def _count(share: PowerShare) -> str:
    if share.is_coded:
        return f"{share.applied:,}"
    return f"{share.applied:,}+" if share.applied else "–"


def _status(row: Any, figures: Figures) -> str:
    """Say how far the shares are to be trusted; they are corrected together or not at all."""
    is_partly = row.status == CHECKED and not is_corrected(row, figures)
    return "checked in part, so as coded" if is_partly else str(row.status)
