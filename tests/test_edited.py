from dataclasses import replace

import pytest
from reviewed_study import get, make_reviewed_study, open_page, post, words_of

from pipeline.codebook import Label
from pipeline.decisions import open_decisions
from pipeline.edited import follow_talk
from pipeline.review.desk import Desk
from pipeline.tables import PASSAGES

TRUST = Label("trust", "present")
TALK = [
    "The river came over the wall in the second week of March and nobody had sandbags.",
    "We trust the two officers at the town hall because they come when we call them.",
    "After that the allotment society lent us its barn for the winter meetings.",
    "I could not say who pays for the pump or who has the key to the sluice.",
]


@pytest.fixture
def study(tmp_path):
    made = make_reviewed_study(tmp_path, texts={"T1": TALK})
    decide(made, "T1-02")
    return made


def decide(study, passage, *, applied=True, request="r1", seen=0):
    return Desk(study).save_passage(
        passage, {TRUST: applied}, coder="Ada", seen=seen, request=request, how=("chosen", None)
    )


def edit(study, *texts):
    """Write the passages of an edited transcript: where the words are new, so is the id."""
    before = study.tables.read(PASSAGES)
    ids = dict(zip(before["text"], before["passage"], strict=True))
    common = before.iloc[0].to_dict()
    passages = PASSAGES.build(
        common
        | {"text": text, "turn": turn, "end": len(text)}
        | {"passage": ids.get(text, f"T1-new{turn}")}
        for turn, text in enumerate(texts, start=1)
    )
    study.tables.write(PASSAGES, passages)
    return follow_talk(study.corpus / "coding.sqlite", passages)


def test_decisions_go_with_their_talk_through_a_small_edit(study):
    told = edit(study, TALK[0], TALK[1].replace("town hall", "council house"), *TALK[2:])
    assert told == "; 1 passage with decisions found again after an edit"
    assert study.decisions[["passage", "applied"]].to_numpy().tolist() == [["T1-new2", True]]


def test_a_passage_that_was_edited_twice_is_followed_twice(study):
    once = TALK[1].replace("town hall", "council house")
    edit(study, TALK[0], once, *TALK[2:])
    twice = once.replace("officers", "wardens")
    assert "found again" in edit(study, "It was a wet year.", TALK[0], twice, *TALK[2:])
    assert study.decisions["passage"].tolist() == ["T1-new3"]


@pytest.mark.parametrize(
    "text",
    [
        TALK[1].replace("We trust", "We do not trust"),
        "Something else altogether was said about the buses and the school.",
    ],
)
def test_what_is_not_clearly_the_same_talk_is_in_use_nowhere_and_told(study, text):
    told = edit(study, TALK[0], text, *TALK[2:])
    assert told == "; 1 passage with decisions not found again"
    assert not set(study.decisions["passage"]) & set(study.tables.read(PASSAGES)["passage"])
    with open_decisions(study.corpus / "coding.sqlite") as database:
        assert database.execute("SELECT count(*) FROM decisions").fetchone() == (1,)


def test_without_an_edit_nothing_is_recorded_or_told(study):
    assert edit(study, *TALK) == ""
    with open_decisions(study.corpus / "coding.sqlite") as database:
        assert database.execute("SELECT count(*) FROM moves").fetchone() == (0,)


def test_a_later_decision_on_an_id_that_came_back_is_not_moved(study):
    edit(study, TALK[0], TALK[1].replace("town hall", "council house"), *TALK[2:])
    edit(study, TALK[0], TALK[1].replace("town hall", "council house"), TALK[2], TALK[1])
    desk = Desk(study)
    assert "T1-new4" in desk.shelf.places
    decide(study, "T1-new4", applied=False, request="r2")
    said = dict(zip(study.decisions["passage"], study.decisions["applied"], strict=True))
    assert said == {"T1-new2": True, "T1-new4": False}


def test_what_was_coded_is_kept_by_its_words_with_every_save(study):
    with open_decisions(study.corpus / "coding.sqlite") as database:
        row = database.execute("SELECT passage, text, before FROM anchors").fetchone()
    assert row[:2] == ("T1-02", TALK[1])
    assert row[2].endswith(TALK[0])


def test_the_page_shows_moved_decisions_where_the_talk_is(study):
    edit(study, TALK[0], TALK[1].replace("town hall", "council house"), *TALK[2:])
    client = open_page(study)
    assert get(client, "/read/passage/T1-new2").status_code == 302
    assert replace(study).decisions["passage"].tolist() == ["T1-new2"]
    assert post(client, "/check/undo", json={"request": "u"}).status_code == 400


OTHER = "Something else altogether was said about the buses and the school."


def test_what_was_lost_is_found_again_when_its_words_come_back(study):
    edit(study, TALK[0], OTHER, *TALK[2:])
    assert "1 passage with decisions not found again" in edit(study, TALK[0], OTHER, *TALK[2:])
    edit(study, *TALK)
    here = study.tables.read(PASSAGES).set_index("passage")["text"]
    assert [here[name] for name in study.decisions["passage"]] == [TALK[1]]


TURNED = TALK[1].replace("We trust", "We do not trust")


def lose(study, text=TURNED):
    edit(study, TALK[0], text, *TALK[2:])
    return open_page(study)


def test_what_was_not_found_again_is_listed_with_what_was_said(study):
    client = lose(study)
    assert "1 passage with decisions was not found again" in words_of(get(client, "/read/"))
    words = words_of(get(client, "/place/"))
    assert TALK[1] in words
    assert "Ada Trust and respect: present" in words
    assert "We do not trust the two officers" in words


def test_a_person_places_it_and_only_then_it_stands_there(study):
    client = lose(study)
    assert "T1-new2" not in set(study.decisions["passage"])
    assert post(client, "/place/", data={"old": "T1-02", "new": "T1-new2"}).status_code == 302
    assert study.decisions[["passage", "applied"]].to_numpy().tolist() == [["T1-new2", True]]
    assert "Everything that was decided stands" in words_of(get(client, "/place/"))
    with open_decisions(study.corpus / "coding.sqlite") as database:
        assert database.execute("SELECT coder, how FROM moves").fetchall() == [("Ada", "by hand")]


def test_it_may_be_given_up_and_is_asked_about_no_more(study):
    client = lose(study, OTHER)
    assert post(client, "/place/", data={"old": "T1-02"}).status_code == 400
    assert post(client, "/place/", data={"old": "T1-02", "gone": "yes"}).status_code == 302
    assert "Everything that was decided stands" in words_of(get(client, "/place/"))
    assert "not found" not in edit(study, TALK[0], OTHER, *TALK[2:])
    assert study.decisions.empty


def test_placing_what_does_not_wait_is_refused(study):
    client = lose(study)
    for said in ({"old": "T1-01", "new": "T1-03"}, {"old": "T1-02", "new": "T9-99"}):
        assert post(client, "/place/", data=said).status_code == 400
    assert "T1-new2" not in set(study.decisions["passage"])
