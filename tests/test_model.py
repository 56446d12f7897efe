import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.codebook import Label, read_codebook
from pipeline.coding.card import read_card
from pipeline.coding.classifiers import Heads
from pipeline.coding.evaluation import Cutoffs
from pipeline.coding.model import (
    Folds,
    Model,
    code_passages,
    load_encoder,
    load_model,
    mark_interview,
    read_model,
    write_model,
)
from pipeline.errors import ModelError
from pipeline.files import hash_file
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
    applied, sure, doubtful = model.cutoffs
    classified = np.array([label not in model.ranked for label in model.labels])
    assert ((applied[classified] > 0) & (applied[classified] < 1)).all()
    assert np.isinf(applied[~classified]).all()
    assert (doubtful <= applied).all()
    assert (sure >= applied).all()


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


WRONG_CARDS = [
    ({"labels": []}, "labels"),
    ({"encoder": {"name": "a", "sha256": "b", "builder": "c", "folder": "../x"}}, "encoder.folder"),
    ({"date": 3}, "date"),
    ({"macro_f1": 0.5}, "macro_f1"),
    ({"changes": [{}]}, "changes.0.code"),
    ({"bias": [{"by": "area"}]}, "bias.0.group"),
]
WRONG_LABELS = [
    {"applied_from": "x"},
    {"applied_from": [1]},
    {"applied_from": float("nan")},
    {"applied_from": True},
    {"code": 3},
    {"mode": "magic"},
    {"positives": "many"},
    {"f1_interval": 3},
]


@pytest.mark.parametrize(("changes", "place"), WRONG_CARDS)
def test_a_card_with_a_part_of_the_wrong_kind_is_refused_by_its_name(folder, changes, place):
    change_card(folder, **changes)
    with pytest.raises(ModelError, match=f"does not say {place} rightly"):
        read_model(folder)


@pytest.mark.parametrize("changes", WRONG_LABELS)
def test_a_label_with_a_part_of_the_wrong_kind_is_refused_by_its_name(folder, changes):
    labels = json.loads((folder / "card.json").read_text())["labels"]
    change_card(folder, labels=[labels[0] | changes, *labels[1:]])
    with pytest.raises(ModelError, match=rf"labels\.0\.{next(iter(changes))}"):
        read_model(folder)


def test_a_card_of_a_hundred_thousand_brackets_is_refused(folder):
    (folder / "card.json").write_text("[" * 100_000)
    with pytest.raises(ModelError, match="is damaged"):
        read_model(folder)


WRONG_ARRAYS = [
    ("weights", np.zeros(48)),
    ("weights", np.full((48, 384), "a")),
    ("weights", np.full((48, 384), np.nan)),
    ("weights", np.zeros((47, 384))),
    ("fold_weights", np.zeros((0, 48, 10))),  # not the size of the other weights
    ("intercepts", np.zeros((48, 2))),
    ("fold_intercepts", np.zeros((1, 48))),  # more folds than weights
    ("left_out", np.full((1, 48), -1, dtype=np.int8)),  # more interviews than names
    ("left_out", np.full((0, 48), 0.5)),
    ("left_out", np.full((0, 3), -1, dtype=np.int8)),
]


@pytest.mark.parametrize(("name", "array"), WRONG_ARRAYS)
def test_an_array_of_the_wrong_kind_or_shape_is_refused_by_its_name(folder, name, array):
    with np.load(folder / "heads.npz") as file:
        write_heads(folder, {**file, name: array})
    with pytest.raises(ModelError, match=r"'(fold_)?(weights|intercepts|left_out)' is not of the"):
        read_model(folder)


def test_folds_that_name_heads_that_are_not_there_are_refused(folder):
    with np.load(folder / "heads.npz") as file:
        arrays = dict(file)
    named = {"interviews": np.array(["a"]), "left_out": np.full((1, 48), 7, dtype=np.int8)}
    write_heads(folder, arrays | named)
    with pytest.raises(ModelError, match="names heads that are not there"):
        read_model(folder)


def write_heads(folder, arrays):
    """Write arrays as a model's, and let its card own them."""
    np.savez(folder / "heads.npz", **arrays)
    change_card(folder, heads_sha256=hash_file(folder / "heads.npz"))


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


def tiny_model(**changes):
    """A model of two labels and vectors of two numbers, with one fold that left out T01."""
    heads, fold = (Heads(np.eye(2) * size, np.zeros(2)) for size in (4.0, -4.0))
    labels = (Label("trust", "present"), Label("trust", "lacking"))
    rows = [{"code": code, "stance": stance, "mode": "classified"} for code, stance in labels]
    card = {"codebook": {}, "encoder": {}, "labels": rows}
    cutoffs = Cutoffs(np.array([0.5, np.inf]), np.array([0.9, np.inf]), np.array([0.2, 0.5]))
    folds = Folds([fold], np.array([mark_interview("T01")]), np.array([[0, -1]], dtype=np.int16))
    return Model(heads, cutoffs, labels, card, folds)._replace(**changes)


def test_interviews_that_a_model_learnt_from_are_scored_by_heads_that_did_not():
    vectors = np.ones((2, 2), dtype=np.float32)
    scores = tiny_model().score(vectors, ["T01", "T02"])
    high, low = 1 / (1 + np.exp(-4)), 1 / (1 + np.exp(4))
    assert scores == pytest.approx(np.array([[low, high], [high, high]]), abs=1e-6)


def test_vectors_of_another_length_are_refused():
    with pytest.raises(ModelError, match="takes vectors of 2 numbers, its encoder gives 3"):
        tiny_model().score(np.ones((1, 3)), ["T01"])


def test_what_a_model_is_sure_of_is_told_from_what_it_would_ask_about():
    scores = np.array([[0.95, 0.95], [0.5, 0.4], [0.1, 0.5]])
    assert tiny_model().decide(scores).tolist() == [["yes", "ask"], ["ask", "no"], ["no", "ask"]]


def test_no_is_recorded_too():
    common = dict.fromkeys(PASSAGES.columns, 0) | {"text": "x"}
    passages = PASSAGES.build(
        common | {"passage": f"{name}-a", "transcript": name} for name in ("T02", "T03")
    )
    vectors = np.array([[1, 1], [-1, -1]], dtype=np.float32)
    codings = code_passages(passages, vectors, tiny_model(), "model tiny")
    assert codings["applied"].tolist() == [True, False, False, False]
    assert codings["decision"].tolist() == ["yes", "ask", "no", "no"]


def test_a_model_is_read_as_it_was_written(tmp_path):
    model = tiny_model(card=read_card(DEFAULT) | {"labels": tiny_model().card["labels"]})
    write_model(tmp_path / "tiny", model)
    again = read_model(tmp_path / "tiny")
    vectors = np.random.default_rng(0).normal(size=(4, 2)).astype(np.float32)
    names = ["T01", "T02", "T01", "T03"]
    assert np.array_equal(again.score(vectors, names), model.score(vectors, names))
    assert np.array_equal(again.cutoffs, model.cutoffs)
    assert "T01" not in (tmp_path / "tiny" / "card.json").read_text()


def test_heads_give_probabilities():
    heads = Heads(np.array([[1.0, 0.0]]), np.array([-1.0]))
    scores = heads.score(np.array([[1, 0], [4, 9]], dtype=np.float32))
    assert scores.ravel() == pytest.approx([0.5, 1 / (1 + np.exp(-3))])
