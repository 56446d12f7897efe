import numpy as np
import pytest
from click.testing import CliRunner

from pipeline.cli import main, models
from pipeline.codebook import Label
from pipeline.coding.card import CLASSIFIED, RANKED
from pipeline.coding.classifiers import Heads
from pipeline.coding.evaluation import Cutoffs
from pipeline.coding.model import Model, no_folds
from pipeline.coding.shelf import put

LABELS = (Label("water", "present"), Label("water", "lacking"))
WET = {
    "code": "water",
    "stance": "present",
    "mode": CLASSIFIED,
    "positives": 1204,
    "interviews": 31,
    "precision": 0.8123,
    "recall": 0.5,
    "f1": 0.619,
    "f1_interval": [0.55, 0.7],
    "calibration_error": 0.0312,
}
DRY = {"code": "water", "stance": "lacking", "mode": RANKED, "positives": 3, "interviews": 2}
CHANGE = {
    "code": "water",
    "stance": "present",
    "positives": 204,
    "interviews": 6,
    "old": 0.5,
    "new": 0.619,
    "difference": 0.119,
    "interval": [-0.02, 0.2],
    "is_taken": True,
}
CARD = {
    "name": "small",
    "made_by": "three-powers 0.1.0",
    "date": "2025-03-01",
    "codebook": {"name": "rivers", "version": "2", "fingerprint": "f"},
    "encoder": {"name": "words", "sha256": "s", "builder": "words", "folder": "default"},
    "classifier": "logistic",
    "trained_on": "2,000 passages of 31 interviews that people decided on, starting anew.",
    "macro_f1": {"this_model": 0.619, "the_one_before": 0.5, "over": "labels that were learnt"},
    "labels": [WET, DRY],
    "bias": [
        {
            "by": "area",
            "group": "North",
            "passages": 1400,
            "interviews": 20,
            "missed": 0.031,
            "invented": 0.012,
            "difference": 0.0134,
            "interval": [-0.02, 0.05],
        }
    ],
    "changes": [CHANGE, CHANGE | {"difference": -0.1, "interval": None, "is_taken": False}],
}
OLD = {name: CARD[name] for name in ("codebook", "encoder", "labels")}


def make_model(card):
    cutoffs = Cutoffs(*(np.array([each, np.inf]) for each in (0.4, 0.9, 0.1)))
    cutoffs.doubtful[1] = 0.5
    return Model(Heads(np.ones((2, 3)), np.zeros(2)), cutoffs, LABELS, card, no_folds(2, 3))


@pytest.fixture
def root(tmp_path):
    """The model 'small' is in use, and one with an old card was before it."""
    for card in (OLD, CARD):
        put(tmp_path / "models" / "small", make_model(card))
    return tmp_path


