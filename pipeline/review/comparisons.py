"""Two coders held against each other on what both decided: figures by label, and each difference.

A model is compared on the passages that a person checked as part of the random sample alone, which
people code without seeing what it says; and on the labels that it codes, not on those it ranks.
"""

import json
from collections.abc import Collection, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.codebook import Codebook, Label
from pipeline.coding.card import RANKED
from pipeline.decisions import open_decisions, read_said
from pipeline.findings.agreement import compare_coders
from pipeline.findings.checks import RANDOM
from pipeline.review.desk import Desk, Shelf
from pipeline.tables import AGREEMENT, JOINT, MODEL, Agreement

_KEY = ["passage", "code", "stance"]

Said = tuple[str, Label]  # what a decision is on: a passage, and a label


class Difference(NamedTuple):
    """A passage and label on which two coders differ; ``yes`` is who says yes."""

    passage: str
    label: Label
    yes: str


class Comparison(NamedTuple):
    """How far two coders agree. ``both`` is what both decided, ``drawn`` are the passages that
    both checked as part of the random sample, with the probability of having been drawn.
    """

    coders: tuple[str, str]
    agreement: Agreement
    differences: list[Difference]
    both: frozenset[Said]
    drawn: dict[str, float]


class Together(NamedTuple):
    """What two people decided together so far; ``seen`` is their last decision on each passage."""

    applied: dict[Said, bool]
    seen: dict[str, int]


