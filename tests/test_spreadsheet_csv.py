import csv
import io
import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebook import Codebook
from pipeline.exports import Results, exporters
from pipeline.exports.data_dictionary import EXPORTED, LEFT_OUT
from pipeline.exports.spreadsheet_csv import protect, to_csv, unprotect, write_csv
from pipeline.tables import (
    BALANCES,
    CLAIMS,
    CODINGS,
    FRAMEWORK,
    PASSAGE_TOPICS,
    PASSAGES,
    POWERS,
    SHAPES,
    SHARES,
    TOPICS,
)


def make_codebook(*, code="trust", label="Trust"):
    stances = {"present": "it is there", "lacking": "it is missing"}
    return Codebook(
        name="small",
        version="1",
        title="A small codebook",
        groups={"theme": {"title": "Theme", "stances": stances}},
        codes=[
            {"id": code, "group": "theme", "label": label, "definition": "-", "stances": stances}
        ],
    )


def make_passage(name, text="It floods.", area="North"):
    return {
        "passage": name,
        "transcript": "T1",
        "participant": "P1",
        "area": area,
        "role": "nurse",
        "turn": 2,
        "start": 0,
        "end": len(text),
        "words": len(text.split()),
        "context": "",
        "text": text,
    }


def make_coding(passage, stance, *, applied, coder="model default", code="trust"):
    return {
        "passage": passage,
        "code": code,
        "stance": stance,
        "coder": coder,
        "score": 0.123456789,
        "applied": applied,
        "decision": "ask" if applied else "no",
    }


def make_results(*, passages=(), codings=(), settled=None, codebook=None, card=None, **tables):
    share = {
        "area": "North",
        "code": "trust",
        "stance": "present",
        "applied": 1,
        "passages": 3,
        "raw_share": 1 / 3,
        "interviews_with": 1,
        "interviews": 1,
        "checked": 0,
        "status": "unverified",
        "corrected_share": math.nan,
        "low": math.nan,
        "high": math.nan,
        "basis": "",
        "beyond_low": math.nan,
        "beyond_high": math.nan,
    }
    return Results(
        study="demo",
        codebook=codebook or make_codebook(),
        passages=PASSAGES.build(passages),
        codings=CODINGS.build(codings),
        settled=CODINGS.build(codings if settled is None else settled),
        topics=TOPICS.build([]),
        passage_topics=PASSAGE_TOPICS.build([]),
        shares=SHARES.build([share]),
        powers=POWERS.build([]),
        balances=BALANCES.build([]),
        run={},
        card=card or {},
        **tables,
    )


