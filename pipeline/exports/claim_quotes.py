"""What speaks for a claim and what goes against it: interviews, and a few quotes of either.

Negative cases are named one by one, as a claim is worth what it leaves unexplained.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Codebook, Label
from pipeline.exports import Results
from pipeline.exports.figures import records
from pipeline.exports.quotes import choose_quotes
from pipeline.wording import counted, decimal, label_title, listed

SUPPORTS, AGAINST = "supports", "goes against"
PLURAL = {SUPPORTS: "support", AGAINST: "go against"}
MOST = 2  # quotes of a side


class Case(NamedTuple):
    """A passage that speaks for a claim or against it; ``is_quoted`` if it is on the page already.

    No role stands beside it: in a small place it would tell who speaks.
    """

    passage: str
    text: str
    participant: str
    area: str
    coded: str
    basis: str
    is_quoted: bool


class Side(NamedTuple):
    """The interviews on one side of a claim: how many, who, and some of what they say."""

    name: str
    interviews: int
    heading: str
    who: list[str]
    quotes: list[Case]


def list_sides(results: Results) -> dict[str, list[Side]]:
    """Give for every claim with evidence what supports it, then what goes against it."""
    quoted = list_quoted(results)
    found = {}
    for claim, rows in _best_first(results).groupby("claim"):
        shown: set[str] = set()
        found[str(claim)] = [
            _describe(name, rows[rows["side"] == name], shown, quoted, results.codebook)
            for name in (SUPPORTS, AGAINST)
        ]
    return found


def _best_first(results: Results) -> pd.DataFrame:
    """Join the evidence with who says what: confirmed first, then best-scored."""
    said = results.passages[["passage", "participant", "text"]]
    rows = results.claim_evidence.astype({"code": "str", "stance": "str"}).merge(
        said, on="passage", validate="many_to_one"
    )
    return rows.sort_values(["is_confirmed", "score"], ascending=False, kind="stable")


def _describe(
    name: str, rows: pd.DataFrame, shown: set[str], quoted: Collection[str], codebook: Codebook
) -> Side:
    interviews = rows["transcript"].nunique()
    return Side(
        name=name,
        interviews=interviews,
        heading=_heading(name, interviews),
        who=list(_who(rows)),
        quotes=[
            Case(
                passage=row.passage,
                text=row.text,
                participant=row.participant,
                area=row.area,
                coded=_labels(rows[rows["passage"] == row.passage], codebook),
                basis=_basis(row),
                is_quoted=row.passage in quoted,
            )
            for row in pick(records(rows), shown)
        ],
    )


def pick(rows: Sequence[Any], shown: set[str]) -> list[Any]:
    """Take the first rows, one an interview, whose passage is not ``shown``, which is added to."""
    chosen: dict[str, Any] = {}
    for row in rows:
        if len(chosen) == MOST:
            break
        if row.transcript not in chosen and row.passage not in shown:
            chosen[row.transcript] = row
            shown.add(row.passage)
    return list(chosen.values())


def list_quoted(results: Results) -> Collection[str]:
    """List the passages that stand among the quotes, where their anchor is."""
    return {
        quote.passage
        for area in choose_quotes(results)
        for stances in [*(power.stances for power in area.powers), area.themes]
        for stance in stances
        for quote in stance.quotes
    }


def _heading(name: str, interviews: int) -> str:
    says = name if interviews in (0, 1) else PLURAL[name]
    return f"{counted(interviews, 'interview') if interviews else 'No interview'} {says} it"


def _who(rows: pd.DataFrame) -> Iterator[str]:
    """Name the people of each area."""
    for area, people in rows.groupby("area")["participant"]:
        yield f"{area}: {listed(sorted(people.unique()))}"


def _labels(rows: pd.DataFrame, codebook: Codebook) -> str:
    labels = sorted({Label(row.code, row.stance) for row in records(rows)})
    return "; ".join(label_title(codebook, label) for label in labels)


def _basis(row: Any) -> str:
    if row.is_confirmed:
        return "confirmed by people"
    score = "over .99" if row.score >= 0.995 else decimal(row.score)
    return f"coded, not confirmed; model’s score {score}"
