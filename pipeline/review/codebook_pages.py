"""Codebook: read it, add to it and edit it; every edit makes a new version, and all stay."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from pipeline.codebook import Code, Codebook, Label
from pipeline.codebook_changes import Change, list_changes, mark_edits
from pipeline.codebook_history import Made, name_next, read_history
from pipeline.codebook_versions import (
    FOLDER,
    HISTORY,
    OWN,
    TABLE,
    CodebookChangedError,
    is_edited_by_hand,
    make_version,
    read_known,
    take_in,
)
from pipeline.review.codebook_forms import begin_code, find_mistakes, merge, put_code, read_code
from pipeline.review.codebook_worklist import decide_again, show_worklist
from pipeline.review.coders import need_coder
from pipeline.review.desk import Desk
from pipeline.review.older_definitions import Counted, count_ages, read_ages, read_standing

part = Blueprint("codebook", __name__, url_prefix="/codebook")
part.title = "Codebook"  # type: ignore[attr-defined] # what the page calls this part
part.lead = "what each code means; add to it, edit it"  # type: ignore[attr-defined]
_MEANING = (Change("", "", "definition", "", "", ""),)  # what counts as a change of meaning


@part.get("/")
def show() -> Any:
    """Show the codebook with how often each code was decided on."""
    desk, book = _desk(), _desk().codebook
    need_coder()
    found = count_ages(read_standing(desk), read_ages(desk))
    made = _find_made(book.version) if request.args.get("made") == book.version else None
    return render_template(
        "codebook.html",
        book=book,
        groups=[
            (name, group, [code for code in book.codes if code.group == name])
            for name, group in book.groups.items()
        ],
        count=lambda code, stance, age, applied: found[Label(code, stance), age, applied],
        ages_of=lambda code: _list_ages(found, code),
        older=sum(number for (_, age, _), number in found.items() if age == "older"),
        made=made,
        **_describe_file(book),
    )


@part.get("/code/<path:name>")
def edit(name: str) -> Any:
    """Show a code's entry as a form."""
    need_coder()
    book = _desk().codebook
    return _show_form(book, _find_code(book, name), _find_code(book, name))


@part.post("/code/<path:name>")
def save(name: str) -> Any:
    """Make a version in which a code's entry is as it was typed."""
    return _save(_find_code(_desk().codebook, name))


@part.get("/new/<path:group>")
def begin(group: str) -> Any:
    """Show the empty form of a new code."""
    need_coder()
    book = _desk().codebook
    return _show_form(book, _begin(book, group), _begin(book, group))


@part.post("/new/<path:group>")
def add(group: str) -> Any:
    """Make a version that has a new code."""
    return _save(_begin(_desk().codebook, group))


@part.post("/take-in")
def name_hand_made() -> Any:
    """Give what was edited by hand a version of its own."""
    coder, seen = need_coder(), request.form.get("seen", "")
    try:
        made = take_in(_desk().study.corpus, seen=seen, coder=coder, made_at=_now())
    except CodebookChangedError:
        abort(409, "The codebook was changed once more. Go back, and reload the page.")
    return redirect(url_for("codebook.show", made=made.version))


@part.get("/history")
def show_history() -> Any:
    """Show the versions, the newest first, with what changed in each."""
    need_coder()
    desk, book = _desk(), _desk().codebook
    known = read_known(desk.study.corpus, book)
    history = _read_history()
    told = {row.version for row in history}
    first = [Made(name, "", "", "", "") for name in known if name not in told]
    return render_template(
        "codebook_history.html",
        book=book,
        versions=[
            (made, _list_changes(known, made), _write_date(made.made_at))
            for made in [*reversed(history), *first]
        ],
        mark_edits=mark_edits,
    )


part.add_url_rule("/worklist", view_func=show_worklist)
part.add_url_rule("/worklist", view_func=decide_again, methods=["POST"])


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def _read_history() -> list[Made]:
    return read_history(_desk().study.corpus / FOLDER / HISTORY)