def read_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def read_back(shape, path):
    """Read a CSV as an importer would: text as it stands, with its apostrophe taken off."""
    dtypes = {name: dtype for name, (dtype, _) in shape.columns.items()}
    table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    for name, dtype in dtypes.items():
        if dtype in ("str", "category"):
            table[name] = table[name].map(unprotect)
        elif dtype == "bool":
            table[name] = table[name] == "1"
        else:
            table[name] = [float(cell or "nan") for cell in table[name]]
    return shape.check(table)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-I mean, no", "'-I mean, no"),  # real speech
        ("@home", "'@home"),
        ("\tindented", "'\tindented"),
        ("\rreturned", "'\rreturned"),
        ("'=1+1", "''=1+1"),  # one more, so that taking one off restores it
        ("''-", "'''-"),
        ("'tis", "'tis"),  # an apostrophe before a letter runs nothing
        ("'", "'"),
        ("", ""),
        (" =1+1", " =1+1"),
        ("a=1", "a=1"),
    ],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(said, written):
    assert protect(said) == written


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\na ")) | st.text())
def test_taking_the_apostrophe_off_restores_the_text(text):
    assert unprotect(protect(text)) == text


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\na ")) | st.text())
def test_no_protected_text_starts_like_a_formula(text):
    assert not protect(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(
    st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
)
def test_every_cell_survives_the_file(texts):
    table = pd.DataFrame({"text": pd.Series(texts, dtype="str"), "number": 1})
    _, *rows = csv.reader(io.StringIO(to_csv(table), newline=""))
    assert [unprotect(text) for text, _ in rows] == texts


def test_numbers_are_not_protected():
    table = pd.DataFrame({"change": [-0.5, -2.0]})
    assert to_csv(table) == "change\r\n-0.5\r\n-2\r\n"


def test_floats_have_six_digits_booleans_are_0_and_1_and_missing_is_empty():
    table = pd.DataFrame({"a": [1 / 3, math.nan], "b": [True, False]})
    assert to_csv(table) == "a,b\r\n0.333333,1\r\n,0\r\n"


def test_a_carriage_return_inside_a_cell_does_not_end_the_row():
    table = pd.DataFrame({"a": ["one\rtwo"], "b": ["x"]})
    assert to_csv(table) == 'a,b\r\n"one\rtwo",x\r\n'


def test_a_codes_name_is_protected_in_cells_and_in_headings(tmp_path):
    coding = make_coding("a", "present", applied=True, code="=cmd()")
    results = make_results(
        passages=[make_passage("a")],
        codings=[coding],
        codebook=make_codebook(code="=cmd()", label="@name"),
    )
    write_csv(results, tmp_path)
    cells = [cell for path in tmp_path.iterdir() for row in read_rows(path) for cell in row]
    assert "'=cmd()__present" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


def fill(shape):
    """Give a table a row that has something awkward in each column."""
    awkward = {"bool": True, "int32": -3, "int64": -3, "float64": -0.125, "float32": 0.25}
    return shape.build(
        [{name: awkward.get(kind, "=A1") for name, (kind, _) in shape.columns.items()}]
    )


@pytest.mark.parametrize("name", EXPORTED)
def test_each_table_is_read_back_as_it_was(name, tmp_path):
    results = make_results(
        passages=[make_passage("a", "=SUM(A1)\n“Ünï”, she said"), make_passage("b", '"quoted"')],
        codings=[
            make_coding("a", "present", applied=True),
            make_coding("a", "lacking", applied=False),
        ],
        **{
            shape.name: fill(shape)
            for shape in EXPORTED.values()
            if shape not in (PASSAGES, CODINGS, SHARES, POWERS, BALANCES, TOPICS, PASSAGE_TOPICS)
        },
    )
    write_csv(results, tmp_path)
    shape = EXPORTED[name]
    table = getattr(results, shape.name)
    pd.testing.assert_frame_equal(read_back(shape, tmp_path / f"{name}.csv"), table, rtol=1e-5)


def test_every_table_is_exported_or_left_out_for_a_reason():
    """A table with real names is never exported."""
    exported = {shape.name for shape in EXPORTED.values()}
    assert exported | {*LEFT_OUT} == {shape.name for shape in SHAPES}
    assert not exported & {*LEFT_OUT}
    assert not [shape.name for shape in EXPORTED.values() if shape.is_private]


def test_a_figure_that_nobody_knows_is_empty_and_not_zero(tmp_path):
    """The reader of a claim without an estimate must not take it for none."""
    claim = fill(CLAIMS).assign(estimate=math.nan, interviews=0)
    write_csv(make_results(claims=claim), tmp_path)
    heading, row = read_rows(tmp_path / "claims.csv")
    cells = dict(zip(heading, row, strict=True))
    assert (cells["estimate"], cells["interviews"], cells["low"]) == ("", "0", "-0.125")


def test_the_framework_has_a_row_an_interview_and_three_columns_a_code(tmp_path):
    cells = {"area": "North", "transcript": "T1", "participant": "P1", "role": "", "code": "trust"}
    cells |= {"name": "=Trust", "status": "confirmed", "counts": "present 1", "quote": "a"}
    matrix = FRAMEWORK.build([{**cells, "stance": "present"}])
    results = make_results(passages=[make_passage("a", "-It floods.")], framework=matrix)
    write_csv(results, tmp_path)
    assert read_rows(tmp_path / "framework.csv") == [
        [
            *("area", "transcript", "participant", "role"),
            *("'=Trust", "'=Trust: counts", "'=Trust: summary"),
        ],
        ["North", "T1", "P1", "", "'-It floods.", "present 1", ""],
    ]


def test_no_is_recorded_too_and_every_coder_has_their_row(tmp_path):
    codings = [
        make_coding("a", "present", applied=True),
        make_coding("a", "lacking", applied=False),
        make_coding("a", "present", applied=False, coder="Ann"),
    ]
    write_csv(make_results(passages=[make_passage("a")], codings=codings, settled=[]), tmp_path)
    assert read_rows(tmp_path / "codings_long.csv")[1:] == [
        ["a", "trust", "present", "model default", "0.123457", "1", "ask"],
        ["a", "trust", "lacking", "model default", "0.123457", "0", "no"],
        ["a", "trust", "present", "Ann", "0.123457", "0", "no"],
    ]


def test_the_wide_file_has_what_was_settled_not_what_each_coder_said(tmp_path):
    results = make_results(
        passages=[make_passage("a"), make_passage("b"), make_passage("c")],
        codings=[make_coding("a", "present", applied=True)],
        settled=[
            make_coding("b", "lacking", applied=True),
            make_coding("a", "present", applied=False, coder="Ann"),
            make_coding("b", "present", applied=False),
        ],
    )
    write_csv(results, tmp_path)
    heading, *rows = read_rows(tmp_path / "codings_wide.csv")
    assert heading == [
        *("passage", "transcript", "participant", "area", "role", "text"),
        *("trust__present", "trust__lacking"),
    ]
    # Empty is not looked at, which differs from 0, looked at and not found.
    assert [(row[0], *row[6:]) for row in rows] == [("a", "0", ""), ("b", "0", "1"), ("c", "", "")]


def test_a_label_that_is_only_ranked_is_empty_where_no_person_decided(tmp_path):
    results = make_results(
        passages=[make_passage("a"), make_passage("b")],
        codings=[
            make_coding("a", "present", applied=False),
            make_coding("a", "lacking", applied=False),
            make_coding("b", "present", applied=False),
            make_coding("b", "lacking", applied=False, coder="Ann"),
        ],
        card={"labels": [{"code": "trust", "stance": "lacking", "mode": "ranked"}]},
    )
    write_csv(results, tmp_path)
    _, *rows = read_rows(tmp_path / "codings_wide.csv")
    assert [(row[0], *row[6:]) for row in rows] == [("a", "0", ""), ("b", "0", "0")]


def test_a_code_that_left_the_codebook_keeps_its_column(tmp_path):
    coding = make_coding("a", "present", applied=True, code="older")
    write_csv(make_results(passages=[make_passage("a")], codings=[coding]), tmp_path)
    heading, row = read_rows(tmp_path / "codings_wide.csv")
    assert dict(zip(heading, row, strict=True))["older__present"] == "1"


def test_every_column_of_every_file_stands_in_the_dictionary(tmp_path):
    results = make_results(passages=[make_passage("a")])
    cells = dict.fromkeys(FRAMEWORK.columns, "") | {"code": "trust", "name": "Trust"}
    results = replace(results, framework=FRAMEWORK.build([cells]))
    paths = write_csv(results, tmp_path)
    _, *entries = read_rows(tmp_path / "data_dictionary.csv")
    described = {(file, column) for file, column, _, _ in entries}
    for path in paths:
        if path.name != "data_dictionary.csv":
            assert {(path.name, column) for column in read_rows(path)[0]} <= described
    meanings = {(file, column): (kind, meaning) for file, column, kind, meaning in entries}
    assert meanings["codings_long.csv", "applied"][0] == "0 or 1: 1 is yes"
    assert meanings["codings_wide.csv", "trust__lacking"][1] == "Trust, lacking: it is missing"
    assert meanings["codings_long.csv", "decision"] == (
        "text, one of a closed list",
        "yes (for sure), ask (a person should look) or no; people: yes, no",
    )
    assert "not coded" in meanings["shares.csv", "status"][1]
    assert meanings["framework.csv", "Trust: counts"][1].startswith("Trust: passages by stance")


def test_a_spreadsheet_is_told_that_the_files_are_utf_8(tmp_path):
    for path in write_csv(make_results(), tmp_path):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_study_without_passages_gets_headings_only(tmp_path):
    paths = write_csv(make_results(), tmp_path)
    assert [path.stem for path in paths] == [
        *EXPORTED,
        *("codings_wide", "framework", "data_dictionary"),
    ]
    assert len(read_rows(tmp_path / "passages.csv")) == 1


def test_two_writes_are_the_same_bytes_and_leave_no_half_written_file(tmp_path):
    results = make_results(
        passages=[make_passage("a")], codings=[make_coding("a", "present", applied=True)]
    )
    first = [path.read_bytes() for path in exporters["csv"](results, tmp_path / "one")]
    second = [path.read_bytes() for path in exporters["csv"](results, tmp_path / "two")]
    assert first == second
    assert not list(tmp_path.rglob("*.partial"))
