import json

import numpy as np
import pytest

from pipeline.coding.base import WEIGHT, read_base, write_base
from pipeline.coding.classifiers import Examples
from pipeline.errors import ModelError


@pytest.fixture
def base():
    """Fifty coded passages; the coders of the first one disagree on the first of ten labels."""
    random = np.random.default_rng(0)
    vectors = random.normal(size=(50, 384))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    weight = np.ones((50, 10))
    weight[0, 0] = 0
    return Examples(vectors.astype(np.float32), random.random((50, 10)) < 0.3, weight)


def write_card(folder, sha256):
    label = dict.fromkeys(("applied_from", "sure_from", "doubtful_from"), 0.5)
    card = {
        "codebook": {"name": "rivers", "version": "1", "fingerprint": "f"},
        "encoder": {"name": "words", "sha256": "s", "builder": "words", "folder": "default"},
        "labels": [
            {"code": f"c{n}", "stance": "", "mode": "classified"} | label for n in range(10)
        ],
        "base_sha256": sha256,
    }
    (folder / "card.json").write_text(json.dumps(card))


def test_codings_come_back_with_vectors_that_are_nearly_the_same(base, tmp_path):
    write_card(tmp_path, write_base(tmp_path, base))
    read = read_base(tmp_path)
    assert np.array_equal(read.applied, base.applied)
    assert (read.vectors * base.vectors).sum(axis=1).min() > 0.9998
    assert np.allclose(np.linalg.norm(read.vectors, axis=1), 1)


def test_where_coders_disagree_nothing_is_learnt(base, tmp_path):
    write_card(tmp_path, write_base(tmp_path, base))
    assert np.array_equal(read_base(tmp_path).weight, base.weight * WEIGHT)


def test_codings_that_the_card_does_not_name_are_refused(base, tmp_path):
    write_card(tmp_path, write_base(tmp_path, base))
    (tmp_path / "base.npz").write_bytes(b"others")
    with pytest.raises(ModelError, match="not the one that the card describes"):
        read_base(tmp_path)
    write_card(tmp_path, "")
    assert read_base(tmp_path) is None