def _find_made(version: str) -> Made | None:
    return next((made for made in _read_history() if made.version == version), None)


def _list_ages(found: Counted, code: Code) -> list[str]:
    """List how old the definitions are that a code was decided under, but for the present one."""
    ages = {age for (label, age, _), number in found.items() if label.code == code.id and number}
    return [age for age in ("older", "unknown") if age in ages]


def _find_code(book: Codebook, name: str) -> Code:
    code = next((code for code in book.codes if code.id == name), None)
    return code or abort(404, f"There is no code '{name}' in the codebook.")


def _begin(book: Codebook, group: str) -> Code:
    if group not in book.groups:
        abort(404, f"There is no group '{group}' in the codebook.")
    return begin_code(group)


def _save(before: Code) -> Any:
    """Make a version with an entry as it was typed, or show the form with what keeps it."""
    desk, coder, seen = _desk(), need_coder(), request.form.get("seen", "")
    book, corpus = desk.codebook, desk.study.corpus
    code = read_code(book, before, request.form)
    edited = put_code(book, code)
    if seen == book.fingerprint:
        mistakes = find_mistakes(code, before, book, read_known(corpus, book).values())
        if not mistakes and not list_changes(book, edited):
            mistakes = ["Nothing was changed, so there is no new version."]
        if mistakes:
            return _show_form(book, before, code, mistakes=mistakes), 400
    try:
        made = make_version(corpus, edited, seen=seen, coder=coder, made_at=_now())
    except CodebookChangedError:
        now = desk.codebook
        before = next((one for one in now.codes if one.id == before.id), before)
        return _show_conflict(now, before, code, seen)
    return redirect(url_for("codebook.show", made=made.version))


def _show_conflict(book: Codebook, before: Code, code: Code, seen: str) -> Any:
    """Show what was typed beside what stands now; what stands already was sent twice."""
    if code in book.codes:
        return redirect(url_for("codebook.show", made=book.version))
    known = read_known(_desk().study.corpus, book).values()
    base = next((one for one in known if one.fingerprint == seen), book)
    was = next((one for one in base.codes if one.id == before.id), before)
    code = merge(read_code(base, was, request.form), was, before)
    differences = [one for one in list_changes(book, put_code(book, code)) if one.code == code.id]
    meanwhile = [change.sentence for change in list_changes(base, book)]
    page = _show_form(book, before, code, meanwhile=meanwhile, differences=differences)
    return page, 409


def _show_form(book: Codebook, before: Code, code: Code, **more: Any) -> str:
    taken = read_known(_desk().study.corpus, book)
    names = [name_next(book.version, changes, taken) for changes in (_MEANING, ())]
    return render_template(
        "codebook_form.html",
        book=book,
        before=before,
        code=code,
        group=book.groups[before.group],
        stances={**before.stances, **book.groups[before.group].stances},
        names=names,
        mark_edits=mark_edits,
        **_describe_file(book),
        **more,
    )


def _describe_file(book: Codebook) -> dict[str, Any]:
    """Say where the codebook comes from, and whether it was edited by hand."""
    corpus = _desk().study.corpus
    kinds = ((OWN, "own"), (TABLE, "table"))
    kind = next((kind for name, kind in kinds if (corpus / name).exists()), "shipped")
    return {"kind": kind, "is_by_hand": is_edited_by_hand(corpus, book)}


def _list_changes(known: dict[str, Codebook], made: Made) -> list[Change]:
    if made.before not in known or made.version not in known:
        return []
    return list_changes(known[made.before], known[made.version])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write_date(made_at: str) -> str:
    """Write when something was made as people here do; nothing if nobody knows.

    >>> _write_date("")
    ''
    """
    if not made_at:
        return ""
    when = datetime.fromisoformat(made_at).astimezone()
    return f"{when.day} {when:%B %Y, %H:%M}"
