"""What the pipeline sees in a file, in words and for programs; never a traceback."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main

GOLDEN = Path(__file__).parent / "data" / "readers"
TALK = """\
Interviewer: Um, how is it here?

Ada Quill: We have a hall [laughs] and a lamp.

Interviewer: And the river?

Ada Quill: It comes up to the wall in March.
"""


@pytest.fixture
def talk(tmp_path):
    path = tmp_path / "ada.txt"
    path.write_text(TALK)
    return path


def preview(*arguments):
    return CliRunner().invoke(main, ["preview", *map(str, arguments)])


def test_it_shows_speakers_the_beginning_and_what_is_taken_away(talk):
    result = preview(talk)
    assert result.exit_code == 0
    said = " ".join(result.output.split())
    assert "Ada Quill (2 turns, 16 words), Interviewer (2 turns, 8 words)" in said
    assert "takes away 1 filler, 1 mark" in said
    assert "begins Interviewer: how is it here? Ada Quill: We have a hall and a lamp." in said


def test_it_gives_the_same_to_programs(talk):
    (record,) = json.loads(preview(talk, "--json").output)
    assert record["file"] == "ada.txt"
    assert record["speakers"][1] == {"name": "Ada Quill", "turns": 2, "words": 16}
    assert record["cleaned"] == {"fillers": 1, "marks": 1}
    assert record["begins"][0] == {"speaker": "Interviewer", "text": "how is it here?"}
    assert record["problem"] == ""


def test_a_file_that_cannot_be_read_is_one_sentence_and_the_others_are_shown(talk, tmp_path):
    (tmp_path / "scan.docx").write_bytes(b"no document")
    result = preview(tmp_path / "scan.docx", talk)
    assert result.exit_code == 1
    assert "scan.docx: this is no Word document" in result.output
    assert "Ada Quill (2 turns" in result.output
    assert "Traceback" not in result.output
    broken, _ = json.loads(preview(tmp_path / "scan.docx", talk, "--json").output)
    assert broken["problem"].startswith(f"{tmp_path / 'scan.docx'}: this is no Word document")


@pytest.mark.parametrize("folder", sorted(GOLDEN.iterdir()), ids=lambda folder: folder.name)
def test_every_format_that_is_read_can_be_previewed(folder):
    (source,) = folder.glob("input.*")
    (record,) = json.loads(preview(source, "--json").output)
    assert record["problem"] == ""
    assert record["speakers"]
