"""What claims.html, reliability.html and shares.html show."""

from typing import Any

from pipeline.exports import Results
from pipeline.exports.agreement_section import gather_agreement
from pipeline.exports.checks_section import count_checks
from pipeline.exports.claims_section import RULE, gather_claims
from pipeline.exports.presence_section import gather_presence
from pipeline.exports.saturation_section import gather_saturation
from pipeline.exports.shares_section import list_shares


def gather_evidence(results: Results) -> dict[str, Any]:
    """Everything that these templates show, by the name that they know it by."""
    return {
        "claims": gather_claims(results),
        "verdict_rule": RULE,
        "checked_areas": count_checks(results),
        "agreement": gather_agreement(results),
        "presence": gather_presence(results),
        "saturation": gather_saturation(results),
        "all_shares": list_shares(results),
    }
