"""Shares: of an area's passages, how many carry a code in a stance."""

from collections.abc import Sequence

import pandas as pd

from pipeline.codebook import Label
from pipeline.tables import SHARES, Codings, Passages, Shares

UNVERIFIED = "unverified"


def count_shares(passages: Passages, settled: Codings, labels: Sequence[Label]) -> Shares:
    """Count passages and interviews for every area, code and stance.

    A label that nobody in an area shows keeps its row, with a share of zero. These are raw counts
    of what was coded, by a model that errs: nothing is corrected, so all rows are unverified.
    """
    sizes = passages.groupby("area").agg(
        passages=("passage", "size"), interviews=("transcript", "nunique")
    )
    applied = settled[settled["applied"]].astype({"code": "str", "stance": "str"})
    found = applied.merge(
        passages[["passage", "area", "transcript"]], on="passage", validate="many_to_one"
    )
    counts = found.groupby(["area", "code", "stance"]).agg(
        applied=("passage", "nunique"), interviews_with=("transcript", "nunique")
    )
    every = pd.DataFrame(
        [(area, *label) for area in sizes.index for label in labels],
        columns=["area", "code", "stance"],
    )
    table = every.join(counts, on=["area", "code", "stance"]).fillna(0).join(sizes, on="area")
    return SHARES.check(
        table.assign(
            raw_share=table["applied"] / table["passages"],
            checked=0,
            status=UNVERIFIED,
            corrected_share=float("nan"),
            low=float("nan"),
            high=float("nan"),
        )
    )
