"""The framework matrix: interviews down, codes across, in each cell what was said, in one quote.

After Ritchie and Spencer (1994) and Gale et al. (2013, BMC Medical Research Methodology 13:117).
A cell that is empty because nobody looked differs from one where people looked and found nothing.
The quote bank beside it holds the best quote of every interview for every code and stance.

Roles are left empty wherever fewer than 3 people or interviews of an area share one: beside a quote
such a role would tell who speaks.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.codebook import Codebook, Label
from pipeline.findings.presence import AGREED, set_side_by_side
from pipeline.tables import FEW_INTERVIEWS, Codings, Passages

CONFIRMED, UNCONFIRMED = "confirmed", "coded, not confirmed"
NONE_FOUND, NOT_LOOKED = "looked, none", "not looked"
_INTERVIEW = ["area", "transcript", "participant", "role"]
_CELL = ["transcript", "code"]
_QUOTE = [
    *("area", "code", "stance", "transcript", "participant", "role"),
    *("passage", "text", "score", "is_confirmed"),
]
_SUFFIXES = {"text": "", "counts": ": counts", "summary": ": summary"}
_HIGH_FIRST = ("is_confirmed", "score")


def build_matrix(passages: Passages, codings: Codings, codebook: Codebook) -> pd.DataFrame:
    """Build one row an interview and code, interviews by area and name, codes as in the codebook.

    Gives area, transcript, participant, role (empty where few share it), code, name (of the code);
    status (confirmed: people say yes to a passage; coded, not confirmed: only the model does;
    looked, none: people decided on the code here and said no; not looked: nothing is coded and
    nobody decided); counts (passages by stance, as in 'enabling 3, lacking 1'; what people denied
    is left out); quote (id of the best passage: a confirmed one, else one that the model codes,
    best-scored first; or empty) and stance (of the quote, or empty).
    """
    marks = _find_marks(passages, codings, codebook.labels)
    codes = pd.DataFrame(
        [(code.id, code.label) for code in codebook.codes], columns=["code", "name"]
    )
    every = _list_interviews(passages).merge(codes, how="cross")
    table = every.join(_describe_cells(marks), on=_CELL)
    return table.fillna({"status": NOT_LOOKED}).fillna("").astype("str")


def lay_out(matrix: pd.DataFrame, passages: Passages) -> pd.DataFrame:
    """Lay the matrix out with interviews down and three columns a code.

    Gives area, transcript, participant, role, then for each code its name (the quote's text, after
    '[coded, not confirmed]' where no person confirmed it; without a quote, the status), 'name:
    counts' and 'name: summary' (empty, for the analyst to write in).
    """
    texts = matrix["quote"].map(passages.set_index("passage")["text"])
    marked = texts.where(matrix["status"] == CONFIRMED, f"[{UNCONFIRMED}] " + texts)
    cells = matrix.assign(text=marked.where(matrix["quote"] != "", matrix["status"]), summary="")
    wide = cells.pivot_table(
        ["text", "counts", "summary"], index=_INTERVIEW, columns="code", aggfunc="first"
    )
    names = matrix.drop_duplicates("code").set_index("code")["name"]
    columns = [(part, code) for code in names.index for part in ("text", "counts", "summary")]
    laid = wide.reindex(columns=columns)
    laid.columns = [names[code] + _SUFFIXES[part] for part, code in columns]
    return laid.reset_index()


def pick_quotes(passages: Passages, codings: Codings, labels: Sequence[Label]) -> pd.DataFrame:
    """Pick the best quote of every interview for every code and stance.

    Gives area, code, stance, transcript, participant, role (empty where few share it), passage,
    text, score (the model's, 0 to 1, empty without a model), is_confirmed (whether people say yes);
    by area, then in the order of the labels, confirmed ones first, then best-scored first.
    """
    quotes = _pick_strongest(_find_marks(passages, codings, labels), [*_CELL, "stance"])
    placed = quotes.merge(_list_interviews(passages), on="transcript", validate="many_to_one")
    table = placed.merge(passages[["passage", "text"]], on="passage", validate="many_to_one")
    return _sort(table, ["area", "place"])[_QUOTE].reset_index(drop=True)


def _find_marks(passages: Passages, codings: Codings, labels: Sequence[Label]) -> pd.DataFrame:
    """List what the model codes or people decided on: passage, transcript, code, stance, score;
    place (of the label), is_confirmed (people say yes), stands (they do, or nobody decided).
    """
    places = pd.DataFrame(labels, columns=["code", "stance"]).astype("str")
    places["place"] = range(len(places))
    sides = set_side_by_side(codings)
    marks = sides[sides["coded"] | sides["yes"].notna()]
    marks = marks.merge(places, on=["code", "stance"], validate="many_to_one").merge(
        passages[["passage", "transcript"]], on="passage", validate="many_to_one"
    )
    is_confirmed = marks["yes"] >= AGREED
    return marks.assign(is_confirmed=is_confirmed, stands=is_confirmed | marks["yes"].isna())


def _list_interviews(passages: Passages) -> pd.DataFrame:
    """List the interviews by area and name, with roles that enough people share."""
    interviews = passages[_INTERVIEW].drop_duplicates("transcript")
    sharing = interviews.groupby(["area", "role"])[["transcript", "participant"]]
    is_shared = sharing.transform("nunique").min(axis=1) >= FEW_INTERVIEWS
    shown = interviews.assign(role=interviews["role"].where(is_shared, ""))
    return shown.sort_values(["area", "transcript"])


def _describe_cells(marks: pd.DataFrame) -> pd.DataFrame:
    """Give status, counts, quote and stance for each interview and code that has marks."""
    cells = marks.groupby(_CELL)[["is_confirmed", "stands"]].any()
    status = np.select(
        [cells["is_confirmed"], cells["stands"]], [CONFIRMED, UNCONFIRMED], NONE_FOUND
    )
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
