"""Shares: of an area's passages, how many carry a code in a stance."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from pipeline.codebook import Label
from pipeline.tables import (
    IN_PART,
    NOT_CODED,
    SHARES,
    UNVERIFIED,
    Codings,
    Passages,
    Shares,
    is_by_model,
)

_KEY = ["area", "code", "stance"]


def count_shares(
    passages: Passages,
    settled: Codings,
    labels: Sequence[Label],
    *,
    ranked: Collection[Label] = (),
) -> Shares:
    """Count passages and interviews for every area, code and stance.

    A label that nobody in an area shows keeps its row, with a share of zero. These are raw counts
    of what was coded, by a model that errs: nothing is corrected, so all rows are unverified.

    A ``ranked`` label has no classifier, so only people's decisions count. Unless they decided on
    every passage of an area there is no share: nobody looked at the rest.
    """
    sizes = passages.groupby("area").agg(
        passages=("passage", "size"), interviews=("transcript", "nunique")
    )
    counts = (
        _place(settled[settled["applied"]], passages)
        .groupby(_KEY)
        .agg(applied=("passage", "nunique"), interviews_with=("transcript", "nunique"))
    )
    people = settled[~is_by_model(settled)]
    decided = _place(people, passages).groupby(_KEY).agg(decided=("passage", "nunique"))
    every = pd.DataFrame([(area, *label) for area in sizes.index for label in labels], columns=_KEY)
    table = every.join(counts, on=_KEY).join(decided, on=_KEY).fillna(0).join(sizes, on="area")
    status = _find_status(table, ranked)
    return SHARES.check(
        table.assign(
            raw_share=(table["applied"] / table["passages"]).where(status == UNVERIFIED),
            checked=0,
            status=status,
            corrected_share=float("nan"),
            low=float("nan"),
            high=float("nan"),
            basis="",
            beyond_low=float("nan"),
            beyond_high=float("nan"),
        )
    )


def _place(codings: pd.DataFrame, passages: Passages) -> pd.DataFrame:
    """Say of each coding which area and transcript it is of."""
    return codings.astype({"code": "str", "stance": "str"}).merge(
        passages[["passage", "area", "transcript"]], on="passage", validate="many_to_one"
    )


def _find_status(table: pd.DataFrame, ranked: Collection[Label]) -> "pd.Series[str]":
    pairs = zip(table["code"], table["stance"], strict=True)
    is_ranked = pd.Series([pair in ranked for pair in pairs], table.index, dtype=bool)
    is_whole = ~is_ranked | (table["decided"] == table["passages"])
    statuses = np.select([is_whole, table["decided"] > 0], [UNVERIFIED, IN_PART], NOT_CODED)
    return pd.Series(statuses, table.index)
