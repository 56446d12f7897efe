import csv
import io
import re
import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from pipeline.check_samples import draw_check_sample, hash_text, write_check_sample
from pipeline.cli import main
from pipeline.codebook import Label
from pipeline.errors import NeedsAttentionError, UserError
from pipeline.findings.checks import RANDOM
from pipeline.imported_codes import import_codes, try_import
from pipeline.running import hold
from pipeline.tables import PASSAGES
from pipeline.typed_labels import read_labels, write_label
from pipeline.typed_rows import is_same_text

NOW = datetime(2025, 3, 1, 10, 0, tzinfo=UTC)
COLUMNS = "number passage hash area transcript context text codes coder note".split()
TRUST, LACKING = Label("trust", "present"), Label("trust", "lacking")
HIERARCHY, PLACE = Label("hierarchical", "enabling"), Label("sense_of_place", "present")
LABELS = (TRUST, LACKING, HIERARCHY, Label("hierarchical", "lacking"), PLACE)
SAID = "“I’m at the café,” she said in week {} – and then, well, she was not."


@pytest.fixture
def study(make_study, make_passages):
    """Two areas of 25 passages, 20 of each drawn, with the shipped codebook."""
    study = make_study({"a1.txt": "Ada Quill: It was week 1."})
    passages = make_passages(interviews=5, each=5, text=SAID)
    study.tables.write(PASSAGES, passages)
    sample = draw_check_sample(passages, study.codebook, size=20, seed=1)
    write_check_sample(study.corpus / "check-sample.json", sample)
    return study


@pytest.fixture
def sheet(study):
    """The rows of the check sheet, by column."""
    texts = study.tables.read(PASSAGES).set_index("passage")
    sample = draw_check_sample(study.tables.read(PASSAGES), study.codebook, size=20, seed=1)
    return [
        {
            **dict.fromkeys(COLUMNS, ""),
            "number": str(number),
            "passage": one.passage,
            "hash": one.hash,
            "text": texts.at[one.passage, "text"],  # noqa: PD008 (one cell of a small table)
            "context": "And?",
        }
        for number, one in enumerate(sample.passages, start=1)
    ]


@pytest.fixture
def save(tmp_path):
    """Save rows as CSV, as some program would."""

    def save(rows, *, separator=",", encoding="utf-8-sig", ends="\r\n"):
        file = io.StringIO(newline="")
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator, lineterminator=ends)
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / "filled.csv"
        path.write_bytes(file.getvalue().encode(encoding, errors="replace"))
        return path

    return save


def take(study, path, *, coder="Ada", now=NOW):
    return import_codes(study, path, coder=coder, now=now)


def mistakes(study, path, *, coder="Ada"):
    with pytest.raises(NeedsAttentionError) as error:
        take(study, path, coder=coder)
    assert not (study.corpus / "coding.sqlite").exists()
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def applied(study):
    """Give what applies, as (coder, passage, label)."""
    rows = study.decisions[study.decisions["applied"]]
    labels = map(Label._make, zip(rows["code"], rows["stance"], strict=True))
    return set(zip(rows["coder"], rows["passage"], labels, strict=True))


def test_a_checked_passage_is_checked_for_every_label(study, sheet, save):
    sheet[0]["codes"], sheet[1]["codes"] = "hierarchical.enabling; trust.lacking", "-"
    said = take(study, save(sheet))
    assert said == (
        "2 passages by Ada: 2 labels yes, 94 no; 38 without codes, so not checked yet; checked so "
        "far: North 2 of 20, South 0 of 20. Run 'make analyse STUDY=small' next."
    )
    assert applied(study) == {
        ("Ada", sheet[0]["passage"], HIERARCHY),
        ("Ada", sheet[0]["passage"], LACKING),
    }
    decisions = study.decisions
    assert len(decisions) == 96
    assert set(decisions["selection"]) == {RANDOM}
    assert decisions["probability"].round(3).eq(0.8).all()
    assert set(decisions["codebook_version"]) == {study.codebook.version}
    assert set(decisions["decided_at"]) == {"2025-03-01T10:00:00Z"}


