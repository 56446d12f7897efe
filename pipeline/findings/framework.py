"""The framework matrix: interviews down, codes across, in each cell what was said, in one quote.

After Ritchie and Spencer (1994) and Gale et al. (2013, BMC Medical Research Methodology 13:117).
A cell that is empty because nobody looked differs from one where people looked and found nothing,
and that from one where they saw some passages only, as those of a random sample. The quote bank
beside it holds the best quote of every interview for every code and stance.

Roles are left empty wherever fewer than 3 people or interviews of an area share one: beside a quote
such a role would tell who speaks.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.codebook import Codebook, Label
from pipeline.findings.presence import (
    AGREED,
    NONE_FOUND,
    NOT_LOOKED,
    Flags,
    find_searched,
    set_side_by_side,
)
from pipeline.tables import (
    FEW_INTERVIEWS,
    FRAMEWORK,
    QUOTE_BANK,
    Codings,
    Framework,
    Passages,
    QuoteBank,
)

CONFIRMED, UNCONFIRMED = "confirmed", "coded, not confirmed"
IN_PART = "looked in part, none"
_INTERVIEW = ["area", "transcript", "participant", "role"]
_CELL = ["transcript", "code"]
_HIGH_FIRST = ("is_confirmed", "score")


def build_matrix(passages: Passages, codings: Codings, codebook: Codebook) -> Framework:
    """Build one row an interview and code, interviews by area and name, codes as in the codebook.

    A cell is confirmed if people say yes to a passage; coded, not confirmed if only the model does.
    Else it is 'looked, none' if people searched the interview for all stances of the code
    (presence.py), and 'looked in part, none' if they said no to some passages only. Without any
    decision it is not looked at. What people denied is left out of the counts and quotes.
    """
    marks = _find_marks(passages, codings, codebook.labels)
    codes = pd.DataFrame(
        [(code.id, code.label) for code in codebook.codes], columns=["code", "name"]
    )
    every = _list_interviews(passages).merge(codes, how="cross")
    table = every.join(_describe_cells(marks), on=_CELL)
    return FRAMEWORK.check(table.fillna({"status": NOT_LOOKED}).fillna(""))


def pick_quotes(passages: Passages, codings: Codings, labels: Sequence[Label]) -> QuoteBank:
    """Pick the best quote of every interview for every code and stance.

    By area, then in the order of the labels, confirmed ones first, then best-scored first.
    """
    quotes = _pick_strongest(_find_marks(passages, codings, labels), [*_CELL, "stance"])
    placed = quotes.merge(_list_interviews(passages), on="transcript", validate="many_to_one")
    table = placed.merge(passages[["passage", "text"]], on="passage", validate="many_to_one")
    return QUOTE_BANK.check(_sort(table, ["area", "place"]))


def _find_marks(passages: Passages, codings: Codings, labels: Sequence[Label]) -> pd.DataFrame:
    """List what the model codes or people decided on: passage, transcript, code, stance, score;
    place (of the label), is_confirmed (people say yes), stands (they do, or nobody decided),
    is_searched (they searched the interview for all of the code's stances).
    """
    sides = set_side_by_side(passages, codings, labels)
    down, across = np.nonzero(sides.coded | ~np.isnan(sides.yes))
    named = pd.DataFrame(labels, columns=["code", "stance"]).astype("str").iloc[across]
    marks = sides.passages[["passage", "transcript"]].iloc[down].reset_index(drop=True)
    yes = sides.yes[down, across]
    return marks.join(named.reset_index(drop=True)).assign(
        place=across,
        score=sides.score[down, across],
        is_confirmed=yes >= AGREED,
        stands=(yes >= AGREED) | np.isnan(yes),
        is_searched=_search_codes(find_searched(sides), labels)[down, across],
    )


def _search_codes(searched: Flags, labels: Sequence[Label]) -> Flags:
    """Say of each label (across) whether all labels of its code were searched for."""
    codes, whole = np.array([label.code for label in labels]), searched.copy()
    for code in np.unique(codes):
        mine = codes == code
        whole[:, mine] = searched[:, mine].all(axis=1, keepdims=True)
    return whole


def _list_interviews(passages: Passages) -> pd.DataFrame:
    """List the interviews by area and name, with roles that enough people share."""
    interviews = passages[_INTERVIEW].drop_duplicates("transcript")
    sharing = interviews.groupby(["area", "role"])[["transcript", "participant"]]
    is_shared = sharing.transform("nunique").min(axis=1) >= FEW_INTERVIEWS
    shown = interviews.assign(role=interviews["role"].where(is_shared, ""))
    return shown.sort_values(["area", "transcript"])


def _describe_cells(marks: pd.DataFrame) -> pd.DataFrame:
    """Give status, counts, quote and stance for each interview and code that has marks."""
    cells = marks.groupby(_CELL)[["is_confirmed", "stands", "is_searched"]].any()
    cases = [cells[name] for name in ("is_confirmed", "stands", "is_searched")]
    status = np.select(cases, [CONFIRMED, UNCONFIRMED, NONE_FOUND], IN_PART)
    quotes = _pick_strongest(marks, _CELL).set_index(_CELL)[["passage", "stance"]]
    described = cells.assign(status=status)[["status"]].join(_count_stances(marks))
    return described.join(quotes.rename(columns={"passage": "quote"}))


def _count_stances(marks: pd.DataFrame) -> "pd.Series[str]":
    """Write how many passages stand for each stance, in the order of the labels."""
    counts = marks[marks["stands"]].groupby([*_CELL, "place", "stance"]).size()
    counted = counts.rename("passages").reset_index()
    counted["counts"] = counted["stance"] + " " + counted["passages"].astype("str")
    return counted.groupby(_CELL)["counts"].agg(", ".join)


def _pick_strongest(marks: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return _sort(marks[marks["stands"]]).drop_duplicates(key)


def _sort(marks: pd.DataFrame, first: Sequence[str] = ()) -> pd.DataFrame:
    """Sort the strongest first: confirmed, best-scored; then by id, so that nothing is chance."""
    by = [*first, "is_confirmed", "score", "passage", "place"]
    return marks.sort_values(by, ascending=[name not in _HIGH_FIRST for name in by])
