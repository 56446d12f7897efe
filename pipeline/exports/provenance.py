"""How the report was made: stages, versions, settings, hashes and the model's card, as records.

Everything here comes from run.json and card.json, which may be older or fuller than expected:
what is missing is left out, what is new is shown.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pipeline.codebook import Codebook
from pipeline.wording import code_title, decimal

SCORES = ("threshold", "precision", "recall", "f1", "average_precision")


class Pair(NamedTuple):
    """A name and what it stands for."""

    name: str
    value: str


class Provenance(NamedTuple):
    """What happened to the study's files, in lists of pairs."""

    stages: list[Pair]
    versions: list[Pair]
    settings: list[Pair]
    hashes: list[Pair]


class CardRow(NamedTuple):
    """How the model does on one label; ``scores`` follow SCORES."""

    title: str
    stance: str
    positives: str
    interviews: str
    scores: list[str]


class Card(NamedTuple):
    """The model's card."""

    facts: list[Pair]
    rows: list[CardRow]


def read_run(run: Mapping[str, Any]) -> Provenance:
    """Lay out run.json."""
    stages = [stage for stage in run.get("stages") or () if isinstance(stage, Mapping)]
    return Provenance(
        stages=[Pair(_text(stage.get("stage")), _text(stage.get("sentence"))) for stage in stages],
        versions=list(_flat(run.get("versions"))),
        settings=list(_flat(run.get("settings"))),
        hashes=[*_flat(run.get("inputs")), *_flat(run.get("tables"))],
    )


def read_card(card: Mapping[str, Any], codebook: Codebook) -> Card:
    """Lay out the model's card; empty if there is none."""
    known = {
        "Model": card.get("name"),
        "Trained on": card.get("trained_on"),
        "Encoder": card.get("encoder"),
        "Codebook": card.get("codebook"),
        "Macro F1": card.get("macro_f1"),
    }
    rows = [row for row in card.get("labels") or () if isinstance(row, Mapping)]
    return Card(
        facts=[Pair(name, _inline(value)) for name, value in known.items() if value],
        rows=[_card_row(row, codebook) for row in rows],
    )


def _card_row(row: Mapping[str, Any], codebook: Codebook) -> CardRow:
    return CardRow(
        title=code_title(codebook, _text(row.get("code"))),
        stance=_text(row.get("stance")),
        positives=_number(row.get("positives")),
        interviews=_number(row.get("interviews")),
        scores=[_number(row.get(score)) for score in SCORES],
    )


def _flat(value: Any, name: str = "") -> Iterator[Pair]:
    if not isinstance(value, Mapping):
        if value is not None:
            yield Pair(name, _inline(value))
        return
    for key, inner in value.items():
        yield from _flat(inner, f"{name}.{key}" if name else str(key))


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        named = ", ".join(
            f"{key} {_inline(inner)}" for key, inner in value.items() if key != "name"
        )
        return f"{_text(value['name'])} ({named})" if "name" in value and named else named
    if isinstance(value, list | tuple):
        return ", ".join(map(_inline, value)) or "(none)"
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _number(value: Any) -> str:
    if isinstance(value, float):
        return decimal(value) if math.isfinite(value) else "–"
    return f"{value:,}" if isinstance(value, int) else _inline(value)
