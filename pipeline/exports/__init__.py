"""Write results for people. To add a format, add a module here that registers an exporter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.codebook import Codebook
from pipeline.registry import Registry
from pipeline.tables import (
    Balances,
    Codings,
    Passages,
    PassageTopics,
    Powers,
    Shares,
    Topics,
)


@dataclass(frozen=True)
class Results:
    """All that a study has to show. ``codings`` holds every coder's; ``settled`` one row a passage,
    code and stance: people's decisions where there are some, else the model's.

    ``run`` is the content of run.json: versions, settings, seeds, hashes, and the sentence of
    every stage. ``card`` is the model's card.
    """

    study: str
    codebook: Codebook
    passages: Passages
    codings: Codings
    settled: Codings
    topics: Topics
    passage_topics: PassageTopics
    shares: Shares
    powers: Powers
    balances: Balances
    run: dict[str, Any]
    card: dict[str, Any]


# Writes into the folder that it is given, and returns the files that it wrote.
Exporter = Callable[[Results, Path], list[Path]]
exporters: Registry[Exporter] = Registry("export format", __name__)
