"""The whole loop on the demo study: analyse, check, retrain, analyse."""

import json
import re

import pytest
from browser import browsing, enter, needs_browser, served
from demo_loop import SIZE, call_figures, walk

from pipeline.decisions import record
from pipeline.study import Study
from pipeline.tables import CHECKED, PASSAGES, SHARES


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    lines = []
    walk(tmp_path_factory.mktemp("loop") / "demo", lines.append)
    return lines


@pytest.fixture(scope="module")
def study(said, tmp_path_factory):
    root = next(tmp_path_factory.getbasetemp().glob("loop*")) / "demo"
    return Study(root, "demo", root / "corpora" / "demo")


def test_the_report_turns_from_unverified_to_checked(said, study):
    called = [line for line in said if "The report calls its figures" in line]
    assert [re.search(r"figures (\w+)", line).group(1) for line in called] == [
        "unverified",
        "checked",
    ]
    assert call_figures(study) == "checked"


def test_every_share_is_corrected_by_what_people_found(study):
    shares = study.tables.read(SHARES)
    assert set(shares["status"]) == {CHECKED}
    assert set(shares["checked"]) == {SIZE}


def test_the_new_model_is_no_worse_and_its_table_is_shown(said, study):
    trained = next(text for text in said if "macro-F1" in text and "old F1" in text)
    new, old = map(float, re.search(r"macro-F1 ([\d.]+) against ([\d.]+)", trained).groups())
    assert new >= old - 0.02
    card = json.loads((study.model / "card.json").read_text())
    page = (study.outputs / "report" / "report.html").read_text()
    assert "What retraining changed" in page
    assert len(card["changes"]) == len(re.findall(r"^\w+, \w+ +\d+ ", trained, re.MULTILINE)) > 10
    assert "by the model 'demo'" in said[-2]


@needs_browser
def test_the_page_retrains_shows_the_table_and_puts_the_one_before_in_use_again(study):
    made = (study.model / "heads.npz").read_bytes()
    _say_no_to_the_rest(study)
    with browsing() as browser, served(study) as (_, address):
        page = enter(browser, address)
        page.goto(f"{page.home}retrain/")
        every = len(study.tables.read(PASSAGES))
        assert f"2 people have decided on {every} passages so far" in page.inner_text("main")
        _press(page, "Train the model")
        page.wait_for_function("() => !document.getElementById('work')", timeout=180_000)
        assert "Done: models/demo is made" in page.inner_text("main")
        rows = page.locator("table.list").first.locator("tbody tr")
        assert rows.count() == len(json.loads((study.model / "card.json").read_text())["changes"])
        trained = (study.model / "heads.npz").read_bytes()
        assert trained != made
        _press(page, "Use again")
        assert (study.model / "heads.npz").read_bytes() == made
        _press(page, "Analyse anew")
        page.wait_for_function("() => !document.getElementById('work')", timeout=180_000)
        assert "Done: the report and the tables are made anew." in page.inner_text("main")
        assert page.wrongs == []


def _say_no_to_the_rest(study):
    """Let somebody say of what nobody has decided on that trust is not lacking there."""
    passages = study.tables.read(PASSAGES)["passage"]
    row = {"coder": "Bo", "code": "trust", "stance": "lacking", "applied": False}
    row |= {"codebook_version": "1.1.0", "selection": "chosen", "probability": None}
    rest = passages[~passages.isin(study.decisions["passage"])]
    rows = [{**row, "passage": name, "decided_at": "2026-01-01T00:00:00Z"} for name in rest]
    record(study.corpus / "coding.sqlite", rows)


def _press(page, name):
    page.get_by_role("button", name=name).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
