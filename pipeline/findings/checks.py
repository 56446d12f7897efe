"""Gather what people checked at random: the only rows that shares may be corrected by."""

import pandas as pd

from pipeline.tables import (
    CHECKS,
    Checks,
    Codings,
    Decisions,
    Passages,
    drop_overruled,
    is_by_model,
    is_joint,
)

RANDOM = "random"  # how a passage of the check sample was picked
_CHECK = ["passage", "coder"]
_LABEL = ["passage", "code", "stance"]


def gather_checks(decisions: Decisions, passages: Passages, codings: Codings) -> Checks:
    """Give one row for each passage drawn at random, code and stance that people decided on.

    Passages that were picked for what they may say (active learning, search) are left out: they
    are no sample. Only those who checked a passage as part of the sample count, with what they
    decided last: somebody who came by it otherwise may have looked for some codes only. Where
    people differ, the code applies if at least half of them say so, or as they decided together.
    ``codings`` hold the model's scores.
    """
    drawn = decisions[(decisions["selection"] == RANDOM) & (decisions["probability"] > 0)]
    probability = drawn.groupby("passage")["probability"].first()
    checkers = drawn[_CHECK].drop_duplicates()
    votes = drop_overruled(decisions.merge(checkers, on=_CHECK, validate="many_to_one"))
    settled = votes.groupby(_LABEL, as_index=False)["applied"].mean()
    scores = codings.loc[is_by_model(codings), [*_LABEL, "score"]]
    whole = settled.merge(
        scores.astype({"code": "str", "stance": "str"}), on=_LABEL, validate="one_to_one"
    ).merge(passages[["passage", "area", "transcript"]], on="passage", validate="many_to_one")
    return CHECKS.check(
        whole.assign(applied=whole["applied"] >= 0.5, probability=whole["passage"].map(probability))
    )


def gather_comparable(codings: Codings, checks: Checks, passages: Passages) -> pd.DataFrame:
    """Give the codings that coders may be compared by, with the column interview.

    All that people said alone; the model's on passages of the random sample only, which people
    code without seeing what the model says. Elsewhere people may have been led by it, or have
    picked passages where it errs.
    """
    sample = checks["passage"].unique()
    is_comparable = ~is_by_model(codings) | codings["passage"].isin(sample)
    mine = codings[is_comparable & ~is_joint(codings)]
    interviews = passages.set_index("passage")["transcript"]
    return mine.assign(interview=mine["passage"].map(interviews))
