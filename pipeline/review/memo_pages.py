"""Memos: what people notice as they read, on a passage, a code or the study."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from pipeline.codebook import Codebook
from pipeline.errors import UserError
from pipeline.memos import ABOUT, MemoChangedError, Note, Version, write_memo
from pipeline.review.coders import need_coder
from pipeline.review.desk import Desk
from pipeline.review.memo_lists import LONGEST, Search, find_memos, tell_time
from pipeline.wording import code_title

part = Blueprint("memos", __name__, url_prefix="/memos")
part.title = "Memos"  # type: ignore[attr-defined] # what the page calls this part
part.lead = "what you notice, on passages, codes and the study"  # type: ignore[attr-defined]
KEPT = ("words", "about", "coder", "passage", "code")  # what the address asks for


class Draft(NamedTuple):
    """What somebody has typed; ``replaces`` is the row that it is an edit of, or 0."""

    about: str = "study"
    target: str = ""
    text: str = ""
    replaces: int = 0


class Clash(NamedTuple):
    """A memo that was changed elsewhere while somebody edited it; ``now`` is how it stands."""

    now: Version
    when: str


@part.get("/")
def show() -> Any:
    """List memos, and offer to write one on what was asked for."""
    search = _read_search()
    draft = Draft(search.about, search.target) if search.target else Draft()
    if not _is_there(_desk(), draft):
        abort(404, f"There is no {draft.about} '{draft.target}' in this study any more.")
    return _show(draft)


@part.post("/")
def write() -> Any:
    """Save a memo, or an edit of one; what was typed is shown again if it cannot be saved."""
    draft = _read_draft()
    mistake = _find_mistake(_desk(), draft)
    if mistake:
        return _show(draft, mistake=mistake), 400
    try:
        _write(draft)
    except MemoChangedError as changed:
        return _show(draft, clash=_tell_clash(changed.now)), 409
    except UserError as refused:
        return _show(draft._replace(replaces=0), mistake=str(refused)), 400
    if request.args.get("back") == "read" and _desk().find_passage(draft.target):
        return redirect(url_for("read.find", passage=draft.target))
    return _go_back("saved", is_new=not draft.replaces)


@part.post("/delete")
def delete() -> Any:
    """Delete a memo; its versions stay in the study's file."""
    draft = _read_draft()._replace(text="")
    if not draft.replaces:
        raise UserError("There is no such memo.")
    try:
        _write(draft)
    except MemoChangedError as changed:
        if changed.now.text:
            return _show(draft, clash=_tell_clash(changed.now)), 409
    return _go_back("deleted", is_new=False)


def _show(draft: Draft, *, mistake: str = "", clash: Clash | None = None) -> Any:
    desk, coder, search = _desk(), need_coder(), _read_search()
    return render_template(
        "memos.html",
        draft=draft,
        on=desk.find_passage(draft.target) if draft.about == "passage" else None,
        codes=_group_codes(desk.codebook),
        found=find_memos(desk, search, coder),
        search=search,
        asked=_name_asked(desk, search),
        kept=_read_kept(),
        longest=LONGEST,
        mistake=mistake,
        clash=clash,
        done=request.args.get("done", ""),
    )


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def _find_mistake(desk: Desk, draft: Draft) -> str:
    """Say why what was typed cannot be saved; nothing if it can."""
    if not draft.text:
        return "There is nothing to save: write something, or delete the memo that was here."
    if len(draft.text) > LONGEST:
        return (
            f"A memo has at most {LONGEST:,} letters, and this has {len(draft.text):,}. "
            "Write it as two."
        )
    if draft.replaces or _is_there(desk, draft):
        return ""
    what = draft.about if draft.about in ABOUT else "place for it"
    return (
        f"There is no such {what} in the study any more. What you wrote is still here: choose "
        "what it is about, and save it again."
    )


def _is_there(desk: Desk, draft: Draft) -> bool:
    """Say whether what a memo is about is in the study."""
    if draft.about == "passage":
        return desk.find_passage(draft.target) is not None
    if draft.about == "code":
        return any(code.id == draft.target for code in desk.codebook.codes)
    return draft.about == "study" and not draft.target


def _write(draft: Draft) -> None:
    note = Note(draft.about, draft.target, need_coder(), draft.text, draft.replaces)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    sent = request.form.get("request") or uuid4().hex
    write_memo(_desk().file, note, request=sent, written_at=now)


def _read_draft() -> Draft:
    said = request.form
    about, _, target = said.get("target", "study").partition(":")
    return Draft(about, target, _clean(said.get("text", "")), _number(said.get("replaces", "")))


def _read_search() -> Search:
    words, about, coder, passage, code = (request.args.get(name, "") for name in KEPT)
    if passage or code:
        about = "passage" if passage else "code"
    before = _number(request.args.get("before", ""))
    return Search(words, about, coder, passage or code, before)


def _read_kept() -> dict[str, Any]:
    """Give what the address asks for, to keep it as the reader goes on."""
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _go_back(done: str, *, is_new: bool) -> Any:
    """Go back to the list; a new memo must not be hidden by what was looked for."""
    kept = _read_kept()
    if is_new:
        kept = {name: value for name, value in kept.items() if name in ("passage", "code")}
    return redirect(url_for("memos.show", **kept, done=done))


def _name_asked(desk: Desk, search: Search) -> str:
    """Name the one passage or code that is asked for; nothing if there is none."""
    if not search.target:
        return ""
    is_code = search.about == "code"
    return code_title(desk.codebook, search.target) if is_code else "this passage"


def _group_codes(codebook: Codebook) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the codes by their groups' titles, as id and name."""
    return [
        (group.title, [(code.id, code.label) for code in codebook.codes if code.group == name])
        for name, group in codebook.groups.items()
    ]


def _tell_clash(now: Version) -> Clash:
    return Clash(now, tell_time(now.written_at))


def _clean(text: str) -> str:
    """Give text with line ends as ours, and without what cannot be seen."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in lines if one in "\n\t" or unicodedata.category(one) != "Cc")
    return "".join(kept).strip()


def _number(written: str) -> int:
    """Read the number of a row; 0 is none, and so is what is no number."""
    return int(written) if re.fullmatch("[0-9]{1,15}", written) else 0
