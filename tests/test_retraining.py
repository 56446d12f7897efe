import json
import re
import shutil
from datetime import date
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.codebook import Label
from pipeline.coding.classifiers import classifiers
from pipeline.coding.model import load_model
from pipeline.decisions import record
from pipeline.retraining import retrain
from pipeline.study import Study
from pipeline.tables import PASSAGES

MONEY = Label("austerity", "present")
ANSWERS = [
    "The roof fund was short again and the hall has buckets out when it rains.",
    "We met by the river on the Sunday and nobody had brought a list of any kind.",
    "They sent one more form and then one more, and the lamp was never mended.",
    "She took the keys and got on with it, and by noon the gate was painted.",
]


@pytest.fixture
def study(make_study):
    """Four interviews of eight different answers each."""

    def talk(who):
        answers = (f"{who} says: {ANSWERS[i % 4]} It was week {who * 9 + i}." for i in range(8))
        return "\n\n".join(f"Interviewer: And?\n\nAda Quill: {answer}" for answer in answers)

    return make_study({f"a{who}.txt": talk(who) for who in range(1, 5)})


def run(study, command):
    return CliRunner().invoke(main, ["--root", str(study.root), command, "small"])


def decide(study, word, *, labels=None, version="1.1.0"):
    """Let Ada say that 'austerity, present' applies where a word is said; other labels do not."""
    passages = study.tables.read(PASSAGES)
    common = {"coder": "Ada", "codebook_version": version, "selection": "random"}
    record(
        study.corpus / "coding.sqlite",
        [
            {
                **common,
                "passage": passage,
                "code": label.code,
                "stance": label.stance,
                "applied": label == MONEY and word in text,
                "probability": 1.0,
                "decided_at": "2025-03-01T10:00:00Z",
            }
            for passage, text in zip(passages["passage"], passages["text"], strict=True)
            for label in labels or study.codebook.labels
        ],
    )


@pytest.fixture
def writable_models(study):
    models = study.root / "models"
    target = models.resolve()
    models.unlink()
    models.mkdir()
    (models / "default").symlink_to(target / "default")
    return models


def test_decisions_by_another_version_of_the_codebook_count_and_are_told(study, writable_models):
    assert run(study, "analyse").exit_code == 0
    decide(study, "river", labels=[MONEY], version="1.0.0")
    result = run(study, "retrain")
    assert "; 32 decisions by codebook version 1.0.0)" in result.output


def test_a_study_learns_from_its_coders_and_codes_by_it(study, writable_models):
    assert run(study, "analyse").exit_code == 0
    decide(study, "river")
    result = run(study, "retrain")
    assert result.exit_code == 0, result.output
    assert "It codes from the next 'make analyse' on" in result.output
    card = json.loads((writable_models / "small" / "card.json").read_text())
    assert "32 passages of 4 interviews that people decided on" in card["trained_on"]
    (change,) = card["changes"]
    assert (change["code"], change["positives"], change["is_taken"]) == ("austerity", 8, True)
    assert f"{'austerity, present':<36}     8" in result.output
    again = run(study, "analyse")
    assert "by the model 'small'; people's decisions: 1,536 in use, 0 on" in again.output
    codings = pd.read_parquet(study.outputs / "codings.parquet")
    mine = codings.query("code == 'austerity' and stance == 'present' and coder == 'model small'")
    texts = study.tables.read(PASSAGES).set_index("passage")["text"]
    river = texts.loc[mine["passage"]].str.contains("river").to_numpy()
    assert np.array_equal(mine["applied"].to_numpy(), river)


def test_labels_that_nobody_decided_keep_the_shipped_head_and_threshold(study, writable_models):
    assert run(study, "analyse").exit_code == 0
    decide(study, "river", labels=[MONEY])
    assert "on 1 label and 32 passages" in run(study, "retrain").output
    shipped = load_model(writable_models / "default", study.codebook)
    own = load_model(writable_models / "small", study.codebook)
    changed = own.cutoffs.applied != shipped.cutoffs.applied
    assert [label for label, is_new in zip(own.labels, changed, strict=True) if is_new] == [MONEY]
    same = (own.heads.weights == shipped.heads.weights).all(axis=1)
    assert same.sum() == len(own.labels) - 1


