"""A real browser on the review page, served by a process of its own."""

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

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
    """Open the address in a fresh browser profile, give a name, and note all that goes wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.wrongs = []
    page.on("console", lambda said: page.wrongs.append(said.text))
    page.on("pageerror", lambda error: page.wrongs.append(str(error)))
    page.on("dialog", lambda dialog: (page.wrongs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: _note_outside(page, request.url))
    page.goto(address)
    page.fill("#coder", coder)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.home = address.partition("?")[0]
    return page


def _note_outside(page, url):
    if not url.startswith(("http://127.0.0.1:", "data:")):
        page.wrongs.append(f"asked {url}")
