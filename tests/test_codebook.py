import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebook import Example, Label, read_codebook
from pipeline.errors import NeedsAttentionError, UserError

HEADER = ["code", "definition"]
WHOLE = [
    ["Code", "Definition", "Label", "Group", "Stances", "Include", "Exclude", "Examples", "Notes"],
    [
        "Flood risk",
        "Water where it should not be, or the fear of it; rain, too.",
        "Floods",
        "Water & land",
        "present; lacking",
        "sewers; cellars",
        "a pool that is swum in",
        "The cellar was full. | lacking: It has been dry; we slept. | She said: move out.",
        "ask Maud",
    ],
    [
        "boats",
        "Boats, and what they carry.",
        "",
        "",
        "afloat: on the water\nashore",
        "",
        "",
        "",
        "",
    ],
]


@pytest.fixture
def write(tmp_path):
    """Write rows as codebook.csv, as Excel does where a comma is the decimal point."""

    def write(rows, *, folder="harbour", delimiter=";", encoding="utf-8-sig"):
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        path = tmp_path / folder / "codebook.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


def test_a_table_from_a_spreadsheet_is_read_whole(write):
    codebook = read_codebook(write(WHOLE))
    assert (codebook.name, codebook.title) == ("codebook", "The study's own codebook")
    floods, boats = codebook.codes
    assert (floods.id, floods.label, floods.group) == ("flood_risk", "Floods", "water_land")
    assert floods.definition == "Water where it should not be, or the fear of it; rain, too."
    assert floods.include == ("sewers", "cellars")
    assert floods.exclude == ("a pool that is swum in",)
    assert floods.examples == (
        Example(stance="present", text="The cellar was full."),
        Example(stance="lacking", text="It has been dry; we slept."),
        Example(stance="present", text="She said: move out."),
    )
    assert (boats.id, boats.label, boats.group) == ("boats", "Boats", "theme")
    assert boats.stances == {"afloat": "on the water", "ashore": "ashore"}
    assert {name: group.title for name, group in codebook.groups.items()} == {
        "water_land": "Water & land",
        "theme": "Theme",
    }
    assert codebook.labels[-2:] == (Label("boats", "afloat"), Label("boats", "ashore"))


def test_two_columns_are_enough(write):
    (code,) = read_codebook(write([HEADER, ["Flood risk", "Water."]])).codes
    assert (code.label, code.group, code.examples) == ("Flood risk", "theme", ())
    assert code.stances == {
        "present": "it is so, or is being built",
        "lacking": "it is missing, broken or refused",
    }


def test_an_id_of_its_own_leaves_the_name_to_the_label(write):
    rows = [["id", *HEADER], ["floods", "The water comes", "Water."], ["boats_2", "", "Boats."]]
    codes = read_codebook(write(rows)).codes
    assert [(code.id, code.label) for code in codes] == [
        ("floods", "The water comes"),
        ("boats_2", "Boats 2"),
    ]


def test_codes_of_a_power_have_the_stances_of_a_power(write):
    rows = [[*HEADER, "group"], ["hierarchical", "Rank.", "Power"]]
    codebook = read_codebook(write(rows))
    assert codebook.powers == ("hierarchical",)
    assert list(codebook.codes[0].stances) == ["enabling", "lacking", "excessive"]


def test_a_group_has_the_stances_of_all_its_codes(write):
    rows = [[*HEADER, "stances"], ["a", "A.", "present: it is"], ["b", "B.", "mixed; present: so"]]
    codebook = read_codebook(write(rows))
    assert codebook.groups["theme"].stances == {"present": "it is", "mixed": "mixed"}
    assert codebook.codes[1].stances == {"mixed": "mixed", "present": "so"}


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(",", "utf-8"), ("\t", "utf-16"), (";", "cp1252")],
)
def test_saved_otherwise_it_is_the_same_codebook(write, delimiter, encoding):
    rows = [*WHOLE, ["Café", "A place to sit – “indoors”.", *[""] * 7]]
    other = write(rows, folder="other", delimiter=delimiter, encoding=encoding)
    assert read_codebook(other).fingerprint == read_codebook(write(rows)).fingerprint


