import sqlite3
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipeline.check_samples import (
    NONE,
    CheckSample,
    count_lost,
    draw_check_sample,
    find_outdated,
    hash_text,
    read_check_sample,
)
from pipeline.cli import main
from pipeline.codebook import read_codebook
from pipeline.errors import UserError
from pipeline.exports.spreadsheet_csv import unprotect
from pipeline.findings.checks import RANDOM, gather_checks
from pipeline.imported_codes import import_codes
from pipeline.spreadsheets import read_sheet
from pipeline.tables import CODINGS, DECISIONS, PASSAGES

NOW = datetime(2025, 3, 1, 10, 0, tzinfo=UTC)
DRAWN = {"hash": "bcdf", "area": "North", "probability": 0.25}

CODEBOOK = "code,definition,stances\nWater,Rain and rivers.,present; lacking\nTools,Keys.,present\n"
COLUMNS = "number passage hash area transcript context text codes coder note".split()


@pytest.fixture
def study(make_study, make_passages):
    study = make_study({"a1.txt": "Ada Quill: It was week 1."})
    (study.corpus / "codebook.csv").write_text(CODEBOOK)
    study.tables.write(PASSAGES, make_passages())
    return study


@pytest.fixture
def draw(study):
    def draw(*arguments):
        return CliRunner().invoke(
            main, ["--root", str(study.root), "check-sample", "small", *map(str, arguments)]
        )

    return draw


def sample_of(passages, *, size=20, seed=1):
    return draw_check_sample(passages, read_codebook("shipped"), size=size, seed=seed)


def test_every_area_and_interview_is_in_it(make_passages):
    sample = sample_of(make_passages())
    assert [one.area for one in sample.passages] == ["North"] * 20 + ["South"] * 20
    assert len({one.passage.split("-")[0] for one in sample.passages}) == 8
    assert {round(one.probability, 2) for one in sample.passages} == {0.42}  # 20 of 48, about


def test_the_same_seed_gives_the_same_sample_whatever_order_passages_have(make_passages):
    passages = make_passages()
    shuffled = PASSAGES.check(passages.sample(frac=1, random_state=3))
    assert sample_of(passages) == sample_of(shuffled)
    assert sample_of(passages) != sample_of(passages, seed=2)


def test_areas_are_drawn_independently(make_passages):
    both, alone = sample_of(make_passages()), sample_of(make_passages(areas=["North"]))
    assert both.passages[:20] == alone.passages
    places = [
        {int(one.passage.split("-")[1]) % 48 for one in both.passages if one.area == area}
        for area in ("North", "South")
    ]
    assert places[0] != places[1]


def test_the_order_is_not_that_of_the_interviews(make_passages):
    names = [one.passage for one in sample_of(make_passages()).passages[:20]]
    assert names != sorted(names)


def test_a_larger_sample_holds_the_smaller_one(make_passages):
    small, large = (sample_of(make_passages(), size=size) for size in (20, 30))
    assert (count_lost(small, large), count_lost(large, small)) == (0, 20)


def test_a_small_area_is_drawn_whole(make_passages):
    sample = sample_of(make_passages(interviews=2, each=3))
    assert [one.probability for one in sample.passages] == [1.0] * 12


def test_each_passage_has_the_probability_of_its_own_interview(make_passages):
    passages = make_passages(areas=["North"], interviews=2, each=30)
    sample = sample_of(PASSAGES.check(passages[28:]), size=8)  # two of the first are always drawn
    odds = {one.passage: one.probability for one in sample.passages}
    assert (odds.pop("North0-28"), odds.pop("North0-29")) == (1.0, 1.0)
    assert set(odds.values()) == {0.25}


def test_a_passage_whose_text_is_another_now_is_lost(make_passages):
    before = sample_of(make_passages())
    after = sample_of(make_passages(text="It was month {}."))
    assert [one.passage for one in before.passages] == [one.passage for one in after.passages]
    assert count_lost(before, after) == len(before.passages)


def test_no_hash_is_a_number_or_a_word():
    hashes = [hash_text(str(number)) for number in range(1000)]
    assert len(set(hashes)) == 1000
    assert not set("".join(hashes)) & set("0123456789aeiou")


def test_a_sample_that_was_never_drawn_is_empty(tmp_path):
    assert read_check_sample(tmp_path / "none.json").passages == ()