@pytest.fixture
def run(root):
    def run(*arguments):
        return CliRunner().invoke(main, ["--root", str(root), "models", *arguments])

    return run


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_models_are_listed_a_line_each(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 0
    header, in_use, earlier = result.output.splitlines()
    assert header == (
        "model  number  date        codebook  macro-F1  labels                       trained on"
    )
    assert in_use == (
        "small  in use  2025-03-01  rivers 2  .62       1 classified, 1 only ranked  "
        "2,000 passages of 31 interviews that …"
    )
    assert earlier == (
        "small  1       –           rivers 2  –         1 classified, 1 only ranked  –"
    )


def test_a_damaged_model_is_named_and_the_others_still_listed(root, run):
    folder = root / "models" / "small" / "earlier" / "1"
    (folder / "heads.npz").write_bytes(b"")
    _, in_use, earlier = run().output.splitlines()
    assert in_use.startswith("small  in use  2025-03-01  rivers 2")
    assert earlier == (
        f"small  1       damaged: {folder / 'heads.npz'} is missing, or not the one that the card "
        "describes."
    )


def test_a_card_is_shown_as_facts_and_tables(run):
    result = run("show", "small")
    assert result.exit_code == 0
    facts, figures, about, bias, _, changes = result.output.split("\n\n")
    assert facts.splitlines() == [
        "model       small, in use",
        "made by     three-powers 0.1.0",
        "date        2025-03-01",
        "codebook    rivers 2",
        "encoder     words",
        "classifier  logistic",
        "trained on  2,000 passages of 31 interviews that people decided on, starting anew.",
        "macro-F1    this model .62, the one before .50, over labels that were learnt",
    ]
    header, wet, dry = (line.split() for line in figures.splitlines())
    assert header[:6] == ["code", "and", "stance", "yes", "precision", "recall"]
    assert wet == "water, present 1,204 .81 .50 .62 .55 to .70 .03 .40 .90 .10".split()
    assert dry == "water, lacking 3 only ranked; asked from .50".split()
    assert "Scores below 'asked from' are an automatic no." in about
    assert bias.splitlines()[1].split() == (
        "area: North 1,400 20 .03 .01 +0.01 -0.02 to +0.05".split()
    )
    title, _, taken, kept = changes.splitlines()
    assert title == "What the last training changed:"
    assert taken.split() == "water, present 204 0.50 0.62 +0.12 -0.02 to +0.20".split()
    assert kept.split() == "water, present 204 0.50 0.62 -0.10 unknown (old one kept)".split()


def test_the_columns_of_a_table_stand_below_their_headings(run):
    header, wet, _ = run("show", "small").output.split("\n\n")[1].splitlines()
    for heading, cell in [("yes", "1,204"), ("precision", ".81"), ("asked from", ".10")]:
        assert header.index(heading) + len(heading) == wet.index(cell) + len(cell)


def test_an_old_card_is_shown_with_what_it_has(run):
    output = run("show", "small", "--number", "1").output
    assert output.startswith(
        "model       small, number 1\ncodebook    rivers 2\nencoder     words\n"
    )
    assert "changed" not in output
    assert "invented" not in output


def test_damage_beside_a_card_is_told_with_it(root, run):
    (root / "models" / "small" / "heads.npz").write_bytes(b"")
    output = " ".join(run("show", "small").output.split())
    assert "damaged" in output
    assert "heads.npz is missing, or not the one that the card describes." in output
    assert "date 2025-03-01" in output


def test_restoring_says_what_is_in_use_and_how_to_undo_it(run):
    assert run("restore", "small").output == (
        "Number 1 of the model 'small' is in use again. The next 'make analyse' codes by it. To "
        "undo this: three-powers models restore small --number 2\n"
    )
    assert "2025-03-01" not in run("show", "small").output
    assert "Number 2 of the model 'small'" in run("restore", "small", "--number", "2").output
    assert "2025-03-01" in run("show", "small").output


def test_restoring_in_place_of_a_damaged_model_says_that_it_is_not_kept(root, run):
    (root / "models" / "small" / "heads.npz").write_bytes(b"")
    assert run("restore", "small").output.endswith(
        "codes by it. The one before was damaged, and is not kept.\n"
    )


@pytest.mark.parametrize("command", ["show", "restore"])
def test_an_unknown_model_is_suggested(run, command):
    result = run(command, "smal")
    assert (result.exit_code, result.output) == (
        1,
        "Error: There is no model 'smal'. Did you mean 'small'? Choose from: small.\n",
    )


def test_an_unknown_command_is_suggested(run):
    result = run("lst")
    assert result.exit_code == 2
    assert "There is no command 'lst'. Did you mean 'list'? Choose from: list, show, restore." in (
        result.output
    )


@pytest.mark.parametrize("name", models.commands)
def test_every_command_shows_an_example(run, name):
    assert f"Example:\n      three-powers models {name}" in run(name, "--help").output


def test_a_project_without_models_lists_none(tmp_path):
    result = CliRunner().invoke(main, ["--root", str(tmp_path), "models"])
    assert result.output == "model  number  date  codebook  macro-F1  labels  trained on\n"