def test_the_time_is_written_in_utc(study, sheet, save):
    sheet[0]["codes"] = "-"
    take(study, save(sheet), now=NOW.astimezone(timezone(timedelta(hours=2))))
    assert set(study.decisions["decided_at"]) == {"2025-03-01T10:00:00Z"}


def test_the_same_file_again_adds_nothing(study, sheet, save):
    sheet[0]["codes"], sheet[1]["codes"] = "trust.lacking", "none"
    path = save(sheet)
    take(study, path)
    again = take(study, path, now=NOW + timedelta(days=1))
    assert "1 label yes, 95 no; 96 recorded before;" in again
    assert count(study) == 96


def count(study):
    with sqlite3.connect(study.corpus / "coding.sqlite") as database:
        return database.execute("SELECT count(*) FROM decisions").fetchone()[0]


def test_a_correction_adds_what_changed_and_is_told(study, sheet, save):
    sheet[0]["codes"] = "trust.lacking"
    take(study, save(sheet))
    sheet[0]["codes"] = "trust.present"
    said = take(study, save(sheet))
    assert (
        "46 recorded before; 2 other than the same coder decided before, which they replace (if "
        "this file is the older one, import the newer one again);"
    ) in said
    assert count(study) == 50
    assert applied(study) == {("Ada", sheet[0]["passage"], TRUST)}


def test_what_was_checked_before_is_counted_with_what_is_checked_now(study, sheet, save):
    rows = [row | {"codes": "-"} for row in sheet[:3]]
    take(study, save(rows[:2]))
    assert "; checked so far: North 3 of 20, South 0 of 20." in take(study, save(rows[2:]))


def test_a_dry_run_says_the_same_and_records_nothing(study, sheet, save):
    sheet[0]["codes"] = "trust.lacking"
    path = save(sheet)
    tried = try_import(study, path, coder="Ada", now=NOW)
    assert tried.startswith("Nothing is recorded yet: 1 passage by Ada: 1 label yes, 47 no;")
    assert not (study.corpus / "coding.sqlite").exists()
    assert tried.removeprefix("Nothing is recorded yet: ") in take(study, path)


def test_two_people_may_check_the_same_passage(study, sheet, save):
    rows = [{**sheet[0], "codes": "trust.lacking", "coder": name} for name in ("Ada", "Bo")]
    rows += [{**sheet[1], "codes": "-"}]
    said = take(study, save(rows), coder="Cy")
    assert "2 passages by Ada (1), Bo (1) and Cy (1): 2 labels yes, 142 no" in said


def test_a_larger_sample_gives_what_is_recorded_its_new_probability(study, sheet, save):
    sheet[0]["codes"] = "-"
    take(study, save(sheet))
    sample = draw_check_sample(study.tables.read(PASSAGES), study.codebook, size=25, seed=1)
    write_check_sample(study.corpus / "check-sample.json", sample)
    said = take(study, save(sheet))
    assert "recorded before" not in said
    assert set(study.decisions["probability"]) == {1.0}


def outsider(study, sheet):
    """Give the row of a passage that was not drawn."""
    drawn = {row["passage"] for row in sheet}
    passages = study.tables.read(PASSAGES).set_index("passage")["text"]
    passage = next(name for name in passages.index if name not in drawn)
    return {**sheet[0], "passage": passage, "hash": hash_text(passages[passage])} | {
        "text": passages[passage]
    }


def test_a_passage_outside_the_sample_is_imported_as_chosen(study, sheet, save):
    row = outsider(study, sheet) | {"codes": "trust.lacking"}
    said = take(study, save([row]))
    assert "; 1 not drawn at random, which correct no share;" in said
    assert set(study.decisions["selection"]) == {"chosen"}
    assert study.decisions["probability"].isna().all()
    assert "48 recorded before" in take(study, save([row]))  # no probability equals none


def test_without_a_sample_everything_is_chosen_and_that_is_said(study, sheet, save):
    (study.corpus / "check-sample.json").unlink()
    sheet[0]["codes"] = "-"
    assert "no check sample has been drawn" in take(study, save(sheet))
    assert set(study.decisions["selection"]) == {"chosen"}