@pytest.mark.parametrize("content", ["", "{", '{"seed": 1}', "null"])
def test_a_damaged_record_is_named(tmp_path, content):
    (tmp_path / "check-sample.json").write_text(content)
    with pytest.raises(UserError, match=r"check-sample.json is damaged. Bring it back"):
        read_check_sample(tmp_path / "check-sample.json")


def test_both_files_and_the_record_are_in_the_studys_folder(draw, study):
    result = draw("--size", 24)
    assert result.exit_code == 0, result.output
    assert "48 passages to check (North 24, South 24), drawn with seed 1 -> " in result.output
    assert "run 'three-powers import-codes small FILE'" in result.output
    sheet = read_sheet(study.corpus / "check-sample.csv")
    assert sheet.columns == COLUMNS
    record = read_check_sample(study.corpus / "check-sample.json")
    assert (record.seed, record.size, record.labels[0]) == (1, 24, "water.present")
    assert record.codebook_version == study.codebook.version
    rows = [row.cells for row in sheet.rows]
    assert [row["number"] for row in rows] == [str(n) for n in range(1, 49)]
    assert [row["passage"] for row in rows] == [one.passage for one in record.passages]
    texts = study.tables.read(PASSAGES).set_index("passage")["text"]
    for row, one in zip(rows, record.passages, strict=True):
        assert row["text"] == texts[one.passage]
        assert row["hash"] == one.hash == hash_text(row["text"])
        assert (row["codes"], row["coder"], row["note"]) == ("", "", "")
    assert not [path for path in study.outputs.rglob("*") if "check" in path.name]


def test_nothing_that_a_model_says_is_in_it(draw, study):
    assert draw().exit_code == 0
    assert "score" not in (study.corpus / "check-sample.csv").read_text("utf-8-sig")


def test_the_workbook_has_the_same_rows_and_the_codebook(draw, study):
    assert draw().exit_code == 0
    book = load_workbook(study.corpus / "check-sample.xlsx")
    assert book.sheetnames == ["check", "codebook", "how"]
    rows = list(book["check"].values)
    whole = pd.read_csv(study.corpus / "check-sample.csv", dtype=str, keep_default_na=False)
    assert [[cell or "" for cell in row] for row in rows] == [COLUMNS, *whole.to_numpy().tolist()]
    codebook = list(book["codebook"].values)
    assert [row[0] for row in codebook] == [
        "label",
        "water.present",
        "water.lacking",
        "tools.present",
    ]
    assert codebook[2][1:4] == ("Water", "Rain and rivers.", "it is missing, broken or refused")
    assert any(
        "water.present; tools.present" in row[0] for row in book["how"].iter_rows(values_only=True)
    )


def test_every_label_of_the_shipped_codebook_has_its_definition(draw, study):
    (study.corpus / "codebook.csv").unlink()
    assert draw().exit_code == 0
    codebook = list(load_workbook(study.corpus / "check-sample.xlsx")["codebook"].values)
    assert [row[0] for row in codebook[1:]] == [f"{c}.{s}" for c, s in study.codebook.labels]
    assert all(row[2] and row[3] for row in codebook[1:])
    shown = [code.examples for code in study.codebook.codes for _ in code.stances]
    assert [row[6] or "" for row in codebook[1:]] == [
        "\n".join(one.text for one in examples if one.stance == label.stance)
        for label, examples in zip(study.codebook.labels, shown, strict=True)
    ]


def test_no_cell_of_either_runs_as_a_formula(draw, study, make_passages):
    study.tables.write(PASSAGES, make_passages(text="=SUM({},\x0b1) he said."))
    assert draw().exit_code == 0
    texts = [row.cells["text"] for row in read_sheet(study.corpus / "check-sample.csv").rows]
    assert all(text.startswith("'=SUM(") for text in texts)
    sheet = load_workbook(study.corpus / "check-sample.xlsx")["check"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.number_format for cell in cells} == {"@"}
    assert {cell.data_type for cell in cells if cell.value} <= {"s", "inlineStr"}
    assert sheet["G2"].value == unprotect(texts[0]).replace("\x0b", "")


def test_a_second_run_with_the_same_seed_gives_the_same(draw, study):
    files = [study.corpus / f"check-sample.{suffix}" for suffix in ("csv", "json")]
    assert draw().exit_code == 0
    before = [file.read_bytes() for file in files]
    assert draw().exit_code == 0
    assert [file.read_bytes() for file in files] == before


