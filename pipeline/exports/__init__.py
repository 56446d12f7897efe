"""Write results for people. To add a format, add a module here that registers an exporter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.codebook import Codebook, Label
from pipeline.registry import Registry
from pipeline.tables import (
    AGREEMENT,
    CLAIM_EVIDENCE,
    CLAIMS,
    DIAGNOSES,
    DIFFERENCES,
    DISAGREEMENTS,
    FRAMEWORK,
    MEMOS,
    PRESENCES,
    QUOTE_BANK,
    SATURATION,
    SATURATION_CURVE,
    SET_AGREEMENT,
    Agreement,
    Balances,
    ClaimEvidence,
    Claims,
    Codings,
    Diagnoses,
    Differences,
    Disagreements,
    Framework,
    Memos,
    Passages,
    PassageTopics,
    Powers,
    Presences,
    QuoteBank,
    Saturation,
    SaturationCurve,
    SetAgreement,
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
    differences: Differences = field(default_factory=lambda: DIFFERENCES.build([]))
    diagnoses: Diagnoses = field(default_factory=lambda: DIAGNOSES.build([]))
    presence: Presences = field(default_factory=lambda: PRESENCES.build([]))
    claims: Claims = field(default_factory=lambda: CLAIMS.build([]))
    claim_evidence: ClaimEvidence = field(default_factory=lambda: CLAIM_EVIDENCE.build([]))
    agreement: Agreement = field(default_factory=lambda: AGREEMENT.build([]))
    set_agreement: SetAgreement = field(default_factory=lambda: SET_AGREEMENT.build([]))
    disagreements: Disagreements = field(default_factory=lambda: DISAGREEMENTS.build([]))
    saturation: Saturation = field(default_factory=lambda: SATURATION.build([]))
    saturation_curve: SaturationCurve = field(default_factory=lambda: SATURATION_CURVE.build([]))
    framework: Framework = field(default_factory=lambda: FRAMEWORK.build([]))
    quote_bank: QuoteBank = field(default_factory=lambda: QUOTE_BANK.build([]))
    memos: Memos = field(default_factory=lambda: MEMOS.build([]))

    @property
    def ranked(self) -> frozenset[Label]:
        """The labels without a classifier, by the model's card: only people's decisions count."""
        rows = self.card.get("labels") or ()
        return frozenset(Label(row["code"], row["stance"]) for row in rows if is_ranked(row))

    @property
    def has_no_model(self) -> bool:
        """Whether nothing was trained on the codebook, so that passages are only ranked."""
        rows = self.card.get("labels") or ()
        return bool(rows) and all(map(is_ranked, rows))


def is_ranked(row: Mapping[str, Any]) -> bool:
    """Whether a row of a card's labels is of a label without a classifier."""
    return row.get("mode") == "ranked"


# Writes into the folder that it is given, and returns the files that it wrote.
Exporter = Callable[[Results, Path], list[Path]]
exporters: Registry[Exporter] = Registry("export format", __name__)