def test_a_label_that_came_after_the_draw_is_no_no(study, sheet, save):
    path = study.corpus / "check-sample.json"
    path.write_text(path.read_text().replace('\n  "trust.lacking",', "").replace("1.1.0", "1.0.0"))
    sheet[0]["codes"] = "-"
    assert "0 labels yes, 47 no" in take(study, save(sheet))
    assert set(study.decisions["codebook_version"]) == {"1.0.0"}
    sheet[1]["codes"] = "trust.lacking"
    with pytest.raises(UserError, match=r"row 3: 'trust.lacking' came into the codebook after"):
        take(study, save(sheet))


def test_a_sample_of_another_codebook_is_not_taken_for_unchecked(study, sheet, save):
    path = study.corpus / "check-sample.json"
    path.write_text(re.sub(r'"labels": \[[^\]]*\]', '"labels": ["a.b"]', path.read_text()))
    sheet[0]["codes"] = "-"
    assert mistakes(study, save(sheet)) == [
        "row 2: the sample was drawn by another codebook. Put it back, or draw it again."
    ]


# What spreadsheets do to a file that must change nothing.
HARMLESS = {
    "semicolons": {"separator": ";"},
    "tabs and UTF-16": {"separator": "\t", "encoding": "utf-16"},
    "Windows-1252": {"encoding": "cp1252"},
    "ASCII, accents as question marks": {"encoding": "ascii"},
    "no byte-order mark": {"encoding": "utf-8"},
    "line ends of old Macs": {"ends": "\r"},
}


@pytest.mark.parametrize("damage", HARMLESS.values(), ids=HARMLESS)
def test_a_file_that_a_spreadsheet_rewrote_is_read(study, sheet, save, damage):
    sheet[0]["codes"] = "trust.lacking; hierarchical.enabling"
    take(study, save(sheet, **damage))
    passage = sheet[0]["passage"]
    assert applied(study) == {("Ada", passage, LACKING), ("Ada", passage, HIERARCHY)}


def test_utf_8_that_was_opened_as_windows_1252_is_known_by_its_plain_words(study, sheet, save):
    for row in sheet:
        row["text"] = row["text"].encode().decode("cp1252", errors="replace")
    sheet[0]["codes"] = "trust.lacking"
    assert "1 passage by Ada" in take(study, save(sheet))


@pytest.mark.parametrize(
    "columns",
    [
        ["passage", "hash", "codes"],
        ["passage", "text", "codes"],
        ["note", "codes", "text", "hash", "passage"],
        ["id", "hash", "codes"],
    ],
)
def test_columns_may_be_moved_and_left_out(study, sheet, save, columns):
    sheet[0]["codes"] = "trust.lacking"
    rows = [{column: row.get(column) or row["passage"] for column in columns} for row in sheet]
    rows = [row | {"codes": whole["codes"]} for row, whole in zip(rows, sheet, strict=True)]
    take(study, save(rows))
    assert applied(study) == {("Ada", sheet[0]["passage"], LACKING)}


def test_headers_may_have_capitals_and_rows_any_order(study, sheet, save):
    sheet[0]["codes"] = "trust.lacking"
    rows = [{f" {name.title()} ": cell for name, cell in row.items()} for row in sheet[::-1]]
    take(study, save(rows))
    assert applied(study) == {("Ada", sheet[0]["passage"], LACKING)}


