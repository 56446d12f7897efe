"""A real browser on the review page, served by a process of its own or by a thread."""

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from threading import Thread

import pytest
from reviewed_study import TOKEN
from werkzeug.serving import WSGIRequestHandler, make_server

from pipeline.review.app import make_app
from pipeline.review.desk import Desk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(
    not CHROMIUM, reason="no browser is installed: 'apt install chromium' brings one"
)


@contextmanager
def served(study, *, port=0):
    """Serve a study's page from a process; give the process and the address with its token."""
    command = [sys.executable, "-m", "pipeline", "--root", str(study.root), "review"]
    command += [study.name, "--no-browser", *(["--port", str(port)] if port else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        first = process.stdout.readline()
        yield process, re.search(r"http://\S+", first).group()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_):
        pass


@contextmanager
def hosted(study):
    """Serve a study's page from a thread, which is there at once; give the address."""
    server = make_server("127.0.0.1", 0, None, threaded=True, request_handler=Quiet)
    server.app = make_app(Desk(study), token=TOKEN, port=server.port)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/?token={TOKEN}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browsing():
    """Open a browser; it is closed in the end, whatever happens."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


def enter(browser, address, coder="Ada"):
    """Open the address in a fresh browser profile, give a name, and note all that goes wrong.

    What goes wrong is noted of every tab: what scripts complain of, what the page's policy
    forbids, dialogs, and requests of another host or port.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    home, wrongs = address.partition("?")[0], []
    context.on("console", lambda said: wrongs.append(said.text))
    context.on("weberror", lambda error: wrongs.append(str(error.error)))
    context.on("dialog", lambda dialog: (wrongs.append(dialog.message), dialog.dismiss()))
    context.on("request", lambda request: _note_outside(wrongs, home, request.url))
    page = context.new_page()
    page.home, page.wrongs = home, wrongs
    page.goto(address)
    page.fill("#coder", coder)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def open_tab(page):
    """Open another tab beside one."""
    other = page.context.new_page()
    other.home, other.wrongs = page.home, page.wrongs
    return other


def take_wrongs(page, sentence):
    """Take out of what went wrong what a test has provoked."""
    found = [wrong for wrong in page.wrongs if sentence in wrong]
    page.wrongs[:] = [wrong for wrong in page.wrongs if sentence not in wrong]
    return found


def _note_outside(wrongs, home, url):
    if not url.startswith((home, "data:")):
        wrongs.append(f"asked {url}")
