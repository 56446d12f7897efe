import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.stages import STAGES
from pipeline.transcripts.readers import readers

TALK = """\
Interviewer: How is it here, on the whole?

Ada Quill: The director stood up in March and told us to try it, she would take the blame herself.

Interviewer: And then?

Ada Quill: Then nobody in the housing team would speak to us, so I went round to every flat alone.
"""


@pytest.fixture
def run(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(main, ["--root", str(tmp_path), *map(str, arguments)])

    return run


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_is_a_command_that_shows_an_example(run, stage):
    result = run(stage.name, "--help")
    assert result.exit_code == 0
    assert f"three-powers {stage.name} demo" in result.output


@pytest.mark.parametrize("name", main.commands)
def test_every_command_says_what_it_is_for(run, name):
    assert len(run(name, "--help").output.split("Example:")) == 2 or name in ("settings",)
    assert main.commands[name].help


def test_a_command_with_another_name_is_suggested(run):
    result = run("analyze")
    assert result.exit_code == 2
    assert "There is no command 'analyze'. Did you mean 'analyse'? Choose from: new," in (
        result.output
    )


def test_a_study_with_another_name_is_suggested(run, make_study):
    make_study({"a1.txt": TALK})
    result = run("analyse", "smal")
    assert result.exit_code == 1
    assert result.output == (
        "Error: There is no study 'smal'. Did you mean 'small'? Choose from: small.\n"
    )


def test_a_path_that_is_no_folder_is_said_so(run):
    result = run("analyse", "../nowhere/study")
    assert (result.exit_code, result.output) == (
        1,
        "Error: There is no study in ../nowhere/study. A study's folder has transcripts/ and "
        "interviews.csv in it; 'three-powers new STUDY --from FOLDER' makes one.\n",
    )


def test_a_stage_without_the_one_before_says_what_to_run(run, make_study):
    make_study({"a1.txt": TALK})
    result = run("segment", "small")
    assert result.exit_code == 1
    assert "safe_turns.parquet is not there yet. Run 'make analyse STUDY=small'" in result.output


def test_retraining_without_decisions_is_refused_in_a_sentence(run, make_study):
    make_study({"a1.txt": TALK})
    assert run("analyse", "small").exit_code == 0
    result = run("retrain", "small")
    assert result.exit_code == 1
    assert (
        "There is too little to learn from: people have decided on 0 passages of 'small'"
        in result.output
    )


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from pipeline.cli import main; "
        "print(sorted({'pandas', 'numpy', 'pydantic', 'spacy', 'sklearn'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[1],
        text=True,
    )
    assert shown.stdout == "[]\n"


def test_a_new_study_is_made_from_a_folder(run, tmp_path):
    source = tmp_path / "from typist"
    for name in ("North/a 1.txt", "North/a2.vtt", "South/b1.txt", "South/notes.xyz", ".DS_Store"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(TALK)
    result = run("new", "harbour", "--from", source)
    assert result.exit_code == 0, result.output
    study = tmp_path / "corpora" / "harbour"
    assert (study / "interviews.csv").read_text("utf-8-sig").splitlines() == [
        "transcript,participant,area,role,date",
        "North/a 1.txt,,North,,",
        "North/a2.vtt,,North,,",
        "South/b1.txt,,South,,",
    ]
    assert (study / "transcripts" / "North" / "a 1.txt").read_text() == TALK
    assert "with 3 transcripts (files of other formats, left out: 1)" in result.output


def test_a_new_study_never_overwrites_another(run, tmp_path):
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "a.txt").write_text(TALK)
    assert run("new", "harbour", "--from", tmp_path / "talks").exit_code == 0
    result = run("new", "harbour", "--from", tmp_path / "talks")
    assert result.exit_code == 1
    assert "harbour is there already. Choose another name, or move it away." in result.output


@pytest.mark.parametrize("name", ["../x", "a/b", "", "CON:", ".hidden", "default", "x" * 300])
def test_a_new_studys_name_stays_in_its_folder(run, tmp_path, name):
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "a.txt").write_text(TALK)
    result = run("new", name, "--from", tmp_path / "talks")
    assert result.exit_code == 1
    assert "cannot name a study" in result.output


def test_a_folder_without_transcripts_makes_no_study(run, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("new", "harbour", "--from", tmp_path / "empty")
    assert result.exit_code == 1
    assert f"The formats read are {', '.join(readers.names())}." in result.output
    assert not (tmp_path / "corpora").exists()