def test_a_filled_in_workbook_is_read_from_its_first_sheet(study, tmp_path):
    run = CliRunner()
    root = ["--root", str(study.root)]
    assert run.invoke(main, [*root, "check-sample", "small", "--size", "20"]).exit_code == 0
    path = study.corpus / "check-sample.xlsx"
    book = load_workbook(path)
    book["check"]["H2"], book["check"]["H3"] = "Trust lacking\nhierarchical: enabling", "-"
    book["check"]["H4"] = 0  # a number
    passage = book["check"]["B2"].value
    book.save(path)
    result = run.invoke(main, [*root, "import-codes", "small", str(path), "--coder", "Ada"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("import-codes  3 passages by Ada: 2 labels yes, 142 no; 37 ")
    assert applied(study) == {("Ada", passage, LACKING), ("Ada", passage, HIERARCHY)}


def test_formulas_that_were_made_harmless_are_read(study, sheet, save):
    sheet[0]["codes"] = "'-"
    assert "0 labels yes, 48 no" in take(study, save(sheet))


@pytest.mark.parametrize(
    "cell",
    [
        "trust.lacking; hierarchical.enabling",
        "Trust.Lacking ;HIERARCHICAL.ENABLING;",
        "trust lacking; hierarchical enabling",
        "trust: lacking; hierarchical - enabling",
        "trust, lacking; hierarchical, enabling",
        "trust.lacking\nhierarchical.enabling",
        "trust lacking\r\nhierarchical enabling",
        "trust.lacking, hierarchical.enabling",
        "trust lacking, hierarchical enabling",
        "trust.lacking hierarchical.enabling",
        "“trust.lacking”; ‘hierarchical.enabling’",
        "trust__lacking; hierarchical__enabling",  # as the columns of codings_wide.csv
        "trust.lacking; trust.lacking, hierarchical.enabling.",
        "\ufefftrust.lacking;\xa0hierarchical.enabling\u200b",
    ],
)
def test_labels_are_read_however_they_are_typed(cell):
    assert read_labels(cell, LABELS) == ({LACKING, HIERARCHY}, [])


def test_a_label_of_several_words_is_one(study):
    assert read_labels("Sense of place: present", LABELS) == ({PLACE}, [])
    for label in study.codebook.labels:
        typed = (write_label(label), f"{label.code} {label.stance}".replace("_", " ").upper())
        assert {read_labels(each, study.codebook.labels).labels for each in typed} == {
            frozenset([label])
        }


@pytest.mark.parametrize("cell", ["-", "–", "—", "0", "NA", "n/a", "None", " 'none' "])
def test_no_code_is_said_in_many_ways(cell):
    assert read_labels(cell, LABELS) == (frozenset(), [])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("trsut.lacking", ["there is no label 'trsut.lacking'. Did you mean 'trust.lacking'?"]),
        ("trust", ["there is no label 'trust'. Write trust.present or trust.lacking."]),
        ("trust.absent", ["there is no label 'trust.absent'. Write trust.present or trust.lackin"]),
        # neither doubt nor negation is taken for a label
        (
            "trust.lacking?",
            ["there is no label 'trust.lacking?'. Write trust.present or trust.lac"],
        ),
        ("not trust.lacking", ["there is no label 'not'."]),
        ("-trust.lacking", ["there is no label '-trust.lacking'. Did you mean 'trust.lacking'?"]),
        (
            "trust, lacking, hierarchical, enabling",  # pairs that only a guess could tell apart
            ["there is no label 'trust, lacking, …'. Write"],
        ),
        ("none; trust.lacking", ["it says that there are no codes, and names some. Keep one of"]),
        (";", ["it has no label in it. Write - if none applies, or empty the cell."]),
        ("#N/A", ["there is no label '#N/A'."]),  # what a formula leaves that found nothing
        (
            "ask Bo",
            [
                "there is no label 'ask Bo'. Take labels from the codebook, and put remarks into "
                "'note'."
            ],
        ),
        ("x; y", ["there is no label 'x'.", "there is no label 'y'."]),
    ],
)
def test_nothing_is_guessed(cell, said):
    found = read_labels(cell, LABELS).mistakes
    assert [mistake[: len(start)] for mistake, start in zip(found, said, strict=True)] == said


def test_labels_that_look_alike_are_not_mixed_up():
    alike = (Label("a_b", "c"), Label("a", "b_c"), Label("a", "d"))
    assert read_labels("a b c", alike).labels == frozenset()
    assert read_labels("a.d", alike).labels == {Label("a", "d")}


