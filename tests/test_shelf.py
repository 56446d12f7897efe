import shutil

import numpy as np
import pytest
from filelock import FileLock

from pipeline.codebook import Label
from pipeline.coding.card import CLASSIFIED
from pipeline.coding.classifiers import Heads
from pipeline.coding.evaluation import Cutoffs
from pipeline.coding.model import Model, no_folds, read_model
from pipeline.coding.shelf import find_damage, find_model, list_models, name_models, put, restore
from pipeline.errors import ModelError, UnknownChoiceError, UserError

LABELS = (Label("water", "present"), Label("water", "lacking"))


def make_model(weight):
    """Make a model that is told from others by the weight of its heads."""
    cuts = np.full(2, 0.5)
    rows = [{"code": code, "stance": stance, "mode": CLASSIFIED} for code, stance in LABELS]
    card = {
        "codebook": {"name": "rivers", "version": "1", "fingerprint": "f"},
        "encoder": {"name": "words", "sha256": "s", "builder": "words", "folder": "default"},
        "labels": rows,
        "weight": weight,
    }
    heads = Heads(np.full((2, 3), float(weight)), np.zeros(2))
    return Model(heads, Cutoffs(cuts, cuts, cuts), LABELS, card, no_folds(2, 3))


@pytest.fixture
def models(tmp_path):
    """The first, second and third model of 'small' were put in use in this order."""
    for weight in (1, 2, 3):
        put(tmp_path / "small", make_model(weight))
    return tmp_path


def read_bytes(folder):
    return {name: (folder / name).read_bytes() for name in ("heads.npz", "card.json")}


def weight_of(folder):
    return read_model(folder).heads.weights[0, 0]


def break_off(folder):
    """Stop whatever is copied into a folder between the arrays and the card."""
    (folder / "card.json.partial").mkdir(parents=True)


def test_a_new_model_keeps_the_one_before_to_the_byte(tmp_path):
    put(tmp_path / "small", make_model(1))
    before = read_bytes(tmp_path / "small")
    put(tmp_path / "small", make_model(2))
    assert read_bytes(tmp_path / "small" / "earlier" / "1") == before
    assert weight_of(tmp_path / "small") == 2


def test_models_are_listed_by_name_and_then_from_the_newest(models):
    put(models / "harbour", make_model(9))
    listed = [(kept.name, kept.number, weight_of(kept.folder)) for kept in list_models(models)]
    assert listed == [("harbour", 0, 9), ("small", 0, 3), ("small", 2, 2), ("small", 1, 1)]


def test_restoring_brings_the_newest_earlier_one_back_to_the_byte(models):
    before = read_bytes(models / "small" / "earlier" / "2")
    restored = restore(models, "small")
    assert (restored.model.number, restored.before) == (2, 3)
    assert read_bytes(models / "small") == before


def test_restoring_twice_brings_back_what_was_in_use(models):
    before = read_bytes(models / "small")
    assert [restore(models, "small").model.number for _ in "ab"] == [2, 3]
    assert read_bytes(models / "small") == before


def test_restoring_keeps_no_model_twice(models):
    for _ in range(6):
        restore(models, "small")
    assert sorted(path.name for path in (models / "small" / "earlier").iterdir()) == ["1", "2", "3"]
    assert len(list(list_models(models))) == 3


def test_a_number_stays_one_models(models):
    restore(models, "small", 1)
    assert weight_of(models / "small") == 1
    restore(models, "small")
    put(models / "small", make_model(4))
    weights = [weight_of(models / "small" / "earlier" / str(number)) for number in (1, 2, 3)]
    assert weights == [1, 2, 3]
    assert [kept.number for kept in list_models(models)] == [0, 3, 2, 1]


def test_no_earlier_model_is_overwritten_where_somebody_deleted_an_older_one(models):
    shutil.rmtree(models / "small" / "earlier" / "1")
    put(models / "small", make_model(4))
    put(models / "small", make_model(5))
    kept = {kept.number: weight_of(kept.folder) for kept in list_models(models)}
    assert kept == {0: 5, 4: 4, 3: 3, 2: 2}