def test_a_changed_word_makes_another_codebook(write):
    before = read_codebook(write(WHOLE))
    after = read_codebook(write([*WHOLE[:-1], ["boats", "Boats.", *WHOLE[-1][2:]]]))
    assert (len(before.version), before.name) == (8, after.name)
    assert before.version != after.version


def test_a_note_beside_a_code_changes_nothing(write):
    before = read_codebook(write(WHOLE))
    again = read_codebook(write([*WHOLE[:-1], [*WHOLE[-1][:-1], "done"]]))
    assert before.fingerprint == again.fingerprint


def test_every_mistake_is_named_with_its_row(write):
    rows = [
        ["code", "definition", "stances", "examples", "group"],
        ["Flood risk", "Water.", "", "", ""],
        ["", "", "", "", ""],  # blank rows are passed over and counted
        ["flood_risk", "", "", "", ""],
        ["", "Boats.", "", "", ""],
        ["信頼", "Trust.", "", "", ""],
        ["boats", "Boats.", "present; Present", "", ""],
        ["docks", "Docks.", "", "lackng: no dock at all; lacking:; She said: so", ""],
        ["piers", "Piers.", ": nothing", "", "—"],
        ["roads", "Roads.", "", "", "", "and a comma too many"],
    ]
    path = write(rows)
    with pytest.raises(NeedsAttentionError) as raised:
        read_codebook(path)
    assert str(raised.value).splitlines() == [
        f"{path} needs attention:",
        "  row 4: definition is empty.",
        "  row 4: the code 'flood_risk' stands in row 2 already.",
        "  row 5: code is empty.",
        "  row 6: code '信頼' has no letter from a to z.",
        "  row 7: the stance 'present' stands 2 times.",
        "  row 8: an example has the stance 'lackng', the code has not. Did you mean 'lacking'?",
        "  row 8: an example of 'lacking' has no text.",
        "  row 9: group '—' has no letter from a to z.",
        "  row 9: a stance has no letter from a to z.",
        "  row 10: there is text right of the last column. Put texts that have a comma in quotes.",
    ]


COLUMNS = "The columns are code, definition and, if you like, label, group, stances, include"


@pytest.mark.parametrize(
    ("header", "sentences"),
    [
        (["code", "label"], [f"there is no column 'definition'. {COLUMNS}"]),
        (
            ["codes", "definition"],
            ["there is no column 'code'.", "column 'codes' is not known. Did you mean 'code'?"],
        ),
        (
            [*HEADER, "exmples"],
            ["column 'exmples' is not known. Did you mean 'examples'?"],
        ),
        ([*HEADER, "Definition"], ["there are 2 columns 'definition'."]),
        ([], ["there is no column 'code'.", "there is no column 'definition'."]),
    ],
)
def test_a_header_with_a_mistake_says_which_columns_there_are(write, header, sentences):
    with pytest.raises(NeedsAttentionError) as raised:
        read_codebook(write([header, ["boats", "Boats.", "x"]] if header else []))
    for sentence in sentences:
        assert sentence in str(raised.value)


def test_a_table_without_codes_is_said_so(write):
    with pytest.raises(NeedsAttentionError, match="there is no code in it"):
        read_codebook(write([HEADER]))


texts = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1)


@given(definitions=st.lists(texts, min_size=1, max_size=5))
def test_no_definition_is_lost_or_changed(tmp_path_factory, definitions):
    path = tmp_path_factory.mktemp("study") / "codebook.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = ([f"code {row}", text] for row, text in enumerate(definitions))
        csv.writer(file).writerows([HEADER, *rows])
    read = [code.definition for code in read_codebook(path).codes]
    assert read == [unicodedata.normalize("NFC", text).strip() for text in definitions]


def test_a_codebook_in_a_format_that_is_not_read_is_never_passed_over(make_study):
    study = make_study({"a1.txt": "Interviewer: Well?"})
    (study.corpus / "Codebook.xlsx").write_bytes(b"PK")
    with pytest.raises(UserError, match=r"Codebook\.xlsx is not read. Save it as codebook.yaml or"):
        _ = study.codebook


def test_a_study_has_one_codebook(make_study):
    study = make_study({"a1.txt": "Interviewer: Well?"})
    for name in ("codebook.yaml", "codebook.csv"):
        (study.corpus / name).write_text("")
    with pytest.raises(UserError, match="a study has one codebook. Delete one."):
        _ = study.codebook