def test_every_mistake_is_listed_and_nothing_is_imported(study, sheet, save):
    sheet[0]["codes"] = "trust.lacking"
    sheet[1]["codes"] = "trsut.lacking; trust"
    sheet[2] |= {"codes": "-", "passage": "North9-99", "hash": ""}
    sheet[3] |= {"codes": "-", "hash": sheet[4]["hash"]}
    sheet[5] |= {"codes": "-", "text": sheet[6]["text"]}
    sheet[7] |= {"codes": "-", "passage": ""}
    sheet[8] |= {"codes": "-", "hash": "", "text": ""}
    sheet[9] |= {"codes": "trsut.lacking"}
    sheet[10] |= {"codes": "-", "coder": "model default"}
    sheet[11] |= {"passage": "unknown, but not checked yet"}
    ids = [row["passage"] for row in sheet]
    assert mistakes(study, save(sheet)) == [
        "rows 3 and 11: there is no label 'trsut.lacking'. Did you mean 'trust.lacking'?",
        "row 3: there is no label 'trust'. Write trust.present or trust.lacking.",
        "row 4: passage 'North9-99' is not in the study. Was its transcript changed after the "
        "codes were typed? Put it back, or delete the row.",
        f"row 5: hash '{sheet[3]['hash']}' is not that of passage '{ids[3]}': one of them was "
        "changed, or some columns were sorted without the others. Put the row back as it was.",
        f"row 7: the text is not that of passage '{ids[5]}': it was changed, or some columns were "
        "sorted without the others. Put the row back as it was.",
        "row 9: passage is empty. Put its id back, or delete the row.",
        f"row 10: hash and text of passage '{ids[8]}' are empty. Put the hash back.",
        "row 12: coder 'model default' is a model. Only what people decide is imported: delete its "
        "rows.",
    ]


def test_the_file_of_another_study_is_told_in_one_sentence(study, sheet, save):
    rows = [
        row | {"passage": f"harbour-{number}", "hash": "bcdfghjk", "codes": "trust.lacking"}
        for number, row in enumerate(sheet)
    ]
    assert mistakes(study, save(rows)) == [
        "none of its passages is in this study. Name the study that it was made for; if "
        "transcripts or the length of passages (segment in study.toml) were changed since, put "
        "them back."
    ]


def test_a_changed_id_is_named_by_its_hash_and_not_guessed(study, sheet, save):
    before = sheet[0]["passage"]
    sheet[0] |= {"codes": "-", "passage": "North 1"}
    assert mistakes(study, save(sheet)) == [
        f"row 2: passage 'North 1' is not in the study. Its hash is that of '{before}': put this "
        "id back if you coded its text."
    ]


def test_a_passage_whose_text_changed_in_the_study_is_named(study, sheet, save):
    sheet[0]["codes"] = "trust.lacking"
    passages = study.tables.read(PASSAGES)
    is_it = passages["passage"] == sheet[0]["passage"]
    passages["text"] = passages["text"].mask(is_it, "Another text.")
    study.tables.write(PASSAGES, passages)
    (mistake,) = mistakes(study, save(sheet))
    assert mistake.startswith(f"row 2: hash '{sheet[0]['hash']}' is not that of passage")


def test_a_column_that_was_sorted_alone_is_noticed(study, sheet, save):
    for row in sheet:
        row["codes"] = "-"
    texts = sorted((row["text"] for row in sheet), reverse=True)
    rows = [row | {"text": text} for row, text in zip(sheet, texts, strict=True)]
    found = mistakes(study, save(rows))
    moved = sum(row["text"] != text for row, text in zip(sheet, texts, strict=True))
    assert len(found) == moved > 30


def test_no_words_of_a_passage_are_in_a_message(study, sheet, save):
    sheet[0]["codes"] = sheet[0]["text"]  # a row that moved by a column
    (mistake, *_) = mistakes(study, save(sheet))
    quoted = mistake.split("'")[1]
    assert len(quoted) <= 30


def test_cells_that_an_analysis_program_filled_are_not_taken_for_no_codes(study, sheet, save):
    rows = [row | {"coder": "NA", "note": "NA", "codes": "NA"} for row in sheet]
    rows[0]["codes"] = "trust.lacking"
    (mistake,) = mistakes(study, save(rows))
    assert mistake.startswith("rows 3-41: codes is 'NA', as other cells of the row are")
    rows[1:] = [row | {"codes": ""} for row in rows[1:]]
    assert "1 passage by Ada" in take(study, save(rows))


def test_na_that_somebody_typed_means_that_no_label_applies(study, sheet, save):
    sheet[0]["codes"] = "NA"
    assert "1 passage by Ada: 0 labels yes, 48 no" in take(study, save(sheet))


