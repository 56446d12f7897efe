"""A quote can be shown as it was said, in its place."""

import re

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.tables import PASSAGES

TALK = """\
[00:00:05] Interviewer: And then?

[00:01:10] Ada Quill: Well, um, I rang Graham Ollershaw [laughs] of Tannery Street, and the the
lamp was mended. Nobody had asked for it. Then Graham Ollershaw came round, er, with the keys of
the hall on Tannery Street, and we all went in together, the whole street of us, and had our tea.
"""


@pytest.fixture
def quote(make_study):
    study = make_study({"ada.txt": TALK}, settings="[segment]\nwanted = 10\nlongest = 20\n")
    for stage in ("read", "pseudonymise", "segment"):
        done = CliRunner().invoke(main, ["--root", str(study.root), stage, "small"])
        assert done.exit_code == 0, done.output
    passages = study.tables.read(PASSAGES)

    def show(number):
        name = passages["passage"].iloc[number] if isinstance(number, int) else number
        return CliRunner().invoke(main, ["--root", str(study.root), "quote", "small", name])

    return show


def test_it_names_file_lines_time_and_speaker(quote):
    assert quote(0).output.startswith("ada.txt, lines 3 to 5, at 0:01:10, Ada Quill")


def test_the_words_are_those_that_were_said_with_names_and_fillers(quote):
    said = quote(0).output.partition("As it was said:\n")[2].partition("\n\nAs it is quoted:\n")
    assert said[0].startswith("Well, um, I rang Graham Ollershaw [laughs] of Tannery Street, and")
    assert "Ollershaw" not in said[2]
    assert "um" not in said[2].split()


def test_every_passage_is_found_with_all_its_words_and_no_others(quote):
    place, whole = 0, " ".join(TALK.partition("Quill:")[2].split())
    for number in range(3):
        result = quote(number)
        if result.exit_code:
            break
        said = result.output.partition("As it was said:\n")[2].partition("\n\n")[0]
        assert whole.index(said) >= place
        place = whole.index(said) + len(said)
        quoted = result.output.partition("As it is quoted:\n")[2]
        first, last = (re.findall(r"\w+", quoted)[at] for at in (0, -1))
        assert first == re.findall(r"\w+", said)[0]
        assert last == re.findall(r"\w+", said)[-1]
    assert number > 0


def test_an_unknown_passage_is_one_sentence(quote):
    result = quote("T9-none")
    assert result.exit_code == 1
    assert "There is no passage 'T9-none' in 'small'." in result.output
