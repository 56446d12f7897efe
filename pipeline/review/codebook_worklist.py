"""The worklist of decisions under older definitions as it is shown: then and now, and each."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from flask import abort, current_app, redirect, render_template, request, url_for

from pipeline.codebook import Codebook, Label
from pipeline.codebook_changes import Change, compare_codes, mark_edits
from pipeline.decisions import ChangedError, Said, read_said
from pipeline.errors import UserError
from pipeline.review.coders import need_coder
from pipeline.review.desk import Desk
from pipeline.review.margins import name_coder
from pipeline.review.older_definitions import (
    Ages,
    find_worklist,
    is_by,
    label_of,
    read_ages,
    read_standing,
)
from pipeline.tables import JOINT
from pipeline.typed_labels import write_label
from pipeline.wording import label_title

SHOWN = 50  # decisions on a page


class Item(NamedTuple):
    """A decision as it is shown; ``together`` names those who decided it together, if some did."""

    decided: Said
    text: str
    seen: int
    together: str


class Batch(NamedTuple):
    """Decisions on one label under one version, with the words that changed since."""

    name: str
    label: str
    version: str
    definition: str
    meaning: str
    changes: list[Change]
    items: list[Item]


def show_worklist() -> Any:
    """Show what the coder decided under older definitions, code by code."""
    desk, coder = _desk(), need_coder()
    book, ages = desk.codebook, read_ages(desk)
    found = find_worklist(desk, read_standing(desk), ages, coder)
    start = request.args.get("start", 0, int)
    start = start if 0 <= start < len(found.mine) else 0
    listed = found.mine[start : start + SHOWN]
    return render_template(
        "codebook_worklist.html",
        book=book,
        found=found,
        others=[(name_coder(name), number) for name, number in sorted(found.others.items())],
        batches=_describe_batches(desk, book, ages, listed),
        start=start,
        end=start + len(listed),
        saved="saved" in request.args,
        mark_edits=mark_edits,
    )


def decide_again() -> Any:
    """Record what a coder says of a passage now, under the present definition."""
    desk, me, said = _desk(), need_coder(), request.form
    coder, passage = said.get("coder", ""), said.get("passage", "")
    before = _find_decided(desk, passage, said.get("label", ""), coder)
    if before is None or not is_by(coder, me):
        raise UserError("This decision does not stand any more. Go back, and reload the page.")
    if said.get("book") != desk.codebook.fingerprint:
        abort(409, "The codebook was changed since. Go back, reload, and read the definition.")
    try:
        desk.save_passage(
            passage,
            {label_of(before): said.get("applied") == "yes"},
            coder=coder,
            seen=int(said.get("seen", "0")),
            request=said.get("request", ""),
            how=(before.selection, before.probability),
        )
    except ChangedError:
        abort(409, "You decided on this passage in another tab. Go back, reload, and see both.")
    start = said.get("start", 0, int)
    return redirect(url_for("codebook.show_worklist", saved="yes", start=start))


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def _describe_batches(
    desk: Desk, book: Codebook, ages: Ages, listed: Sequence[Said]
) -> list[Batch]:
    """Lay out decisions label by label and version by version, in the order that they are in."""
    seen = _find_seen(desk, {one.passage for one in listed})
    batches = groupby(listed, lambda one: (label_of(one), one.codebook_version))
    return [
        _describe(desk, book, ages, label, version, [_lay_out(desk, one, seen) for one in group])
        for (label, version), group in batches
    ]


def _find_decided(desk: Desk, passage: str, label: str, coder: str) -> Said | None:
    """Find what a coder decided on a label of a passage; None if nothing stands."""
    labels = (one for one in desk.codebook.labels if write_label(one) == label)
    wanted = next(labels, None)
    if wanted is None or desk.find_passage(passage) is None:
        return None
    stands = (one for one in desk.read_last(passage) if not one.is_withdrawn)
    return next((one for one in stands if (one.coder, label_of(one)) == (coder, wanted)), None)


def _describe(
    desk: Desk, book: Codebook, ages: Ages, label: Label, version: str, items: list[Item]
) -> Batch:
    now = next(code for code in book.codes if code.id == label.code)
    then = ages.find_code(version, label.code)
    changes = [one for one in compare_codes(then or now, now) if one.is_of_meaning]
    return Batch(
        label_title(book, label),
        write_label(label),
        version,
        now.definition,
        now.stances[label.stance],
        [one for one in changes if one.stance in ("", label.stance)],
        items,
    )


def _find_seen(desk: Desk, passages: Collection[str]) -> dict[tuple[str, str], int]:
    """Give the number of each coder's last decision on passages, by passage and coder."""
    rows = sorted(read_said(desk.file, passages=passages))
    return {(one.passage, one.coder): one.number for one in rows}


def _lay_out(desk: Desk, one: Said, seen: dict[tuple[str, str], int]) -> Item:
    text = desk.shelf.passages["text"].iloc[desk.shelf.places[one.passage]]
    together = name_coder(one.coder) if one.coder.startswith(JOINT) else ""
    return Item(one, str(text), seen.get((one.passage, one.coder), 0), together)
