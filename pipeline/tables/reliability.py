"""Tables that say how far codings can be relied on: agreement and saturation."""

from typing import NewType

import pandas as pd

from pipeline.tables.shape import Shape
from pipeline.tables.talk import LABEL

Agreement = NewType("Agreement", pd.DataFrame)
SetAgreement = NewType("SetAgreement", pd.DataFrame)
Disagreements = NewType("Disagreements", pd.DataFrame)
Saturation = NewType("Saturation", pd.DataFrame)
SaturationCurve = NewType("SaturationCurve", pd.DataFrame)

_COUNTS = {
    "passages": ("int32", "passages that at least two of these coders decided on"),
    "interviews": ("int32", "interviews that these passages are of"),
    "positives": ("int32", "of the passages, those that any of the coders says yes to"),
}


def _bounded(name: str, meaning: str) -> dict[str, tuple[str, str]]:
    return {
        name: ("float64", meaning),
        f"{name}_low": ("float64", "lower end of its 95 % interval (interviews redrawn)"),
        f"{name}_high": ("float64", "upper end of its 95 % interval"),
    }


AGREEMENT: Shape[Agreement] = Shape(
    "agreement",
    {
        **LABEL,
        "coders": ("str", "who is compared: 'Ada + Bo'; a model is one more coder"),
        **_COUNTS,
        "both_yes": ("int32", "passages that all who decided say yes to"),
        "one_yes": ("int32", "passages on which they differ"),
        "both_no": ("int32", "passages that all who decided say no to"),
        **_bounded("raw", "share of decisions that agree, 0 to 1"),
        **_bounded("positive", "share of yeses that the other coder gives, too; two coders only"),
        **_bounded("alpha", "Krippendorff's alpha: 1 is full agreement, 0 is chance"),
        **_bounded("kappa", "Cohen's kappa; two coders only"),
        **_bounded("ac1", "Gwet's AC1, which holds where a code is rare; two coders only"),
        "is_rare": ("bool", "whether there are fewer than 20 positives, too few to rely on alpha"),
    },
    key=("code", "stance", "coders"),
)
SET_AGREEMENT: Shape[SetAgreement] = Shape(
    "set_agreement",
    {
        "coders": ("str", "who is compared"),
        **_COUNTS,
        **_bounded("alpha", "Krippendorff's alpha over sets of codes, with MASI distances"),
    },
    key=("coders",),
)
DISAGREEMENTS: Shape[Disagreements] = Shape(
    "disagreements",
    {
        "passage": ("str", "id of the passage"),
        "interview": ("str", "the interview's transcript"),
        **LABEL,
        "yes": ("str", "the people who say yes"),
        "no": ("str", "the people who say no"),
    },
    key=("passage", "code", "stance"),
)
SATURATION: Shape[Saturation] = Shape(
    "saturation",
    {
        "area": ("str", "the place, or all areas together"),
        "interviews": ("int32", "interviews in the area"),
        "base": ("int32", "interviews that the base is made of"),
        "run": ("int32", "interviews in a run"),
        "threshold": ("float64", "most new codes in a run, as a share of those in the base"),
        "base_codes": ("int32", "codes (each in its stances) in the base"),
        "reached_at": ("float64", "interviews at the end of the run that reached it; or empty"),
        "codes": ("int32", "codes in all interviews"),
        "notation": ("str", "as '6+2': the two interviews after the sixth added no more"),
        "status": ("str", "reached, not reached or too few interviews"),
        "median": ("float64", "median of reached_at over 200 random orders; empty: not reached"),
        "low": ("float64", "lower end of the middle 90 % of these"),
        "high": ("float64", "upper end of the middle 90 % of these"),
        "orders_reached": ("float64", "share of these orders that reach it, 0 to 1"),
    },
    key=("area", "threshold"),
)
SATURATION_CURVE: Shape[SaturationCurve] = Shape(
    "saturation_curve",
    {
        "area": ("str", "the place, or all areas together"),
        "place": ("int32", "place of the interview in the order, from 1"),
        "transcript": ("str", "the interview's transcript"),
        "new_codes": ("int32", "codes (each in its stances) first heard in this interview"),
        "codes_so_far": ("int32", "codes heard up to and with this interview"),
    },
    key=("area", "place"),
)
