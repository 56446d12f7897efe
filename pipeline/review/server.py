"""Serve the page until it is ended."""

import secrets
import webbrowser
from collections.abc import Callable

from pipeline.decisions import check_whole
from pipeline.errors import UserError
from pipeline.study import Study

PORT = 8421


def serve(
    study: Study, *, port: int | None, opens_browser: bool, say: Callable[[str], None]
) -> None:
    """Serve a study's page on this machine alone, and print its address with its token.

    Without a port, the usual one or, if that is taken, any. Raises UserError for one that is taken,
    or if the study has not been analysed yet.
    """
    from werkzeug.serving import WSGIRequestHandler, make_server

    from pipeline.review.app import make_app
    from pipeline.review.desk import Desk

    class Quiet(WSGIRequestHandler):
        """Log nothing: addresses hold ids of passages."""

        def log(self, *_: object) -> None:
            """Keep silent."""

    check_whole(study.corpus / "coding.sqlite")
    desk, token = Desk(study), secrets.token_urlsafe(24)
    free = _find_port(port)
    app = make_app(desk, token=token, port=free)
    server = make_server("127.0.0.1", free, app, threaded=True, request_handler=Quiet)
    address = f"http://127.0.0.1:{free}/?token={token}"
    say(f"{study.title}: open {address}\nCtrl-C ends it. Nothing leaves this machine.")
    if opens_browser:
        webbrowser.open(address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        say("Ended. Everything that was saved is kept.")
    finally:
        server.server_close()


def _find_port(port: int | None) -> int:
    import socket

    for wanted in [port] if port else [PORT, 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise UserError(f"Port {port} is taken by another program. Choose another with --port.")
