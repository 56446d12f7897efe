"""Ask me: passages that the model is unsure of or that may have a rare code, with suggestions.

Half of them are the next of the random sample. These are shown blind, without suggestions, and
count as checks.
"""

import json
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for

from pipeline.codebook import Label
from pipeline.coding.queues import Pick
from pipeline.decisions import ChangedError, open_decisions
from pipeline.errors import UserError
from pipeline.findings.checks import RANDOM
from pipeline.review.advice import Adviser
from pipeline.review.coders import need_coder
from pipeline.review.desk import Desk
from pipeline.typed_labels import write_label

part = Blueprint("ask", __name__, url_prefix="/ask")
part.title = "Ask me"  # type: ignore[attr-defined] # what the page calls this part
part.lead = "what the model would learn most from"  # type: ignore[attr-defined]
WHY = {
    "random": "From the random sample, so without what the model says.",
    "uncertain": "The model is unsure here.",
    "rare": "This may have a code that is rare so far.",
}


@part.get("/")
def show() -> Any:
    """Show the page."""
    need_coder()
    return render_template("ask.html", has_sample=bool(_desk().sample.passages))


@part.get("/next")
def give_next() -> Any:
    """Give the passage to ask about next."""
    return _give_next(need_coder())


@part.post("/save")
def save() -> Any:
    """Save the labels of a passage, and give the next.

    Of a passage of the sample every other label is a no; of another, what was suggested and not
    accepted.
    """
    desk, coder, said = _desk(), need_coder(), request.get_json()
    passage, chosen = str(said["passage"]), {*map(str, said["labels"])}
    suggested = {*map(str, said.get("suggested", []))}
    if desk.find_passage(passage) is None:
        raise UserError("This passage is not in the study any more. Reload the page.")
    desk.check_version(said.get("version"))
    if not chosen | suggested <= {*map(write_label, desk.codebook.labels)}:
        raise UserError("There is no such code. Reload the page, and code the passage again.")
    selection = str(said["selection"])
    drawn = {one.passage: one.probability for one in desk.sample.passages}
    if selection not in WHY or (selection == RANDOM) != (passage in drawn):
        raise UserError("The check sample has changed. Reload the page.")
    touched = {*desk.codebook.labels} if selection == RANDOM else _read(desk, chosen | suggested)
    if not touched:
        raise UserError("Nothing was suggested and nothing chosen, so there is nothing to save.")
    try:
        number = desk.save_passage(
            passage,
            {label: write_label(label) in chosen for label in touched},
            coder=coder,
            seen=int(said["seen"]),
            request=str(said["request"]),
            how=(selection, drawn.get(passage)),
        )
    except ChangedError:
        theirs = _describe(coder, _find_pick(coder, passage, selection))
        theirs["labels"] = _list_chosen(desk, coder, passage)
        return {"mistake": "You saved other codes in another tab.", "theirs": theirs}, 409
    return {"saved": number} | _give_next(coder)


@part.post("/undo")
def undo() -> Any:
    """Withdraw what the coder saved last, and give that passage again."""
    desk, coder = _desk(), need_coder()
    rows = _read_last_save(desk, coder)
    if not rows:
        raise UserError("There is nothing to take back.")
    passage, _, _, _, selection, probability, _ = rows[-1]
    desk.save_passage(
        passage,
        {Label(code, stance): bool(applied) for _, code, stance, applied, *_ in rows},
        coder=coder,
        seen=max(row[-1] for row in rows),
        request=str(request.get_json()["request"]),
        how=(selection, probability),
        is_withdrawn=True,
    )
    chosen = [write_label(Label(row[1], row[2])) for row in rows if row[3]]
    pick = _find_pick(coder, passage, selection)
    return _describe(coder, pick) | {"labels": chosen} | _count(coder)


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def _adviser() -> Adviser:
    adviser: Adviser = current_app.extensions.setdefault("adviser", Adviser(_desk()))
    return adviser


def _read(desk: Desk, written: set[str]) -> set[Label]:
    return {label for label in desk.codebook.labels if write_label(label) in written}


def _give_next(coder: str) -> dict[str, Any]:
    pick = _adviser().pick(coder)
    return (_describe(coder, pick) if pick else {}) | _count(coder)


def _find_pick(coder: str, passage: str, selection: str) -> Pick:
    """Pick a passage again: as it comes up now, so with the label that it was picked for."""
    pick, row = _adviser().pick(coder), _desk().shelf.places[passage]
    if pick is not None and pick.row == row:
        return pick
    return Pick(row, "random" if selection == RANDOM else "uncertain")


def _list_chosen(desk: Desk, coder: str, passage: str) -> list[str]:
    """List the labels that a coder said yes to on a passage, as it stands."""
    return [
        write_label(Label(said.code, said.stance))
        for said in desk.read_last(passage)
        if said.coder == coder and said.applied and not said.is_withdrawn
    ]


def _describe(coder: str, pick: Pick) -> dict[str, Any]:
    """Give a passage as the page shows it, with suggestions if it is not blind."""
    desk = _desk()
    row = desk.shelf.passages.iloc[pick.row]
    mine = [said for said in desk.read_last(row["passage"]) if said.coder == coder]
    return {
        **{name: str(row[name]) for name in ("passage", "area", "transcript", "context", "text")},
        "is_same": True,
        "labels": [],
        "selection": pick.selection,
        "why": WHY[pick.selection],
        "suggestions": _adviser().suggest(pick),
        "seen": max((said.number for said in mine), default=0),
        "place": url_for("read.find", passage=row["passage"]),
    }


def _count(coder: str) -> dict[str, Any]:
    desk = _desk()
    return {"done": len(desk.list_decided(coder)), "drawn": len(desk.shelf.passages)}


def _read_last_save(desk: Desk, coder: str) -> list[tuple[Any, ...]]:
    """Give the rows of the coder's last save here that was not withdrawn: passage, code, stance,
    applied, selection, probability, number. Of a passage of the sample they are all that stand.
    """
    query = (
        "SELECT passage, code, stance, applied, selection, probability, number, request "
        "FROM decisions WHERE coder = ? AND is_withdrawn = 0 AND number IN (SELECT max(number) "
        "FROM decisions WHERE coder = ? GROUP BY passage, code, stance) "
        "AND selection IN (SELECT value FROM json_each(?)) ORDER BY number"
    )
    with open_decisions(desk.file) as database:
        rows = database.execute(query, (coder, coder, json.dumps([*WHY]))).fetchall()
    mine = [row for row in rows if row[0] == rows[-1][0]]
    return [row[:-1] for row in mine if row[4] == RANDOM or row[-1] == mine[-1][-1]]
