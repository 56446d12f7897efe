"""Codebook, Memos and the page for placing, in a real browser, by keyboard where they offer it."""

import pytest
from browser import browsing, enter, needs_browser, served
from reviewed_study import draw_sample, make_reviewed_study

from pipeline.codebook import Label
from pipeline.codebook_versions import read_versions
from pipeline.decisions import record_moves
from pipeline.memos import read_memos
from pipeline.review.desk import Desk

pytestmark = needs_browser


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


@pytest.fixture
def study(tmp_path):
    return make_reviewed_study(tmp_path)


def decide(study, passage, request="r"):
    Desk(study).save_passage(
        passage,
        {Label("trust", "lacking"): True},
        coder="Ada",
        seen=0,
        request=request,
        how=("chosen", None),
    )


def fill(page, label, text):
    page.get_by_label(label, exact=True).fill(text)


def press(page, name):
    """Press a button by keyboard."""
    page.get_by_role("button", name=name).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_definition_is_edited_and_what_was_decided_under_the_older_one_is_worked_through(
    browser, study
):
    decide(study, "T1-01")
    with served(study) as (_, address):
        page = enter(browser, address)
        page.goto(f"{page.home}codebook/code/trust")
        fill(page, "Definition", "Confidence in others, <b>however</b> it is shown.")
        press(page, "Save as a new version")
        assert "Version 1.2.0 is made" in page.inner_text("main")
        assert "however" in page.inner_text("#code-trust")
        page.get_by_role("link", name="was made under an older definition").click()
        assert "Passage 0 of talk 1." in page.inner_text("main")
        press(page, "Still so")
        assert "Passage 0 of talk 1." not in page.inner_text("main")
        page.goto(f"{page.home}codebook/history")
        assert "1.2.0" in page.inner_text("main")
        assert page.wrongs == []
    assert set(read_versions(study.corpus)) == {"1.1.0", "1.2.0"}
    (row,) = study.decisions.to_dict("records")
    assert (row["codebook_version"], row["applied"]) == ("1.2.0", True)


def test_a_new_code_can_be_given_at_once_and_a_stale_page_is_told(browser, study):
    draw_sample(study)
    with served(study) as (_, address):
        page = enter(browser, address)
        page.goto(f"{page.home}check/")
        page.wait_for_selector("#text:not(:empty)")
        other = page.context.new_page()
        other.goto(f"{page.home}codebook/new/theme")
        fill(other, "Name", "Bravery")
        fill(other, "Definition", "Somebody dares.")
        other.locator("#meaning-1").fill("they dare")
        press(other, "Save as a new version")
        page.bring_to_front()
        page.keyboard.type("trust la")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "() => document.getElementById('state').textContent.includes('codebook has changed')"
        )
        assert study.decisions.empty
        page.reload()
        page.wait_for_selector("#chosen li")
        page.keyboard.press("Backspace")
        page.keyboard.type("brav")
        assert page.inner_text("#found li.at") == "Bravery: present"
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "() => document.getElementById('count').textContent.startsWith('1 of')"
        )
    assert study.decisions.query("applied")["code"].tolist() == ["bravery"]


def test_a_memo_is_written_beside_its_passage_found_edited_and_deleted(browser, study):
    payload = "The lamp again <img src=x onerror=alert(1)>"
    with served(study) as (_, address):
        page = enter(browser, address)
        page.goto(f"{page.home}memos/?passage=T1-02")
        fill(page, "What you notice", payload)
        press(page, "Save")
        page.goto(f"{page.home}read/transcript/T1")
        assert payload in page.inner_text("#passage-T1-02")
        page.goto(f"{page.home}memos/")
        fill(page, "Words", "LAMP")
        press(page, "Search")
        assert "1 of 1 memo" in page.inner_text("main")
        (memo,) = read_memos(study.corpus / "coding.sqlite")
        assert (memo.target, memo.text) == ("T1-02", payload)
        page.get_by_text("Delete", exact=True).first.click()
        page.get_by_role("button", name="Delete").first.click()
        page.wait_for_load_state()
        assert page.wrongs == []
    assert read_memos(study.corpus / "coding.sqlite") == []


def test_what_was_not_found_again_is_placed_by_keyboard(browser, study):
    decide(study, "T1-01")
    record_moves(
        study.corpus / "coding.sqlite",
        [("T1-01", "", "ask")],
        coder="three-powers",
        moved_at="2026-01-01T00:00:00+00:00",
    )
    with served(study) as (_, address):
        page = enter(browser, address)
        page.goto(f"{page.home}read/")
        page.get_by_role("link", name="place them").click()
        assert "Trust and respect: lacking" in page.inner_text("main")
        page.get_by_label("Another passage of T1").select_option("T1-03")
        press(page, "It is this one")
        assert "Everything that was decided stands" in page.inner_text("main")
        assert page.wrongs == []
    assert study.decisions["passage"].tolist() == ["T1-03"]
