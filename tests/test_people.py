import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.transcripts.details import Mention, find_details
from pipeline.transcripts.names import find_names
from pipeline.transcripts.people import Listed, build_lexicon
from pipeline.transcripts.pseudonyms import find_known


def lexicon_of(*texts, mentions=(), listed=(), keep=(), key=None):
    """Build from texts in which ``mentions`` are the (kind, words) that were found."""
    found = [
        [
            Mention(text.find(words), text.find(words) + len(words), kind)
            for kind, words in mentions
            if words in text
        ]
        for text in texts
    ]
    return build_lexicon(texts, found, listed, keep=keep, key=key or {})


def replaced(text, lexicon, mentions=()):
    for find in reversed(list(find_known(text, lexicon, mentions))):
        text = text[: find.start] + find.pseudonym + text[find.end :]
    return text


def test_one_person_has_one_pseudonym_under_all_names():
    text = "We asked Maud Tarrel. Maud came, and Mrs Tarrel's sister, too."
    lexicon, _ = lexicon_of(text, mentions=[("person", "Maud Tarrel")])
    assert replaced(text, lexicon) == (
        "We asked [person 1]. [person 1] came, and [person 1]'s sister, too."
    )


def test_a_first_name_that_two_people_share_is_neither_of_them():
    text = "Maud Tarrel and Maud Ogle met. Maud spoke."
    lexicon, _ = lexicon_of(text, mentions=[("person", "Maud Tarrel"), ("person", "Maud Ogle")])
    assert replaced(text, lexicon) == "[person 1] and [person 2] met. [person 3] spoke."


def test_short_forms_of_a_first_name_are_the_same_person():
    text = "Kenneth Marsk wrote. Ken Marsk signed."
    lexicon, _ = lexicon_of(text, mentions=[("person", "Kenneth Marsk"), ("person", "Ken Marsk")])
    assert replaced(text, lexicon) == "[person 1] wrote. [person 1] signed."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I asked Will about it.", "I asked [person 1] about it."),  # a capital in a sentence
        ("Will you come? We will see.", "Will you come? We will see."),  # the word, not the name
        ("Mr Will came.", "[person 1] came."),  # a title
        ("WILL ASHBY said so", "[person 1] said so"),  # full names whatever their case
        ("will ashby said so", "[person 1] said so"),
        ("the will of Ashbyton", "the will of Ashbyton"),  # parts of words are left alone
    ],
)
def test_names_that_are_words_are_told_apart(text, expected):
    before = "They will, they will, and will again. Will Ashby went."
    lexicon, _ = lexicon_of(before, text, mentions=[("person", "Will Ashby")])
    assert replaced(text, lexicon) == expected


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("person", "If I"),  # spaCy's fancies
        ("person", "my Lady"),
        ("place", "NHS"),
        ("place", "PwC"),
        ("person", "Covid Taskforce"),
        ("place", "Quayside Borough Council"),
        ("place", "Scotland"),
        ("person", "yesterday"),
        ("pair", "Mm I'm"),
        ("place", "Room 4"),
    ],
)
def test_what_names_nobody_is_left_alone(kind, words):
    text = f"So {words} it was, then."
    lexicon, _ = lexicon_of(text, mentions=[(kind, words)])
    assert replaced(text, lexicon) == text


def test_areas_and_other_names_to_keep_are_kept():
    text = "From Easthaven to Little Wick."
    mentions = [("place", "Easthaven"), ("place", "Little Wick")]
    lexicon, _ = lexicon_of(text, mentions=mentions, keep=["Easthaven"])
    assert replaced(text, lexicon) == "From Easthaven to [place 1]."


def test_listed_names_are_confirmed_and_may_have_their_own_pseudonym():
    text = "Precious rang the Loom."
    listed = [Listed("Precious"), Listed("Loom", "organisation", "a pub")]
    lexicon, _ = lexicon_of(text, listed=listed)
    assert replaced(text, lexicon) == "[person 1] rang the [a pub]."
    assert all(find.is_confirmed for find in find_known(text, lexicon))


def test_the_word_before_a_listed_name_is_not_part_of_it():
    text = "Right Precious, do you agree? Precious Orde agreed."
    lexicon, _ = lexicon_of(
        text,
        mentions=[("pair", "Right Precious")],
        listed=[Listed("Precious Orde", "participant", "P01")],
    )
    assert replaced(text, lexicon) == "Right [P01], do you agree? [P01] agreed."


def test_two_capitals_are_a_person_also_if_one_is_a_title():
    text = "We saw Sergeant Ogle. Ogle ran."
    lexicon, _ = lexicon_of(text, mentions=[("pair", "Sergeant Ogle")])
    assert replaced(text, lexicon) == "We saw [person 1]. [person 1] ran."


