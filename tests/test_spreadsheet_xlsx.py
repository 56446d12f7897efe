import io
import math
from datetime import datetime

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codebook import Codebook
from pipeline.exports import Results, exporters
from pipeline.exports.data_dictionary import EXPORTED
from pipeline.exports.sheets import LONGEST, hold, save_sheets
from pipeline.exports.spreadsheet_xlsx import write_xlsx
from pipeline.tables import (
    BALANCES,
    CODINGS,
    DIFFERENCES,
    FRAMEWORK,
    PASSAGE_TOPICS,
    PASSAGES,
    POWERS,
    SHARES,
    TOPICS,
)


def save(tables, **others):
    content = io.BytesIO()
    save_sheets(content, tables, **others)
    return openpyxl.load_workbook(content)


def rows_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("text", ["=1+1", "=cmd|'/C calc'!A0", "+44 20", "-I mean", "@home", "4+2"])
def test_no_text_is_run_as_a_formula_nor_turned_into_a_date(text):
    sheet = save({"said": pd.DataFrame({text: [text]})})["said"]
    assert [cell.data_type for cell in (sheet["A1"], sheet["A2"])] == ["s", "s"]
    assert sheet["A2"].value == text
    # The apostrophe that a person would type: editing the cell does not run it either.
    assert sheet["A2"].quotePrefix == (text != "4+2")


def test_numbers_are_numbers_and_what_is_missing_is_empty():
    table = pd.DataFrame(
        {
            "share": [0.25, math.nan],
            "interviews": [3, 24],
            "reached_at": [6.0, math.nan],
            "is_small": [True, False],
            "code": pd.Series(["trust", "place"], dtype="category"),
            "basis": pd.Series(["people", None], dtype="str"),
        }
    )
    sheet = save({"shares": table})["shares"]
    assert rows_of(sheet) == [
        ["share", "interviews", "reached_at", "is_small", "code", "basis"],
        [0.25, 3, 6, 1, "trust", "people"],
        [None, 24, None, 0, "place", None],
    ]
    formats = [cell.number_format for cell in sheet[2]]
    assert formats == ["0.000", "0", "0", "0", "General", "General"]


def test_headings_stay_in_sight_and_can_be_filtered_by():
    tables = {name: pd.DataFrame({"area": ["North"], "code": ["x"], "n": [1]}) for name in "ab"}
    book = save(tables, stays={"b": 2})
    assert (book["a"].freeze_panes, book["b"].freeze_panes) == ("A2", "C2")
    assert book["a"].auto_filter.ref == "A1:C2"
    assert book["a"]["A1"].font.bold
    assert not book["a"]["A2"].font.bold


def test_columns_are_as_wide_as_what_stands_in_them_and_long_text_wraps():
    table = pd.DataFrame({"n": [1], "confirmed_interviews": [2], "text": ["word " * 100]})
    sheet = save({"a": table})["a"]
    assert [sheet.column_dimensions[column].width for column in "ABC"] == [9, 24, 60]
    assert sheet["C2"].alignment.wrap_text
    assert sheet["C2"].alignment.vertical == sheet["A2"].alignment.vertical == "top"


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("a\x00b\x07c", "abc"),
        ("a\tb\nc", "a\tb\nc"),
        ("\ufffe\uffff\ud800", ""),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * (LONGEST - 4) + " […]"),
        # Excel counts such a character twice, and half of one would damage the file
        ("x" + "😀" * LONGEST, "x" + "😀" * ((LONGEST - 5) // 2) + " […]"),
    ],
)
def test_a_cell_gets_what_it_can_hold(said, held):
    assert hold(said) == held


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r")),
        min_size=1,
    )
)
def test_text_survives_the_workbook_but_for_what_no_cell_can_hold(texts):
    table = pd.DataFrame({"text": pd.Series(texts, dtype="object"), "number": 1})
    _, *rows = rows_of(save({"a": table})["a"])
    assert [text or "" for text, _ in rows] == [hold(text) for text in texts]


