"""Read: a transcript whole, with what people and the model say of it in the margin."""

import re
from typing import Any
from uuid import uuid4

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from pipeline.codebook import Codebook, Label
from pipeline.decisions import ChangedError
from pipeline.errors import UserError
from pipeline.review.coders import need_coder
from pipeline.review.desk import Desk
from pipeline.review.margins import Wanted, name_coder, read_margins
from pipeline.review.memo_lists import LONGEST, group_memos
from pipeline.review.placing_pages import list_unplaced
from pipeline.review.talk import Talk
from pipeline.tables import MODEL
from pipeline.typed_labels import write_label
from pipeline.wording import label_title

part = Blueprint("read", __name__, url_prefix="/read")
part.title = "Read"  # type: ignore[attr-defined] # what the page calls this part
part.lead = "transcripts whole, with their codes in the margin"  # type: ignore[attr-defined]
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_SHOWN_ID = re.compile(r"<code>([^<>\s]+)</code>")


@part.get("/")
def show() -> Any:
    """List the transcripts, with how much of each the coder has decided on."""
    desk, coder = _desk(), need_coder()
    passages, decided = desk.shelf.passages["passage"].tolist(), desk.list_decided(coder)
    rows = [
        (one, sum(passage in decided for passage in passages[one.passages]))
        for one in _talk().transcripts.values()
    ]
    return render_template("transcripts.html", rows=rows, unplaced=len(list_unplaced(desk)))


@part.get("/transcript/<name>")
def show_transcript(name: str) -> Any:
    """Show a transcript whole; a filter dims what does not match."""
    desk, coder = _desk(), need_coder()
    transcript = _talk().transcripts.get(name)
    if transcript is None:
        abort(404, f"There is no transcript '{name}' in this study.")
    passages = desk.shelf.passages["passage"].iloc[transcript.passages].tolist()
    margins = read_margins(desk, passages, coder)
    waiting = {passage for passage, margin in margins.items() if margin.waits}
    wanted = Wanted(*(request.args.get(key, "") for key in ("code", "stance", "coder")))
    coders = sorted({who for each in margins.values() for one in each.entries for who in one.yes})
    return render_template(
        "transcript.html",
        transcript=transcript,
        turns=_talk().read_turns(transcript),
        margins=margins,
        memos=group_memos(desk, passages, waiting, coder),
        longest=LONGEST,
        wanted=wanted,
        is_filtered=any(wanted),
        coders=[(name, _name_anyone(name)) for name in coders],
        codes=[(code.id, code.label) for code in desk.codebook.codes],
        stances=list(dict.fromkeys(label.stance for label in desk.codebook.labels)),
        labels=_list_labels(desk.codebook),
    )


@part.get("/passage/<passage>")
def find(passage: str) -> Any:
    """Go to a passage in its transcript."""
    found = _desk().find_passage(passage)
    if found is None:
        abort(404, f"There is no passage '{passage}' in this study any more.")
    place = url_for("read.show_transcript", name=found["transcript"])
    return redirect(f"{place}#passage-{passage}")


@part.post("/passage/<passage>")
def decide(passage: str) -> Any:
    """Record a yes or a no of the coder on one label of a passage."""
    desk, coder = _desk(), need_coder()
    if desk.find_passage(passage) is None:
        abort(404, f"There is no passage '{passage}' in this study any more.")
    label = _find_label(desk.codebook, request.form.get("label", ""))
    margin = read_margins(desk, [passage], coder)[passage]
    if margin.waits:
        raise UserError("This passage is in the check sample. Check it there first, blind.")
    try:
        desk.save_passage(
            passage,
            {label: request.form.get("applied") == "yes"},
            coder=coder,
            seen=int(request.form.get("seen", "0")),
            request=request.form.get("request", ""),
            how=margin.how,
        )
    except ChangedError:
        abort(409, "You decided on this passage in another tab. Reload this page, and see both.")
    return redirect(url_for("read.find", passage=passage))


@part.get("/report")
def show_report() -> Any:
    """Show the study's report, with a link to every passage that it quotes."""
    desk = _desk()
    path = desk.study.outputs / "report" / "report.html"
    if not path.exists():
        abort(404, f"There is no report yet. Run 'make analyse STUDY={desk.study.name}'.")
    places = desk.shelf.places

    def link(found: re.Match[str]) -> str:
        name = found.group(1)
        place = url_for("read.find", passage=name)
        return f'<a href="{place}">{found.group()}</a>' if name in places else found.group()

    page = current_app.make_response(_SHOWN_ID.sub(link, path.read_text("utf-8")))
    page.headers["Content-Security-Policy"] = REPORT_POLICY
    return page


@part.app_template_global()
def new_request() -> str:
    """Give a form an id of its own, so that sending it twice changes nothing."""
    return uuid4().hex


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def _talk() -> Talk:
    talk: Talk = current_app.extensions.setdefault("talk", Talk(_desk()))
    return talk


def _name_anyone(name: str) -> str:
    return "the model" if name.startswith(MODEL) else name_coder(name)


def _list_labels(codebook: Codebook) -> list[tuple[str, str]]:
    return [(write_label(label), label_title(codebook, label)) for label in codebook.labels]


def _find_label(codebook: Codebook, written: str) -> Label:
    """Find a label by its name or as it is written. Raises UserError if there is none."""
    for label in codebook.labels:
        if written.strip() in (write_label(label), label_title(codebook, label)):
            return label
    raise UserError("There is no such code. Choose one from the list.")
