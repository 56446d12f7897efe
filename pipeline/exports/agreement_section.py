"""How far coders agree: over sets of codes, code by code, and where people differ."""

from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Label
from pipeline.exports import Results
from pipeline.exports.checks_section import list_people
from pipeline.exports.evidence_words import signed, with_interval
from pipeline.exports.figures import list_labels, records
from pipeline.wording import code_title, percent


class LabelAgreement(NamedTuple):
    """How far coders agree on a code in a stance."""

    code: str
    stance: str
    passages: int
    interviews: int
    positives: int
    raw: str
    positive: str
    alpha: str
    is_rare: bool


class Group(NamedTuple):
    """Coders who are compared: over sets of codes, then code by code."""

    coders: str
    passages: int
    interviews: int
    positives: int
    alpha: str
    labels: list[LabelAgreement]


class Agreement(NamedTuple):
    """The groups of coders, who else coded, and how often people differ."""

    groups: list[Group]
    people: int
    disagreements: int
    passages_in_dispute: int


def gather_agreement(results: Results) -> Agreement:
    """Lay out the agreement of every group of coders."""
    return Agreement(
        groups=[_group(row, results) for row in records(results.set_agreement)],
        people=list_people(results.codings)["coder"].nunique(),
        disagreements=len(results.disagreements),
        passages_in_dispute=results.disagreements["passage"].nunique(),
    )


def _group(row: Any, results: Results) -> Group:
    mine = results.agreement[results.agreement["coders"] == row.coders]
    return Group(
        coders=row.coders,
        passages=row.passages,
        interviews=row.interviews,
        positives=row.positives,
        alpha=with_interval(row.alpha, row.alpha_low, row.alpha_high),
        labels=_labels(mine, results),
    )


def _labels(table: pd.DataFrame, results: Results) -> list[LabelAgreement]:
    """List the labels in the codebook's order."""
    by_label = {Label(row.code, row.stance): row for row in records(table)}
    in_order = list_labels(results.codebook, [("", label) for label in by_label])
    return [
        LabelAgreement(
            code=code_title(results.codebook, label.code),
            stance=label.stance,
            passages=row.passages,
            interviews=row.interviews,
            positives=row.positives,
            raw=with_interval(row.raw, row.raw_low, row.raw_high, percent),
            positive=with_interval(row.positive, row.positive_low, row.positive_high, percent),
            alpha=with_interval(row.alpha, row.alpha_low, row.alpha_high, signed),
            is_rare=row.is_rare,
        )
        for label in in_order
        if (row := by_label.get(label)) is not None
    ]
