import pytest

from pipeline.errors import UserError
from pipeline.transcripts.interviews import Interview
from pipeline.transcripts.participants import find_participant
from pipeline.transcripts.speakers import (
    Speaker,
    has_title,
    is_id,
    is_same_person,
    is_usual_name,
)


def participants(names: list[str], participant: str = "") -> list[str]:
    speakers = [Speaker(name, turns=2, words=10) for name in names]
    found = find_participant(speakers, Interview("T01.txt", participant, "Harrowby"))
    assert list(found) == names
    return [name for name, is_participant in found.items() if is_participant]


@pytest.mark.parametrize(
    ("label", "participant"),
    [
        ("Ms Bello", "Ms Ade Bello"),
        ("MS BELLO", "Ms Ade Bello"),
        ("Ms Ade Bello KC", "Ms Bello"),
        ("Bello", "Ade Bello"),
        ("Dr Ade Bello", "Ade Bello"),
        ("Zoë Ní Dhúill", "ZOË NÍ DHÚILL"),
        ("Sean O'Dowd.", "Mr O'Dowd"),
        ("AB", "Ade Bello"),
        ("A.B.", "Ms Ade Bello"),
        ("P01", "p01"),
    ],
)
def test_a_person_is_known_under_several_names(label, participant):
    assert is_same_person(label, participant)


@pytest.mark.parametrize(
    ("label", "participant"),
    [
        ("Ms Jones", "Mr Alwyn Jones"),  # titles differ in gender
        ("Lord Fenn", "Lady Fenn"),
        ("Ade", "Ade Bello"),  # the last name is missing
        ("Mr Halliday", "Mr Heald"),
        ("Ana Bello", "Ade Bello"),
        ("Zoe Lund", "Zoë Lund"),  # accents are kept
        ("Ab", "Ade Bello"),  # initials are capitals
        ("BA", "Ade Bello"),
        ("A", "Ade"),
        ("Dr", "Dr Lund"),
        ("P02", "P01"),
    ],
)
def test_other_people_are_not_taken_for_the_participant(label, participant):
    assert not is_same_person(label, participant)


@pytest.mark.parametrize(
    ("names", "participant", "expected"),
    [
        (["Lead 2A", "Mr Orr", "Mr Orr KC", "Mrs Orr"], "Mr Ian Orr", ["Mr Orr", "Mr Orr KC"]),
        (["The Witness", "Counsel", "Mr Orr"], "Mr Orr", ["The Witness", "Mr Orr"]),
        (["Dr Orr", "Ms Orr", "Orr"], "Dr Orr", ["Dr Orr", "Orr"]),  # an exact title decides
        (["Sam", "AB"], "Ade Bello", ["AB"]),
        (["P01", "P02", "INT"], "P02", ["P02"]),  # other participants ask
        (["Participant 2", "Participant 3", "INT"], "P02", ["Participant 2"]),
        (["Interviewer", "Participant 1"], "P07", ["Participant 1"]),  # an id of the study
        (["Interviewer", "Dawn"], "", ["Dawn"]),
        (["Interviewer 1", "Interviewer 2", "Dawn"], "", ["Dawn"]),
        (["I", "R"], "", ["R"]),
        (["Q", "A"], "", ["A"]),
        (["INT", "CH", "Unknown Speaker"], "", ["CH"]),
        (["Counsel Inquiry", "Lead 6", "The Witness", "Witness"], "", ["The Witness", "Witness"]),
        (["Sam", "P01"], "", ["P01"]),  # no one is called interviewer, but P01 answers
        (["Interviewer", "P01", "P02"], "", ["P01", "P02"]),  # a focus group
        (["Interviewer", "Dawn", "Sam"], "", ["Dawn", "Sam"]),
        (["P01"], "", ["P01"]),
    ],
)
def test_the_participant_is_found(names, participant, expected):
    assert participants(names, participant) == expected


@pytest.mark.parametrize(
    "names",
    [
        ["Dawn", "Sam"],
        ["Speaker 1", "Speaker 2"],
        ["Interviewer"],
    ],
)
def test_where_the_usual_names_do_not_tell_no_one_guesses(names):
    with pytest.raises(UserError, match="cannot tell which of the speakers is the participant"):
        participants(names)


def test_the_refusal_lists_the_speakers_and_says_where_to_write_the_name():
    speakers = [Speaker("Sam", 3, 40), Speaker("Dawn", 4, 1200)]
    with pytest.raises(UserError) as refused:
        find_participant(speakers, Interview("T01.txt", "", "Harrowby"))
    assert str(refused.value) == (
        "T01.txt: cannot tell which of the speakers is the participant.\n"
        "Its speakers are: Dawn (4 turns, 1,200 words), Sam (3 turns, 40 words).\n"
        "Write the participant's name, as it stands in this list, into the participant column "
        "of interviews.csv, in the row of T01.txt."
    )


def test_a_participant_who_is_not_among_the_speakers_is_refused_with_the_nearest():
    with pytest.raises(UserError, match=r"'Dawn Leigh' is not among its speakers.*'Dawn Lee'"):
        participants(["Dawn Lee", "Interviewer"], "Dawn Leigh")


def test_a_participant_without_words_is_refused():
    speakers = [Speaker("INT", 1, 9), Speaker("P01", 1, 0)]
    with pytest.raises(UserError, match="the participant 'P01' says no words"):
        find_participant(speakers, Interview("T01.txt", "P01", "Harrowby"))


def test_usual_names_ids_and_titles():
    assert all(map(is_usual_name, ["INT", "Participant 2", "Lead 2A", "Speaker 1", "Q", "P01"]))
    assert not any(map(is_usual_name, ["Dawn", "Ms Lee", "Intro", "Paul", "An", "Answers"]))
    assert is_id("R-12")
    assert not is_id("Dawn 2 Lee")
    assert has_title("DR. Lee")
    assert not has_title("Drew Lee")