def test_a_model_in_use_is_not_restored(models):
    restore(models, "small", 1)
    with pytest.raises(UserError, match="Number 1 of the model 'small' is in use already"):
        restore(models, "small", 1)


def test_a_model_that_cannot_be_written_leaves_the_one_before_in_use(models):
    break_off(models / "small")
    with pytest.raises(UserError, match="card.json cannot be written"):
        put(models / "small", make_model(4))
    assert not find_damage(models / "small")
    assert weight_of(models / "small") == 3


def test_a_damaged_model_can_be_restored(models):
    (models / "small" / "heads.npz").write_bytes(b"")
    assert "not the one that the card describes" in find_damage(models / "small")
    restored = restore(models, "small")
    assert (restored.model.number, restored.before) == (2, 0)
    assert weight_of(models / "small") == 2


def test_a_restoring_that_was_broken_off_can_be_done_again(models):
    break_off(models / "small")
    with pytest.raises(UserError, match="card.json cannot be written"):
        restore(models, "small", 1)
    (models / "small" / "card.json.partial").rmdir()
    restore(models, "small", 1)
    assert weight_of(models / "small") == 1
    assert weight_of(models / "small" / "earlier" / "3") == 3


def test_a_copy_that_was_broken_off_is_no_model_and_gives_its_place(models):
    break_off(models / "small" / "earlier" / "3")
    with pytest.raises(UserError, match="card.json cannot be written"):
        put(models / "small", make_model(4))
    assert weight_of(models / "small") == 3
    assert [kept.number for kept in list_models(models)] == [0, 2, 1]
    (models / "small" / "earlier" / "3" / "card.json.partial").rmdir()
    put(models / "small", make_model(4))
    assert weight_of(models / "small" / "earlier" / "3") == 3


def test_two_runs_do_not_change_a_model_at_once(models):
    with FileLock(models / "small" / ".lock"), pytest.raises(UserError, match="Another run is"):
        restore(models, "small")
    assert weight_of(models / "small") == 3


def test_what_a_killed_run_left_half_written_is_swept(models):
    (models / "small" / "heads.npz.partial").write_bytes(b"half")
    put(models / "small", make_model(4))
    assert not list(models.rglob("*.partial"))


def test_a_damaged_earlier_model_is_not_restored_and_nothing_is_changed(models):
    (models / "small" / "earlier" / "2" / "heads.npz").write_bytes(b"")
    before = read_bytes(models / "small")
    with pytest.raises(ModelError, match=r"earlier/2/heads\.npz is missing.*Nothing was changed"):
        restore(models, "small")
    assert read_bytes(models / "small") == before
    assert not (models / "small" / "earlier" / "3").exists()


def test_a_model_without_its_card_can_be_restored(models):
    (models / "small" / "card.json").unlink()
    assert name_models(models) == ["small"]
    assert "card.json is missing" in find_damage(models / "small")
    restore(models, "small")
    assert weight_of(models / "small") == 2


@pytest.mark.parametrize("name", ["smal", "../models/small", "", ".", "small/earlier"])
def test_an_unknown_name_lists_the_known_ones(models, name):
    with pytest.raises(UnknownChoiceError, match="Choose from: small"):
        find_model(models, name)


def test_an_unknown_number_lists_the_known_ones(models):
    with pytest.raises(UserError, match=r"'small' has no number 7. Choose from: 1, 2\."):
        restore(models, "small", 7)


def test_the_shipped_model_and_a_first_one_have_no_earlier_ones(tmp_path):
    for name in ("default", "first"):
        put(tmp_path / name, make_model(1))
    with pytest.raises(UserError, match="it ships with three-powers and is not retrained"):
        restore(tmp_path, "default")
    with pytest.raises(UserError, match="The model 'first' has no earlier one to restore."):
        restore(tmp_path, "first")


def test_other_files_and_folders_are_no_models(models):
    (models / "finetune.py").write_text("")
    (models / "__pycache__").mkdir()
    (models / "half").mkdir()
    (models / "half" / "heads.npz").write_bytes(b"")  # a first model that was broken off
    (models / "small" / "earlier" / "1").rename(models / "small" / "earlier" / "my favourite")
    assert [(kept.name, kept.number) for kept in list_models(models)] == [
        ("small", 0),
        ("small", 2),
    ]
