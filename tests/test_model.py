import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.codebook import read_codebook
from pipeline.coding.classifiers import Heads
from pipeline.coding.model import code_passages, load_encoder, load_model, mark_applied
from pipeline.errors import ModelError
from pipeline.tables import PASSAGES

DEFAULT = Path(__file__).parents[1] / "models" / "default"
CODEBOOK = read_codebook("shipped")


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped model's card and heads."""
    folder = tmp_path / "default"
    folder.mkdir()
    for name in ("card.json", "heads.npz"):
        shutil.copyfile(DEFAULT / name, folder / name)
    return folder


def change_card(folder, **changes):
    path = folder / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_shipped_model_has_a_head_for_every_code_and_stance():
    model = load_model(DEFAULT, CODEBOOK)
    assert model.labels == CODEBOOK.labels
    assert model.heads.weights.shape == (len(CODEBOOK.labels), 384)
    assert ((model.thresholds > 0) & (model.thresholds <= 1)).all()


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"There is no model in .*mine: card.json is missing"):
        load_model(tmp_path / "mine", CODEBOOK)


def test_another_codebook_is_refused_with_both_named(folder):
    change_card(folder, codebook={"name": "pride", "version": "2.0", "fingerprint": "x"})
    with pytest.raises(ModelError, match=r"'pride 2.0'; this study uses 'three-powers 1\.1\.0'"):
        load_model(folder, CODEBOOK)


def test_another_wording_is_refused(folder):
    card = json.loads((folder / "card.json").read_text())
    change_card(folder, codebook=card["codebook"] | {"fingerprint": "0" * 64})
    with pytest.raises(ModelError, match="other wording of the codebook"):
        load_model(folder, CODEBOOK)


def test_labels_in_another_order_are_refused(folder):
    card = json.loads((folder / "card.json").read_text())
    change_card(folder, labels=card["labels"][::-1])
    with pytest.raises(ModelError, match="other wording"):
        load_model(folder, CODEBOOK)


def test_another_encoder_is_refused(folder):
    (folder / "encoder.onnx").write_bytes(b"another")
    with pytest.raises(ModelError, match=r"encoder.onnx or tokenizer.json is missing"):
        load_encoder(folder)


@pytest.mark.parametrize("content", ["{", "[]", '{"codebook": 3}', '{"labels": []}'])
def test_a_damaged_card_is_refused(folder, content):
    (folder / "card.json").write_text(content)
    with pytest.raises(ModelError, match=r"card\.json"):
        load_model(folder, CODEBOOK)


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_hostile_file_runs_nothing(folder, tmp_path):
    from hashlib import sha256

    hurt = tmp_path / "hurt"
    bomb = pickle.dumps(Bomb(hurt))
    for content in (bomb, save(np.array([Bomb(hurt)], dtype=object), tmp_path)):
        (folder / "heads.npz").write_bytes(content)
        with pytest.raises(ModelError):
            load_model(folder, CODEBOOK)
        change_card(folder, heads_sha256=sha256(content).hexdigest())
        with pytest.raises((ModelError, ValueError)):
            load_model(folder, CODEBOOK)
    assert not hurt.exists()


def save(array, folder):
    np.savez(folder / "bomb.npz", weights=array, intercepts=array)
    return (folder / "bomb.npz").read_bytes()


def test_no_is_recorded_too():
    model = load_model(DEFAULT, CODEBOOK)
    columns = dict.fromkeys(PASSAGES.columns, 0) | {"passage": "T01-a", "text": "x"}
    passages = PASSAGES.build([columns])
    vectors = np.zeros((1, model.heads.weights.shape[1]), dtype=np.float32)
    codings = code_passages(passages, vectors, model, "model default")
    assert len(codings) == len(CODEBOOK.labels)
    assert not codings["applied"].all()


def test_heads_give_probabilities():
    heads = Heads(np.array([[1.0, 0.0]]), np.array([-1.0]))
    scores = heads.score(np.array([[1, 0], [4, 9]], dtype=np.float32))
    assert scores.ravel() == pytest.approx([0.5, 1 / (1 + np.exp(-3))])


def test_pairs_become_a_row_of_the_matrix():
    labels = CODEBOOK.labels
    applied = mark_applied([[("trust", "present"), ("trust", "lacking")], []], labels)
    assert applied.sum(axis=1).tolist() == [2, 0]
    assert {labels[i].stance for i in np.flatnonzero(applied[0])} == {"present", "lacking"}
