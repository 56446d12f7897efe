import csv
import io
import subprocess
import sys
import tracemalloc
from collections import deque
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline.cli import main
from pipeline.code_tables import CHUNK, Coder, code_table, cut, load_coder
from pipeline.codebook import Label
from pipeline.coding.classifiers import Heads
from pipeline.coding.evaluation import Cutoffs
from pipeline.coding.model import Folds, Model, mark_interview, no_folds
from pipeline.errors import UnknownChoiceError, UserError
from pipeline.exports.spreadsheet_csv import unprotect
from pipeline.text_tables import TextTable

PROJECT = Path(__file__).parents[1]
LABELS = (Label("water", "present"), Label("trust", "lacking"))
NONE, ONE, TWO = 0.268941, 0.731059, 0.952574  # sigmoid of 2 x (words found) - 1


class CountingEncoder:
    """A text's vector is how often it says 'floods' and 'nobody'."""

    name = "counting"

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked.append(list(texts))
        for text in texts:
            yield np.array([text.count("floods"), text.count("nobody")], dtype=np.float32)


def make_model(folds=None):
    cutoffs = Cutoffs(np.array([0.5, 0.5]), np.array([0.9, np.inf]), np.array([0.2, 0.3]))
    rows = [{"code": label.code, "stance": label.stance, "mode": "classified"} for label in LABELS]
    heads = Heads(np.eye(2) * 2, np.array([-1.0, -1.0]))
    return Model(heads, cutoffs, LABELS, {"name": "small", "labels": rows}, folds or no_folds(2, 2))


def split_at_stops(texts):
    return [[0, *(place + 2 for place, mark in enumerate(t) if mark == ".")] for t in texts]


def find_no_sentences(texts):
    raise AssertionError("no text is long")


@pytest.fixture
def encoder():
    return CountingEncoder()


@pytest.fixture
def code(tmp_path, encoder):
    """Code a table given as text; give the rows of the output and what was said."""

    def code(content, *, model=None, find_sentences=find_no_sentences, **choices):
        table = TextTable(tmp_path / "answers.csv")
        table.path.write_text(content, "utf-8")
        coder = Coder(model or make_model(), encoder, find_sentences)
        said = []
        said.append(code_table(table, tmp_path / "out.csv", coder, said.append, **choices))
        return read(tmp_path / "out.csv"), said

    return code


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_text_has_a_row_for_each_code_and_stance(code, tmp_path):
    _, said = code("id,text\na,It floods and floods.\nb,\nc,nobody decides\n")
    assert (tmp_path / "out.csv").read_bytes().decode("utf-8") == (
        "\ufeffid,code,stance,score,decision,applied\r\n"
        f"a,water,present,{TWO},yes,true\r\n"
        f"a,trust,lacking,{NONE},no,false\r\n"
        f"c,water,present,{NONE},ask,false\r\n"
        f"c,trust,lacking,{ONE},ask,true\r\n"
    )
    assert said == [
        "2 texts (1 empty one left out) by the model 'small': 2 codes applied; "
        f"yes 1, ask 2, no 1 -> {tmp_path / 'out.csv'}"
    ]


def test_interview_area_and_context_are_carried_if_they_are_there(code):
    rows, _ = code("area,id,context,text,age\nNorth,a,How is it?,It floods.,40\n")
    assert list(rows[0])[:4] == ["id", "area", "context", "code"]
    assert [(row["id"], row["area"], row["context"]) for row in rows] == [
        ("a", "North", "How is it?")
    ] * 2


def test_without_ids_the_rows_are_numbered_and_that_is_said(code):
    rows, said = code("text\nIt floods.\n")
    assert [row["id"] for row in rows] == ["2", "2"]
    assert said[0] == "There is no column 'id': the id of each text is the number of its row."


def test_no_cell_runs_as_a_formula(code):
    rows, _ = code('id,text,area,interview\n=1+1,It floods.,-North,"@a\nb"\n')
    assert [rows[0][name] for name in ("id", "area", "interview")] == ["'=1+1", "'-North", "'@a\nb"]


WORDS = st.text("ab=+-@'\";,\t\n é", min_size=1).map(str.strip).filter(bool)


@given(st.lists(WORDS.filter(lambda name: unprotect(name) == name), min_size=1, unique=True))
def test_every_id_comes_back_as_it_went_in(tmp_path_factory, ids):
    folder = tmp_path_factory.mktemp("ids")
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows([["id", "text"], *([name, "It floods."] for name in ids)])
    (folder / "in.csv").write_text(sheet.getvalue(), "utf-8", newline="")
    coder = Coder(make_model(), CountingEncoder(), find_no_sentences)
    code_table(TextTable(folder / "in.csv"), folder / "out.csv", coder, print)
    assert [unprotect(row["id"]) for row in read(folder / "out.csv")][::2] == ids


