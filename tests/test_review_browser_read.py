"""Read in a real browser: filtered and coded by keyboard, blind, in two tabs, from the report."""

import pytest
from browser import browsing, enter, hosted, needs_browser, open_tab, take_wrongs
from reviewed_study import draw_sample, make_reviewed_study, read_rows, write_report

from pipeline.tables import CODINGS

pytestmark = needs_browser
LACKING, PRESENT = "Trust and respect: lacking", "Trust and respect: present"


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


@pytest.fixture
def study(tmp_path):
    return make_reviewed_study(tmp_path)


def open_transcript(page, name, query=""):
    page.goto(f"{page.home}read/transcript/{name}{query}")


def choose(page, **wanted):
    """Choose in the lists of the filter, and show what fits, by keyboard."""
    for name, option in wanted.items():
        page.locator(f".filter select[name={name}]").focus()
        page.keyboard.type(option)
    press_and_wait(page, page.get_by_role("button", name="Show"))


def press_and_wait(page, button):
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def add_code(page, passage, name):
    """Add a code in the margin by keyboard, from the passage's place."""
    page.locator(f"#passage-{passage} summary", has_text="Add a code").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def matches_of(page):
    rows = page.locator(".row.match").all()
    return [row.get_attribute("id").removeprefix("passage-") for row in rows]


def find_applied(study, transcript, code, stance=""):
    """Give the passages of a transcript to which the model applies a code, in any stance or one."""
    rows = study.tables.read(CODINGS).query("applied and code == @code")
    rows = rows[rows["stance"].eq(stance) | (not stance)]
    return sorted({name for name in rows["passage"] if name.startswith(transcript)})


def focused(page):
    return page.evaluate("document.activeElement.id").removeprefix("passage-")


def test_a_transcript_is_filtered_and_walked_through_match_by_match(browser, study):
    with hosted(study) as address:
        page = enter(browser, address)
        page.goto(f"{page.home}read/")
        press_and_wait(page, page.get_by_role("link", name="T1"))
        assert page.locator(".row").count() == 6
        expected = find_applied(study, "T1", "trust")
        assert 1 < len(expected) < 6
        choose(page, code="Trust")
        assert matches_of(page) == expected
        assert page.locator(".row.dim").count() == 6 - len(expected)
        page.keyboard.press("n")
        page.keyboard.press("n")
        assert focused(page) == expected[1]
        page.keyboard.press("p")
        assert focused(page) == expected[0]
        page.keyboard.press("p")
        assert focused(page) == expected[-1]
        choose(page, stance="lacking")
        assert matches_of(page) == find_applied(study, "T1", "trust", "lacking")
        add_code(page, matches_of(page)[0], "Disorder: present")
        open_transcript(page, "T1")
        choose(page, coder="Ada")
        assert matches_of(page) == find_applied(study, "T1", "trust", "lacking")[:1]
        page.reload()
        assert matches_of(page) == find_applied(study, "T1", "trust", "lacking")[:1]
        choose(page, coder="the model")
        assert matches_of(page) == [f"T1-{place:02d}" for place in range(1, 7)]
        assert page.wrongs == []


def test_a_code_is_added_in_the_margin_and_another_refused(browser, study):
    refused = find_applied(study, "T1", "trust", "present")[0]
    with hosted(study) as address:
        page = enter(browser, address)
        open_transcript(page, "T1")
        add_code(page, "T1-02", LACKING)
        assert page.url.endswith("#passage-T1-02")
        assert focused(page) == "T1-02"
        assert "Ada" in page.locator("#passage-T1-02 li", has_text=LACKING).inner_text()
        press_and_wait(page, page.locator(f"#passage-{refused}").get_by_label(f"{PRESENT}: no"))
        page.reload()
        entry = page.locator(f"#passage-{refused} li", has_text=PRESENT)
        assert "no: Ada" in entry.inner_text()
        assert entry.get_by_role("button").all_inner_texts() == ["yes"]
        assert page.wrongs == []
    assert [
        (row["passage"], row["code"], row["stance"], row["applied"], row["coder"], row["selection"])
        for row in read_rows(study)
    ] == [
        ("T1-02", "trust", "lacking", 1, "Ada", "chosen"),
        (refused, "trust", "present", 0, "Ada", "chosen"),
    ]


def test_what_waits_in_the_sample_shows_no_codes_until_it_is_checked(browser, study):
    waiting = [one.passage for one in draw_sample(study).passages]
    with hosted(study) as address:
        page = enter(browser, address)
        open_transcript(page, waiting[0][:2])
        row = page.locator(f"#passage-{waiting[0]}")
        assert row.locator("li, button[name=applied]").count() == 0
        assert "Add a code" not in row.inner_text()
        press_and_wait(page, row.get_by_role("link", name="check it there"))
        page.wait_for_selector("#text:not(:empty)")
        page.keyboard.type("trust la")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.wait_for_selector("#state.saved")
        open_transcript(page, waiting[0][:2])
        assert "Ada" in row.locator("li", has_text=LACKING).inner_text()
        assert page.wrongs == []


def test_a_quote_of_the_report_leads_to_its_place(browser, study):
    write_report(study)
    with hosted(study) as address:
        page = enter(browser, address)
        page.goto(f"{page.home}read/report")
        link = page.locator("a[href^='/read/passage/']").last
        passage = link.inner_text()
        text = page.locator(f"#passage-{passage} blockquote, #passage-{passage}").first.inner_text()
        press_and_wait(page, link)
        assert page.url == f"{page.home}read/transcript/{passage[:2]}#passage-{passage}"
        row = page.locator(f"#passage-{passage}")
        assert row.locator(".said").inner_text() in text
        place, bar = row.bounding_box(), page.locator(".filter").bounding_box()
        assert bar["y"] + bar["height"] <= place["y"] < 800
        page.goto(f"{page.home}read/passage/{passage}")
        assert page.url.endswith(f"#passage-{passage}")
        assert page.wrongs == []


def test_an_old_tab_is_told_and_overwrites_nothing(browser, study):
    with hosted(study) as address:
        page = enter(browser, address)
        other = open_tab(page)
        for tab in (page, other):
            open_transcript(tab, "T1")
        page.bring_to_front()
        add_code(page, "T1-02", LACKING)
        other.bring_to_front()
        add_code(other, "T1-02", PRESENT)
        assert "You decided on this passage in another tab." in other.inner_text("main")
        assert study.decisions["stance"].tolist() == ["lacking"]
        open_transcript(other, "T1")
        assert LACKING in other.inner_text("#passage-T1-02")
        add_code(other, "T1-02", PRESENT)
        assert len(take_wrongs(page, "status of 409")) == 1
        assert page.wrongs == []
    assert study.decisions["stance"].tolist() == ["lacking", "present"]
