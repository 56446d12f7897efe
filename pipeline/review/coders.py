"""Who codes: a name that the browser keeps, and that stands with every decision."""

import unicodedata
from urllib.parse import quote, unquote

from flask import abort, request
from werkzeug.wrappers import Response

from pipeline.tables import JOINT, MODEL

COOKIE = "coder"
LONGEST = 60
YEAR = 365 * 24 * 3600


def current_coder() -> str:
    """Give the coder's name; empty if nobody has given one yet."""
    name = unquote(request.cookies.get(COOKIE, ""))
    return "" if check_name(name) else name


def need_coder() -> str:
    """Give the coder's name. Refuses the request if there is none."""
    name = current_coder()
    if not name:
        abort(400, "Say who you are first: the start page asks for your name.")
    return name


def check_name(name: str) -> str:
    """Say what is wrong with a coder's name; nothing if it will do.

    >>> check_name("Ada"), check_name("model default")
    ('', "A name that starts with 'model ' would be taken for a model. Choose another.")
    """
    if not name.strip():
        return "Type your name: it stands with everything that you decide."
    if len(name) > LONGEST or any(unicodedata.category(letter) == "Cc" for letter in name):
        return f"A name has at most {LONGEST} letters, and nothing but letters."
    for start, what in ((MODEL, "a model"), (JOINT, "a joint decision")):
        if name.casefold().startswith(start):
            return f"A name that starts with '{start}' would be taken for {what}. Choose another."
    return ""


def remember(answer: Response, name: str) -> None:
    """Have the browser keep the name."""
    answer.set_cookie(COOKIE, quote(name), max_age=YEAR, httponly=True, samesite="Strict")
