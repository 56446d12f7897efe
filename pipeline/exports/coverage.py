"""What was coded by a classifier, what by people alone, what by nobody: 0 is not unknown."""

from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.codebook import Codebook, Label
from pipeline.exports import Results
from pipeline.exports.figures import Figure, Figures, list_figures, records
from pipeline.tables import IN_PART, MODEL, NOT_CODED
from pipeline.wording import code_title, counted, label_title, listed, lowered

# What a label needs for a classifier: see retraining.py, which decides it.
ENOUGH = "20 passages from 5 interviews"
MOST_NAMED = 5


def describe_coverage(results: Results) -> list[str]:
    """Say why nothing, or not every code, is coded, and what to do; empty if all is coded."""
    if results.has_no_model:
        return [_without_model(results), _next_step(results)]
    return list(_gaps(results, list_figures(results)))


def describe_found(figures: Sequence[Figure], codebook: Codebook) -> str:
    """List what people found where no classifier looks."""
    found = sorted((figure for figure in figures if figure.applied), key=lambda f: -f.applied)
    if not found:
        return "Nothing is coded here yet."
    names = listed(
        f"‘{label_title(codebook, figure.label)}’ in {counted(figure.applied, 'passage')}"
        for figure in found[:MOST_NAMED]
    )
    more = len(found) - MOST_NAMED
    others = f", and {counted(more, 'more code')}" if more > 0 else ""
    return f"Found by people so far: {names}{others}."


def name_uncoded(rows: pd.DataFrame, codebook: Codebook) -> Iterator[str]:
    """Name the powers' stances that were not coded, or only in part, in one sentence if any."""
    names = [
        f"{lowered(code_title(codebook, row.power))} as {listed(row.not_coded.split(', '))}"
        for row in records(rows[rows["not_coded"] != ""])
    ]
    if names:
        yield f"Not coded, and so left out of this: {'; '.join(names)}."


def _without_model(results: Results) -> str:
    is_model = results.settled["coder"].astype("str").str.startswith(MODEL)
    decided = results.settled[~is_model]
    found = counted(int(decided["applied"].sum()), "code")
    start = (
        f"Only what people decided is coded so far ({found} applied, on "
        f"{counted(decided['passage'].nunique(), 'passage')}), because"
        if len(decided)
        else "Nothing is coded yet, because"
    )
    return (
        f"{start} no model has been trained for the codebook ‘{results.codebook.title}’. Until "
        "one is, passages are only ranked by their likeness to what the codebook says of each "
        "code: that tells where to look, not what was said."
    )


def _next_step(results: Results) -> str:
    asked = results.settled.loc[results.settled["decision"] == "ask", "passage"].nunique()
    return (
        f"What to do: decide on passages, first on the {asked:,} that have ‘ask’ in the column "
        "decision of exports/codings_long.csv, being the likest to a code. Then run ‘make retrain "
        f"STUDY={results.study}’: a code is learnt once people have found it in {ENOUGH}."
    )


def _gaps(results: Results, figures: Figures) -> Iterator[str]:
    statuses: dict[Label, set[str]] = {}
    for (_, label), figure in figures.items():
        statuses.setdefault(label, set()).add(figure.status)
    absent = [label for label, found in statuses.items() if found == {NOT_CODED}]
    partial = [
        label
        for label, found in statuses.items()
        if found & {IN_PART, NOT_CODED} and label not in absent
    ]
    if absent:
        yield (
            f"Not coded: {_names(results, absent)}. The model did not have the {ENOUGH} that it "
            "takes to learn one, and nobody has decided on any. They are "
            "shown as –, which is not 0%."
        )
    if partial:
        yield (
            f"Coded in part: {_names(results, partial)}. The model did not have the {ENOUGH} that "
            "it takes to learn one, and people have decided on some passages only: a count such "
            "as 3+ is what they found so far, and no share."
        )


def _names(results: Results, labels: list[Label]) -> str:
    return listed(f"‘{label_title(results.codebook, label)}’" for label in labels)
