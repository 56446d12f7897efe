"""Sum up each area in words: every sentence with its figures, and none with a claim of cause."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.codebook import Codebook, Label
from pipeline.exports import Results
from pipeline.exports.contrasts import Contrast, find_contrasts
from pipeline.exports.coverage import describe_found
from pipeline.exports.figures import Area, Figures, list_areas, list_figures, list_labels
from pipeline.exports.intervals import SHARE, Apart, find_difference, points
from pipeline.exports.verification import is_verified
from pipeline.exports.what_is_short import shortness_sentences
from pipeline.exports.what_works import counts_sentence, working_sentence
from pipeline.tables import ALL_OTHERS
from pipeline.wording import label_title, percent

THEMES_IN_A_SENTENCE = 3
LEAST_PRECISION = 0.2


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


def _area_sentences(area: Area, results: Results, figures: Figures) -> Iterator[str]:
    here = [figure for (name, _), figure in figures.items() if name == area.name]
    if here and not any(figure.is_coded for figure in here):
        yield describe_found(here, results.codebook)
        return
    if results.codebook.powers:
        yield from _power_sentences(area, results, figures)
    contrasts = standing_out(area.name, results, figures)[:THEMES_IN_A_SENTENCE]
    if contrasts:
        yield from _contrast_sentences(contrasts, results)
    elif not results.codebook.powers:
        yield "No theme stands out here."


def _power_sentences(area: Area, results: Results, figures: Figures) -> Iterator[str]:
    rows = results.powers[results.powers["area"] == area.name]
    if rows.empty:
        yield "No passage has been coded for the powers."
    elif area.is_small:
        yield f"Only {area.size}: read what people said here rather than the figures."
        yield counts_sentence(rows, results.codebook)
    else:
        yield working_sentence(area.name, rows, results.codebook, figures)
        yield " ".join(shortness_sentences(rows, results.codebook, figures))


def _contrast_sentences(contrasts: Sequence[Contrast], results: Results) -> Iterator[str]:
    """List the themes that stand out; those that may do so by chance in a sentence of their own."""
    apart = {
        contrast.here.label: find_difference(
            results.differences, SHARE, contrast.here.area, ALL_OTHERS, contrast.here.label
        )
        for contrast in contrasts
    }
    clear: list[str] = []
    unclear: list[str] = []
    for contrast in contrasts:
        difference = apart[contrast.here.label]
        words = _theme(contrast, difference, results.codebook)
        may_be_chance = difference is not None and difference.may_be_chance
        (unclear if may_be_chance else clear).append(words)
    if clear:
        yield f"Heard more than in the other areas: {'; '.join(clear)}."
    if unclear:
        yield (
            "Perhaps heard more than in the other areas, though it may be chance: "
            f"{'; '.join(unclear)}."
        )


def _theme(contrast: Contrast, apart: Apart | None, codebook: Codebook) -> str:
    title = f"‘{label_title(codebook, contrast.here.label)}’"
    elsewhere = f"elsewhere {percent(contrast.elsewhere.share)}"
    if apart is None:
        return f"{title} ({contrast.here.heard}; {elsewhere})"
    return (
        f"{title} ({percent(contrast.here.share)}, {elsewhere}: {points(apart.difference)} points "
        f"more [{points(apart.low)} to {points(apart.high)}])"
    )
