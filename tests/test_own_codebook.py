"""A study with its own codebook: ranked first, then coded by what people decided."""

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.codebook import Label
from pipeline.decisions import record
from pipeline.errors import UserError
from pipeline.retraining import retrain
from pipeline.running import run_stage
from pipeline.study import Study
from pipeline.tables import PASSAGES

PROJECT = Path(__file__).parents[1]
CODEBOOK = """\
code;definition;examples\r
Water;Rain, rivers and leaks.;We walked along the river. | lacking: It was dry all summer.\r
Tools;Keys, lamps and paint.;\r
"""
WET = Label("water", "present")
ANSWERS = [
    "The roof was leaking again and the hall has buckets out when it rains.",
    "We met by the river on the Sunday and nobody had brought a list of any kind.",
    "They sent one more form and then one more, and the lamp was never mended.",
    "She took the keys and got on with it, and by noon the gate was painted.",
]


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """Six interviews of eight answers, four of these about water, coded without a model."""
    root = tmp_path_factory.mktemp("coded")
    corpus = root / "corpora" / "small"
    (corpus / "transcripts").mkdir(parents=True)
    for who in range(1, 7):
        answers = (f"{who} says: {ANSWERS[i % 4]} It was week {who * 9 + i}." for i in range(8))
        talk = "\n\n".join(f"Interviewer: And?\n\nAda Quill: {answer}" for answer in answers)
        (corpus / "transcripts" / f"a{who}.txt").write_text(talk)
    rows = "".join(f"a{who}.txt,Ada Quill,North,warden,\n" for who in range(1, 7))
    (corpus / "interviews.csv").write_text(f"transcript,participant,area,role,date\n{rows}")
    (corpus / "codebook.csv").write_text(CODEBOOK, "utf-8-sig", newline="")
    (root / "models").mkdir()
    (root / "models" / "default").symlink_to(PROJECT / "models" / "default")
    code(Study(root, "small", corpus))
    return root


@pytest.fixture(scope="module")
def taught(coded, tmp_path_factory):
    """The same with a model of its own: 20 decided yes and 20 no, in five of six interviews."""
    study = copy(coded, tmp_path_factory.mktemp("taught"))
    decide(study, interviews=[f"a{who}" for who in range(1, 6)])
    result = run(study, "retrain", "small")
    assert result.exit_code == 0, result.output
    return study.root


@pytest.fixture
def study(coded, tmp_path):
    return copy(coded, tmp_path)


@pytest.fixture
def trained(taught, tmp_path):
    return copy(taught, tmp_path)


def copy(root, target):
    others = shutil.ignore_patterns(".study")  # says whose results these are
    shutil.copytree(root, target, symlinks=True, dirs_exist_ok=True, ignore=others)
    return Study(target, "small", target / "corpora" / "small")


def run(study, *command):
    return CliRunner().invoke(main, ["--root", str(study.root), *command])


def analyse(study):
    result = run(study, "analyse", study.name)
    assert result.exit_code == 0, result.output
    return result.output


def code(study):
    """Run the stages up to that which codes, and give its sentence."""
    for stage in ("read", "pseudonymise", "segment", "embed", "code"):
        sentence = run_stage(study, stage)
    return sentence


def decide(study, *, interviews):
    """Let Ada say of some interviews' passages whether they are about water."""
    passages = study.tables.read(PASSAGES)
    passages = passages[passages["transcript"].isin(interviews)]
    record(
        study.corpus / "coding.sqlite",
        [
            {
                "coder": "Ada",
                "passage": passage,
                "code": WET.code,
                "stance": WET.stance,
                "applied": is_wet(text),
                "codebook_version": study.codebook.version,
                "selection": "random",
                "probability": 1.0,
                "decided_at": "2025-03-01T10:00:00Z",
            }
            for passage, text in zip(passages["passage"], passages["text"], strict=True)
        ],
    )


def is_wet(text):
    return "roof" in text or "river" in text


def reopen(study):
    """Forget what was read of the study's files."""
    return Study(study.root, study.name, study.corpus)


def reword(study):
    path = study.corpus / "codebook.csv"
    path.write_text(CODEBOOK.replace("leaks", "floods"), "utf-8-sig", newline="")


def test_without_a_model_passages_are_ranked_and_nothing_is_applied(study):
    sentence = (
        "nothing applied: no model for this codebook yet, so passages are only ranked by "
        "likeness to it, "
    )
    assert sentence in analyse(study)
    codings = pd.read_parquet(study.outputs / "codings.parquet")
    assert len(codings) == 48 * 4
    assert not codings["applied"].any()
    assert set(codings["decision"]) == {"ask", "no"}
    assert set(codings["coder"]) == {"model likeness"}
    asked = codings[codings["decision"] == "ask"].groupby(["code", "stance"], observed=True)
    assert (asked.size() >= 3).all()  # the likest 5 % of 48 for each code and stance


def test_the_likest_passages_are_those_that_the_codebook_describes(study):
    codings = pd.read_parquet(study.outputs / "codings.parquet")
    mine = codings.query("code == 'water' and stance == 'present'").nlargest(12, "score")
    texts = study.tables.read(PASSAGES).set_index("passage")["text"]
    assert texts.loc[mine["passage"]].map(is_wet).sum() >= 10  # 24 of all 48 are


