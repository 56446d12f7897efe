import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.transcripts.identifiers import Speech, identify
from pipeline.transcripts.people import Listed, build_lexicon
from pipeline.transcripts.pseudonyms import pseudonymise

NAMES = ["Ada Quill", "J.P. Orde", "Zoë Marchetti", "Seán O’Dowd"]
LEXICON, _ = build_lexicon([], [], [Listed(name) for name in NAMES], keep=[], key={})
LABELS = {("transcript", "T01"): "T01", ("participant", "T01"): "P01"}
# make_raw_turns holds nothing from one example to the next; the first one loads the word list.
many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@many
@given(st.text(), st.sampled_from(NAMES), st.text())
def test_no_known_name_survives(make_raw_turns, before, name, after):
    turns = make_raw_turns(f"{before} {name} {after}")
    safe = pseudonymise(turns, LEXICON, LABELS).turns["text"][0]
    assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", safe, re.IGNORECASE)


@many
@given(st.lists(st.sampled_from([*NAMES, "and", "then", "met.", "Orde's"])))
def test_pseudonymising_twice_changes_nothing_more(make_raw_turns, words):
    once = pseudonymise(make_raw_turns(" ".join(words)), LEXICON, LABELS).turns["text"][0]
    twice = pseudonymise(make_raw_turns(once), LEXICON, LABELS).turns["text"][0]
    assert once == twice


def test_every_replacement_is_logged_in_its_place(make_raw_turns):
    text = "So Ada Quill rang 01632 960147."
    log = pseudonymise(make_raw_turns(text), LEXICON, LABELS).replacements
    rows = log[["start", "kind", "found", "pseudonym", "confirmed"]].values.tolist()
    assert rows == [
        [3, "person", "Ada Quill", "[person 1]", True],
        [18, "phone number", "01632 960147", "[phone number]", False],
    ]


def test_speakers_are_renamed_and_the_raw_words_stay_behind(make_raw_turns):
    turns = make_raw_turns("Hello.", speaker="Dr Ada Quill", is_participant=False)
    safe = pseudonymise(turns, LEXICON, LABELS).turns
    assert safe["speaker"].tolist() == ["[person 1]"]
    assert "raw_text" not in safe


def test_time_does_not_grow_with_the_square_of_a_text(make_raw_turns):
    turns = make_raw_turns("Ada " * 250_000)
    start = time.process_time()
    pseudonymise(turns, LEXICON, LABELS)
    assert time.process_time() - start < 10  # seconds; it takes 2, and quadratic time minutes


@pytest.mark.parametrize(
    ("transcript", "expected"),
    [
        ("P07.docx", "P07"),
        ("easthaven-2.vtt", "easthaven-2"),  # an area and a number
        ("Easthaven/Interview 3.txt", "Easthaven-Interview-3"),
        ("quill_2024-05-01.txt", "T01"),  # a person
        ("Interview with Ada 3.docx", "T01"),
        ("final.txt", "T01"),  # nothing in it tells interviews apart
    ],
)
def test_a_transcript_keeps_its_name_only_if_that_names_nobody(transcript, expected):
    speech = Speech(transcript, "Ada Quill", "Easthaven", ("Interviewer",))
    assert identify([speech], {}).labels["transcript", transcript] == expected


def test_participants_get_numbers_unless_they_have_ids():
    speeches = [
        Speech("a1.txt", "Ada Quill", "North", ("Interviewer",)),
        Speech("a2.txt", "P01", "North", ()),
        Speech("a3.txt", "Ada Quill", "North", ("Maud Ogle",)),
        Speech("a4.txt", "Participant", "North", ()),
        Speech("a5.txt", "Participant", "North", ()),
    ]
    found = identify(speeches, {})
    people = [found.labels["participant", speech.transcript] for speech in speeches]
    assert people == ["P02", "P01", "P02", "P03", "P04"]
    assert [entry.name for entry in found.listed] == ["Ada Quill", "Maud Ogle"]
    assert identify(speeches[2:], found.key).labels["participant", "a3.txt"] == "P02"
