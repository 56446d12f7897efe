import stat

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipeline.cli import main
from pipeline.errors import UserError
from pipeline.found_names import list_found, take_found, write_found
from pipeline.listed_names import read_names
from pipeline.stages import pseudonymise
from pipeline.tables import SAFE_TURNS, TURNS

SAID = "We asked Zubek at Tansy Wood Surgery, and Zubek rang =01632 960147. Mrs Okello asked Grace."


@pytest.fixture
def study(make_study, make_raw_turns):
    made = make_study({"a1.txt": "x"})
    turns = make_raw_turns(SAID, transcript="a1.txt", participant="Ada Quill", speaker="Ada Quill")
    made.tables.write(TURNS, turns)
    pseudonymise(made)
    return made


def decide(study, path, decisions):
    """Type decisions into the list, as a person does in Excel, by the name."""
    table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    table["decision"] = [
        decisions.get(name, old) for name, old in table[["name", "decision"]].to_numpy()
    ]
    table.to_csv(path, index=False, encoding="utf-8-sig", sep=";")


def test_every_name_is_listed_with_its_place_and_what_is_doubtful_first(study):
    rows = list_found(study, []).set_index("name")
    assert rows.index[0] in ("Grace", "Tansy Wood Surgery")  # English words
    assert rows.loc["Zubek", ["kind", "mentions"]].tolist() == ["person", 2]
    assert rows.loc["Okello", "example"].startswith("…")
    assert "We asked Zubek" in rows.loc["Zubek", "example"]
    assert rows.loc["01632 960147", "kind"] == "phone number"


def test_the_list_is_for_the_owner_alone(study):
    write_found(study)
    path = study.private / "names-found.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_decisions_are_taken_and_the_next_run_goes_by_them(study):
    path = study.private / "names-found.csv"
    write_found(study)
    decide(
        study, path, {"Tansy Wood Surgery": "a local surgery", "Grace": "keep", "Zubek": "replace"}
    )
    assert "3 decisions, 3 of them new" in take_found(study, path)
    pseudonymise(study)
    (text,) = study.tables.read(SAFE_TURNS)["text"]
    assert "at [a local surgery], and" in text
    assert text.endswith("asked Grace.")
    assert "Zubek" not in text
    assert "Okello" not in text


def test_a_second_list_keeps_what_was_decided_also_before_it_was_taken(study):
    path = study.private / "names-found.csv"
    write_found(study)
    decide(study, path, {"Grace": "keep", "Zubek": "a neighbour"})
    write_found(study)
    take_found(study, path)
    pseudonymise(study)
    write_found(study)
    kept = {one.name: one for one in read_names(path)}
    assert kept["Grace"].is_kept
    assert kept["Zubek"].pseudonym == "a neighbour"
    assert len(kept) == 2


def test_a_workbook_goes_round_without_loss(study, tmp_path):
    path = tmp_path / "names.xlsx"
    write_found(study, path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        row[6].value = "replace"
    book.save(path)
    take_found(study, path)
    assert {one.name for one in study.read_names()} == {*list_found(study, [])["name"]}


def test_names_csv_of_three_columns_is_read_as_ever(study):
    study.names.write_text("name,kind,pseudonym\nMoss,,\nThe Loom,organisation,[a pub]\n")
    assert [(one.name, one.kind, one.pseudonym) for one in study.read_names()] == [
        ("Moss", "person", ""),
        ("The Loom", "organisation", "a pub"),
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Moss,person,,kepe", "row 2: decision 'kepe': Did you mean 'keep'?"),
        ("Moss,human,,keep", "row 2: kind 'human' is none of person, place, organisation."),
        ("Moss,person,,old Moss", "row 2: the pseudonym holds the name itself."),
        ("Moss,person,Mr Moss,replace", "row 2: the pseudonym holds the name itself."),
        (",person,,keep", "row 2: decision 'keep' has no name."),
        ("42,person,,keep", "row 2: '42' has no letters, and is no name."),
        ("Moss,person,,a man, tall", "row 2: it has more cells than there are columns."),
    ],
)
def test_each_mistake_gets_a_sentence_and_nothing_is_taken(study, tmp_path, row, sentence):
    path = tmp_path / "names.csv"
    path.write_text(f"name,kind,pseudonym,decision\n{row}\n")
    with pytest.raises(UserError) as error:
        take_found(study, path)
    assert sentence in str(error.value)
    assert not study.names.exists()


def test_a_list_without_decisions_says_what_to_do(study):
    write_found(study)
    with pytest.raises(UserError, match="has no decision yet. Write keep, replace or"):
        take_found(study, study.private / "names-found.csv")


def test_the_key_is_shown_to_its_owner(study):
    shown = CliRunner().invoke(main, ["--root", str(study.root), "names", "small", "--show-key"])
    assert shown.exit_code == 0
    assert "person,zubek,person" in shown.output
