"""One page that opens offline, prints, and shows every figure with its counts and its doubts."""

from functools import cache
from pathlib import Path
from typing import Any

from pipeline.exports import Results, exporters
from pipeline.exports.area_differences import summarise_differences
from pipeline.exports.contrasts import RULE
from pipeline.exports.coverage import describe_coverage
from pipeline.exports.evidence_sections import gather_evidence
from pipeline.exports.figures import Area, Figures, list_areas, list_figures
from pipeline.exports.heat_map import SHADES, draw_heat_map
from pipeline.exports.model_card import read_card
from pipeline.exports.power_panels import lay_out_panels, list_as_coded, list_power_tables
from pipeline.exports.provenance import read_run
from pipeline.exports.quotes import AreaQuotes, choose_quotes
from pipeline.exports.summary import summarise_areas
from pipeline.exports.ternary import FEWEST_MENTIONS, draw_ternary
from pipeline.exports.topics_table import TopicRow, list_topics
from pipeline.exports.verification import is_verified, mark, unverified_areas
from pipeline.files import write_whole
from pipeline.tables import FEW_INTERVIEWS, FEW_PASSAGES, NOT_CODED
from pipeline.wording import counted, decimal, listed

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
        "panels": lay_out_panels(results, areas, figures),
        "powers": list(list_power_tables(results, areas, figures)),
        "as_coded_powers": list_as_coded(results, areas, figures),
        "ternary": draw_ternary(results, areas),
        "fewest_mentions": FEWEST_MENTIONS,
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
        **gather_evidence(results),
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
