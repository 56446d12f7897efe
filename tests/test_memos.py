import sqlite3
from functools import partial

import pytest

from pipeline.decisions import record_moves
from pipeline.errors import UserError
from pipeline.memos import (
    MemoChangedError,
    Note,
    memos_table,
    read_memos,
    read_versions,
    search_memos,
    write_memo,
)

WHEN = "2025-03-01T10:00:00+00:00"
NOTE = Note("code", "trust", "Ada", "Trust is mostly in people, not offices.")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "coding.sqlite"


@pytest.fixture
def write(path):
    return partial(write_memo, path, written_at=WHEN)


def count_rows(path):
    with sqlite3.connect(path) as database:
        return database.execute("SELECT count(*) FROM memos").fetchone()[0]


def texts(path):
    return [memo.text for memo in read_memos(path)]


def test_nobody_has_written_yet(path):
    assert read_memos(path) == []
    assert memos_table(path).empty
    assert not path.exists()


def test_the_newest_memo_comes_first_and_an_edit_makes_it_newest(path, write):
    first = write(NOTE, request="a")
    write(NOTE._replace(text="Second."), request="b")
    assert texts(path) == ["Second.", NOTE.text]
    write(NOTE._replace(text="First, edited.", replaces=first.number), request="c")
    assert texts(path) == ["First, edited.", "Second."]


def test_an_edit_keeps_the_memos_number_and_every_version(path, write):
    first = write(NOTE, request="a")
    second = write(NOTE._replace(text="Two.", replaces=first.number), request="b")
    third = write(NOTE._replace(text="Three.", replaces=second.number), request="c")
    assert (first.memo, second.memo, third.memo) == (1, 1, 1)
    assert [one.text for one in read_versions(path)] == [NOTE.text, "Two.", "Three."]
    assert memos_table(path)[["number", "text"]].to_numpy().tolist() == [[1, "Three."]]


def test_an_edit_stays_about_what_the_memo_is_about(path, write):
    first = write(NOTE, request="a")
    write(Note("study", "", "Ada", "Moved?", first.number), request="b")
    assert [(memo.about, memo.target) for memo in read_memos(path)] == [("code", "trust")]


def test_a_deleted_memo_is_not_listed_and_its_versions_stay(path, write):
    first = write(NOTE, request="a")
    gone = write(NOTE._replace(text="", replaces=first.number), request="b")
    assert read_memos(path) == []
    assert memos_table(path).empty
    assert [one.text for one in read_versions(path)] == [NOTE.text, ""]
    write(NOTE._replace(text="Back.", replaces=gone.number), request="c")
    assert texts(path) == ["Back."]


def test_the_second_of_two_edits_is_told_of_the_first_and_saves_nothing(path, write):
    first = write(NOTE, request="a")
    write(NOTE._replace(text="One tab.", replaces=first.number), request="b")
    with pytest.raises(MemoChangedError) as refused:
        write(NOTE._replace(text="Other tab.", replaces=first.number), request="c")
    assert refused.value.now.text == "One tab."
    assert texts(path) == ["One tab."]
    write(NOTE._replace(text="Both.", replaces=refused.value.now.number), request="d")
    assert texts(path) == ["Both."]


@pytest.mark.parametrize("replaces", [0, 1], ids=["a new memo", "an edit"])
def test_a_request_that_comes_twice_is_saved_once(path, write, replaces):
    write(NOTE, request="first")
    note = NOTE._replace(text="Once.", replaces=replaces)
    assert write(note, request="a") == write(note, request="a")
    assert count_rows(path) == 2


def test_a_request_that_comes_again_with_another_text_overwrites_nothing(path, write):
    """The browser's way back to a form keeps the form's request."""
    write(NOTE, request="a")
    with pytest.raises(MemoChangedError) as refused:
        write(NOTE._replace(text="Typed after going back."), request="a")
    assert refused.value.now.text == NOTE.text
    assert texts(path) == [NOTE.text]


def test_a_request_that_comes_again_after_an_edit_changes_nothing(path, write):
    first = write(NOTE, request="a")
    edited = write(NOTE._replace(text="Edited.", replaces=first.number), request="b")
    assert write(NOTE, request="a") == edited
    assert count_rows(path) == 2


def test_an_edit_that_changes_nothing_adds_nothing(path, write):
    first = write(NOTE, request="a")
    assert write(NOTE._replace(replaces=first.number), request="b") == first
    assert count_rows(path) == 1


@pytest.mark.parametrize(
    ("note", "told"),
    [
        (NOTE._replace(coder="Bo", replaces=1), "Only Ada can change this memo"),
        (NOTE._replace(replaces=9), "There is no such memo"),
    ],
)
def test_an_edit_of_anothers_memo_or_of_none_is_refused(path, write, note, told):
    write(NOTE, request="a")
    with pytest.raises(UserError, match=told):
        write(note, request="b")
    assert texts(path) == [NOTE.text]


@pytest.mark.parametrize("change", ["UPDATE memos SET text = ''", "DELETE FROM memos"])
def test_memos_are_never_changed_or_deleted(path, write, change):
    write(NOTE, request="a")
    with sqlite3.connect(path) as database, pytest.raises(sqlite3.IntegrityError, match="never"):
        database.execute(change)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 2),
        ("TRUST", 1),  # in the target, too
        ("offices mostly", 1),  # all words, in any order
        ("offices harbour", 0),
        ("straße", 1),
        ("STRASSE cafe\u0301", 1),  # however accents and capitals were typed
    ],
)
def test_a_search_finds_all_words_in_any_capitals(path, write, words, found):
    write(NOTE, request="a")
    write(Note("study", "", "Bo", "Die Straße zum Caf\u00e9."), request="b")
    assert len(search_memos(read_memos(path), words)) == found


def test_a_memo_goes_with_its_passage_and_is_not_lost_with_it(path, write):
    write(Note("passage", "T01-aa", "Ada", "Moved."), request="a")
    write(Note("passage", "T01-bb", "Ada", "Given up."), request="b")
    moves = [("T01-aa", "T01-cc", "same words"), ("T01-bb", "", "ask")]
    record_moves(path, moves, coder="Ada", moved_at="2025-03-01T10:00:00Z")
    assert {memo.text: memo.target for memo in read_memos(path)} == {
        "Moved.": "T01-cc",
        "Given up.": "T01-bb",
    }
