"""Place by hand what was decided on passages that were not found again after an edit."""

from datetime import UTC, datetime
from textwrap import shorten
from typing import Any, NamedTuple

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from pipeline.codebook import Label
from pipeline.coding.anchoring import place
from pipeline.coding.anchors import Anchor, make_anchors
from pipeline.coding.placing import Placed
from pipeline.decisions import GIVEN_UP, read_anchors, read_lost, read_said, record_moves
from pipeline.errors import UserError
from pipeline.review.coders import need_coder
from pipeline.review.desk import Desk
from pipeline.review.margins import name_coder
from pipeline.wording import label_title

part = Blueprint("place", __name__, url_prefix="/place")
BY_HAND = "by hand"
SHOWN = 90  # letters of a passage in the list to choose from


class Unplaced(NamedTuple):
    """A passage as it was when it was coded, what was decided on it, and where it may be now.

    ``said`` has a coder's name, and the labels that apply as they say.
    """

    anchor: Anchor
    said: list[tuple[str, list[str]]]
    placed: Placed


@part.get("/")
def show() -> Any:
    """Show each passage that was not found again, with those that it may be."""
    need_coder()
    desk = _desk()
    found = list_unplaced(desk)
    texts = dict(zip(desk.shelf.passages["passage"], desk.shelf.passages["text"], strict=True))
    return render_template(
        "place.html",
        unplaced=found,
        texts=texts,
        choices={
            name: _list_choices(desk, name) for name in {one.anchor.transcript for one in found}
        },
    )


@part.post("/")
def decide() -> Any:
    """Record where a passage is now, or that it is in the study no more."""
    desk, coder = _desk(), need_coder()
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if old not in {one.anchor.passage for one in list_unplaced(desk)}:
        raise UserError("This passage was placed meanwhile. Reload the page.")
    if new and new not in desk.shelf.places:
        raise UserError("There is no such passage in the study. Choose one from the list.")
    if not new and request.form.get("gone") != "yes":
        raise UserError("Choose where it is now, or say that it is in the study no more.")
    record_moves(
        desk.file,
        [(old, new, BY_HAND if new else GIVEN_UP)],
        anchors=make_anchors(desk.shelf.passages, [new] if new else []),
        coder=coder,
        moved_at=datetime.now(UTC).isoformat(),
    )
    return redirect(url_for("place.show"))


def list_unplaced(desk: Desk) -> list[Unplaced]:
    """List what was decided on passages that are not in the study, or not clearly."""
    places = desk.shelf.places
    lost = read_lost(desk.file)
    away = [one for one in read_anchors(desk.file) if one[0] not in places]
    if not lost and not away:
        return []
    anchors = [Anchor(*one[:5], tuple(one[5]), one[6]) for one in (*lost, *away)]
    said = _list_said(desk, {one[0] for one in away}, {one[0] for one in lost})
    placed = place(anchors, desk.shelf.passages)
    return [
        Unplaced(anchor, said.get(anchor.passage, []), where)
        for anchor, where in zip(anchors, placed, strict=True)
    ]


def _list_said(
    desk: Desk, away: set[str], lost: set[str]
) -> dict[str, list[tuple[str, list[str]]]]:
    """List by passage who said what of it last; a coder who said only no has no labels."""
    rows = read_said(desk.file, passages=away) if away else []
    rows += read_said(desk.file, passages=lost, is_lost=True) if lost else []
    votes: dict[str, dict[str, list[str]]] = {}
    for said in sorted(rows):
        if not said.is_withdrawn:
            labels = votes.setdefault(said.passage, {}).setdefault(name_coder(said.coder), [])
            if said.applied:
                labels.append(label_title(desk.codebook, Label(said.code, said.stance)))
    return {passage: list(coders.items()) for passage, coders in votes.items()}


def _list_choices(desk: Desk, transcript: str) -> list[tuple[str, str]]:
    """List the passages of a transcript, in order of talk, each with how it begins."""
    passages = desk.shelf.passages
    here = passages[passages["transcript"] == transcript]
    begins = (shorten(text, SHOWN, placeholder=" …") for text in here["text"])
    return list(zip(here["passage"], begins, strict=True))


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk
