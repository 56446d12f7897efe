"""How far a study's figures are to be trusted: checked by people, or not."""

import pandas as pd

from pipeline.exports import Results
from pipeline.tables import CHECKED, IN_PART, NOT_CODED, UNVERIFIED


def unverified_areas(results: Results) -> list[str]:
    """Name the areas with a figure that no checked sample stands behind."""
    tables: list[pd.DataFrame] = [results.shares, results.powers, results.balances]
    return sorted({area for table in tables for area in _unverified(table)})


def is_verified(results: Results) -> bool:
    """Whether people have checked a sample behind every share, and there are shares."""
    has_checked = bool((results.shares["status"] == CHECKED).any())
    return has_checked and not unverified_areas(results)


def mark(results: Results) -> str:
    """Say in a word or two how far the figures are to be trusted; empty where they are checked."""
    found = set(results.shares["status"])
    if found and found <= {IN_PART, NOT_CODED}:
        return IN_PART if IN_PART in found else NOT_CODED
    return "" if is_verified(results) else UNVERIFIED


def _unverified(table: pd.DataFrame) -> list[str]:
    return list(table.loc[table["status"] == UNVERIFIED, "area"].unique())
