"""Remarks on claims: what an estimate rests on, and what keeps it from being a verdict."""

from collections.abc import Collection

from pipeline.codebook import Label
from pipeline.findings.claim_cases import FEWEST_CONFIRMED, FEWEST_CONFIRMED_AREAS, Case
from pipeline.findings.claim_conditions import spoken
from pipeline.findings.claim_indicators import list_labels
from pipeline.findings.claim_weighing import Weighed
from pipeline.findings.claims import Claim
from pipeline.wording import counted, listed

CHANCE = 0.05  # adjusted p above which an estimate may be chance


def remark_on(case: Case, p_adjusted: float, coded: Collection[Label]) -> str:
    """Give numerators and denominators, the other indicators, what was not coded, and doubts."""
    missing = _tell_missing(case.claim, coded)
    if not case.weighed:
        return missing
    first, *others = case.weighed
    told = [_tell_other(other) for other in others if not _repeats(other, first)]
    remarks = [_tell_first(first), *told, missing, *_doubt(case, p_adjusted)]
    return " ".join(filter(None, remarks))


def _repeats(other: Weighed, first: Weighed) -> bool:
    """Say whether the same stands in the way of another indicator as of the first."""
    return bool(other.measured.obstacle) and other.measured.obstacle == first.measured.obstacle


def _tell_first(weighed: Weighed) -> str:
    if weighed.measured.obstacle:
        return weighed.measured.obstacle
    unsure = "" if weighed.is_answered else " Too few redrawn samples give a figure."
    return weighed.measured.figures + unsure


def _tell_other(other: Weighed) -> str:
    if not other.is_answered:
        return f"Also the {other.indicator.words}: none. {_tell_first(other)}"
    return (
        f"Also the {other.indicator.words}: {other.estimate:.2f} ({other.low:.2f} to "
        f"{other.high:.2f}). {other.measured.figures}"
    )


def _tell_missing(claim: Claim, coded: Collection[Label]) -> str:
    needed = [label for each in claim.indicators for label in list_labels(each)]
    names = dict.fromkeys(f"'{spoken(' '.join(each))}'" for each in needed if each not in coded)
    return f"Not coded: {listed(names)}." if names else ""


def _doubt(case: Case, p_adjusted: float) -> list[str]:
    doubts = []
    if case.lean and p_adjusted > CHANCE:
        doubts.append("With so many claims asked at once, this may be chance.")
    if case.is_opposed:
        doubts.append("Another indicator says the opposite.")
    if case.weighed[0].is_answered and not case.confirmed.is_enough:
        doubts.append(
            f"People confirmed its codes in {counted(case.confirmed.interviews, 'interview')} and "
            f"{counted(case.confirmed.areas, 'area')}; a verdict needs {FEWEST_CONFIRMED} "
            f"interviews and {FEWEST_CONFIRMED_AREAS} areas."
        )
    return doubts
