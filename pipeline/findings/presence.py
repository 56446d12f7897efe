"""Verified presence: in how many interviews people found a code where it was likeliest to be.

A model's marks do not tell which interviews show a code: one false mark among many passages is
enough. So people look at the few passages of an interview that the model scored best. What stands
elsewhere in the interview they miss, which makes the share a lower bound.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from pipeline.codebook import Label
from pipeline.findings.estimation import SURE, Names
from pipeline.tables import MODEL, Codings, Passages

BEST = 5  # passages of an interview to look at, the best-scored
AGREED = 0.5  # of the people who decided on a passage, for the code to stand
NOT_LOOKED, NONE_FOUND, PRESENT = "not looked", "looked, none", "present"
_LABEL = ["code", "stance"]


def verify_presence(passages: Passages, codings: Codings, labels: Sequence[Label]) -> pd.DataFrame:
    """Count the interviews in which people found each code, for every area, code and stance.

    Gives area, code, stance; interviews (of the area); searched (interviews in which people decided
    on the five best-scored passages, or on all if there are fewer); looked (searched, or confirmed
    anywhere); present (interviews with a passage that at least half of the people who decided on it
    say yes to); share (present / interviews, 0 to 1); low and high (Wilson's 95 % interval); status
    (not looked; looked, none; present). Without a look there is no share.

    Equal scores go by the passage's id. Passages without a score are looked at only where fewer
    than five of the interview have one, and then all count. The share is a lower bound: interviews
    that nobody searched count as if the code were not there. (Out of those looked at, it would be
    none: a yes from the check sample makes an interview count, a no does not.)
    """
    ordered = passages.sort_values("passage")
    sides = set_side_by_side(codings)
    scores, yes = (_spread(sides, column, ordered, labels) for column in ("score", "yes"))
    interview = [ordered["area"].to_numpy(), ordered["transcript"].to_numpy()]
    is_skipped = _find_best(scores, interview) & yes.isna()
    searched = ~is_skipped.groupby(interview).any()
    present = (yes >= AGREED).groupby(interview).any()
    looked = searched | present
    return _describe(passages, labels, searched=searched, looked=looked, present=present)


def set_side_by_side(codings: Codings) -> pd.DataFrame:
    """Set what the model and people say of a passage, code and stance in one row.

    Gives passage, code, stance; score (the model's, 0 to 1, empty without a model); coded (whether
    the model applies the code); yes (share of the people who decided that apply it, 0 to 1, empty
    if nobody decided).
    """
    is_model = codings["coder"].astype("str").str.startswith(MODEL)
    sides = codings.assign(
        score=codings["score"].where(is_model).astype("float64"),
        coded=codings["applied"] & is_model,
        yes=codings["applied"].astype("float64").mask(is_model),
    )
    key = ["passage", *_LABEL]
    table = sides.groupby(key, observed=True, sort=False).agg(
        score=("score", "max"), coded=("coded", "any"), yes=("yes", "mean")
    )
    return table.reset_index().astype(dict.fromkeys(_LABEL, "str"))


def _spread(
    sides: pd.DataFrame, column: str, passages: pd.DataFrame, labels: Sequence[Label]
) -> pd.DataFrame:
    """Give one row a passage and one column a label, in the order of both."""
    columns = pd.MultiIndex.from_tuples(labels, names=_LABEL)
    wide = sides.pivot_table(column, index="passage", columns=_LABEL, aggfunc="first")
    return wide.reindex(index=passages["passage"], columns=columns).astype("float64")


def _find_best(scores: pd.DataFrame, interview: list[Names]) -> pd.DataFrame:
    """Say which passages of each interview are to be looked at."""
    by_interview = scores.groupby(interview)
    ranks = by_interview.rank(method="first", ascending=False)
    return (ranks <= BEST) | (by_interview.transform("count") < BEST)


def _describe(passages: Passages, labels: Sequence[Label], **is_so: pd.DataFrame) -> pd.DataFrame:
    """Count by area what is so of interviews (rows) and labels (columns), and draw the shares."""
    sizes = passages.groupby("area")["transcript"].nunique()
    rows = [(area, *label, size) for area, size in sizes.items() for label in labels]
    table = pd.DataFrame(rows, columns=["area", *_LABEL, "interviews"])
    for name, each in is_so.items():
        table[name] = each.groupby(level=0).sum().to_numpy().ravel().astype("int64")
    share, low, high = _wilson(table["present"], table["interviews"].where(table["looked"] > 0))
    cases = [table["present"] > 0, table["looked"] > 0]
    status = np.select(cases, [PRESENT, NONE_FOUND], NOT_LOOKED)
    return table.assign(share=share, low=low, high=high, status=status)


def _wilson(
    count: "pd.Series[int]", total: "pd.Series[int]"
) -> tuple["pd.Series[float]", "pd.Series[float]", "pd.Series[float]"]:
    """Give shares with Wilson's score interval (1927), not numbers where the total is 0."""
    z = float(stats.norm.ppf((1 + SURE) / 2))
    total = total.where(total > 0)
    share = count / total
    centre = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    spread = share * (1 - share) / total + z**2 / (4 * total**2)
    half = z / (1 + z**2 / total) * spread**0.5
    return share, (centre - half).clip(0, 1), (centre + half).clip(0, 1)
