"""Tables of findings: figures about areas, and how sure they are."""

from typing import NewType

import pandas as pd

from pipeline.tables.shape import Shape
from pipeline.tables.talk import LABEL

Shares = NewType("Shares", pd.DataFrame)
Powers = NewType("Powers", pd.DataFrame)
Balances = NewType("Balances", pd.DataFrame)
Presences = NewType("Presences", pd.DataFrame)
Differences = NewType("Differences", pd.DataFrame)
Diagnoses = NewType("Diagnoses", pd.DataFrame)

FEW_INTERVIEWS, FEW_PASSAGES = 3, 30  # an area with fewer of either is small
ALL_OTHERS = "all other areas"
UNVERIFIED, CHECKED = "unverified", "checked"
IN_PART, NOT_CODED = "coded in part", "not coded"
STATUSES = (UNVERIFIED, CHECKED, IN_PART, NOT_CODED)  # of several figures, the first holds
_SMALL = ("bool", "whether the area has too few interviews (3) or passages (30) to tell")
_CHECKED = {
    "checked": ("int32", "passages of a random sample that a person has checked"),
    "status": (
        "str",
        "unverified until people have checked a random sample, then checked; without a classifier "
        "for the code in this stance: not coded, or coded in part where people decided on some "
        "passages (unverified once they decided on all)",
    ),
}
SHARES: Shape[Shares] = Shape(
    "shares",
    {
        "area": ("str", "the place"),
        **LABEL,
        "applied": (
            "int32",
            "passages with the code in this stance (numerator); found so far, if coded in part",
        ),
        "passages": ("int32", "passages in the area (denominator)"),
        "raw_share": (
            "float64",
            "applied / passages, 0 to 1, uncorrected; empty if not coded, or only in part",
        ),
        "interviews_with": ("int32", "interviews with at least one such passage"),
        "interviews": ("int32", "interviews in the area"),
        **_CHECKED,
        "corrected_share": ("float64", "share corrected by the checked sample; empty: unverified"),
        "low": ("float64", "lower end of the 95 % interval of the corrected share"),
        "high": ("float64", "upper end of the 95 % interval of the corrected share"),
        "basis": (
            "str",
            "what the corrected share rests on: people and model, or people, where the model's "
            "scores add nothing (lambda is 0) or fewer than 20 passages were checked; empty: "
            "unverified",
        ),
        "beyond_low": (
            "float64",
            "lower end of the interval beyond the interviewees: if these stand for others, and "
            "interviews are drawn as wholes; empty below 5 interviews",
        ),
        "beyond_high": ("float64", "upper end of the interval beyond the interviewees"),
    },
    key=("area", "code", "stance"),
)
_BEST = "corrected once people checked all three stances, until then as coded"
_REDRAWN = "from 1,000 draws of the area's interviews (bootstrap)"
STANCES = ("enabling", "lacking", "excessive")  # of a power
POWERS: Shape[Powers] = Shape(
    "powers",
    {
        "area": ("str", "the place"),
        "power": ("str", "hierarchical, solidaristic or individual"),
        "passages": ("int32", "passages in the area"),
        "enabling": ("int32", "passages where the power is there and helps"),
        "lacking": ("int32", "passages where the power is missing and that is felt"),
        "excessive": ("int32", "passages where there is too much of it"),
        "enabling_share": ("float64", f"share of passages where it helps, 0 to 1; {_BEST}"),
        "lacking_share": ("float64", f"share of passages where it is missing; {_BEST}"),
        "excessive_share": ("float64", f"share of passages where it is too much; {_BEST}"),
        "not_coded": ("str", "the stances that were not coded, or only in part; empty if none"),
        "shortness": (
            "float64",
            "lacking / (enabling + lacking + excessive), 0 to 1; empty unless enabling and lacking "
            "were coded; of the three shares",
        ),
        "shortness_low": ("float64", f"lower end of its 95 % interval, {_REDRAWN}"),
        "shortness_high": ("float64", "upper end of that interval"),
        "excess": (
            "float64",
            "excessive / (enabling + lacking + excessive), 0 to 1; empty unless enabling and "
            "excessive were coded; of the three shares",
        ),
        "excess_low": ("float64", f"lower end of its 95 % interval, {_REDRAWN}"),
        "excess_high": ("float64", "upper end of that interval"),
        "is_short": ("bool", "whether this power is short: the highest shortness, .5 or more"),
        "crowds_out": ("bool", "whether it crowds out the others: the highest excess, .5 or more"),
        "is_small": _SMALL,
        "status": _CHECKED["status"],
    },
    key=("area", "power"),
)
BALANCES: Shape[Balances] = Shape(
    "balances",
    {
        "area": ("str", "the place"),
        "balance": (
            "float64",
            "normalised entropy of the three enabling shares, 0 to 1 (even), corrected once people "
            "checked all three; empty, as are the next four, unless all three were coded",
        ),
        "balance_low": ("float64", f"lower end of its 95 % interval, {_REDRAWN}"),
        "balance_high": ("float64", "upper end of that interval"),
        "smallest_power": ("str", "the power with the smallest enabling share"),
        "smallest_share": ("float64", "that share of the area's passages, 0 to 1"),
        "short_power": ("str", "the power that is short, or empty"),
        "crowding_power": ("str", "the power that crowds out the others, or empty"),
        "is_small": _SMALL,
        "status": _CHECKED["status"],
    },
    key=("area",),
)
_INTERVAL = {
    "low": ("float64", "lower end of its 95 % interval"),
    "high": ("float64", "upper end of its 95 % interval"),
}
PRESENCES: Shape[Presences] = Shape(
    "presence",
    {
        "area": ("str", "the place"),
        **LABEL,
        "interviews": ("int32", "interviews in the area"),
        "searched": (
            "int32",
            "interviews in which people decided on the five passages that the model scores best, "
            "or on all",
        ),
        "looked": ("int32", "interviews searched, or with a passage that people confirmed"),
        "present": ("int32", "interviews with a passage that people confirmed"),
        "share": (
            "float64",
            "present / interviews, 0 to 1: a lower bound, as interviews that nobody searched count "
            "as if the code were not there; empty if nobody looked in any",
        ),
        "low": ("float64", "lower end of the 95 % interval of that bound (Wilson)"),
        "high": ("float64", "upper end; unless all interviews were searched, more is possible"),
        "status": ("str", "not looked; looked, none; or present"),
    },
    key=("area", "code", "stance"),
)
DIFFERENCES: Shape[Differences] = Shape(
    "differences",
    {
        "measure": ("str", "share (of passages), shortness, excess or balance"),
        "code": ("str", "a code of the codebook; empty for balance"),
        "stance": ("str", "a stance of the code, for shares only"),
        "area": ("str", "the place"),
        "other_area": ("str", "the place that it is held against, or all other areas together"),
        "difference": ("float64", "the figure in the area minus that in the other, -1 to 1"),
        **_INTERVAL,
        "beyond_low": (
            "float64",
            "lower end of the interval beyond the interviewees (shares only); empty if unknown",
        ),
        "beyond_high": ("float64", "upper end of the interval beyond the interviewees"),
        "status": _CHECKED["status"],
    },
    key=("measure", "code", "stance", "area", "other_area"),
)
DIAGNOSES: Shape[Diagnoses] = Shape(
    "diagnoses",
    {
        "area": ("str", "the place"),
        "power": ("str", "the power that is short, or that crowds out the others"),
        "problem": ("str", "short, or too much"),
        "extent": ("float64", "its shortness or excess, 0 to 1"),
        "extent_low": ("float64", "lower end of its 95 % interval"),
        "extent_high": ("float64", "upper end of its 95 % interval"),
        "expected_code": ("str", "the code that the theory expects to be heard; empty if none"),
        "expected_stance": ("str", "its stance"),
        "share": ("float64", "share of the area's passages that have it; corrected where checked"),
        "elsewhere": ("float64", "that share in all other areas together"),
        "difference": ("float64", "share minus elsewhere"),
        **_INTERVAL,
        "heard": (
            "str",
            "more than elsewhere, less than elsewhere (if the interval excludes 0), as much as "
            "elsewhere or unclear; unverified if nobody checked; not known if it was not coded",
        ),
        "status": _CHECKED["status"],
    },
    key=("area", "power", "problem"),
)
