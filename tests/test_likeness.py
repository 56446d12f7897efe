import numpy as np
import pytest

from pipeline.codebook import Label, read_codebook
from pipeline.coding.likeness import describe, likeness_heads, ranking_model

CODEBOOK = """\
code,definition,stances,examples
Water,Rain and rivers.,present; lacking,present: We swam. | lacking: It was dry. | The tap ran.
Tools,Keys and lamps.,present,
"""


@pytest.fixture
def codebook(tmp_path):
    (tmp_path / "codebook.csv").write_text(CODEBOOK)
    return read_codebook(tmp_path / "codebook.csv")


@pytest.fixture
def ordinary(word_encoder):
    texts = [f"We said {word} on day {number}." for number, word in enumerate("abcdefghij" * 20)]
    return np.array(list(word_encoder.encode(texts)))


def test_a_stance_is_described_by_its_own_examples(codebook):
    said = {stance: list(describe(codebook, Label("water", stance))) for stance in STANCES}
    assert [texts[2:] for texts in said.values()] == [["We swam.", "The tap ran."], ["It was dry."]]
    assert all("Rain and rivers." in texts[1] for texts in said.values())
    assert said["present"][:2] != said["lacking"][:2]


STANCES = ("present", "lacking")


def test_one_in_twenty_ordinary_passages_is_asked_about_for_each_label(
    codebook, word_encoder, ordinary
):
    model = ranking_model(codebook, word_encoder, {}, ordinary)
    decided = model.decide(model.score(ordinary, [""] * len(ordinary)))
    asked = (decided == "ask").mean(axis=0)
    assert ((asked >= 0.03) & (asked <= 0.1)).all(), asked
    assert not (decided == "yes").any()
    assert model.ranked == set(codebook.labels)


def test_what_is_like_the_codebook_ranks_before_what_is_not(codebook, word_encoder, ordinary):
    heads = likeness_heads(codebook, word_encoder, ordinary)
    texts = ["Keys and lamps.", "Rain and rivers."]
    tools, water = heads.score(np.array(list(word_encoder.encode(texts))))
    assert tools[2] > water[2]
    assert water[0] > tools[0]
