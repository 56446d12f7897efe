"""How much people have checked, area by area."""

from typing import NamedTuple

import pandas as pd

from pipeline.exports import Results
from pipeline.exports.figures import Area, list_areas
from pipeline.tables import Codings, is_by_model, is_joint


class CheckedArea(NamedTuple):
    """An area with the passages checked of those drawn at random, and the people who coded."""

    area: Area
    checked: int
    coders: int


def count_checks(results: Results) -> list[CheckedArea]:
    """Count what was checked; a passage is checked for all codes at once, so each counts once."""
    checked = results.shares.groupby("area")["checked"].max()
    coders = _count_coders(results)
    return [
        CheckedArea(area, int(checked.get(area.name, 0)), coders.get(area.name, 0))
        for area in list_areas(results)
    ]


def list_people(codings: Codings) -> pd.DataFrame:
    """List who decided on which passage: passage, coder; what several decided together aside."""
    is_person = ~is_by_model(codings) & ~is_joint(codings)
    return codings.loc[is_person, ["passage", "coder"]].drop_duplicates()


def _count_coders(results: Results) -> dict[str, int]:
    """Count the people who decided on any passage of an area."""
    people = list_people(results.codings)
    placed = people.merge(results.passages[["passage", "area"]], on="passage")
    return {str(area): coders.nunique() for area, coders in placed.groupby("area")["coder"]}
