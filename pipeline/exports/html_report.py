"""One page that opens offline, prints, and shows every figure with its counts and its doubts."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.exports import Results, exporters
from pipeline.exports.charts import Panel, draw_panels
from pipeline.exports.contrasts import RULE
from pipeline.exports.coverage import describe_coverage
from pipeline.exports.figures import (
    Area,
    Figures,
    is_verified,
    list_areas,
    list_figures,
    mark,
    records,
    unverified_areas,
)
from pipeline.exports.heat_map import SHADES, draw_heat_map
from pipeline.exports.model_card import read_card
from pipeline.exports.provenance import read_run
from pipeline.exports.quotes import AreaQuotes, choose_quotes
from pipeline.exports.summary import (
    describe_expectation,
    describe_shortness,
    summarise_areas,
    summarise_differences,
)
from pipeline.exports.topics_table import TopicRow, list_topics
from pipeline.files import write_whole
from pipeline.tables import FEW_INTERVIEWS, FEW_PASSAGES, IN_PART, NOT_CODED, STANCES, UNVERIFIED
from pipeline.wording import code_title, counted, decimal, listed, lowered, percent

FILE = "report.html"


@exporters.register("html")
def write_html_report(results: Results, folder: Path) -> list[Path]:
    """Write report.html, with its style, plots and tables inside it."""
    page = render_report(results).encode("utf-8")
    return [write_whole(folder / FILE, lambda part: part.write_bytes(page))]


def render_report(results: Results) -> str:
    """Render the page; whatever comes from the study is escaped."""
    return str(_page().render(gather(results)))


def gather(results: Results) -> dict[str, Any]:
    """Everything that the templates show, by the name that they know it by."""
    areas, figures = list_areas(results), list_figures(results)
    topics = list_topics(results)
    quotes = choose_quotes(results) if mark(results) != NOT_CODED else []
    return {
        **_heading(results, areas),
        "is_verified": is_verified(results),
        "mark": mark(results),
        "has_no_model": results.has_no_model,
        "coverage": describe_coverage(results),
        "unverified_areas": unverified_areas(results),
        "checked": _checked(figures),
        "areas": areas,
        "summaries": summarise_areas(results),
        "differences": summarise_differences(results),
        "panels": _panels(results, areas, figures),
        "powers": _powers(results, areas),
        "heat_map": draw_heat_map(areas, figures, results.codebook),
        "shades": SHADES,
        "quotes": quotes,
        "topics": topics,
        "anchored_topics": _anchored(topics, quotes),
        "run": read_run(results.run),
        "card": read_card(results.card, results.codebook),
        "rule": RULE,
        "few_interviews": FEW_INTERVIEWS,
        "few_passages": FEW_PASSAGES,
        "codebook": results.codebook,
    }


@cache
def _page() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("pipeline.exports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "counted": counted,
        "decimal": decimal,
        "listed": listed,
    }
    return environment.get_template("report.html")


def _heading(results: Results, areas: list[Area]) -> dict[str, Any]:
    interviews = results.passages[["transcript", "participant"]].drop_duplicates()
    return {
        "title": results.run.get("title") or results.study,
        "study": results.study,
        "interviews": len(interviews),
        "passages": len(results.passages),
        "area_count": len(areas),
    }


def _checked(figures: Figures) -> int:
    """Checked passages: a passage is checked for all codes at once, so each area counts once."""
    by_area: dict[str, int] = {}
    for (area, _), figure in figures.items():
        by_area[area] = max(by_area.get(area, 0), figure.checked)
    return sum(by_area.values())


def _panels(results: Results, areas: list[Area], figures: Figures) -> list[Mapping[str, Any]]:
    by_name = {area.name: area for area in areas}
    is_coded = ~results.powers["status"].isin([NOT_CODED, IN_PART])
    powers = results.powers[results.powers["area"].isin(results.powers.loc[is_coded, "area"])]
    panels: list[Panel] = draw_panels(powers, areas, results.codebook)
    balances = {row.area: row for row in records(results.balances)}
    return [
        {
            "panel": panel,
            "area": by_name[panel.area],
            "balance": _balance(by_name[panel.area], balances.get(panel.area), results),
            "shortness": describe_shortness(by_name[panel.area], results),
            "expectation": describe_expectation(by_name[panel.area], results, figures),
            "mark": UNVERIFIED if panel.area in unverified_areas(results) else "",
        }
        for panel in panels
    ]


def _balance(area: Area, row: Any, results: Results) -> str:
    if row is None or row.balance != row.balance:
        return "No balance: not all three powers were coded as enabling."
    power = lowered(code_title(results.codebook, row.smallest_power))
    share = "" if area.is_small else f", enabling in {percent(row.smallest_share)} of passages"
    return f"Balance {decimal(row.balance)}; smallest: {power}{share}."


def _powers(results: Results, areas: list[Area]) -> list[Mapping[str, Any]]:
    return [
        {
            **row._asdict(),
            "title": code_title(results.codebook, row.power),
            "counts": [_count(row, stance) for stance in STANCES],
        }
        for area in areas
        for row in records(results.powers[results.powers["area"] == area.name])
    ]


def _count(row: Any, stance: str) -> str:
    count = f"{getattr(row, stance):,}"
    if stance not in row.not_coded:
        return count
    return "–" if count == "0" else f"{count}+"


def _anchored(topics: list[TopicRow], quotes: list[AreaQuotes]) -> set[str]:
    """Typical passages that stand among the quotes already, where their anchor is."""
    quoted = {
        quote.passage
        for area in quotes
        for stances in [*(power.stances for power in area.powers), area.themes]
        for stance in stances
        for quote in stance.quotes
    }
    return quoted & {topic.typical for topic in topics}
