"""Choose what to quote: the strongest passages, from as many people as can be.

At most one quote per interview, code and stance, so that nobody who says a thing often speaks for
the area; and a passage is quoted once in a report, at the first stance that chooses it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.codebook import Label
from pipeline.exports import Results
from pipeline.exports.contrasts import Contrast
from pipeline.exports.figures import (
    Area,
    Figures,
    list_areas,
    list_figures,
    records,
)
from pipeline.exports.summary import standing_out
from pipeline.tables import FEW_INTERVIEWS, MODEL
from pipeline.wording import code_title, decimal, label_title

QUOTES_PER_STANCE = 3
THEMES_PER_AREA = 5
# How many passages of one interview are looked at for one label: the best may be quoted already.
_DEPTH = 5


class Quote(NamedTuple):
    """A passage with its source; ``role`` is empty where it would point to one of few people."""

    passage: str
    text: str
    context: str
    participant: str
    role: str
    score: str
    also: list[str]


class StanceQuotes(NamedTuple):
    """The quotes for a label; ``counts`` says on how many passages the label stands."""

    title: str
    stance: str
    counts: str
    quotes: list[Quote]


class PowerQuotes(NamedTuple):
    """The quotes for one power, by stance."""

    title: str
    stances: list[StanceQuotes]


class AreaQuotes(NamedTuple):
    """The quotes for one area: its powers, then the themes that stand out."""

    area: Area
    powers: list[PowerQuotes]
    themes: list[StanceQuotes]


def choose_quotes(results: Results) -> list[AreaQuotes]:
    """Choose up to 3 quotes per area, power and stance, and one per theme that stands out."""
    figures = list_figures(results)
    bank = _Bank(results)
    return [_choose_for(area, results, figures, bank) for area in list_areas(results)]


def pick(
    stances: Mapping[Label, Sequence[Any]], shown: set[str], *, most: int
) -> dict[Label, list[Any]]:
    """Take turns among a code's stances, the commonest first, each with its best unused interview.

    Candidates carry ``passage`` and ``participant`` and come best first; ``shown`` is added to.
    """
    chosen: dict[Label, list[Any]] = {label: [] for label in stances}
    commonest_first = sorted(stances, key=lambda label: -len(stances[label]))
    for label in commonest_first * most:
        people = {found.participant for found in chosen[label]}
        best = _best_unused(stances[label], people, shown)
        if best is not None:
            chosen[label].append(best)
            shown.add(best.passage)
    return chosen


def roles_that_hide_people(passages: pd.DataFrame) -> set[tuple[str, str]]:
    """Find the (area, role) cells with enough people for a quote to carry the role."""
    people = passages[["area", "role", "participant"]].drop_duplicates()
    counts = people.groupby(["area", "role"])["participant"].size()
    enough = counts[counts >= FEW_INTERVIEWS].index
    return {(area, role) for area, role in enough if role}


class _Bank:
    """The applied codings with their passages, best first, and what has been quoted so far."""

    def __init__(self, results: Results) -> None:
        self.shown: set[str] = set()
        self.roles = roles_that_hide_people(results.passages)
        self._codebook = results.codebook
        applied = _applied(results)
        self._labels = applied.set_index("passage")[["code", "stance"]].sort_index()
        self._candidates: dict[tuple[str, Label], list[Any]] = {}
        for row in records(_strongest(applied)):
            at = (row.area, Label(row.code, row.stance))
            self._candidates.setdefault(at, []).append(row)

    def candidates(self, area: str, labels: Iterable[Label]) -> dict[Label, list[Any]]:
        return {label: self._candidates.get((area, label), []) for label in labels}

    def quote(self, row: Any) -> Quote:
        return Quote(
            passage=row.passage,
            text=row.text,
            context=row.context,
            participant=row.participant,
            role=row.role if (row.area, row.role) in self.roles else "",
            score=_score(row),
            also=self._also(row),
        )

    def _also(self, row: Any) -> list[str]:
        coded = records(self._labels.loc[[row.passage]])
        labels = sorted({Label(found.code, found.stance) for found in coded})
        here = Label(row.code, row.stance)
        return [label_title(self._codebook, label) for label in labels if label != here]


def _applied(results: Results) -> pd.DataFrame:
    applied = results.settled.loc[results.settled["applied"]]
    plain = applied.astype({"code": "str", "stance": "str", "coder": "str"})
    joined = plain.merge(results.passages, on="passage", how="inner", validate="many_to_one")
    return joined.sort_values(["score", "passage"], ascending=[False, True], kind="stable")


def _strongest(applied: pd.DataFrame) -> pd.DataFrame:
    return applied.groupby(["area", "code", "stance", "participant"], sort=False).head(_DEPTH)


def _choose_for(area: Area, results: Results, figures: Figures, bank: _Bank) -> AreaQuotes:
    powers = [
        _power_quotes(area, power, results, figures, bank) for power in results.codebook.powers
    ]
    contrasts = standing_out(area.name, results, figures)[:THEMES_PER_AREA]
    themes = [_theme_quotes(area, contrast, results, bank) for contrast in contrasts]
    return AreaQuotes(
        area,
        [power for power in powers if power.stances],
        [theme for theme in themes if theme.quotes],
    )


def _power_quotes(
    area: Area, power: str, results: Results, figures: Figures, bank: _Bank
) -> PowerQuotes:
    labels = [label for label in results.codebook.labels if label.code == power]
    chosen = pick(bank.candidates(area.name, labels), bank.shown, most=QUOTES_PER_STANCE)
    stances = [
        StanceQuotes(
            title=label.stance,
            stance=label.stance,
            counts=_counts(area, label, figures),
            quotes=[bank.quote(row) for row in rows],
        )
        for label, rows in chosen.items()
        if rows
    ]
    return PowerQuotes(code_title(results.codebook, power), stances)


def _theme_quotes(area: Area, contrast: Contrast, results: Results, bank: _Bank) -> StanceQuotes:
    label = contrast.here.label
    rows = pick(bank.candidates(area.name, [label]), bank.shown, most=1)[label]
    return StanceQuotes(
        title=label_title(results.codebook, label),
        stance=label.stance,
        counts=contrast.here.words,
        quotes=[bank.quote(row) for row in rows],
    )


def _counts(area: Area, label: Label, figures: Figures) -> str:
    figure = figures.get((area.name, label))
    return figure.words if figure else ""


def _best_unused(candidates: Sequence[Any], people: set[str], shown: set[str]) -> Any:
    unused = (row for row in candidates if row.participant not in people)
    return next((row for row in unused if row.passage not in shown), None)


def _score(row: Any) -> str:
    if not row.coder.startswith(MODEL):
        return "coded by a person"
    return f"model’s score {'over .99' if row.score >= 0.995 else decimal(row.score)}"
