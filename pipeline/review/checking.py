"""Check sample: passages drawn at random, one at a time, without what the model says of them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from pipeline.check_samples import (
    RECORD,
    CheckSample,
    Drawn,
    draw_check_sample,
    hash_text,
    write_check_sample,
)
from pipeline.codebook import Codebook, Label
from pipeline.decisions import ChangedError, open_decisions
from pipeline.errors import UserError
from pipeline.files import write_whole
from pipeline.findings.checks import RANDOM
from pipeline.findings.prospects import MORE
from pipeline.review.coders import need_coder
from pipeline.review.desk import Desk
from pipeline.review.outlook import look_out
from pipeline.typed_labels import write_label

part = Blueprint("check", __name__, url_prefix="/check")
part.title = "Check sample"  # type: ignore[attr-defined] # what the page calls this part
SIZES = (40, 60, 100)  # passages an area that are offered


def describe_progress(desk: Desk, coder: str) -> dict[str, Any]:
    """Say how far a coder has come with the sample, area by area."""
    sample = desk.sample
    decided = desk.list_decided(coder) if coder else set()
    sizes = Counter(one.area for one in sample.passages)
    done = Counter(one.area for one in sample.passages if one.passage in decided)
    return {
        "areas": [(area, done[area], size) for area, size in sizes.items()],
        "done": sum(done.values()),
        "drawn": len(sample.passages),
        "sizes": SIZES,
    }


@part.get("/")
def show() -> Any:
    """Show the page on which passages are checked, or offer to draw a sample."""
    desk: Desk = current_app.extensions["desk"]
    coder = need_coder()
    if not desk.sample.passages:
        return render_template("draw.html", **describe_progress(desk, coder))
    return render_template("check.html", **describe_progress(desk, coder))


@part.get("/outlook")
def show_outlook() -> Any:
    """Show how far the intervals of each area will shrink with more passages checked."""
    desk: Desk = current_app.extensions["desk"]
    return render_template("outlook.html", outlooks=look_out(desk), steps=MORE)


@part.post("/draw")
def draw() -> Any:
    """Draw the sample, unless there is one."""
    desk: Desk = current_app.extensions["desk"]
    size = request.form.get("size", "")
    if not size.isdigit() or not 1 <= int(size) <= 10_000:
        raise UserError("How many passages of each area? Type a number, such as 60.")
    if not desk.sample.passages:
        sample = draw_check_sample(desk.shelf.passages, desk.codebook, size=int(size), seed=1)
        write_whole(desk.study.corpus / RECORD, lambda path: write_check_sample(path, sample))
    return redirect(url_for("check.show"))


@part.get("/codebook")
def list_codebook() -> Any:
    """Give the codebook label by label, for the list that coders choose from."""
    desk: Desk = current_app.extensions["desk"]
    return {
        "version": desk.codebook.version,
        "labels": list(_describe_labels(desk.codebook)),
    }


@part.get("/next")
def give_next() -> Any:
    """Give the first passage of the sample that the coder has not decided on."""
    desk: Desk = current_app.extensions["desk"]
    return _give_next(desk, need_coder())


@part.post("/save")
def save() -> Any:
    """Save the coder's labels of a passage, and give the next; every other label is a no."""
    desk: Desk = current_app.extensions["desk"]
    coder, said = need_coder(), request.get_json()
    drawn = _find_drawn(desk.sample, str(said["passage"]))
    chosen = {*map(str, said["labels"])}
    labels = {label: write_label(label) in chosen for label in desk.codebook.labels}
    if drawn is None or desk.find_passage(drawn.passage) is None:
        raise UserError("This passage is not in the check sample any more. Reload the page.")
    desk.check_version(said.get("version"))
    if len(chosen) > sum(labels.values()):
        raise UserError("There is no such code. Reload the page, and code the passage again.")
    try:
        number = desk.save_passage(
            drawn.passage,
            labels,
            coder=coder,
            seen=int(said["seen"]),
            request=str(said["request"]),
            how=(RANDOM, drawn.probability),
        )
    except ChangedError:
        return _tell_conflict(desk, drawn, coder), 409
    return {"saved": number} | _give_next(desk, coder)