def test_one_file_is_written_where_it_is_wanted(draw, study, tmp_path):
    result = draw("--output", tmp_path / "for Bo.xlsx")
    assert result.exit_code == 0, result.output
    assert load_workbook(tmp_path / "for Bo.xlsx").sheetnames[0] == "check"
    made = {path.name for path in study.corpus.glob("check-sample*")}
    assert made == {"check-sample.json"}


@pytest.mark.parametrize("name", ["check-sample.csv", "check-sample.xlsx"])
@pytest.mark.parametrize("column", ["codes", "note"])
def test_what_somebody_typed_is_not_overwritten(draw, study, name, column):
    assert draw().exit_code == 0
    file = study.corpus / name
    type_into(file, column, "water.present")
    before = file.read_bytes()
    result = draw()
    assert result.exit_code == 1
    assert f"{name} has 1 row that somebody filled in, which would be lost." in result.output
    assert "or add --force to overwrite it." in result.output
    assert file.read_bytes() == before
    assert draw("--force").exit_code == 0
    assert file.read_bytes() != before


def type_into(file, column, content):
    if file.suffix == ".csv":
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        table.loc[3, column] = content
        table.to_csv(file, index=False)
        return
    book = load_workbook(file)
    book["check"].cell(5, COLUMNS.index(column) + 1, content)
    book.save(file)


def test_another_table_is_not_overwritten(draw, study):
    interviews = study.corpus / "interviews.csv"
    before = interviews.read_bytes()
    result = draw("--output", interviews)
    assert result.exit_code == 1
    assert "interviews.csv is there already and is no check sample." in result.output
    assert interviews.read_bytes() == before


def test_a_sample_that_would_make_an_earlier_one_worthless_is_refused(draw, study):
    assert draw("--size", 20).exit_code == 0
    before = (study.corpus / "check-sample.json").read_bytes()
    result = draw("--size", 20, "--seed", 2)
    assert result.exit_code == 1
    assert "a sample of 20 an area was drawn with seed 1 before, and" in result.output
    assert "of its 40 passages are not in the new one" in result.output
    assert (study.corpus / "check-sample.json").read_bytes() == before
    assert draw("--size", 20, "--seed", 2, "--force").exit_code == 0


@pytest.fixture
def check(study, tmp_path):
    """Let Ada look at a whole sample, and find no code in it."""

    def check():
        table = pd.read_csv(study.corpus / "check-sample.csv", dtype=str, keep_default_na=False)
        table.assign(codes="-").to_csv(tmp_path / "filled.csv", index=False)
        return import_codes(study, tmp_path / "filled.csv", coder="Ada", now=NOW)

    return check


def odds_of(study):
    """Give the probability of every passage that counts as drawn at random, and the others."""
    decisions = study.decisions
    assert set(decisions["selection"]) == {RANDOM}
    assert not decisions.duplicated(["coder", "passage", "code", "stance"]).any()
    odds = dict(zip(decisions["passage"], decisions["probability"], strict=True))
    counted = {passage: odd for passage, odd in odds.items() if odd == odd}
    return counted, set(odds) - set(counted)


def drawn_in(study):
    sample = read_check_sample(study.corpus / "check-sample.json")
    return {one.passage: one.probability for one in sample.passages}


def test_a_larger_sample_with_the_same_seed_takes_in_what_was_checked(draw, study, check):
    assert draw("--size", 20).exit_code == 0
    check()
    small = drawn_in(study)
    result = draw("--size", 30)
    assert result.exit_code == 0, result.output
    assert "The sample drawn before is part of it: what was imported of that" in result.output
    large = drawn_in(study)
    assert odds_of(study) == ({passage: large[passage] for passage in small}, set())
    assert min(large[passage] / odd for passage, odd in small.items()) > 1.3


def test_two_samples_are_never_taken_for_one(draw, study, check, make_passages):
    """A study grew by as many interviews: passages of the first ones could be drawn twice."""
    assert draw("--size", 20).exit_code == 0
    check()
    first = drawn_in(study)
    study.tables.write(PASSAGES, make_passages(each=24))
    result = draw("--size", 20, "--force")
    assert "of the 40 passages drawn before are not in it: what people say" in result.output
    second = drawn_in(study)
    both = {passage: odd for passage, odd in second.items() if passage in first}
    assert odds_of(study) == (both, first.keys() - second.keys())
    assert "of an earlier sample alone" not in check()
    assert odds_of(study) == (second, first.keys() - second.keys())
    assert set(gather(study)["passage"]) == second.keys()
    stored = count_stored(study)
    assert draw("--size", 20, "--force").exit_code == 0
    assert count_stored(study) == stored


