"""Keep every other site and program out of the page, and the page away from every network.

The page listens on this machine only. Other sites that a browser has open could still send it
requests: so the host must be ours, a token must have come along, and what changes anything must
come from our own page.
"""

import hmac
from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, abort, redirect, request

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers would hide the origin
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
READING = ("GET", "HEAD")


def guard(app: Flask, *, token: str, port: int) -> None:
    """Check every request before it reaches a page, and set the headers of every answer."""
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    cookie = f"three_powers_{port}"  # browsers share cookies between ports

    @app.before_request
    def check() -> Any:
        _refuse_others(hosts)
        is_reading = request.method in READING
        if is_reading and _is_same(request.args.get("token", ""), token):
            answer = redirect(_without_token())
            answer.set_cookie(cookie, token, httponly=True, samesite="Strict")
            return answer
        if not _is_same(request.cookies.get(cookie, ""), token):
            abort(403, "Open the address that 'three-powers review' printed, with its token.")
        return None

    @app.after_request
    def add_headers(answer: Response) -> Response:
        own = answer.headers.get("Content-Security-Policy")  # of a part that shows the report
        answer.headers.update(HEADERS)
        if own:
            answer.headers["Content-Security-Policy"] = own
        return answer


def _refuse_others(hosts: Collection[str]) -> None:
    """Refuse what is meant for another host, and what another page wants to change."""
    if request.host not in hosts:
        abort(403, "This page is only for this machine.")
    if request.method not in READING and not _is_ours():
        abort(403, "This came from another page.")


def _is_ours() -> bool:
    """Say whether a request that may change something comes from our own page."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is None and site is None:
        return False
    is_here = origin is None or urlsplit(origin).netloc == request.host
    return is_here and site in (None, "same-origin")


def _without_token() -> str:
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "token"]
    path = "/" + request.path.lstrip("/")  # '//elsewhere' would be another machine
    return f"{path}?{urlencode(others)}" if others else path


def _is_same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())