def test_the_model_before_is_kept(study, writable_models):
    assert run(study, "analyse").exit_code == 0
    decide(study, "river")
    assert run(study, "retrain").exit_code == 0
    before = (writable_models / "small" / "heads.npz").read_bytes()
    decide(study, "gate")
    assert run(study, "retrain").exit_code == 0
    assert (writable_models / "small" / "earlier" / "1" / "heads.npz").read_bytes() == before
    assert (writable_models / "small" / "heads.npz").read_bytes() != before


def test_what_cannot_be_learnt_makes_no_model(study, writable_models):
    assert run(study, "analyse").exit_code == 0
    decide(study, "nowhere")  # nothing applies
    result = run(study, "retrain")
    assert result.exit_code == 1
    assert "There is too little to learn from: people have decided on 32 passages" in result.output
    assert not (writable_models / "small").exists()


@classifiers.register("contrary")
def train_contrary(examples, before):
    """Learn the opposite of what people decided."""
    contrary = examples._replace(applied=(examples.weight > 0) & ~examples.applied)
    return classifiers["logistic"](contrary, before)


def test_a_worse_candidate_is_refused_and_the_old_model_stays(study, writable_models):
    assert run(study, "analyse").exit_code == 0
    decide(study, "river")
    assert run(study, "retrain").exit_code == 0
    before = (writable_models / "small" / "heads.npz").read_bytes()
    done = retrain(study, today=date(2025, 3, 2), classifier="contrary")
    assert not done.verdict.is_better
    assert "no model was made: it would be no better" in done.sentence
    assert (writable_models / "small" / "heads.npz").read_bytes() == before
    assert not (writable_models / "small" / "earlier").exists()


def test_the_same_decisions_make_the_same_bytes(study, writable_models):
    assert run(study, "analyse").exit_code == 0
    decide(study, "river")
    made = []
    for _ in "ab":
        retrain(study, today=date(2025, 3, 2))
        files = [writable_models / "small" / name for name in ("heads.npz", "card.json")]
        made.append([file.read_bytes() for file in files])
        shutil.rmtree(writable_models / "small")
    assert made[0] == made[1]


def test_a_model_that_is_chosen_in_study_toml_is_not_replaced_unasked(study, writable_models):
    (study.corpus / "study.toml").write_text("[code]\nmodel = 'default'\n")
    assert run(study, "analyse").exit_code == 0
    decide(study, "river")
    assert "set code.model to 'small' to use the new one" in run(study, "retrain").output


def test_decisions_turn_up_in_the_shares(study):
    assert run(study, "analyse").exit_code == 0
    decide(study, "river")
    assert run(study, "analyse").exit_code == 0
    shares = pd.read_parquet(study.outputs / "shares.parquet")
    row = shares.query("code == 'austerity' and stance == 'present'").iloc[0]
    assert (row["applied"], row["passages"]) == (8, 32)
    assert shares["applied"].sum() == 8


def test_a_revised_codebook_goes_on_from_the_shipped_model(study, writable_models):
    text = (resources.files("pipeline.codebooks") / "three_powers.yaml").read_text("utf-8")
    text = text.replace("version: 1.1.0", "version: 1.2.0")
    text = text.replace("Money, staff or time that is cut", "Money that is cut")
    (study.corpus / "codebook.yaml").write_text(text, "utf-8")
    assert "by the model 'default', 2 labels by an older wording" in run(study, "analyse").output
    revised = Study(study.root, study.name, study.corpus)
    decide(revised, "river", labels=[MONEY], version="1.2.0")
    assert "models/small is made" in run(study, "retrain").output
    rows = json.loads((writable_models / "small" / "card.json").read_text())["labels"]
    older = [(row["code"], row["stance"]) for row in rows if row.get("older_wording")]
    assert older == [("austerity", "lacking")]
    assert "by the model 'small', 1 label by an older wording" in run(study, "analyse").output


def test_training_twice_on_the_same_decisions_is_no_step_back(study, writable_models):
    assert run(study, "analyse").exit_code == 0
    decide(study, "river")
    first = run(study, "retrain").output
    assert "models/small is made" in first
    again = run(study, "retrain").output
    new, old = re.search(r"macro-F1 ([\d.]+) against ([\d.]+) of the model in use", again).groups()
    assert new == old
    assert "models/small is made" in again
