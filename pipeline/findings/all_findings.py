"""All findings of a study, from what was coded and what people checked."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from pipeline.codebook import Codebook, Label
from pipeline.findings.agreement import compare_coders, compare_sets, list_disagreements
from pipeline.findings.bounds import bound_balances, bound_powers
from pipeline.findings.checks import gather_comparable
from pipeline.findings.claim_evidence import list_evidence
from pipeline.findings.corrections import correct_shares
from pipeline.findings.diagnoses import diagnose
from pipeline.findings.differences import compare_areas
from pipeline.findings.framework import build_matrix, pick_quotes
from pipeline.findings.powers import profile_powers, weigh_balance
from pipeline.findings.presence import verify_presence
from pipeline.findings.redraws import redraw_shares
from pipeline.findings.saturation import find_saturation
from pipeline.findings.shares import count_shares
from pipeline.findings.verdicts import weigh_claims
from pipeline.tables import (
    CHECKED,
    UNVERIFIED,
    Agreement,
    Balances,
    Checks,
    ClaimEvidence,
    Claims,
    Codings,
    Diagnoses,
    Differences,
    Disagreements,
    Framework,
    Passages,
    Powers,
    Presences,
    QuoteBank,
    Saturation,
    SaturationCurve,
    SetAgreement,
    Shares,
)


class Findings(NamedTuple):
    """The tables of findings, each by its name in tables/."""

    shares: Shares
    powers: Powers
    balances: Balances
    differences: Differences
    diagnoses: Diagnoses
    presence: Presences
    claims: Claims
    claim_evidence: ClaimEvidence
    agreement: Agreement
    set_agreement: SetAgreement
    disagreements: Disagreements
    saturation: Saturation
    saturation_curve: SaturationCurve
    framework: Framework
    quote_bank: QuoteBank


class Coded(NamedTuple):
    """What was coded: ``codings`` by every coder, ``settled`` with one row a passage and label,
    ``checks`` of a random sample; ``ranked`` are the labels without a classifier.
    """

    passages: Passages
    codings: Codings
    settled: Codings
    checks: Checks
    codebook: Codebook
    ranked: Collection[Label]


def find_all(coded: Coded, *, order: Sequence[str] = ()) -> Findings:
    """Make every table of findings; ``order`` lists transcripts as they were interviewed."""
    passages, codings, settled, checks, codebook, ranked = coded
    shares = count_shares(passages, settled, codebook.labels, ranked=ranked)
    shares = correct_shares(shares, passages, codings, checks)
    powers = profile_powers(shares, codebook.powers)
    balances = weigh_balance(powers)
    of_powers = [label for label in codebook.labels if label.code in codebook.powers]
    redrawn = redraw_shares(passages, settled, codings, checks, of_powers)
    balances, powers = bound_balances(balances, powers, redrawn), bound_powers(powers, redrawn)
    differences = compare_areas(shares, powers, balances)
    labels = _list_coded(shares)
    comparable = gather_comparable(codings, checks, passages)
    saturation = find_saturation(passages, settled, seed=0, order=order)
    return Findings(
        shares=shares,
        powers=powers,
        balances=balances,
        differences=differences,
        diagnoses=diagnose(powers, shares, differences),
        presence=verify_presence(passages, codings, codebook.labels),
        claims=weigh_claims(passages, settled, shares, labels),
        claim_evidence=list_evidence(passages, settled, shares, labels),
        agreement=compare_coders(comparable),
        set_agreement=compare_sets(comparable),
        disagreements=list_disagreements(comparable),
        saturation=saturation.verdicts,
        saturation_curve=saturation.curve,
        framework=build_matrix(passages, codings, codebook),
        quote_bank=pick_quotes(passages, codings, codebook.labels),
    )


def _list_coded(shares: Shares) -> list[Label]:
    """List the labels that a classifier or people coded in every area."""
    is_coded = shares["status"].isin([CHECKED, UNVERIFIED])
    whole = is_coded.groupby([shares["code"], shares["stance"]], observed=True).all()
    return [Label(str(code), str(stance)) for code, stance in whole.index[whole]]