def make_results(*, interviews=2, **tables):
    codebook = Codebook(name="small", version="1", title="Small", groups={}, codes=[])
    passage = {"turn": 1, "start": 0, "end": 1, "words": 2, "context": "", "role": "", "area": "N"}
    passages = PASSAGES.build(
        passage
        | {"passage": f"T{place}-1", "transcript": f"T{place}", "participant": f"P{place}"}
        | {"text": f"=Words {place}"}
        for place in range(interviews)
    )
    cell = {"area": "N", "role": "", "code": "trust", "name": "Trust", "stance": "present"}
    matrix = FRAMEWORK.build(
        cell
        | {"transcript": f"T{place}", "participant": f"P{place}", "quote": f"T{place}-1"}
        | {"status": "confirmed", "counts": "present 1"}
        for place in range(interviews)
    )
    empty = {
        shape.name: shape.build([])
        for shape in (CODINGS, TOPICS, PASSAGE_TOPICS, SHARES, POWERS, BALANCES)
    }
    return Results(
        study="small",
        codebook=codebook,
        passages=passages,
        settled=CODINGS.build([]),
        run={},
        card={},
        framework=matrix,
        **(empty | tables),
    )


def test_findings_have_a_sheet_a_table(tmp_path):
    difference = dict.fromkeys(DIFFERENCES.columns, "x") | dict.fromkeys(
        ("difference", "low", "high", "beyond_low", "beyond_high"), -0.5
    )
    results = make_results(differences=DIFFERENCES.build([difference]))
    path, _ = write_xlsx(results, tmp_path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        *("shares", "powers", "balances", "differences", "diagnoses", "presence", "claims"),
        *("agreement", "saturation", "quote_bank", "framework", "dictionary"),
    ]
    heading, row = rows_of(book["differences"])
    assert heading == list(DIFFERENCES.columns)
    assert row[heading.index("difference")] == -0.5
    assert book["differences"].freeze_panes == "A2"


def test_every_column_of_every_sheet_stands_in_the_dictionary(tmp_path):
    path, _ = write_xlsx(make_results(), tmp_path)
    book = openpyxl.load_workbook(path)
    heading, *entries = rows_of(book["dictionary"])
    assert heading == ["sheet", "column", "type", "meaning"]
    described = [(sheet, column) for sheet, column, _, _ in entries[3:]]
    assert described == [
        (sheet.title, cell.value)
        for sheet in book
        if sheet.title != "dictionary"
        for cell in sheet[1]
    ]


def test_the_framework_is_a_workbook_of_its_own_in_which_interviews_stay_in_sight(tmp_path):
    _, path = write_xlsx(make_results(), tmp_path)
    assert path.name == "framework.xlsx"
    sheet = openpyxl.load_workbook(path)["framework"]
    assert sheet.freeze_panes == "C2"
    assert rows_of(sheet) == [
        ["area", "transcript", "participant", "role", "Trust", "Trust: counts", "Trust: summary"],
        ["N", "T0", "P0", None, "=Words 0", "present 1", None],
        ["N", "T1", "P1", None, "=Words 1", "present 1", None],
    ]


def test_two_writes_are_the_same_bytes_and_leave_no_half_written_file(tmp_path):
    results = make_results()
    first, second = (
        [path.read_bytes() for path in write_xlsx(results, tmp_path / name)]
        for name in ("one", "two")
    )
    assert first == second
    assert not list(tmp_path.rglob("*.partial"))


def test_a_workbook_tells_no_time_at_which_it_was_made(tmp_path):
    path, _ = write_xlsx(make_results(), tmp_path)
    properties = openpyxl.load_workbook(path).properties
    assert properties.created == properties.modified == datetime(2000, 1, 1)


def test_the_exporter_is_found_by_its_name():
    assert exporters["xlsx"] is write_xlsx


def test_a_study_without_interviews_gets_headings_only(tmp_path):
    path, _ = write_xlsx(make_results(interviews=0), tmp_path)
    book = openpyxl.load_workbook(path)
    assert rows_of(book["shares"]) == [list(EXPORTED["shares"].columns)]
    assert rows_of(book["framework"]) == [["area", "transcript", "participant", "role"]]
