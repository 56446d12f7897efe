"""The check sample in a real browser: by keyboard, in two tabs, with the server killed."""

import pytest
from browser import browsing, enter, needs_browser, served
from reviewed_study import draw_sample, make_reviewed_study

pytestmark = needs_browser
PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>"


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


@pytest.fixture
def study(tmp_path):
    made = make_reviewed_study(tmp_path)
    draw_sample(made, size=16)
    return made


def open_check(page):
    page.goto(f"{page.home}check/")
    page.wait_for_selector("#text:not(:empty)")


def wait_for_count(page, number):
    page.wait_for_function(
        "n => document.getElementById('count').textContent.startsWith(n + ' of')", arg=str(number)
    )


def test_ten_passages_are_coded_undone_and_reloaded_by_keyboard_alone(browser, study):
    with served(study) as (_, address):
        page = enter(browser, address)
        open_check(page)
        for number in range(10):
            page.keyboard.type("trust la")
            assert page.inner_text("#found li.at") == "Trust and respect: lacking"
            page.keyboard.press("Enter")
            assert page.inner_text("#state") == "Not saved yet."
            page.keyboard.press("Enter")
            wait_for_count(page, number + 1)
        assert page.inner_text("#state") == "Saved."
        tenth = study.decisions["passage"].iloc[-1]
        page.keyboard.press("Control+z")
        wait_for_count(page, 9)
        assert page.inner_text("#chosen") == "Trust and respect: lacking"
        assert tenth not in set(study.decisions["passage"])
        page.keyboard.press("Backspace")
        page.keyboard.type("hierarch exc")
        page.keyboard.press("Enter")
        page.reload()
        page.wait_for_selector("#chosen li")
        assert page.inner_text("#chosen") == "Hierarchical power: excessive"
        page.keyboard.press("Enter")
        wait_for_count(page, 10)
        assert page.wrongs == []
    yes = study.decisions.query("applied")
    assert yes["passage"].nunique() == 10
    assert sorted(yes["code"].value_counts().items()) == [("hierarchical", 1), ("trust", 9)]


def test_no_code_is_saved_only_when_said_twice(browser, study):
    with served(study) as (_, address):
        page = enter(browser, address)
        open_check(page)
        page.keyboard.press("Enter")
        assert "once more" in page.inner_text("#state")
        assert study.decisions.empty
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
    assert not study.decisions["applied"].any()


def test_two_tabs_in_conflict_show_both_and_overwrite_nothing(browser, study):
    with served(study) as (_, address):
        page = enter(browser, address)
        open_check(page)
        other = page.context.new_page()
        other.home = page.home
        open_check(other)
        for tab, letters in ((page, "trust la"), (other, "trust pr")):
            tab.bring_to_front()
            tab.keyboard.type(letters)
            tab.keyboard.press("Enter")
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
        other.keyboard.press("Enter")
        other.wait_for_function(
            "() => document.getElementById('state').textContent.includes('There:')"
        )
        told = other.inner_text("#state")
        assert "There: Trust and respect: lacking. Here: Trust and respect: present." in told
        assert study.decisions.query("applied")["stance"].tolist() == ["lacking"]
        other.keyboard.press("Enter")
        wait_for_count(other, 1)
    assert study.decisions.query("applied")["stance"].tolist() == ["present"]


def test_a_server_killed_in_a_save_loses_nothing(browser, study):
    with served(study) as (process, address):
        page = enter(browser, address)
        open_check(page)
        page.keyboard.type("trust la")
        page.keyboard.press("Enter")
        process.kill()
        process.wait()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "() => document.getElementById('state').textContent.includes('Not saved')"
        )
        assert page.inner_text("#chosen") == "Trust and respect: lacking"
    port = int(page.home.rpartition(":")[2].strip("/"))
    with served(study, port=port) as (_, address):
        again = page.context.new_page()
        again.goto(address)  # gives this browser the new token
        page.bring_to_front()
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
    assert study.decisions.query("applied")["code"].tolist() == ["trust"]


def test_what_is_said_in_a_study_runs_nothing(browser, tmp_path):
    hostile = make_reviewed_study(tmp_path, texts={PAYLOAD: [PAYLOAD] * 6}, area=PAYLOAD)
    draw_sample(hostile)
    with served(hostile) as (_, address):
        page = enter(browser, address, coder=PAYLOAD[:60])
        for path in ("", "check/"):
            page.goto(page.home + path)
            page.wait_for_load_state("networkidle")
        assert page.inner_text("#text") == PAYLOAD
        assert page.wrongs == []
