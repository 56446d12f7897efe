"""Compare: two coders side by side, what they differ on, and what they decide together.

A joint decision is a row of its own, by 'joint Ada + Bo': what each said alone stays.
"""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from pipeline.codebook import Label
from pipeline.decisions import ChangedError
from pipeline.errors import UserError
from pipeline.findings.checks import RANDOM
from pipeline.imported_codes import CHOSEN
from pipeline.review.coders import need_coder
from pipeline.review.comparisons import (
    Comparison,
    Comparisons,
    find_unfinished,
    list_coders,
    read_together,
)
from pipeline.review.desk import Desk
from pipeline.tables import MODEL, name_joint
from pipeline.typed_labels import write_label
from pipeline.wording import label_title

part = Blueprint("compare", __name__, url_prefix="/compare")
part.title = "Compare"  # type: ignore[attr-defined] # what the page calls this part
part.lead = "two coders side by side, and what they decide together"  # type: ignore[attr-defined]


@part.get("/")
def show() -> Any:
    """Show how far two coders agree, and each difference; ask which two if that was not said."""
    coder, desk = need_coder(), _desk()
    names = list_coders(desk)
    asked = {name: request.args.get(name, "") for name in ("first", "second")}
    page = {"names": [(name, _shown(name)) for name in names], **asked}
    if not asked["first"] and not asked["second"]:
        return render_template("compare.html", **page)
    coders = _check_coders(names, asked["first"], asked["second"])
    unfinished = find_unfinished(desk, {*coders, coder})
    if unfinished and "anyway" not in request.args:
        return render_template("compare.html", **page, unfinished=unfinished)
    found = _compare(desk, coders)
    return render_template(
        "compare.html",
        **page,
        found=found,
        rows=_list_rows(desk, found),
        differences=_list_differences(desk, found),
        can_decide=not any(name.startswith(MODEL) for name in coders),
    )


@part.post("/decide")
def decide() -> Any:
    """Record what two people decided together on a passage and label."""
    need_coder()
    desk, said = _desk(), request.form
    coders = _check_coders(list_coders(desk), said.get("first", ""), said.get("second", ""))
    if any(name.startswith(MODEL) for name in coders):
        raise UserError("People decide together with people. What a model says stays beside.")
    found, passage = _compare(desk, coders), said.get("passage", "")
    label = next((one for one in desk.codebook.labels if write_label(one) == said["label"]), None)
    if label is None or (passage, label) not in found.both:
        raise UserError("One of the two has no code for this passage any more. Reload the page.")
    odds = found.drawn.get(passage)
    try:
        desk.save_passage(
            passage,
            {label: said.get("applied") == "yes"},
            coder=name_joint(coders),
            seen=int(said.get("seen", "0")),
            request=said.get("request", ""),
            how=(CHOSEN, None) if odds is None else (RANDOM, odds),
        )
    except ChangedError:
        abort(409, "This was decided together in another tab. Go back, reload, and see it there.")
    place = url_for("compare.show", first=coders[0], second=coders[1], anyway="yes")
    return redirect(f"{place}#{passage}.{write_label(label)}")


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def _compare(desk: Desk, coders: tuple[str, str]) -> Comparison:
    made: Comparisons = current_app.extensions.setdefault("comparisons", Comparisons())
    return made.find(desk, coders)


def _check_coders(names: list[str], first: str, second: str) -> tuple[str, str]:
    """Give the two in the order of the list. Raises UserError unless they are two that coded."""
    if first == second or not {first, second} <= {*names}:
        raise UserError("Choose two different coders from the lists.")
    one, other = sorted((first, second), key=names.index)
    return one, other


def _shown(name: str) -> str:
    return f"the model '{name.removeprefix(MODEL)}'" if name.startswith(MODEL) else name


def _list_rows(desk: Desk, found: Comparison) -> list[tuple[str, Any]]:
    """Give the agreement on each label by its name, in the codebook's order."""
    every = found.agreement.itertuples(index=False)
    rows = {Label(str(row.code), str(row.stance)): row for row in every}
    labels = (label for label in desk.codebook.labels if label in rows)
    return [(label_title(desk.codebook, label), rows[label]) for label in labels]


def _list_differences(desk: Desk, found: Comparison) -> list[dict[str, Any]]:
    """Give each difference with the passage's words, and what was decided together so far."""
    together = read_together(desk, name_joint(found.coders))
    texts, places = desk.shelf.passages["text"], desk.shelf.places
    return [
        {
            "id": f"{one.passage}.{write_label(one.label)}",
            "passage": one.passage,
            "text": texts.iloc[places[one.passage]],
            "label": write_label(one.label),
            "name": label_title(desk.codebook, one.label),
            "yes": _shown(one.yes),
            "no": _shown(next(name for name in found.coders if name != one.yes)),
            "together": together.applied.get((one.passage, one.label)),
            "seen": together.seen.get(one.passage, 0),
        }
        for one in found.differences
    ]
