"""The framework matrix as people work with it: interviews down, three columns a code across."""

from collections.abc import Mapping

import pandas as pd

from pipeline.tables import Framework, Passages

CONFIRMED = "confirmed"  # the status of a cell whose quote people confirmed
MARK = "[coded, not confirmed] "
INTERVIEW = ["area", "transcript", "participant", "role"]
PARTS = {"text": "", "counts": ": counts", "summary": ": summary"}
MEANINGS = {
    "text": (
        "{name}: the best passage of the interview, after '[coded, not confirmed]' where no person "
        "confirmed it; without one, whether people looked: 'looked, none', 'looked in part, none' "
        "(they saw some passages only, as those of a random sample) or 'not looked'"
    ),
    "counts": "{name}: passages by stance, as 'enabling 3, lacking 1', without those denied",
    "summary": (
        "{name}: empty, for you to sum up what the interview says; write into a copy of the file, "
        "as this one is made anew with every report"
    ),
}


def lay_out(matrix: Framework, passages: Passages) -> pd.DataFrame:
    """Lay the matrix out with a row an interview and three columns a code.

    Gives area, transcript, participant, role, then for each code its name (the quote's text, after
    '[coded, not confirmed]' where no person confirmed it; without a quote, the status), 'name:
    counts' and 'name: summary' (empty, for the analyst to write in).
    """
    cells = matrix.astype({"code": "str"})
    texts = cells["quote"].map(passages.set_index("passage")["text"])
    marked = texts.where(cells["status"] == CONFIRMED, MARK + texts)
    cells = cells.assign(text=marked.where(cells["quote"] != "", cells["status"]), summary="")
    wide = cells.pivot_table(list(PARTS), index=INTERVIEW, columns="code", aggfunc="first")
    names = name_codes(matrix)
    laid = wide.reindex(columns=[(part, code) for code in names for part in PARTS])
    laid.columns = pd.Index([name + end for name in names.values() for end in PARTS.values()])
    return laid.reset_index()


def name_codes(matrix: Framework) -> dict[str, str]:
    """Give every code a heading, in the matrix's order: its name, with its id if need be.

    Names need be neither different from one another nor from the other headings.
    """
    codes = matrix.astype({"code": "str"}).drop_duplicates("code")
    names = dict(zip(codes["code"], codes["name"], strict=True))
    headings = [*INTERVIEW, *(name + end for name in names.values() for end in PARTS.values())]
    if len({*headings}) == len(headings):
        return names
    return {code: f"{name} ({code})" for code, name in names.items()}


def describe_headings(names: Mapping[str, str]) -> dict[str, str]:
    """Say what each column of every code means, by its heading."""
    return {
        name + end: MEANINGS[part].format(name=name)
        for name in names.values()
        for part, end in PARTS.items()
    }
