import numpy as np
import pytest

from pipeline.coding.vectors import embed, look_up, read_cache, write_cache
from pipeline.errors import UserError


def test_a_text_is_embedded_once(word_encoder):
    cache = embed(["a b", "c", "a b"], word_encoder, {})
    assert (len(cache), word_encoder.asked) == (2, ["a b", "c"])
    embed(["c", "d"], word_encoder, cache)
    assert word_encoder.asked == ["a b", "c", "d"]


def test_another_encoder_never_reuses_vectors(word_encoder):
    cache = embed(["a"], word_encoder, {})
    word_encoder.name = "larger"
    embed(["a"], word_encoder, cache)
    assert word_encoder.asked == ["a", "a"]


def test_rows_follow_the_texts(word_encoder):
    cache = embed(["a b", "c"], word_encoder, {})
    rows = look_up(["c", "a b", "c"], "words", cache)
    assert rows.shape == (3, 8)
    assert np.array_equal(rows[0], rows[2])
    assert not np.array_equal(rows[0], rows[1])


def test_the_cache_comes_back_and_is_the_same_bytes(word_encoder, tmp_path):
    cache = embed(["a b", "c"], word_encoder, {})
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    write_cache(one, cache)
    write_cache(two, read_cache(one))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "other"])
def test_a_damaged_cache_is_never_used(word_encoder, tmp_path, damage):
    path = tmp_path / "vectors.npz"
    write_cache(path, embed(["a b", "c"], word_encoder, {}))
    content = bytearray(path.read_bytes())
    at = content.rfind(b"\x93NUMPY") + 140  # within the vectors' numbers
    content[at] ^= 1
    path.write_bytes(
        {"flip": content, "truncate": content[:-9], "empty": b"", "other": b"PK rubbish"}[damage]
    )
    assert read_cache(path) == {}


def test_a_passage_without_a_vector_says_what_to_run(word_encoder):
    with pytest.raises(UserError, match="have no vectors yet. Run 'make analyse'"):
        look_up(["d"], "words", embed(["c"], word_encoder, {}))