class Comparisons:
    """The comparisons made so far, each until one of its coders decides something."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: dict[tuple[str, str], tuple[object, Shelf, Comparison]] = {}

    def find(self, desk: Desk, coders: tuple[str, str]) -> Comparison:
        """Give the comparison of two coders as things stand."""
        state, shelf = (_count_decided(desk, coders), desk.codebook), desk.shelf
        with self._lock:
            known = self._made.get(coders)
            if known is None or known[0] != state or known[1] is not shelf:
                known = self._made[coders] = state, shelf, compare(desk, coders)
            return known[2]


def list_coders(desk: Desk) -> list[str]:
    """List those who decided anything by themselves, then the model if it codes anything."""
    with open_decisions(desk.file) as database:
        found = database.execute("SELECT DISTINCT coder FROM decisions ORDER BY coder").fetchall()
    people = [name for (name,) in found if not name.startswith(JOINT)]
    model = desk.shelf.model
    return [*people, model] if model and _find_coded(desk) else people


def compare(desk: Desk, coders: tuple[str, str]) -> Comparison:
    """Compare two coders on what both decided last."""
    shelf, decisions = desk.shelf, desk.study.decisions
    is_here = decisions["passage"].isin(shelf.places) & _is_known(decisions, desk.codebook)
    people = decisions[decisions["coder"].isin(coders) & is_here]
    drawn = people[(people["selection"] == RANDOM) & (people["probability"] > 0)]
    tables = [
        _lay_out_model(desk, drawn["passage"].unique())
        if name.startswith(MODEL)
        else people.loc[people["coder"] == name, [*_KEY, "applied"]]
        for name in coders
    ]
    both = tables[0].merge(tables[1], on=_KEY, suffixes=("_one", "_other"), validate="1:1")
    checkers = drawn.groupby("passage")["coder"].nunique()
    odds = dict(zip(drawn["passage"], drawn["probability"].tolist(), strict=True))
    return Comparison(
        coders,
        _measure(both, coders, shelf),
        _list_differences(both, coders, desk.codebook, shelf),
        frozenset(_pairs(both)),
        {passage: odds[passage] for passage in checkers.index[checkers == len(coders)]},
    )


def find_unfinished(desk: Desk, coders: Collection[str]) -> list[tuple[str, int, int]]:
    """Give who has not finished the check sample: name, passages checked, passages drawn."""
    here = {one.passage for one in desk.sample.passages} & desk.shelf.places.keys()
    people = sorted(name for name in {*coders} if not name.startswith(MODEL))
    done = [(name, len(here & desk.list_decided(name))) for name in people if here]
    return [(name, number, len(here)) for name, number in done if number < len(here)]


def read_together(desk: Desk, coder: str) -> Together:
    """Read what stands of what was decided together, by the name that it is recorded under."""
    last = sorted(read_said(desk.file, coder=coder))
    stands = {
        (said.passage, Label(said.code, said.stance)): bool(said.applied)
        for said in last
        if not said.is_withdrawn
    }
    return Together(stands, {said.passage: said.number for said in last})


def _count_decided(desk: Desk, coders: Sequence[str]) -> tuple[int, int]:
    """Give the number of the last decision of two coders, and how many passages were moved."""
    with open_decisions(desk.file) as database:
        last = database.execute(
            "SELECT max(number) FROM decisions WHERE coder IN (?, ?)", tuple(coders)
        ).fetchone()[0]
        (moves,) = database.execute("SELECT count(*) FROM moves").fetchone()
    return int(last or 0), int(moves)


def _is_known(decisions: pd.DataFrame, codebook: Codebook) -> "pd.Series[bool]":
    labels = pd.MultiIndex.from_tuples(codebook.labels)
    is_known = pd.MultiIndex.from_frame(decisions[["code", "stance"]]).isin(labels)
    return pd.Series(is_known, decisions.index)


def _find_coded(desk: Desk) -> list[int]:
    """Give the places of the labels that the model codes; it only ranks the others."""
    card = desk.study.card
    rows = json.loads(card.read_text("utf-8"))["labels"] if card.exists() else []
    ranked = {(row["code"], row["stance"]) for row in rows if row["mode"] == RANKED}
    return [place for place, label in enumerate(desk.codebook.labels) if label not in ranked]


def _lay_out_model(desk: Desk, passages: Collection[str]) -> pd.DataFrame:
    """Give what the model says of passages, a row a label that it codes."""
    shelf, across = desk.shelf, _find_coded(desk)
    down = [shelf.places[passage] for passage in passages]
    cells = np.ix_(down, across)
    labels = [desk.codebook.labels[place] for place in across]
    rows = pd.MultiIndex.from_product([list(passages), labels]).to_frame(False, ["passage", "of"])
    columns = {"code": [of.code for of in rows["of"]], "stance": [of.stance for of in rows["of"]]}
    laid = rows[["passage"]].assign(**columns, applied=shelf.applied[cells].ravel())
    return laid[~np.isnan(shelf.scores[cells].ravel())]


def _measure(both: pd.DataFrame, coders: Sequence[str], shelf: Shelf) -> Agreement:
    if both.empty:
        return AGREEMENT.build([])
    interviews = shelf.passages["transcript"].to_numpy(str)
    rows = [shelf.places[passage] for passage in both["passage"]]
    placed = both[_KEY].assign(interview=interviews[rows])
    applied = (both["applied_one"], both["applied_other"])
    each = zip(coders, applied, strict=True)
    return compare_coders(pd.concat(placed.assign(coder=name, applied=x) for name, x in each))


def _list_differences(
    both: pd.DataFrame, coders: Sequence[str], codebook: Codebook, shelf: Shelf
) -> list[Difference]:
    """List what coders differ on, as it was said, and as the codebook has its labels."""
    differ = both[both["applied_one"] != both["applied_other"]]
    places = {label: place for place, label in enumerate(codebook.labels)}
    found = [
        Difference(*said, coders[0] if yes else coders[1])
        for said, yes in zip(_pairs(differ), differ["applied_one"], strict=True)
    ]
    return sorted(found, key=lambda one: (shelf.places[one.passage], places[one.label]))


def _pairs(rows: pd.DataFrame) -> list[Said]:
    labels = map(Label._make, zip(rows["code"], rows["stance"], strict=True))
    return list(zip(rows["passage"], labels, strict=True))
