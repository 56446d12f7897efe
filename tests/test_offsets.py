import re

import pytest
from hypothesis import given
from test_cleaning import CLEANED, TEXTS

from pipeline.transcripts.cleaning import clean, fold_white_space
from pipeline.transcripts.offsets import map_offsets


def words_of(text):
    return re.findall(r"\w+", text)


@given(TEXTS.filter(lambda text: "-" not in text))
def test_every_word_of_a_cleaned_text_is_found_in_the_raw_one(text):
    raw, cleaned = fold_white_space(text), clean(text)
    offsets = map_offsets(raw, cleaned)
    for (start, end), (raw_start, raw_end) in zip(offsets.clean, offsets.raw, strict=True):
        assert raw[raw_start:raw_end] == cleaned[start:end]
    assert len(offsets.clean) == len(words_of(cleaned))


@pytest.mark.parametrize(("text", "cleaned"), CLEANED)
def test_a_whole_text_comes_from_all_between_its_first_and_last_word(text, cleaned):
    raw = fold_white_space(text)
    start, end = map_offsets(raw, cleaned).to_raw(0, len(cleaned))
    kept = words_of(cleaned)
    assert words_of(raw[start:end])[:1] == kept[:1] or "-" in text
    assert words_of(raw[start:end])[-1:] == kept[-1:] or "-" in text


def test_a_word_that_a_hyphen_broke_is_found_whole():
    raw, cleaned = "the commu- nity hall", "the community hall"
    start, end = map_offsets(raw, cleaned).to_raw(4, 13)
    assert raw[start:end] == "commu- nity"


def test_a_span_without_words_comes_from_nowhere():
    assert map_offsets("We went.", "We went.").to_raw(2, 3) == (0, 0)
