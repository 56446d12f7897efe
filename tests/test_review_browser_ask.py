"""Ask me in a real browser: suggestions by number key, two tabs, and a server killed in a save."""

import shutil
import sqlite3
from contextlib import closing, contextmanager

import pytest
from browser import browsing, enter, hosted, needs_browser, open_tab, served, take_wrongs
from reviewed_study import bring_model, draw_sample, make_reviewed_study, read_rows

from pipeline.codebook import Label
from pipeline.review.desk import Desk
from pipeline.study import Study
from pipeline.tables import PASSAGES
from pipeline.wording import label_title

pytestmark = needs_browser
TYPED = {  # what a coder types of a code that was not suggested, and its name
    "trust la": "Trust and respect: lacking",
    "hierarch exc": "Hierarchical power: excessive",
}


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    made = make_reviewed_study(tmp_path_factory.mktemp("asked"))
    bring_model(made)
    return made.root


@pytest.fixture
def study(root, tmp_path):
    shutil.copytree(root, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Study.find(tmp_path, "small")


def open_ask(page):
    page.goto(f"{page.home}ask/")
    page.wait_for_selector("#text:not(:empty)")


def wait_for_count(page, number):
    page.wait_for_function(
        "n => document.getElementById('count').textContent.startsWith(n + ' of')", arg=str(number)
    )


def wait_for_state(page, words):
    page.wait_for_function(
        "words => document.getElementById('state').textContent.includes(words)", arg=words
    )


@contextmanager
def writing(study):
    """Keep the study's file to oneself: a save waits its turn meanwhile."""
    path = study.corpus / "coding.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield


def texts_of(page, selector):
    return page.locator(selector).all_inner_texts()


def suggestions_of(page):
    """Give the names of what is suggested, without the scores."""
    return [text.rpartition(" (")[0] for text in texts_of(page, "#suggested button")]


def chosen_of(page):
    return texts_of(page, "#chosen button")


def decide_by_keyboard(page):
    """Accept the first suggestion, take it back, accept it again, add another code, and save.

    Give the passage's text, the names that a yes is said to, and those that were suggested.
    """
    suggested, text = suggestions_of(page), page.inner_text("#text")
    if suggested:
        page.keyboard.press("1")
        assert chosen_of(page) == suggested[:1]
        page.keyboard.press("1")
        assert chosen_of(page) == []
        page.keyboard.press("1")
    letters, added = next(each for each in TYPED.items() if each[1] not in suggested)
    page.keyboard.type(letters)
    assert page.inner_text("#found li.at") == added
    page.keyboard.press("Enter")
    assert page.inner_text("#state") == "Not saved yet."
    chosen = chosen_of(page)
    assert chosen == [*suggested[:1], added]
    page.keyboard.press("Enter")
    return text, chosen, suggested


def expect_rows(study, decided, sample):
    """Say what must stand in the file of what was decided: a row a label, in any order."""
    named = {label_title(study.codebook, label): label for label in study.codebook.labels}
    text, chosen, suggested = decided
    passage = next(iter(find_passages(study, text)))
    touched = {*chosen, *suggested} if suggested else named
    return {(passage, *named[name], int(name in chosen), sample.get(passage)) for name in touched}


def find_passages(study, text):
    passages = study.tables.read(PASSAGES)
    return passages.loc[passages["text"] == text, "passage"].tolist()


def as_sets(rows):
    """Give the rows of each save: passage, code, stance, applied and probability."""
    saves = {}
    for row in rows:
        said = (row["passage"], row["code"], row["stance"], row["applied"], row["probability"])
        saves.setdefault(row["request"], set()).add(said)
    return list(saves.values())


def test_ten_passages_are_decided_by_keyboard_and_half_of_them_are_shown_blind(browser, study):
    sample = {one.passage: one.probability for one in draw_sample(study, size=8).passages}
    decided = []
    with hosted(study) as address:
        page = enter(browser, address)
        open_ask(page)
        for number in range(10):
            assert ("random sample" in page.inner_text("#why")) == (not suggestions_of(page))
            decided.append(decide_by_keyboard(page))
            wait_for_count(page, number + 1)
        assert page.inner_text("#state") == "Saved."
        assert page.wrongs == []
    blind = [bool(suggested) for _, _, suggested in decided]
    assert blind == [False, True] * 5
    rows = read_rows(study)
    assert as_sets(rows) == [expect_rows(study, one, sample) for one in decided]
    assert {row["coder"] for row in rows} == {"Ada"}
    assert {row["codebook_version"] for row in rows} == {study.codebook.version}
    assert not any(row["is_withdrawn"] for row in rows)
    assert {row["selection"] for row in rows if row["passage"] in sample} == {"random"}
    others = {row["selection"] for row in rows if row["passage"] not in sample}
    assert others == {"uncertain", "rare"}


def test_undo_goes_back_passage_by_passage_and_a_reload_goes_on_where_it_was(browser, study):
    draw_sample(study, size=8)
    with hosted(study) as address:
        page = enter(browser, address)
        open_ask(page)
        decided = []
        for number in range(2):
            decided.append(decide_by_keyboard(page))
            wait_for_count(page, number + 1)
        third = page.inner_text("#text")
        page.reload()
        page.wait_for_selector("#text:not(:empty)")
        assert page.inner_text("#text") == third
        for number in (1, 0):
            page.keyboard.press("Control+z")
            wait_for_count(page, number)
            text, chosen, suggested = decided[number]
            assert page.inner_text("#text") == text
            assert sorted(chosen_of(page)) == sorted(chosen)
            assert suggestions_of(page) == suggested
        assert study.decisions.empty
        page.keyboard.press("Backspace")
        page.reload()
        page.wait_for_selector("#text:not(:empty)")
        assert page.inner_text("#text") == decided[0][0]
        assert chosen_of(page) == []
        page.keyboard.press("Enter")
        wait_for_state(page, "once more")
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
        assert page.inner_text("#text") == decided[1][0]
        assert sorted(chosen_of(page)) == sorted(decided[1][1])
        page.keyboard.press("Enter")
        wait_for_count(page, 2)
        assert page.wrongs == []
    saves = as_sets(row for row in read_rows(study) if not row["is_withdrawn"])
    withdrawn = as_sets(row for row in read_rows(study) if row["is_withdrawn"])
    assert withdrawn == [saves[1], saves[0]]
    assert saves[3] == saves[1]
    assert {row[:3] for row in saves[2]} == {row[:3] for row in saves[0]}
    assert not any(row[3] for row in saves[2])


def test_undo_gives_every_code_back_of_a_passage_that_was_corrected_elsewhere(browser, study):
    draw_sample(study, size=8)
    with hosted(study) as address:
        page = enter(browser, address)
        open_ask(page)
        for letters in TYPED:
            page.keyboard.type(letters)
            page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
        first = read_rows(study)[-1]
        Desk(study).save_passage(
            first["passage"],
            {Label("trust", "lacking"): False},
            coder="Ada",
            seen=first["number"],
            request="read",
            how=("random", first["probability"]),
        )
        page.keyboard.press("Control+z")
        wait_for_count(page, 0)
        assert chosen_of(page) == ["Hierarchical power: excessive"]
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
    assert study.decisions.query("applied")["code"].tolist() == ["hierarchical"]


@pytest.mark.parametrize("is_blind", [True, False])
def test_two_tabs_in_conflict_show_both_and_lose_nothing(browser, study, is_blind):
    if is_blind:
        draw_sample(study, size=8)
    with hosted(study) as address:
        page = enter(browser, address)
        open_ask(page)
        other = open_tab(page)
        open_ask(other)
        assert page.inner_text("#text") == other.inner_text("#text")
        names = list(TYPED.values())
        for tab, letters in zip((page, other), TYPED, strict=True):
            tab.bring_to_front()
            tab.keyboard.type(letters)
            tab.keyboard.press("Enter")
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
        first = study.decisions
        other.keyboard.press("Enter")
        wait_for_state(other, "There:")
        assert f"There: {names[0]}. Here: {names[1]}." in other.inner_text("#state")
        assert chosen_of(other) == [names[1]]
        assert study.decisions.equals(first)
        other.keyboard.press("Enter")
        wait_for_count(other, 1)
        assert len(take_wrongs(page, "status of 409")) == 1
        assert page.wrongs == []
    now = study.decisions.query("applied")
    assert now["code"].tolist() == (["hierarchical"] if is_blind else ["trust", "hierarchical"])


def lose_answer(page, then=lambda: None):
    """Have the next save written, and its answer never come."""

    def lose(route):
        route.fetch()
        then()
        route.abort()

    page.route("**/ask/save", lose, times=1)


def kill(process):
    process.kill()
    process.wait()


def test_a_server_killed_in_a_save_loses_nothing_and_saves_nothing_twice(browser, study):
    with served(study) as (process, address):
        page = enter(browser, address)
        open_ask(page)
        text, suggested = page.inner_text("#text"), suggestions_of(page)
        page.keyboard.press("1")
        with writing(study), page.expect_request("**/ask/save"):
            page.keyboard.press("Enter")
            wait_for_state(page, "Saving")
            kill(process)
        wait_for_state(page, "Not saved: three-powers does not answer.")
        assert chosen_of(page) == suggested[:1]
        assert read_rows(study) == []
    port = int(page.home.rpartition(":")[2].strip("/"))
    with served(study, port=port) as (process, address):
        page.goto(address)
        open_ask(page)
        assert page.inner_text("#text") == text
        assert chosen_of(page) == suggested[:1]
        lose_answer(page, lambda: kill(process))
        page.keyboard.press("Enter")
        wait_for_state(page, "Not saved: three-powers does not answer.")
        assert chosen_of(page) == suggested[:1]
        assert len(read_rows(study)) == len(suggested)
    with served(study, port=port) as (_, address):
        open_tab(page).goto(address)  # gives this browser the new token
        page.bring_to_front()
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
        assert page.inner_text("#state") == "Saved."
    rows = read_rows(study)
    assert as_sets(rows) == [expect_rows(study, (text, suggested[:1], suggested), {})]
    assert len(rows) == len(suggested)


def test_codes_that_are_added_after_an_answer_was_lost_are_saved_too(browser, study):
    with hosted(study) as address:
        page = enter(browser, address)
        open_ask(page)
        page.keyboard.type("trust la")
        page.keyboard.press("Enter")
        lose_answer(page)
        page.keyboard.press("Enter")
        wait_for_state(page, "Not saved")
        page.keyboard.type("hierarch exc")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        first, second = TYPED.values()
        wait_for_state(page, f"There: {first}. Here: {first}, {second}.")
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
    assert sorted(study.decisions.query("applied")["code"]) == ["hierarchical", "trust"]


def test_a_key_that_is_held_down_saves_once(browser, study):
    draw_sample(study, size=8)
    with hosted(study) as address:
        page = enter(browser, address)
        open_ask(page)
        page.keyboard.type("trust la")
        page.keyboard.press("Enter")
        page.keyboard.down("Enter")
        wait_for_count(page, 1)
        for _ in range(4):
            page.keyboard.down("Enter")
        page.keyboard.up("Enter")
        page.keyboard.press("1")
        page.wait_for_selector("#suggested .accepted")  # still the one after it
        assert page.inner_text("#count").startswith("1 of")
    assert study.decisions["passage"].nunique() == 1


def test_why_nothing_can_be_asked_is_said(browser, study):
    study.vectors.unlink()
    with hosted(study) as address:
        page = enter(browser, address)
        page.goto(f"{page.home}ask/")
        wait_for_state(page, "Some passages have no vectors yet. Run 'make analyse'")
        page.keyboard.press("1")
        page.keyboard.press("Backspace")
        assert len(take_wrongs(page, "status of 400")) == 1
        assert page.wrongs == []