def test_a_row_that_fell_apart_at_a_comma_is_named(study, sheet, tmp_path):
    row = sheet[0]
    path = tmp_path / "filled.csv"
    path.write_text(f"passage,hash,codes\n{row['passage']},{row['hash']},-,trust.lacking\n")
    (mistake,) = mistakes(study, path)
    assert mistake.startswith("row 2: there is text right of the last column.")


def test_a_coder_is_needed_and_spelt_in_one_way(study, sheet, save):
    rows = [row | {"codes": "-", "coder": name} for row, name in zip(sheet, COLUMNS, strict=False)]
    rows[1]["coder"], rows[2]["coder"] = "", rows[0]["coder"].upper()
    assert mistakes(study, save(rows), coder="") == [
        "row 3: coder is empty. Write who typed the codes, or name the coder with --coder.",
        "row 4: coder 'NUMBER' is 'number' in row 2. Write both alike.",
    ]


def test_a_coder_is_spelt_as_before(study, sheet, save):
    sheet[0]["codes"] = "-"
    take(study, save(sheet), coder=" Ada  Quill ")
    with pytest.raises(UserError, match="row 2: coder 'ada quill' is 'Ada Quill' in what was impo"):
        take(study, save(sheet), coder="ada quill")


def test_a_passage_that_is_there_twice_must_have_the_same_codes(study, sheet, save):
    rows = [row | {"codes": "trust.lacking"} for row in (sheet[0], sheet[0])]
    assert "1 passage by Ada: 1 label yes, 47 no" in try_import(
        study, save(rows), coder="Ada", now=NOW
    )
    rows[1]["codes"] = "trust.present"
    assert mistakes(study, save(rows)) == [
        f"row 3: Ada has other codes for passage '{sheet[0]['passage']}' in row 2 (trust.present). "
        "Keep the row that holds."
    ]


def test_an_empty_sheet_is_told(study, sheet, save):
    with pytest.raises(UserError, match=r"has no codes in it yet, so nothing is imported"):
        take(study, save(sheet))


@pytest.mark.parametrize("header", ["To check by Friday,,", "North0-1,bcdf,-", "transcript,text"])
def test_a_file_whose_first_row_names_no_columns_is_told_in_one_sentence(study, tmp_path, header):
    (tmp_path / "filled.csv").write_text(f"{header}\nx,y,z\n")
    (mistake,) = mistakes(study, tmp_path / "filled.csv")
    assert mistake.startswith("its first row names no column of a check sheet (passage and codes),")
    assert "Put the names of the columns into the first row (of the first sheet," in mistake


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "passage,hash,labels",
            "there is no column 'codes'. A check sheet has passage and codes; a table with one row "
            "a code has passage, code and stance.",
        ),
        ("pasage,hash,codes", "there is no column 'passage'. Did you mean 'pasage'? A check"),
        # one label a cell would be recorded as if nobody had looked for the others
        ("passage,hash,code", "there is no column 'codes'. Did you mean 'code'? A check sheet"),
        ("passage,codes", "there is neither a column 'hash' nor 'text' to know passages by."),
        ("passage,hash,codes,Codes", "there are 2 columns 'codes'. Rename those not meant."),
    ],
)
def test_columns_that_are_missing_or_double_are_named(study, tmp_path, header, said):
    (tmp_path / "filled.csv").write_text(f"{header}\nx,y,z,z\n")
    (mistake,) = mistakes(study, tmp_path / "filled.csv")
    assert mistake.startswith(said)


def long_rows(sheet, *codes, **more):
    return [
        {"id": row["passage"], "code": code, "stance": stance, **more}
        for row in sheet[:2]
        for code, stance in codes
    ]


def test_a_table_with_one_row_a_code_is_imported_as_chosen(study, sheet, save):
    rows = long_rows(sheet, ("Trust", "lacking"), ("sense of place", "Present"), applied="TRUE")
    rows[1]["applied"], rows[2]["applied"] = "0", ""
    said = take(study, save(rows, separator=";"))
    assert said.startswith("2 passages by Ada: 2 labels yes, 1 no; 1 without codes")
    assert set(study.decisions["selection"]) == {"chosen"}
    assert applied(study) == {
        ("Ada", sheet[0]["passage"], LACKING),
        ("Ada", sheet[1]["passage"], PLACE),
    }


