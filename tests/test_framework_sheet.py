import pytest

from pipeline.exports.framework_sheet import CONFIRMED, MARK, lay_out
from pipeline.findings import framework
from pipeline.tables import FRAMEWORK, PASSAGES


def passages_of(*names):
    columns = {"turn": 1, "start": 0, "end": 1, "words": 9, "context": "", "role": ""}
    return PASSAGES.build(
        {**columns, "passage": name, "transcript": name.split("-")[0], "area": "North"}
        | {"participant": "P", "text": f"Words {name}."}
        for name in names
    )


def matrix_of(*cells, names=("Trust", "Austerity")):
    """Build from (area, transcript, code, status, counts, quote)."""
    titles = dict(zip(("trust", "austerity"), names, strict=True))
    columns = ("area", "transcript", "code", "status", "counts", "quote")
    others = {"participant": "P", "role": "", "stance": ""}
    return FRAMEWORK.build(
        dict(zip(columns, cell, strict=True)) | others | {"name": titles[cell[2]]} for cell in cells
    )


CELLS = [
    ("North", "T1", "trust", "not looked", "", ""),
    ("North", "T1", "austerity", "looked in part, none", "", ""),
    ("North", "T3", "trust", "coded, not confirmed", "lacking 1", "T3-1"),
    ("North", "T3", "austerity", "not looked", "", ""),
    ("South", "T2", "trust", "confirmed", "enabling 1", "T2-1"),
    ("South", "T2", "austerity", "not looked", "", ""),
]


def test_laid_out_each_code_has_a_quote_counts_and_room_for_a_summary():
    laid = lay_out(matrix_of(*CELLS), passages_of("T2-1", "T3-1"))
    assert laid.columns.tolist() == [
        *("area", "transcript", "participant", "role"),
        *("Trust", "Trust: counts", "Trust: summary"),
        *("Austerity", "Austerity: counts", "Austerity: summary"),
    ]
    quote = "[coded, not confirmed] Words T3-1."
    assert laid.drop(columns=["participant", "role"]).to_numpy().tolist() == [
        ["North", "T1", "not looked", "", "", "looked in part, none", "", ""],
        ["North", "T3", quote, "lacking 1", "", "not looked", "", ""],
        ["South", "T2", "Words T2-1.", "enabling 1", "", "not looked", "", ""],
    ]


@pytest.mark.parametrize(
    ("names", "headings"),
    [
        (("Same", "Same"), ["Same (trust)", "Same (austerity)"]),
        # as the column of the interview's place is called
        (("area", "Cuts"), ["area (trust)", "Cuts (austerity)"]),
        # as another code's column of counts is called
        (("Cuts: counts", "Cuts"), ["Cuts: counts (trust)", "Cuts (austerity)"]),
    ],
)
def test_codes_whose_names_are_taken_keep_a_column_each_by_their_ids(names, headings):
    laid = lay_out(matrix_of(*CELLS, names=names), passages_of("T2-1", "T3-1"))
    assert laid.columns[4::3].tolist() == headings
    assert laid[headings[1]].tolist() == ["looked in part, none", "not looked", "not looked"]


def test_without_interviews_only_the_headings_of_an_interview_are_left():
    laid = lay_out(matrix_of(), passages_of())
    assert laid.columns.tolist() == ["area", "transcript", "participant", "role"]
    assert laid.empty


def test_a_status_is_called_as_it_is_where_it_is_found():
    assert framework.CONFIRMED == CONFIRMED
    assert f"[{framework.UNCONFIRMED}] " == MARK
