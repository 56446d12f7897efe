import json
import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.leaks import find_leaks
from pipeline.stages import pseudonymise
from pipeline.tables import TURNS
from pipeline.workbooks import save_workbook

SAID = "We asked Zubek and Grace, and Zubek rang 01632 960147. We live in North, by Tansy Row."


@pytest.fixture
def study(make_study, make_raw_turns):
    made = make_study({"a1.txt": "x"})
    turns = make_raw_turns(SAID, transcript="a1.txt", participant="Ada Quill", speaker="Ada Quill")
    made.tables.write(TURNS, turns)
    pseudonymise(made)
    return made


def check(study, *options):
    return CliRunner().invoke(main, ["--root", str(study.root), "check-leaks", "small", *options])


def test_what_is_pseudonymised_leaks_nothing(study):
    result = check(study)
    assert (result.exit_code, "names found in 0 of them" in result.output) == (0, True), (
        result.output
    )


def write_sqlite(path, text):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE memos (text TEXT)")
        database.execute("INSERT INTO memos VALUES (?)", (text,))
        database.commit()


WRITERS = {
    "a.parquet": lambda path, text: pd.DataFrame({"n": [1], "t": [text]}).to_parquet(path),
    "a.csv": lambda path, text: path.write_text(f"n,t\n1,{text}\n", "utf-8"),
    "a.json": lambda path, text: path.write_text(json.dumps({"t": text})),
    "a.html": lambda path, text: path.write_text(f"<p>{text.replace(' ', '&#32;')}</p>"),
    "a.xlsx": lambda path, text: save_workbook(path, {"s": pd.DataFrame({"t": [text]})}, widths={}),
    "a.npz": lambda path, text: np.savez(path, keys=np.array([text])),
    "a.log": lambda path, text: path.write_text(text),
    "a.sqlite": write_sqlite,
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("text", ["so zubek's van", "ZUBEK", "ring 01632 960147 now", "Ada Quill"])
def test_names_are_found_in_every_kind_of_file(study, name, text):
    WRITERS[name](study.outputs / name, text)
    (leak,) = find_leaks(study)
    assert leak.path.name == name
    assert leak.names.total() == 1


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        ("the Zubekstow plan", False),  # not a whole word
        ("they fell from grace", False),  # a word
        ("then Grace came in", True),
        ("Grace under pressure", False),  # opens a sentence
        ("in North they say", False),  # an area
        ("down Tansy Row again", True),
        ("9zubek4f", False),  # a hash
    ],
)
def test_whole_words_count_and_words_of_the_language_only_as_names(study, text, leaks):
    (study.outputs / "a.txt").write_text(text)
    assert bool(find_leaks(study)) == leaks


def test_files_called_after_somebody_are_found(study):
    (study.outputs / "zubek_1.txt").write_text("nothing")
    assert [leak.names.total() for leak in find_leaks(study)] == [1]


def test_memos_are_searched_and_the_real_names_own_places_are_not(study):
    write_sqlite(study.corpus / "coding.sqlite", "Zubek said more than he wanted")
    (leak,) = find_leaks(study)
    assert leak.path.name == "coding.sqlite"


def test_the_command_names_files_and_counts_but_no_name_unless_asked(study):
    (study.outputs / "a.txt").write_text("Zubek and Zubek")
    result = check(study)
    assert result.exit_code == 1
    assert "a.txt: 2" in result.output
    assert "zubek" not in result.output.lower()
    assert "a.txt: 2: zubek (2)" in check(study, "--show").output