def test_an_acronym_is_no_name_however_it_was_once_written():
    text = "We had no Pye. PYE was short, and Pye was dear."
    lexicon, _ = lexicon_of(text, mentions=[("person", "Pye")])
    assert replaced(text, lexicon) == (
        "We had no [person 1]. PYE was short, and [person 1] was dear."
    )


def test_a_title_is_never_a_part_of_a_name():
    text = "Even Mrs Lathom came, and Mrs Lathom left."
    (mentions,) = find_names([text])
    lexicon, _ = build_lexicon([text], [mentions], [], keep=[], key={})
    assert replaced(text, lexicon) == "Even [person 1] came, and [person 1] left."


def test_listed_names_that_are_words_are_found_wherever_they_have_a_capital():
    text = "Rose told me. A rose, a rose is red. Then Rose left, and kezia too."
    lexicon, _ = lexicon_of(text, listed=[Listed("Rose"), Listed("Kezia")])
    assert replaced(text, lexicon) == (
        "[person 1] told me. A rose, a rose is red. Then [person 1] left, and [person 2] too."
    )


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Kenn", "Smithe", "Kenn Smithe", "Leeson", "Nadia"]), min_size=2))
def test_no_pseudonym_is_given_to_two_people_however_the_study_grows(order):
    key: dict = {}
    for count in range(1, len(order) + 1):
        texts = [f"So {name} came." for name in order[:count]]
        _, key = lexicon_of(*texts, mentions=[("person", name) for name in order], key=key)
    _, key = lexicon_of("Bo Ash and Cy Elm.", key=key, listed=[Listed("Bo Ash"), Listed("Cy Elm")])
    assert key["person", "bo ash"] != key["person", "cy elm"]
    others = {mark for (_, name), mark in key.items() if name not in ("bo ash", "bo", "ash")}
    assert key["person", "bo ash"] not in others


def test_pseudonyms_stay_when_interviews_are_added():
    texts = ["Ivo Brandt spoke.", "Maud Tarrel spoke."]
    mentions = [("person", "Ivo Brandt"), ("person", "Maud Tarrel")]
    _, key = lexicon_of(texts[1], mentions=mentions)
    lexicon, grown = lexicon_of(*texts, mentions=mentions, key=key)
    assert replaced("Ivo Brandt and Maud Tarrel", lexicon) == "[person 2] and [person 1]"
    assert grown.items() >= key.items()


def test_a_name_ends_where_the_sentence_does():
    text = "I said so to Maud. Tarrel Street is near."
    lexicon, _ = lexicon_of(text, listed=[Listed("Maud Tarrel", pseudonym="X")])
    assert replaced(text, lexicon) == "I said so to [X]. [X] Street is near."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to jo.bloggs@example.org please", "email"),
        ("ring 01632 960 147 after six", "phone number"),
        ("ring +44 7700 900123", "phone number"),
        ("see www.example.org/help", "web address"),
        ("it is ZZ9 4QT, the flat", "postcode"),
        ("NI number QQ 12 34 56 C", ""),  # QQ is never given out
        ("NI number AB 12 34 56 C", "NI number"),
        ("NHS number 943 476 5919", "NHS number"),
        ("in 2019 we had 1200 people and £340,000", ""),
        ("on 12.03.2024 at 14:30", ""),
    ],
)
def test_contact_details_are_found(text, kind):
    assert [detail.kind for detail in find_details(text)] == ([kind] if kind else [])


def test_two_capitals_in_a_sentence_are_a_name_unless_a_word_is_plain():
    text = "We saw Ffion Okell there, and the Open Door was shut. An open door, an open door."
    lexicon, _ = lexicon_of(text, mentions=[("pair", "Ffion Okell"), ("pair", "Open Door")])
    assert replaced(text, lexicon).startswith("We saw [person 1] there, and the Open Door was")


def test_a_title_finds_a_name_in_the_genitive():
    text = "The lights were off in Mrs Oyelaran's kitchen on Easter Monday."
    (mentions,) = find_names([text])
    lexicon, _ = build_lexicon([text], [mentions], [], keep=[], key={})
    assert replaced(text, lexicon) == (
        "The lights were off in [person 1]'s kitchen on Easter Monday."
    )


def test_spacy_and_titles_find_names():
    texts = ["I went with Margaret Hollis to see Mrs Obuya on Tannery Lane."]
    (mentions,) = find_names(texts)
    found = {(texts[0][m.start : m.end], m.kind) for m in mentions}
    assert {
        ("Margaret Hollis", "person"),
        ("Obuya", "titled"),
        ("Tannery Lane", "street"),
    } <= found
