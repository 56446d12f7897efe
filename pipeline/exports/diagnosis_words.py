"""What the theory says follows where a power is short, and whether an area's talk shows it."""

import math
from typing import Any, NamedTuple

from pipeline.codebook import Codebook, Label
from pipeline.exports import Results
from pipeline.exports.figures import Figures, records
from pipeline.exports.intervals import Apart, counted_points, points
from pipeline.exports.power_shares import power_name
from pipeline.wording import label_title, percent

FOLLOWS = {
    "individual": "no risk is taken and nothing new is tried, whatever is allowed",
    "solidaristic": "nobody backs those who try, so that permission and initiative come to little",
    "hierarchical": "there is disorder",
}
MORE, LESS = "more than elsewhere", "less than elsewhere"  # in the diagnoses' column heard
UNCLEAR, NOT_KNOWN = "as much as elsewhere or unclear", "not known"


class Consequence(NamedTuple):
    """What is expected to follow, and what is heard of it."""

    theory: str
    heard: str


def list_consequences(area: str, results: Results, figures: Figures) -> list[Consequence]:
    """Say for each power that is short in an area what the theory expects, and what is heard.

    Where a power crowds out the others the theory names no one thing to be heard: nothing is said.
    """
    rows = records(results.diagnoses[results.diagnoses["area"] == area])
    return [
        Consequence(
            f"Where {power_name(results.codebook, row.power)} is short, the theory says, "
            f"{FOLLOWS[row.power]}.",
            _heard(row, results.codebook, figures),
        )
        for row in rows
        if row.expected_code and row.power in FOLLOWS
    ]


def _heard(row: Any, codebook: Codebook, figures: Figures) -> str:
    label = Label(row.expected_code, row.expected_stance)
    title = f"‘{label_title(codebook, label)}’"
    if label not in codebook.labels:
        return "Whether the talk here shows it is not known: the codebook has no code for it."
    figure = figures.get((row.area, label))
    if figure is None or math.isnan(row.share):
        return f"It would be heard as {title}, but whether it is, is not known: it was not coded."
    if row.heard == NOT_KNOWN:
        return f"It would be heard as {title}: {figure.heard}. {_compare_with(row.elsewhere)}"
    if row.heard not in _VERDICTS:
        elsewhere = "" if math.isnan(row.elsewhere) else f"; elsewhere {percent(row.elsewhere)}"
        return (
            f"It would be heard as {title}: {figure.heard}{elsewhere}. Nobody has checked a "
            "sample, so whether the talk here shows it is not known."
        )
    return (
        f"It would be heard as {title}. {_VERDICTS[row.heard]}: {figure.heard} here, "
        f"{percent(row.elsewhere)} elsewhere, {_by(Apart(row.difference, row.low, row.high))}."
    )


def _compare_with(elsewhere: float) -> str:
    if math.isnan(elsewhere):
        return "There is nothing to compare with."
    return (
        f"Elsewhere {percent(elsewhere)}, as coded: nobody has checked a sample there, so there "
        "is nothing sure to compare with."
    )


_VERDICTS = {
    MORE: "It is heard here more than elsewhere",
    LESS: "It is heard here less than elsewhere",
    UNCLEAR: "It is heard about as much as elsewhere, or too little was checked to tell",
}


def _by(apart: Apart) -> str:
    return (
        f"a difference of {counted_points(apart.difference)} "
        f"[{points(apart.low)} to {points(apart.high)}]"
    )