def test_too_few_decisions_are_counted_and_the_need_is_said(study):
    decide(study, interviews=[f"a{who}" for who in range(1, 5)])
    result = run(study, "retrain", "small")
    assert result.exit_code == 1
    assert "people have decided on 32 passages of 'small'" in result.output
    assert "one without a classifier so far, once it has 20 yes in 5 interviews" in result.output
    assert not (study.root / "models" / "small").exists()


def test_decisions_make_a_model_that_codes_what_nobody_decided_on(trained):
    sentence = run_stage(trained, "code")
    assert "by the model 'small'; people's decisions: 40 in use, 0 on" in sentence
    codings = pd.read_parquet(trained.outputs / "codings.parquet")
    mine = codings[codings["coder"] == "model small"]
    wet = mine.query("code == 'water' and stance == 'present'")
    passages = trained.tables.read(PASSAGES).set_index("passage")
    new = wet[(passages.loc[wet["passage"], "transcript"] == "a6").to_numpy()]
    texts = passages.loc[new["passage"], "text"]
    assert np.array_equal(new["applied"].to_numpy(), texts.map(is_wet).to_numpy())
    others = mine.query("code == 'tools' or stance == 'lacking'")
    assert not others["applied"].any()
    assert set(others["decision"]) == {"ask", "no"}


def test_the_card_says_what_the_model_was_made_from(trained):
    card = json.loads((trained.root / "models" / "small" / "card.json").read_text("utf-8"))
    assert card["codebook"]["version"] == trained.codebook.version
    assert card["trained_on"].startswith(
        "40 passages of 5 interviews that people decided on, starting from the model 'likeness' "
        "(no codings)."
    )
    assert [row["mode"] for row in card["labels"]] == ["classified", "ranked", "ranked", "ranked"]
    assert [row["positives"] for row in card["labels"]] == [20, 0, 0, 0]
    assert "base_sha256" not in card


def test_a_model_is_refused_for_a_changed_codebook_with_what_to_do(trained):
    before = trained.codebook.name_and_version
    reword(trained)
    after = reopen(trained).codebook.name_and_version
    result = run(trained, "analyse", "small")
    assert result.exit_code == 1
    assert result.output.endswith(
        f"models/small was made for the codebook '{before}'; this study uses '{after}'. Put that "
        "codebook back, or train by this one with 'make retrain'. If people have decided on too "
        "little for that, choose another model in study.toml (code.model): 'default' ranks "
        "passages by any codebook.\n"
    )


def test_a_changed_codebook_is_ranked_by_when_the_shipped_model_is_chosen(trained):
    reword(trained)
    (trained.corpus / "study.toml").write_text("[code]\nmodel = 'default'\n")
    assert "nothing applied: no model for this codebook yet" in run_stage(reopen(trained), "code")


def test_a_changed_codebook_can_be_learnt_at_once_from_earlier_decisions(trained):
    reword(trained)
    assert run(trained, "analyse", "small").exit_code == 1
    result = run(trained, "retrain", "small")
    assert result.exit_code == 0, result.output
    assert "by the model 'small'" in analyse(trained)
    lines = run(trained, "models").output.splitlines()
    assert [line.split()[:2] for line in lines[2:]] == [["small", "in"], ["small", "1"]]


def test_two_studies_with_the_same_codebook_may_share_a_model(trained):
    other = Study(trained.root, "other", trained.corpus.with_name("other"))
    shutil.copytree(trained.corpus, other.corpus, ignore=shutil.ignore_patterns("coding.*"))
    (other.corpus / "study.toml").write_text("[code]\nmodel = 'small'\n")
    assert "by the model 'small'; people's decisions: 0 in use" in code(other)


def test_a_first_model_that_was_broken_off_is_not_used(study):
    (study.root / "models" / "small").mkdir()
    (study.root / "models" / "small" / "heads.npz").write_bytes(b"")
    assert "nothing applied: no model for this codebook yet" in run_stage(study, "code")


def test_a_damaged_model_says_how_to_bring_back_the_one_before(trained):
    (trained.root / "models" / "small" / "heads.npz").write_bytes(b"")
    result = run(trained, "analyse", "small")
    assert result.exit_code == 1
    assert "not the one that the card describes." in result.output
    assert "'three-powers models restore small' brings back the one before" in result.output


def test_a_model_of_an_earlier_encoder_says_how_to_train_it_anew(trained):
    path = trained.root / "models" / "small" / "card.json"
    card = json.loads(path.read_text("utf-8"))
    card["encoder"] |= {"name": "words of old", "sha256": "0" * 64}
    path.write_text(json.dumps(card), "utf-8")
    result = run(trained, "analyse", "small")
    assert result.exit_code == 1
    assert "models/small was trained with the encoder 'words of old', and " in result.output
    assert (
        "Choose the model 'default' in study.toml (code.model), run 'make analyse', then train"
        in (result.output)
    )


@pytest.mark.parametrize("name", ["default", "Default"])
def test_no_study_can_replace_the_shipped_model(tmp_path, name):
    with pytest.raises(UserError, match=f"A study called '{name}' cannot have a model"):
        retrain(Study(tmp_path, name, tmp_path), today=date(2025, 3, 1))
