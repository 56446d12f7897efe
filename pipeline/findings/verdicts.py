"""Weigh the claims: what a study says of each, how sure that is, and who has confirmed it.

Talk is not power, and what goes together need not cause each other. A verdict needs people: what
a model codes is never enough for 'supported' or 'contradicted'.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.findings.claim_cases import Case, open_case
from pipeline.findings.claim_grounds import Grounds
from pipeline.findings.claim_remarks import CHANCE, remark_on
from pipeline.findings.claim_weighing import Weighed, prepare
from pipeline.findings.claims import THEORY, Claim
from pipeline.resampling import DRAWS
from pipeline.tables import CLAIMS, Claims, Codings, Passages, Shares

SUPPORTED, CONTRADICTED, MIXED = "supported", "contradicted", "mixed"
NOT_ENOUGH, NOT_CODED = "not enough evidence", "not coded"


def weigh_claims(
    passages: Passages,
    settled: Codings,
    shares: Shares,
    coded: Collection[Label],
    *,
    claims: Sequence[Claim] = THEORY,
    seed: int = 0,
) -> Claims:
    """Weigh every claim, a row each, in their order.

    ``settled`` has one row a passage, code and stance; ``coded`` are the labels that a classifier
    or people coded. Estimates are of the indicator that is weighed, and intervals from interviews
    redrawn within areas. Of the codes that it is about, the one that people confirmed in the fewest
    interviews counts.

    The verdict: 'supported' or 'contradicted' if the interval excludes the null, p_adjusted is at
    most .05, people confirmed passages in at least 3 interviews and 2 areas, and no other indicator
    of the claim clearly says the opposite. Else 'mixed' if the interval excludes the null, or if
    people confirmed as much, and some of it on either side. Else 'not enough evidence'. 'not coded'
    if none of the indicators has all its labels coded.
    """
    grounds = prepare(passages, settled, shares, claims, draws=DRAWS, seed=seed)
    cases = [open_case(claim, coded, grounds) for claim in claims]
    adjusted = _adjust([case.weighed[0].p if case.weighed else np.nan for case in cases])
    rows = [
        _close(case, p, coded, grounds) for case, p in zip(cases, adjusted.tolist(), strict=True)
    ]
    return CLAIMS.build(rows)


def _adjust(p: Sequence[float]) -> NDArray[np.float64]:
    """Adjust the p values that there are for being several."""
    from scipy.stats import false_discovery_control

    adjusted = np.array(p, dtype=float)
    is_known = np.isfinite(adjusted)
    if is_known.any():
        adjusted[is_known] = false_discovery_control(adjusted[is_known], method="bh")
    return adjusted


def _close(
    case: Case, p_adjusted: float, coded: Collection[Label], grounds: Grounds
) -> dict[str, Any]:
    claim, confirmed = case.claim, case.confirmed
    row = {
        "claim": claim.number,
        "sentence": claim.sentence,
        "null": claim.null,
        "p_adjusted": p_adjusted,
        "confirmed_interviews": confirmed.interviews,
        "confirmed_areas": confirmed.areas,
        "verdict": judge(case, p_adjusted),
        "remark": remark_on(case, p_adjusted, coded),
    }
    if not case.weighed:
        words = claim.indicators[0].words
        return row | {"indicator": words, "interviews": 0, "areas": 0}
    return row | _describe(case.weighed[0], grounds)


def _describe(weighed: Weighed, grounds: Grounds) -> dict[str, Any]:
    informing = weighed.measured.informing
    return {
        "indicator": weighed.indicator.words,
        "estimate": weighed.estimate,
        "low": weighed.low,
        "high": weighed.high,
        "p": weighed.p,
        "interviews": int(informing.sum()),
        "areas": len({*grounds.layout.area[informing].tolist()}),
    }


def judge(case: Case, p_adjusted: float) -> str:
    """Give the verdict on a claim; see weigh_claims for the rule."""
    if not case.weighed:
        return NOT_CODED
    has_people, is_answered = case.confirmed.is_enough, case.weighed[0].is_answered
    if case.lean and p_adjusted <= CHANCE and has_people and not case.is_opposed:
        return SUPPORTED if case.lean > 0 else CONTRADICTED
    is_mixed = is_answered and has_people and case.confirmed.on_both_sides
    return MIXED if case.lean or is_mixed else NOT_ENOUGH