def test_a_long_text_keeps_its_end_and_each_label_its_highest_score(code, encoder):
    filler = "We talked about it for a while. " * 20
    text = f"{filler}It floods. {filler}We say nobody does, nobody."
    rows, _ = code(f'id,text\na,"{text}"\n', find_sentences=split_at_stops)
    assert [float(row["score"]) for row in rows] == [ONE, TWO]
    (parts,) = encoder.asked
    assert " ".join(parts) == text
    assert len(parts) == 9  # of at most five sentences
    assert max(len(part.split()) for part in parts) <= 120


def test_the_parts_of_a_long_text_are_not_taken_for_other_texts(code):
    long = "It floods. " + "We talked about it for a while. " * 40
    rows, _ = code(
        f'id,text\na,nobody\nb,"{long}"\nc,nothing\nd,"{long}"\ne,floods floods\n',
        find_sentences=split_at_stops,
    )
    assert [float(row["score"]) for row in rows[::2]] == [NONE, ONE, NONE, ONE, TWO]


def test_a_text_of_120_words_is_not_cut():
    text = "word " * 119 + "word"
    assert cut([text, "It floods."], find_no_sentences) == [[text], ["It floods."]]


def test_which_number_a_person_has_does_not_matter(code, encoder):
    code("id,text\na,[person 7] says it floods in [place 2].\n")
    assert encoder.asked == [["somebody says it floods in somewhere."]]


def test_an_interview_that_the_model_learnt_from_is_scored_by_heads_that_did_not(code):
    known = np.array([mark_interview("T01.txt")])
    other = Heads(np.zeros((2, 2)), np.zeros(2))  # .5 for everything
    model = make_model(Folds([other], known, np.array([[0, -1]], dtype=np.int8)))
    rows, _ = code("id,text,interview\na,floods,T01.txt\nb,floods,T02.txt\n", model=model)
    assert [float(row["score"]) for row in rows] == [0.5, NONE, ONE, NONE]


def test_a_bar_is_told_of_every_text_that_is_coded(code):
    told = []

    def track(steps, count):
        told.append(count)
        for step in steps:
            told.append(step.text.id)
            yield step

    code("id,text\na,x\nb,\nc,y\n", track=track)
    assert told == [2, "a", "c"]


def test_a_large_table_is_never_held_whole(tmp_path, encoder):
    table = TextTable(tmp_path / "answers.csv")
    with table.path.open("w") as file:
        file.write("text\n" + "".join(f"floods{'x' * 3_000}{n}\n" for n in range(5_000)))
    encoder.asked = deque(maxlen=1)
    coder = Coder(make_model(), encoder, find_no_sentences)
    tracemalloc.start()
    said = code_table(table, tmp_path / "out.csv", coder, print)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said.startswith("5,000 texts by the model 'small': 5,000 codes applied")
    assert table.path.stat().st_size > 15_000_000
    assert peak < 8_000_000


def test_texts_are_coded_a_chunk_at_a_time(code, encoder):
    rows, _ = code("text\n" + "".join(f"floods {number}\n" for number in range(2 * CHUNK + 1)))
    assert [len(asked) for asked in encoder.asked] == [CHUNK, CHUNK, 1]
    assert [row["id"] for row in rows[::2]] == [str(row + 2) for row in range(2 * CHUNK + 1)]


