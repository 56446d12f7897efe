"""The page's parts, put together. Each part is a module of its own with its routes."""

from typing import Any

from flask import Flask, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from pipeline import __version__
from pipeline.errors import UserError
from pipeline.review import (
    asking,
    checking,
    codebook_pages,
    comparing,
    memo_pages,
    placing_pages,
    reading,
    retraining_pages,
)
from pipeline.review.coders import check_name, current_coder, remember
from pipeline.review.desk import Desk
from pipeline.review.guard import guard
from pipeline.settings import note_coder
from pipeline.wording import counted, decimal, listed, percent

PARTS = (
    checking.part,
    asking.part,
    reading.part,
    placing_pages.part,
    codebook_pages.part,
    memo_pages.part,
    comparing.part,
    retraining_pages.part,
)
MOST_SENT = 2_000_000  # bytes of one request


def make_app(desk: Desk, *, token: str, port: int) -> Flask:
    """Make the page of a study: every request needs the token, and the host to be ours."""
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=MOST_SENT, JSON_SORT_KEYS=False)
    app.extensions["desk"] = desk
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "counted": counted,
        "decimal": decimal,
        "listed": listed,
        "percent": percent,
    }
    app.jinja_env.tests["fits"] = lambda entry, wanted: wanted.fits(entry)
    guard(app, token=token, port=port)
    for part in PARTS:
        app.register_blueprint(part)
    app.add_url_rule("/", "start", _start)
    app.add_url_rule("/coder", "coder", _name_coder, methods=["POST"])
    app.context_processor(_common)
    app.register_error_handler(UserError, _tell_mistake)
    app.register_error_handler(HTTPException, _tell_refused)
    return app


def _start() -> Any:
    desk: Desk = current_app.extensions["desk"]
    known = desk.study.settings.review.coder
    return render_template(
        "start.html", known=known, **checking.describe_progress(desk, current_coder())
    )


def _name_coder() -> Any:
    """Take the coder's name, and go back to where it was asked for."""
    name = request.form.get("coder", "").strip()
    mistake = check_name(name)
    if mistake:
        return render_template("start.html", mistake=mistake, given=name), 400
    desk: Desk = current_app.extensions["desk"]
    note_coder(desk.study.corpus / "study.toml", name)
    answer = redirect(url_for("start"))
    remember(answer, name)
    return answer


def _common() -> dict[str, Any]:
    """What every template knows."""
    desk: Desk = current_app.extensions["desk"]
    return {
        "title": desk.title,
        "study": desk.study.name,
        "coder": current_coder(),
        "parts": [part for part in PARTS if part is not placing_pages.part],
        "version": __version__,
        "mistake": "",
        "unfinished": [],
        "found": None,
        "given": "",
    }


def _tell_mistake(error: UserError) -> Any:
    return _answer(str(error), 400)


def _tell_refused(error: HTTPException) -> Any:
    return _answer(error.description or "Something is wrong.", error.code or 500)


def _answer(sentence: str, status: int) -> Any:
    """Give a sentence as JSON to a script, as a plain page to a person."""
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return {"mistake": sentence}, status
    return render_template("refused.html", sentence=sentence), status
