"""Tables that lay out what was said: the framework matrix, the quote bank, claims."""

from typing import NewType

import pandas as pd

from pipeline.tables.shape import Shape
from pipeline.tables.talk import INTERVIEW, LABEL

Framework = NewType("Framework", pd.DataFrame)
QuoteBank = NewType("QuoteBank", pd.DataFrame)
Claims = NewType("Claims", pd.DataFrame)
ClaimEvidence = NewType("ClaimEvidence", pd.DataFrame)

_WHO = {
    **INTERVIEW,
    "role": ("str", "the participant's role; empty where fewer than 3 of the area share it"),
}
_CONFIRMED = ("bool", "whether people say so")
FRAMEWORK: Shape[Framework] = Shape(
    "framework",
    {
        "area": ("str", "the place that the interview is about, from interviews.csv"),
        "transcript": ("str", "the interview's transcript"),
        **{name: _WHO[name] for name in ("participant", "role")},
        "code": LABEL["code"],
        "name": ("str", "the code's name"),
        "status": (
            "str",
            "confirmed: people say yes to a passage; coded, not confirmed: only the model does; "
            "looked, none: people searched the interview for the code (its five best-scored "
            "passages, or all) and found none; looked in part, none: they saw some passages only, "
            "as those of a random sample; or not looked",
        ),
        "counts": ("str", "passages by stance, as 'enabling 3, lacking 1', without those denied"),
        "quote": ("str", "id of the best passage: confirmed, else coded; best-scored first"),
        "stance": ("str", "the stance of the quote"),
    },
    key=("transcript", "code"),
)
QUOTE_BANK: Shape[QuoteBank] = Shape(
    "quote_bank",
    {
        "area": ("str", "the place that the interview is about, from interviews.csv"),
        **LABEL,
        "transcript": ("str", "the interview's transcript"),
        **{name: _WHO[name] for name in ("participant", "role")},
        "passage": ("str", "id of the passage: the best of the interview for code and stance"),
        "text": ("str", "what was said"),
        "score": ("float64", "the model's probability, 0 to 1; empty without a model"),
        "is_confirmed": _CONFIRMED,
    },
    key=("transcript", "code", "stance"),
)
CLAIMS: Shape[Claims] = Shape(
    "claims",
    {
        "claim": ("str", "number of the claim, C1 to C23"),
        "sentence": ("str", "what is claimed"),
        "indicator": ("str", "what is measured"),
        "estimate": ("float64", "the indicator's value; empty where there is none"),
        "low": ("float64", "lower end of its 95 % interval (interviews redrawn within areas)"),
        "high": ("float64", "upper end of its 95 % interval"),
        "null": ("float64", "the value that speaks neither for the claim nor against it"),
        "p": ("float64", "two-sided p value"),
        "p_adjusted": ("float64", "that adjusted for all claims (Benjamini and Hochberg 1995)"),
        "interviews": ("int32", "interviews that inform the estimate"),
        "areas": ("int32", "areas that inform it"),
        "confirmed_interviews": ("int32", "interviews with passages that people confirmed"),
        "confirmed_areas": ("int32", "areas with passages that people confirmed"),
        "verdict": (
            "str",
            "supported, contradicted, mixed, not enough evidence, or not coded",
        ),
        "remark": ("str", "counts, other indicators, and what stands in the way of a verdict"),
    },
    key=("claim",),
)
CLAIM_EVIDENCE: Shape[ClaimEvidence] = Shape(
    "claim_evidence",
    {
        "claim": ("str", "number of the claim"),
        "side": ("str", "supports, or goes against"),
        "area": ("str", "the place"),
        "transcript": ("str", "the interview's transcript"),
        "passage": ("str", "id of the passage"),
        **LABEL,
        "is_confirmed": _CONFIRMED,
        "score": ("float64", "the model's probability, 0 to 1"),
    },
    key=("claim", "side", "passage", "code", "stance"),
)