def count_stored(study):
    with sqlite3.connect(study.corpus / "coding.sqlite") as database:
        return database.execute("SELECT count(*) FROM decisions").fetchone()


def gather(study):
    """Gather the checks, with a model that has a score for every passage and label."""
    passages = study.tables.read(PASSAGES)
    score = {"coder": "model default", "score": 0.5, "applied": False, "decision": "no"}
    codings = CODINGS.build(
        {**score, **label._asdict(), "passage": passage}
        for passage in passages["passage"]
        for label in study.codebook.labels
    )
    return gather_checks(study.decisions, passages, codings)


def test_the_first_sample_counts_again_once_it_is_drawn_again(draw, study, check):
    assert draw("--size", 20).exit_code == 0
    check()
    first = drawn_in(study)
    assert draw("--size", 20, "--seed", 2, "--force").exit_code == 0
    assert odds_of(study)[1]
    assert draw("--size", 20, "--force").exit_code == 0
    assert odds_of(study) == (first, set())


def test_codes_of_an_earlier_sample_are_told_and_stay_out_of_the_figures(draw, study, check):
    assert draw("--size", 20).exit_code == 0
    check()
    (study.corpus / "check-sample.csv").rename(study.corpus / "old.csv")
    assert draw("--size", 20, "--seed", 2, "--force").exit_code == 0
    before = odds_of(study)
    (study.corpus / "old.csv").replace(study.corpus / "check-sample.csv")
    lost = len(before[1])
    assert f"; {lost} of an earlier sample alone, which correct no share;" in check()
    assert odds_of(study) == before


def test_what_was_picked_by_hand_is_no_part_of_a_sample():
    row = dict.fromkeys(DECISIONS.columns, 0) | {"selection": "chosen", "probability": np.nan}
    sample = CheckSample(
        **{**NONE.model_dump(), "passages": [{**DRAWN, "passage": "a"}, {**DRAWN, "passage": "b"}]}
    )
    rows = [
        {**row, "number": 1, "passage": "a"},
        {**row, "number": 2, "passage": "b", "selection": RANDOM},
    ]
    outdated = find_outdated(DECISIONS.build(rows), sample)
    assert outdated[["passage", "probability"]].to_numpy().tolist() == [["b", 0.25]]


def test_labels_that_nobody_looked_for_are_not_taken_for_checked(draw, study):
    """A codebook was changed and kept its version: the sample must not take its labels over."""
    (study.corpus / "codebook.csv").unlink()
    assert draw().exit_code == 0
    path = study.corpus / "check-sample.json"
    path.write_text(path.read_text().replace('\n  "trust.lacking",', ""))
    result = draw()
    assert result.exit_code == 1
    assert "now, with the new trust.lacking: codes typed by the old one would" in result.output
    assert draw("--force").exit_code == 0
    assert "trust.lacking" in read_check_sample(path).labels


def test_a_sample_is_not_taken_over_by_another_codebook_unasked(draw, study):
    assert draw().exit_code == 0
    (study.corpus / "codebook.csv").write_text(CODEBOOK.replace("Keys", "Keys and lamps"))
    result = draw()
    assert result.exit_code == 1
    assert "codes typed by the old one would be taken for codes by the new one" in result.output
    assert draw("--force").exit_code == 0


def test_few_are_advised_against_in_a_sentence(draw):
    assert "at least 20 is advised" in draw("--size", 19).output
    assert "is advised" not in draw("--size", 20).output


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("outputs/small/mine.csv", "is not kept in outputs/, which may be deleted at any time"),
        ("corpora/../outputs/mine.csv", "is not kept in outputs/"),
        ("mine.ods", "mine.ods: let the name end in .csv or .xlsx."),
    ],
)
def test_a_place_where_it_would_be_lost_or_unreadable_is_refused(draw, study, name, sentence):
    result = draw("--output", study.root / name, "--force")
    assert (result.exit_code, sentence in result.output) == (1, True), result.output
    assert not (study.corpus / "check-sample.json").exists()


def test_a_study_without_passages_says_what_to_run(draw, study):
    study.tables.path(PASSAGES).unlink()
    result = draw()
    assert result.exit_code == 1
    assert "Run 'make analyse STUDY=small' to build it." in result.output
