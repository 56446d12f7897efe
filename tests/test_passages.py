from hypothesis import given
from hypothesis import strategies as st

from pipeline.transcripts.passages import (
    Lengths,
    find_sentences_by_spacy,
    last_words,
    split_into_passages,
    split_text,
)

LENGTHS = Lengths(wanted=6, longest=10, sentences=3)


def at_full_stops(texts):
    return [[0, *(i + 2 for i, c in enumerate(text) if c == ".")] for text in texts]


def split(turns, **choices):
    common = {"lengths": LENGTHS, "shortest": 2, "context": 5}
    return split_into_passages(turns, at_full_stops, **common | choices)


def test_passages_leave_out_the_interviewer(make_turns):
    assert split(make_turns("How is it here?", is_participant=False)).empty


def test_short_turns_make_no_passage(make_turns):
    assert split(make_turns("Yes.", "It floods here."))["text"].tolist() == ["It floods here."]


def test_a_passage_ends_when_it_has_the_wanted_words(make_turns):
    text = "One two three. Four five six. Seven eight nine ten eleven. Twelve thirteen fourteen."
    assert split(make_turns(text))["text"].tolist() == [
        "One two three. Four five six.",
        "Seven eight nine ten eleven. Twelve thirteen fourteen.",
    ]


def test_a_short_rest_joins_the_passage_before_it(make_turns):
    text = "One two three four five six. Seven."
    assert split(make_turns(text))["text"].tolist() == [text]


def test_a_passage_has_no_more_sentences_than_set(make_turns):
    passages = split(make_turns("One. Two. Three. Four."))
    assert passages["text"].tolist() == ["One. Two. Three.", "Four."]


def test_a_sentence_that_is_too_long_is_cut_between_words(make_turns):
    passages = split(make_turns(" ".join(map(str, range(25)))))
    assert passages["words"].tolist() == [8, 8, 9]


def test_the_turn_before_is_kept_as_context(make_turns):
    passages = split(make_turns("And how is it here?", "It floods here."))
    assert passages["context"].tolist() == ["", "And how is it here?"]


def test_context_never_comes_from_another_transcript(make_turns):
    one = make_turns("It floods here.", transcript="T01")
    other = make_turns("It is dry.", transcript="T02")
    both = one.__class__(one.to_dict("records") + other.to_dict("records"))
    assert split(both)["context"].tolist() == ["", ""]


def test_a_later_passage_has_the_words_of_its_own_turn_before_it(make_turns):
    text = "One two three four five six. Seven eight nine ten eleven twelve."
    assert split(make_turns(text))["context"].tolist() == ["", "… two three four five six."]


def test_passages_keep_their_ids_when_another_turn_changes(make_turns):
    before = split(make_turns("It floods here.", "Rent is high."))
    after = split(make_turns("It is dry.", "Rent is high."))
    assert before["passage"][0] != after["passage"][0]
    assert before["passage"][1] == after["passage"][1]


def test_the_same_words_twice_get_two_ids(make_turns):
    first, second = split(make_turns("It floods here.", "It floods here."))["passage"]
    assert second == f"{first}-2"


def test_start_and_end_point_to_the_passage_in_its_turn(make_turns):
    text = "One two three four five six. Seven eight nine ten eleven twelve."
    places = split(make_turns(text))[["start", "end", "text"]].itertuples(index=False)
    assert [text[start:end] == passage for start, end, passage in places] == [True, True]


@given(st.text(), st.lists(st.integers(0, 60)), st.integers(1, 8), st.integers(0, 12))
def test_splitting_loses_no_words(text, sentences, wanted, more):
    lengths = Lengths(wanted=wanted, longest=wanted + more, sentences=3)
    passages = [text[start:end] for start, end in split_text(text, sentences, lengths)]
    assert " ".join(passages).split() == text.split()
    assert all(len(passage.split()) <= lengths.longest for passage in passages)


def test_a_full_stop_inside_a_word_ends_no_sentence():
    text = "It is at 2.30 on a Friday. Then we go home."
    places = split_text(text, [0, 11, 27], Lengths(wanted=3, longest=20, sentences=1))
    assert [text[start:end] for start, end in places] == [
        "It is at 2.30 on a Friday.",
        "Then we go home.",
    ]


def test_spacy_finds_sentences():
    (starts,) = find_sentences_by_spacy(["We met Dr. Hale at noon. She was late! Was it far?"])
    assert starts == [0, 25, 39]


def test_context_that_is_cut_is_marked():
    assert last_words("And how is it here?", 2) == "… it here?"
    assert last_words("Well?", 2) == "Well?"
