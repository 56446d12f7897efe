from time import perf_counter

import numpy as np
import pytest

from pipeline.codebook import Codebook
from pipeline.coding.neighbours import embed_sayings, find_neighbours, find_saying

FLOOD = "the river rose and the road went under"
CODEBOOK = Codebook.model_validate(
    {
        "name": "small",
        "version": "1",
        "title": "A small codebook",
        "groups": {"theme": {"title": "Themes", "stances": {"present": "there", "lacking": "not"}}},
        "codes": [
            {
                "id": "water",
                "group": "theme",
                "label": "Water",
                "definition": "Rain and rivers.",
                "stances": {"present": "there", "lacking": "not there"},
                "examples": [
                    {"stance": "present", "text": FLOOD},
                    {"stance": "present", "text": "rain fell on us"},
                    {"stance": "lacking", "text": "the well was dry"},
                ],
            },
            {
                "id": "tools",
                "group": "theme",
                "label": "Tools",
                "definition": "Keys.",
                "stances": {"present": "there"},
            },
        ],
    }
)
WATER, NO_WATER, TOOLS = range(3)  # places of its labels


def at(*angles):
    """Give vectors of length 1 at some angles (degrees) from the first axis."""
    radians = np.radians(angles)
    return np.column_stack([np.cos(radians), np.sin(radians)]).astype(np.float32)


def look(vectors, *, coded, interviews, row=0, **options):
    flags = np.isin(np.arange(len(vectors)), coded)
    return find_neighbours(vectors, row, flags, np.array(interviews), **options)


def test_the_likest_coded_passages_come_with_their_cosine():
    near = look(at(0, 60, 30, 10, 90, 5), coded=[1, 2, 3, 4], interviews=[0, 1, 1, 2, 3, 4])
    assert [one.row for one in near] == [3, 2, 1]
    assert [one.likeness for one in near] == pytest.approx(
        np.cos(np.radians([10, 30, 60])), abs=1e-6
    )


def test_other_interviews_come_first_even_if_they_are_less_alike():
    vectors, interviews = at(0, 1, 2, 40, 50), [7, 7, 7, 1, 2]
    near = look(vectors, coded=[1, 2, 3, 4], interviews=interviews)
    assert [one.row for one in near] == [3, 4, 1]
    assert [one.row for one in look(vectors, coded=[1, 2], interviews=interviews)] == [1, 2]


def test_a_passage_is_not_its_own_neighbour():
    assert look(at(0, 5), coded=[0], interviews=[0, 1]) == []
    assert [one.row for one in look(at(0, 5), coded=[0, 1], interviews=[0, 1])] == [1]


def test_no_more_are_given_than_wanted():
    assert len(look(at(*range(9)), coded=range(9), interviews=range(9))) == 3
    assert len(look(at(*range(9)), coded=range(9), interviews=range(9), most=1)) == 1


def test_it_makes_no_difference_how_many_have_the_label():
    random = np.random.default_rng(1)
    vectors = random.normal(size=(400, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    few = look(vectors, coded=range(1, 40), interviews=range(400))
    many = look(vectors, coded=range(1, 400), interviews=range(400), most=400)
    assert [one.row for one in many if one.row < 40][:3] == [one.row for one in few]


def test_the_codebooks_likest_example_stands_in(word_encoder):
    sayings = embed_sayings(CODEBOOK, word_encoder)
    (vector,) = word_encoder.encode(["the river rose"])
    said = find_saying(sayings, WATER, vector)
    assert said.text == FLOOD
    assert said.likeness == pytest.approx(float(sayings.vectors[0] @ vector))
    assert find_saying(sayings, NO_WATER, vector).text == "the well was dry"


def test_a_label_without_examples_is_told_by_its_definition(word_encoder):
    sayings = embed_sayings(CODEBOOK, word_encoder)
    (vector,) = word_encoder.encode(["Keys."])
    assert find_saying(sayings, TOOLS, vector).text == "Keys. there"


def test_a_hundred_thousand_passages_take_less_than_a_twentieth_of_a_second():
    vectors = np.random.default_rng(0).random((100_000, 384), dtype=np.float32)
    coded, interviews = np.arange(100_000) % 50 == 0, np.arange(100_000) // 200
    taken = []
    for row in range(5):
        start = perf_counter()
        assert len(find_neighbours(vectors, row, coded, interviews)) == 3
        taken.append(perf_counter() - start)
    assert min(taken) < 0.05
