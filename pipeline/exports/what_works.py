"""Which power is spoken of most as working in an area, and whether that is sure."""

from typing import Any

import pandas as pd

from pipeline.codebook import Codebook
from pipeline.exports.figures import Figures, records
from pipeline.exports.power_shares import is_corrected, power_name, share_of
from pipeline.wording import counted, listed, percent


def working_sentence(area: str, rows: pd.DataFrame, codebook: Codebook, figures: Figures) -> str:
    """Say which power is spoken of most as working, and whether that is sure."""
    rows = rows[~rows["not_coded"].str.contains("enabling")]
    if rows.empty:
        return f"Which power works in {area} is not known: none was coded as enabling."
    is_checked = all(is_corrected(row, figures) for row in records(rows))
    column = "enabling_share" if is_checked else "enabling"
    others = rows[~rows["is_short"] & ~rows["crowds_out"]]  # what is short is told of by itself
    working = others if others[column].any() else rows
    if not working[column].any():
        start = "As far as was checked, no" if is_checked else "No"
        return f"{start} passage in {area} speaks of a power as working."
    tops = list(records(working[working[column] == working[column].max()]))
    names = listed(power_name(codebook, row.power) for row in tops)
    aside = "" if len(working) == len(rows) else ", besides what is short or too much"
    each = "each is" if len(tops) > 1 else "it is"
    doubt = _rivals(tops[0], working, codebook, figures) if is_checked else ""
    words = share_of(tops[0], "enabling", figures).words + " of passages"
    return (
        f"The talk in {area} points to {names} as what works{aside}: {each} spoken of as enabling "
        f"in {words if is_checked else _as_coded(tops[0])}.{doubt}"
    )


def counts_sentence(rows: pd.DataFrame, codebook: Codebook) -> str:
    """Give the counts as coded of an area that is too small for shares."""
    counts = "; ".join(
        f"{power_name(codebook, row.power)} as enabling in {row.enabling}, as lacking in "
        f"{row.lacking}, as excessive in {row.excessive}{_not_coded(row)}"
        for row in records(rows)
    )
    passages = counted(int(rows["passages"].iloc[0]), "passage")
    return f"Of {passages}, as coded, they speak of {counts}."


def _rivals(top: Any, working: pd.DataFrame, codebook: Codebook, figures: Figures) -> str:
    """Name the powers that may be heard as often as the one that is heard most."""
    most = share_of(top, "enabling", figures)
    others = [row for row in records(working) if row.enabling_share < top.enabling_share]
    shares = [(row.power, share_of(row, "enabling", figures)) for row in others]
    names = [
        f"{power_name(codebook, power)} ({share.words})"
        for power, share in shares
        if not most.is_surely_above(share)
    ]
    if not names:
        return ""
    return f" That it is heard most is not sure: {listed(names)} may be heard as often."


def _as_coded(row: Any) -> str:
    passages = int(row.passages)
    share = percent(row.enabling / passages)
    return f"{row.enabling:,} of {counted(passages, 'passage')}, {share}"


def _not_coded(row: Any) -> str:
    return f" (not coded: {row.not_coded})" if row.not_coded else ""