def test_a_table_with_one_row_a_code_needs_neither_applied_nor_coder(study, sheet, save):
    take(study, save(long_rows(sheet, ("trust", "lacking"))))
    assert len(applied(study)) == 2


def test_mistakes_in_a_table_with_one_row_a_code_are_listed(study, sheet, save):
    rows = long_rows(sheet, ("trust", "lakcing"), ("trust", ""), applied="1", coder="Bo")
    rows[0]["applied"] = "maybe"
    rows += [{**rows[0], "stance": "lacking", "applied": "1", "id": "gone"}]
    assert mistakes(study, save(rows)) == [
        "rows 2 and 4: there is no label 'trust lakcing'. Write trust.present or trust.lacking.",
        "row 2: applied 'maybe' is neither yes nor no. Write yes or no.",
        "rows 3 and 5: there is no label 'trust'. Write trust.present or trust.lacking.",
        "row 6: passage 'gone' is not in the study. Was its transcript changed after the codes "
        "were typed? Put it back, or delete the row.",
    ]


def test_codings_of_a_model_are_no_decisions(study, sheet, save):
    rows = long_rows(sheet, ("trust", "lacking"), coder="model default")
    assert mistakes(study, save(rows)) == [
        "rows 2-3: coder 'model default' is a model. Only what people decide is imported: delete "
        "its rows."
    ]


def test_a_correction_from_elsewhere_leaves_the_passage_in_the_sample(study, sheet, save):
    sheet[0]["codes"] = "trust.lacking"
    take(study, save(sheet))
    take(study, save(long_rows(sheet[:1], ("trust", "lacking"), applied="no")))
    decisions = study.decisions.query("code == 'trust' and stance == 'lacking'")
    assert decisions["applied"].tolist() == [False]
    assert decisions["selection"].tolist() == [RANDOM]
    assert decisions["probability"].round(3).tolist() == [0.8]


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("Iâ€™m here", "I’m here"),
        ("I?m here", "I’m here"),
        ("I’m here", "I'm here"),  # what Excel does while somebody types
        ("'-I mean, no", "-I mean, no"),
        ("caf\x8e  now", "café now"),
    ],
)
def test_a_garbled_text_is_known(shown, text):
    assert is_same_text(shown, text)


@pytest.mark.parametrize("shown", ["I was there", "I am", "I am there now", "I am ####"])
def test_another_text_is_not(shown):
    assert not is_same_text(shown, "I am there")


@pytest.fixture
def run(study):
    def run(*arguments):
        return CliRunner().invoke(main, ["--root", str(study.root), "import-codes", *arguments])

    return run


def test_a_damaged_workbook_is_refused_in_a_sentence(run, tmp_path):
    book = Workbook()
    book.active.append(["passage", "hash", "codes"])
    book.save(tmp_path / "filled.xlsx")
    content = (tmp_path / "filled.xlsx").read_bytes()
    (tmp_path / "filled.xlsx").write_bytes(content[: len(content) // 2])
    result = run("small", str(tmp_path / "filled.xlsx"))
    assert (result.exit_code, "is no XLSX file, or it is damaged" in result.output) == (1, True)


def test_a_study_at_work_is_not_imported_into(run, study, sheet, save):
    sheet[0]["codes"] = "-"
    with hold(study):
        result = run("small", str(save(sheet)), "--coder", "Ada")
    assert result.exit_code == 1
    assert "Another run (process" in result.output
    assert not (study.corpus / "coding.sqlite").exists()


def test_the_command_may_be_tried_first(run, study, sheet, save):
    sheet[0]["codes"] = "-"
    path = str(save(sheet))
    result = run("small", path, "--coder", "Ada", "--dry-run")
    assert result.output.startswith("import-codes  Nothing is recorded yet: 1 passage by Ada")
    assert not (study.corpus / "coding.sqlite").exists()
    assert "next." in run("small", path, "--coder", "Ada").output
    assert len(study.decisions) == 48
