"""What the powers' plot says in words: at the end of a bar, and to those who cannot see it."""

from typing import Any

from pipeline.exports.figures import Area, Figures
from pipeline.exports.intervals import bounded
from pipeline.exports.power_shares import PowerShare, is_corrected, shares_of
from pipeline.wording import percent


def describe_bars(name: str, row: Any, area: Area, figures: Figures) -> str:
    """Say of a power, a row of the powers table, what its bars show."""
    without = f", not coded as {row.not_coded}" if row.not_coded else ""
    ends = [
        f"{part} {bounded(*(getattr(row, f'{part}{end}') for end in ('', '_low', '_high')))}"
        for part in ("shortness", "excess")
    ]
    return f"{name}: {_heard(row, area, figures)}{without}, {', '.join(ends)}"


def _heard(row: Any, area: Area, figures: Figures) -> str:
    shares = shares_of(row, figures)
    if area.is_small or not is_corrected(row, figures):
        counts = ", ".join(f"{share.stance} in {share.applied}" for share in shares)
        return f"{counts} of {row.passages} passages"
    return ", ".join(f"{share.stance} in {share.words}" for share in shares) + " of passages"


def label_bar(share: PowerShare, area: Area) -> str:
    """Give a corrected share its interval, others the number of passages as coded."""
    stance, count = share.stance, share.applied
    if not share.is_coded:
        return f"{stance} {count:,}+" if count else f"{stance} not coded"
    if area.is_small:
        return f"{stance} {count:,}"
    if share.interval:
        return f"{stance} {percent(share.share)} {share.interval}"
    return f"{stance} {count:,} · {percent(share.share)}"
