import pytest

from pipeline.codebook import Code, Codebook, Example, Group
from pipeline.codebook_changes import is_same_meaning, list_changes, mark_edits

TRUST = Code(
    id="trust",
    group="theme",
    label="Trust",
    definition="Confidence in people.",
    include=("it is built", "it is lost"),
    exclude=("a hospital trust",),
    stances={"present": "it is there", "lacking": "it is gone"},
    examples=(Example(stance="present", text="I don't check."),),
)
PLACE = TRUST.model_copy(update={"id": "place", "label": "Place"})


def book(*codes, **more):
    group = Group(title="Theme", stances={"present": "so", "lacking": "not so"})
    about = {"name": "ours", "version": "1.0.0", "title": "Ours", "groups": {"theme": group}}
    return Codebook(**about | more, codes=codes)


def edited(**columns):
    return TRUST.model_copy(update=columns)


@pytest.mark.parametrize(
    ("columns", "sentences"),
    [
        ({}, []),
        ({"label": "Trusting"}, ["Trusting: name edited"]),
        ({"definition": "Faith in people."}, ["Trust: definition edited"]),
        ({"definition": "  Confidence\nin people.\n"}, []),  # only its lines are broken otherwise
        ({"include": ("it is built",)}, ["Trust: 'Code it when' edited"]),
        ({"include": ()}, ["Trust: 'Code it when' taken out"]),
        ({"exclude": ("a hospital trust", "a fund")}, ["Trust: 'Not when' edited"]),
        (
            {"stances": {"present": "it is felt", "lacking": "it is gone"}},
            ["Trust: meaning of 'present' edited"],
        ),
        ({"stances": {"present": "it is there"}}, ["Trust: meaning of 'lacking' taken out"]),
        ({"examples": ()}, ["Trust: example of 'present' taken out"]),
        (
            {"examples": (*TRUST.examples, Example(stance="lacking", text="Who knows?"))},
            ["Trust: example of 'lacking' added"],
        ),
        (  # an example that moves to another stance is another example
            {"examples": (Example(stance="lacking", text="I don't check."),)},
            ["Trust: example of 'present' taken out", "Trust: example of 'lacking' added"],
        ),
    ],
)
def test_every_edit_of_an_entry_is_told_in_words(columns, sentences):
    changes = list_changes(book(TRUST, PLACE), book(edited(**columns), PLACE))
    assert [change.sentence for change in changes] == sentences


def test_codes_that_come_and_go_are_told_with_their_definition():
    changes = list_changes(book(TRUST), book(PLACE))
    assert [(one.sentence, one.before, one.after) for one in changes] == [
        ("Place: code added", "", "Confidence in people."),
        ("Trust: code taken out", "Confidence in people.", ""),
    ]
    assert all(change.is_of_meaning for change in changes)


def test_the_codebooks_title_and_its_groups_are_compared_too():
    other = Group(title="Themes", stances={"present": "it is so", "lacking": "not so"})
    changes = list_changes(book(TRUST), book(TRUST, title="Mine", groups={"theme": other}))
    assert [change.sentence for change in changes] == [
        "The codebook: title edited",
        "Themes: group edited",
        "Themes: meaning of 'present' edited",
    ]


def test_the_order_of_codes_and_of_examples_changes_nothing():
    more = (Example(stance="lacking", text="Who knows?"), *TRUST.examples)
    one, other = edited(examples=more), edited(examples=more[::-1])
    assert list_changes(book(one, PLACE), book(PLACE, other)) == []


@pytest.mark.parametrize(
    ("columns", "same"),
    [
        ({}, (True, True)),
        ({"label": "Trusting", "examples": ()}, (True, True)),
        ({"definition": "Faith."}, (False, False)),
        ({"include": ("it is built", "it is kept")}, (False, False)),
        ({"exclude": ()}, (False, False)),
        ({"stances": {"present": "it is there", "lacking": "none"}}, (True, False)),
        ({"definition": "Confidence  in\npeople. "}, (True, True)),
    ],
)
def test_a_label_means_the_same_if_a_coder_goes_by_the_same_words(columns, same):
    stances = ("present", "lacking")
    found = tuple(is_same_meaning(TRUST, edited(**columns), stance) for stance in stances)
    assert found == same


def test_edits_are_marked_word_by_word_and_nothing_is_lost():
    before, after = mark_edits("trust in the people\nhere", "trust in people, and here")
    assert "".join(text for text, _ in before) == "trust in the people\nhere"
    assert "".join(text for text, _ in after) == "trust in people, and here"
    assert [text.strip() for text, is_edited in before if is_edited] == ["the", "people"]
    assert [text.strip() for text, is_edited in after if is_edited] == ["people,", "and"]
