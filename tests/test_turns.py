import math

import pytest

from pipeline.errors import UserError
from pipeline.transcripts.interviews import Interview
from pipeline.transcripts.readers import RawTurn, Script
from pipeline.transcripts.turns import read_turns

INTERVIEW = Interview("T01.txt", "Ade Bello", "Harrowby", "caretaker")


def script(*turns: tuple[str, str]) -> Script:
    return Script(
        [RawTurn(speaker, text, n, n, float(n)) for n, (speaker, text) in enumerate(turns, 1)],
        {"heading lines": 2},
    )


def test_turns_carry_the_interview_and_who_speaks():
    turns = read_turns(script(("INT", "Why?"), ("AB", "Um,  because\nit leaks.")), INTERVIEW).turns
    assert turns.iloc[1].to_dict() == {
        "transcript": "T01.txt",
        "turn": 2,
        "speaker": "AB",
        "is_participant": True,
        "participant": "Ade Bello",
        "area": "Harrowby",
        "role": "caretaker",
        "text": "because it leaks.",
        "raw_text": "Um, because it leaks.",
        "start_seconds": 2.0,
        "first_line": 2,
        "last_line": 2,
    }


def test_an_unnamed_participant_goes_by_the_speakers_label():
    reading = read_turns(script(("INT", "Why?"), ("Dawn", "Rain.")), Interview("T", "", "North"))
    assert set(reading.turns["participant"]) == {"Dawn"}


def test_neighbouring_turns_of_one_person_are_joined():
    turns = read_turns(
        script(
            ("The Witness", "May I?"),
            ("Ms Bello", "I, um,"),
            ("Ms Orr", "Yes."),
            ("MS ORR KC", "Do."),
        ),
        INTERVIEW,
    ).turns
    assert turns["text"].tolist() == ["May I? I,", "Yes. Do."]
    assert turns["turn"].tolist() == [1, 2]
    assert turns["last_line"].tolist() == [2, 4]
    assert turns["speaker"].tolist() == ["The Witness", "Ms Orr"]


def test_a_turn_of_fillers_keeps_its_row():
    reading = read_turns(script(("AB", "It floods."), ("INT", "Mm."), ("AB", "Often.")), INTERVIEW)
    assert reading.turns["text"].tolist() == ["It floods.", "", "Often."]
    assert reading.notes["empty turns"] == 1


def test_the_notes_say_what_came_and_what_went():
    spoken = script(("INT", "So, um, why?"), ("AB", "[laughs] It, er, leaks. Um."))
    assert read_turns(spoken, INTERVIEW).notes == {
        "heading lines": 2,
        "turns": 2,
        "participant turns": 1,
        "words": 4,
        "participant words": 2,
        "empty turns": 0,
        "fillers": 3,
        "marks": 1,
    }


def test_what_cleaning_is_told_to_keep_stays_and_is_not_counted():
    spoken = script(("INT", "So, um, why?"), ("AB", "[laughs] It, er, leaks. Um."))
    reading = read_turns(spoken, INTERVIEW, keep=("fillers",))
    assert reading.turns["text"].tolist() == ["So, um, why?", "It, er, leaks. Um."]
    assert (reading.notes["fillers"], reading.notes["marks"]) == (0, 1)


def test_an_unknown_time_stays_unknown():
    turns = [RawTurn("INT", "Why?", 1, 1), RawTurn("AB", "Rain.", 2, 2)]
    assert math.isnan(read_turns(Script(turns, {}), INTERVIEW).turns["start_seconds"][0])


def test_a_participant_who_only_hums_is_refused():
    with pytest.raises(UserError, match="the participant 'Ade Bello' says no words"):
        read_turns(script(("INT", "Why?"), ("AB", "Mm. [pause]")), INTERVIEW)


def test_a_participant_without_turns_is_refused():
    with pytest.raises(UserError, match="'Ade Bello' is not among its speakers"):
        read_turns(script(("INT", "Why?"), ("Dawn", "Rain.")), INTERVIEW)
