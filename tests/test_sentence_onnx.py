from pathlib import Path

import numpy as np
import pytest

from pipeline.coding.model import load_encoder

TEXTS = ["It floods here every year.", "We meet on Fridays.", "Nobody decides. " * 90, "🙂", ""]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(Path(__file__).parents[1] / "models" / "default")


def encode(encoder, texts):
    return np.array(list(encoder.encode(texts)))


def test_vectors_have_length_one_whatever_the_text(encoder):
    lengths = np.linalg.norm(encode(encoder, TEXTS), axis=1)
    assert lengths == pytest.approx([1] * len(TEXTS), abs=1e-5)


def test_a_vector_does_not_depend_on_the_other_texts_to_the_last_bit(encoder):
    alone = [encode(encoder, [text])[0] for text in TEXTS]
    assert np.array(alone).tobytes() == encode(encoder, TEXTS).tobytes()


def test_the_same_texts_give_the_same_bytes(encoder):
    assert encode(encoder, TEXTS).tobytes() == encode(encoder, TEXTS).tobytes()


def test_like_texts_have_like_vectors(encoder):
    cut, short, dance = encode(
        encoder,
        [
            "They cut our budget by a third and let half the team go.",
            "There is less money and there are fewer staff every year.",
            "The two surgeries share one receptionist and one waiting room now.",
        ],
    )
    assert cut @ short > cut @ dance