@part.post("/undo")
def undo() -> Any:
    """Withdraw what the coder saved last in the sample, and give that passage again."""
    desk: Desk = current_app.extensions["desk"]
    coder = need_coder()
    drawn = _find_drawn(desk.sample, _find_last_passage(desk, coder))
    if drawn is None:
        raise UserError("There is nothing to take back.")
    before = _describe(desk, drawn, coder)
    labels = {label: write_label(label) in before["labels"] for label in desk.codebook.labels}
    desk.save_passage(
        drawn.passage,
        labels,
        coder=coder,
        seen=int(before["seen"]),
        request=str(request.get_json()["request"]),
        how=(RANDOM, drawn.probability),
        is_withdrawn=True,
    )
    return _describe(desk, drawn, coder) | {"labels": before["labels"]} | _count(desk, coder)


def _give_next(desk: Desk, coder: str) -> dict[str, Any]:
    decided = desk.list_decided(coder)
    waiting = (one for one in desk.sample.passages if one.passage not in decided)
    here = (one for one in waiting if desk.find_passage(one.passage) is not None)
    drawn = next(here, None)
    return (_describe(desk, drawn, coder) if drawn else {}) | _count(desk, coder)


def _describe(desk: Desk, drawn: Drawn, coder: str) -> dict[str, Any]:
    """Give a passage as the page shows it, with what this coder says of it so far."""
    found = desk.find_passage(drawn.passage) or {}
    mine = [said for said in desk.read_last(drawn.passage) if said.coder == coder]
    labels = [
        write_label(Label(said.code, said.stance))
        for said in mine
        if said.applied and not said.is_withdrawn
    ]
    return {
        "passage": drawn.passage,
        "area": found.get("area", ""),
        "transcript": found.get("transcript", ""),
        "context": found.get("context", ""),
        "text": found.get("text", ""),
        "is_same": hash_text(str(found.get("text", ""))) == drawn.hash,
        "labels": labels,
        "seen": max((said.number for said in mine), default=0),
    }


def _count(desk: Desk, coder: str) -> dict[str, Any]:
    progress = describe_progress(desk, coder)
    return {"done": progress["done"], "drawn": progress["drawn"]}


def _tell_conflict(desk: Desk, drawn: Drawn, coder: str) -> dict[str, Any]:
    return {
        "mistake": "You saved other codes for this passage in another tab.",
        "theirs": _describe(desk, drawn, coder),
    }


def _find_drawn(sample: CheckSample, passage: str) -> Drawn | None:
    return next((one for one in sample.passages if one.passage == passage), None)


def _find_last_passage(desk: Desk, coder: str) -> str:
    """Give the passage that a coder decided on last in the sample, and did not withdraw."""
    query = (
        "SELECT passage FROM decisions WHERE coder = ? AND selection = ? AND number IN "
        "(SELECT max(number) FROM decisions WHERE coder = ? GROUP BY passage, code, stance) "
        "AND is_withdrawn = 0 ORDER BY number DESC LIMIT 1"
    )
    with open_decisions(desk.file) as database:
        row = database.execute(query, (coder, RANDOM, coder)).fetchone()
    return row[0] if row else ""


def _describe_labels(codebook: Codebook) -> Iterator[dict[str, Any]]:
    codes = {code.id: code for code in codebook.codes}
    for label in codebook.labels:
        code = codes[label.code]
        yield {
            "label": write_label(label),
            "name": f"{code.label}: {label.stance}",
            "group": codebook.groups[code.group].title,
            "meaning": code.stances[label.stance],
            "definition": code.definition,
            "include": list(code.include),
            "exclude": list(code.exclude),
            "examples": [one.text for one in code.examples if one.stance == label.stance],
        }