class Stopping(CountingEncoder):
    """Works for one chunk."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def encode(self, texts):
        if self.asked:
            raise self.error
        return super().encode(texts)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), OSError(28, "No space")])
def test_what_is_stopped_halfway_leaves_the_old_codings_and_no_others(tmp_path, error):
    table = TextTable(tmp_path / "answers.csv")
    table.path.write_text("text\n" + "It floods.\n" * (CHUNK + 1))
    (tmp_path / "out.csv").write_text("before")
    coder = Coder(make_model(), Stopping(error), find_no_sentences)
    with pytest.raises((UserError, MemoryError)) as raised:
        code_table(table, tmp_path / "out.csv", coder, print, may_overwrite=True)
    assert str(raised.value) in (
        f"Stopped: {tmp_path / 'out.csv'} is not written.",
        f"{tmp_path / 'out.csv'} cannot be written: No space.",
        "",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "out.csv"]
    assert (tmp_path / "out.csv").read_text() == "before"


def test_a_mistake_in_the_last_row_is_said_before_anything_is_coded(code, encoder):
    with pytest.raises(UserError, match="row 5: id 'a' has row 2 already"):
        code("id,text\na,x\nb,x\nc,x\na,x\n")
    assert encoder.asked == []


@pytest.fixture
def run(tmp_path):
    """Run the command as in a folder with two tables and the shipped model."""
    (tmp_path / "models").symlink_to(PROJECT / "models")
    (tmp_path / "answers.csv").write_text("id,text\n1,It floods.\n")
    (tmp_path / "codings.csv").write_text("before")

    def run(*arguments):
        paths = [str(tmp_path / name) if "." in name else name for name in arguments]
        return CliRunner().invoke(main, ["--root", str(tmp_path), "code-table", *paths])

    return run


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("answers.csv", "answers.csv is the table itself. Name another file for its codings."),
        ("codings.csv", "codings.csv is there already. Name another file, or add --force to over"),
        ("codings.xlsx", "codings.xlsx: codings are written as CSV. Let the name end in .csv."),
    ],
)
def test_an_output_that_would_cost_something_is_refused(run, tmp_path, output, sentence):
    result = run("answers.csv", "--output", output)
    assert (result.exit_code, sentence in result.output) == (1, True), result.output
    assert (tmp_path / "codings.csv").read_text() == "before"
    assert (tmp_path / "answers.csv").read_text() == "id,text\n1,It floods.\n"


def test_the_table_itself_is_not_overwritten_under_another_name(run, tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "answers.csv")
    result = run("answers.csv", "--output", "link.csv", "--force")
    assert (result.exit_code, "is the table itself" in result.output) == (1, True)


def test_an_unknown_model_is_suggested(run, tmp_path):
    result = run("answers.csv", "--output", "new.csv", "--model", "defualt")
    assert result.exit_code == 1
    assert "There is no model 'defualt'. Did you mean 'default'? Choose from:" in result.output
    for name in ("../default", "", "default/."):
        with pytest.raises(UnknownChoiceError):
            load_coder(tmp_path / "models", name)


def test_a_kind_of_file_that_is_not_read_is_said_in_a_sentence(run, tmp_path):
    (tmp_path / "answers.ods").write_bytes(b"PK")
    result = run("answers.ods", "--output", "new.csv")
    assert result.exit_code == 1
    assert "answers.ods is no table that can be read: save it as CSV (UTF-8) or XLSX." in (
        result.output
    )


def test_the_shipped_model_codes_a_workbook(run, tmp_path):
    book = Workbook()
    book.active.append(["Nr", "What helped?", "area"])
    book.active.append([1, "The director told us to try it, she would take the blame.", "North"])
    book.active.append([2, None, "North"])
    book.active.append([3, "We meet on Fridays. " * 40, "South"])
    book.save(tmp_path / "answers.xlsx")
    names = ("--id", "nr", "--text", "what helped?")
    result = run("answers.xlsx", *names, "--output", "codings.csv", "--force")
    assert result.exit_code == 0, result.output
    assert result.output.startswith(
        "code-table    2 texts (1 empty one left out) by the model 'default': "
    )
    rows = read(tmp_path / "codings.csv")
    model, encoder, _ = load_coder(PROJECT / "models", "default")
    assert [(row["code"], row["stance"]) for row in rows] == [*model.labels, *model.labels]
    assert [row["id"] for row in rows] == ["1"] * len(model.labels) + ["3"] * len(model.labels)
    (vector,) = encoder.encode(["The director told us to try it, she would take the blame."])
    scores = model.score(vector[np.newaxis], [""])
    first = rows[: len(model.labels)]
    assert [float(row["score"]) for row in first] == pytest.approx(scores[0].tolist(), abs=1e-6)
    assert [row["decision"] for row in first] == model.decide(scores)[0].tolist()
    assert [row["applied"] == "true" for row in first] == (
        scores[0] >= model.cutoffs.applied
    ).tolist()
    counts = [sum(row["decision"] == kind for row in rows) for kind in ("yes", "ask", "no")]
    assert "; yes {:,}, ask {:,}, no {:,} -> ".format(*counts) in result.output


def test_nothing_heavy_is_loaded_for_short_texts(tmp_path):
    (tmp_path / "answers.csv").write_text("id,text\n1,It floods.\n")
    code = (
        "import sys; from pipeline.cli import main; "
        "main(['code-table', 'answers.csv', '--output', 'out.csv'], standalone_mode=False); "
        "print(sorted({'spacy', 'openpyxl', 'bertopic', 'docx'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=tmp_path, text=True
    )
    assert shown.stdout.splitlines()[-1] == "[]"
