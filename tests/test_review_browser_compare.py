"""Compare in a real browser: two coders check, differ, and decide together by keyboard."""

import re

import pytest
from browser import browsing, enter, hosted, needs_browser, open_tab, take_wrongs
from reviewed_study import draw_sample, make_reviewed_study, read_rows

from pipeline.codebook import Label
from pipeline.review.desk import Desk

pytestmark = needs_browser
LACKING, PRESENT = Label("trust", "lacking"), Label("trust", "present")
NAME = "Trust and respect: lacking"


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


@pytest.fixture
def study(tmp_path):
    made = make_reviewed_study(tmp_path)
    draw_sample(made, size=6)
    return made


def check(study, coder, labels_of, *, most=99):
    """Check the sample as a coder who gives the labels that a function says of a place."""
    desk = Desk(study)
    for place, drawn in enumerate(desk.sample.passages[:most]):
        desk.save_passage(
            drawn.passage,
            {label: label in labels_of(place) for label in desk.codebook.labels},
            coder=coder,
            seen=0,
            request=f"{coder}{place}",
            how=("random", drawn.probability),
        )


@pytest.fixture
def checked(study):
    check(study, "Bo", lambda place: {LACKING} if place % 2 else {LACKING, PRESENT})
    check(study, "Ada", lambda place: {LACKING} if place else set())
    return study


def open_pair(page):
    page.goto(f"{page.home}compare/?first=Ada&second=Bo")
    return page.locator(".difference")


def wait_for_focus(page, name):
    page.wait_for_function("name => document.activeElement.id === name", arg=name)


def press_and_wait(page, key):
    with page.expect_navigation():
        page.keyboard.press(key)


def list_joint(study):
    rows = [row for row in read_rows(study) if row["coder"] == "joint Ada + Bo"]
    return [(row["passage"], row["code"], row["stance"], row["applied"]) for row in rows]


def cells_of(page, name):
    row = page.locator("tr", has=page.locator("th", has_text=re.compile(f"^{name}$")))
    return row.locator("td").all_inner_texts()


def test_two_who_checked_are_compared_and_decide_together_by_keyboard(browser, checked):
    size = len(Desk(checked).sample.passages)
    before = read_rows(checked)
    with hosted(checked) as address:
        page = enter(browser, address)
        page.goto(f"{page.home}compare/")
        page.get_by_label("First").focus()
        page.keyboard.press("Home")
        page.get_by_label("Second").focus()
        page.keyboard.type("Bo")
        page.keyboard.press("Tab")
        press_and_wait(page, "Enter")
        passages, both, one, no, *_, alpha = cells_of(page, NAME)
        assert list(map(int, (passages, both, one, no))) == [size, size - 1, 1, 0]
        assert re.fullmatch(r"\S+ \[\S+ to \S+\]", alpha)
        differences = page.locator(".difference")
        ids = [each.get_attribute("id") for each in differences.all()]
        assert len(ids) == 1 + (size + 1) // 2
        assert page.inner_text("h2") == f"{len(ids)} differences"
        page.keyboard.press("ArrowDown")
        wait_for_focus(page, ids[0])
        press_and_wait(page, "y")
        wait_for_focus(page, ids[1])
        press_and_wait(page, "n")
        wait_for_focus(page, ids[2])
        assert [one.inner_text() for one in page.locator(".difference .saved").all()] == [
            "Together: yes.",
            "Together: no.",
        ]
        page.keyboard.press("ArrowUp")
        press_and_wait(page, "y")
        page.reload()
        assert page.locator(".difference.done").count() == 2
        assert page.wrongs == []
    rows = read_rows(checked)
    assert rows[: len(before)] == before
    expected = [(ids[0], 1), (ids[1], 0), (ids[1], 1)]
    assert list_joint(checked) == [(*name.split("."), applied) for name, applied in expected]
    drawn = {one.passage: one.probability for one in Desk(checked).sample.passages}
    joint = rows[len(before) :]
    assert [row["probability"] for row in joint] == [drawn[row["passage"]] for row in joint]
    assert {row["selection"] for row in joint} == {"random"}


def test_a_key_that_is_held_down_decides_once(browser, checked):
    with hosted(checked) as address:
        page = enter(browser, address)
        ids = [each.get_attribute("id") for each in open_pair(page).all()]
        page.keyboard.press("ArrowDown")
        with page.expect_navigation():
            page.keyboard.down("y")
        wait_for_focus(page, ids[1])
        page.keyboard.down("y")
        page.keyboard.down("y")
        page.keyboard.up("y")
        press_and_wait(page, "n")
    assert [applied for *_, applied in list_joint(checked)] == [1, 0]


def test_two_tabs_in_conflict_keep_what_was_decided_first(browser, checked):
    with hosted(checked) as address:
        page = enter(browser, address)
        open_pair(page).first.focus()
        other = open_tab(page)
        open_pair(other).first.focus()
        page.bring_to_front()
        press_and_wait(page, "y")
        other.bring_to_front()
        press_and_wait(other, "n")
        assert "decided together in another tab" in other.inner_text("main")
        assert [applied for *_, applied in list_joint(checked)] == [1]
        other.go_back()
        other.reload()
        assert "Together: yes." in other.inner_text(".difference >> nth=0")
        open_pair(other).first.focus()
        press_and_wait(other, "n")
        assert len(take_wrongs(page, "status of 409")) == 1
        assert page.wrongs == []
    assert [applied for *_, applied in list_joint(checked)] == [1, 0]


def test_an_unfinished_sample_is_warned_of_before_blindness_ends(browser, study):
    size = len(Desk(study).sample.passages)
    check(study, "Bo", lambda _: {LACKING})
    check(study, "Ada", lambda _: {PRESENT}, most=2)
    with hosted(study) as address:
        page = enter(browser, address)
        assert open_pair(page).count() == 0
        assert page.locator("table").count() == 0
        assert f"Ada has checked 2 of {size}." in page.inner_text("main")
        page.get_by_role("link", name="Compare all the same").focus()
        press_and_wait(page, "Enter")
        assert page.locator(".difference").count() == 4
        assert page.wrongs == []
