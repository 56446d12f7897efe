import csv
import sqlite3
from datetime import UTC, datetime

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipeline.check_samples import draw_check_sample, hash_text, write_check_sample
from pipeline.cli import main
from pipeline.decisions import record
from pipeline.errors import UserError
from pipeline.exported_codes import COLUMNS, export_codes
from pipeline.imported_codes import import_codes
from pipeline.tables import PASSAGES

NOW = datetime(2025, 3, 9, 10, 0, tzinfo=UTC)
SAID = "-I mean, “no”: the café closed in week {}; and, well, that was it."


@pytest.fixture
def study(make_study, make_passages):
    """Two areas of 25 passages, 20 of each in the check sample, with the shipped codebook."""
    study = make_study({"a1.txt": "Ada Quill: It was week 1."})
    passages = make_passages(interviews=5, each=5, text=SAID)
    study.tables.write(PASSAGES, passages)
    sample = draw_check_sample(passages, study.codebook, size=20, seed=1)
    write_check_sample(study.corpus / "check-sample.json", sample)
    return study


def decide(study, passage, *, coder="Ada", labels=None, yes=(), **more):
    """Decide on some labels of a passage, or on all, and record it."""
    labels = study.codebook.labels if labels is None else labels
    row = {
        "coder": coder,
        "passage": passage,
        "codebook_version": study.codebook.version,
        "selection": "random",
        "probability": 0.8,
        "decided_at": "2025-03-01T10:00:00Z",
    } | more
    record(
        study.corpus / "coding.sqlite",
        [
            row | {"code": label.code, "stance": label.stance, "applied": int(label in yes)}
            for label in labels
        ],
    )


@pytest.fixture
def decided(study):
    """Whole passages, passages of which some labels were looked at, joint and withdrawn ones."""
    names, labels = study.tables.read(PASSAGES)["passage"], study.codebook.labels
    decide(study, names[3], yes=labels[2:4])
    decide(study, names[3], coder="Bo", yes=labels[3:5])
    decide(study, names[3], coder="joint Ada + Bo", yes=labels[3:4])
    decide(study, names[0], labels=labels[5:8], yes=labels[5:6], selection="uncertain")
    chosen = {"selection": "chosen", "probability": None}
    decide(study, names[1], labels=labels[:1], yes=labels[:1], **chosen)
    decide(study, names[1], labels=labels[:1], **chosen, is_withdrawn=1)
    decide(study, names[2], coder="=Zoë Ünal", labels=labels[1:2], **chosen)
    return study


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def count(study):
    with sqlite3.connect(study.corpus / "coding.sqlite") as database:
        return database.execute("SELECT count(*) FROM decisions").fetchone()[0]


def test_there_is_one_row_for_each_passage_coder_and_label(decided):
    labels = len(decided.codebook.labels)
    said = export_codes(decided, None)
    path = decided.corpus / "codes.csv"
    assert said == (
        f"3 passages by Ada, =Zoë Ünal, Bo and joint Ada + Bo: 6 labels yes, {3 * labels - 2} no "
        f"-> {path}. 'three-powers import-codes small {path}' takes it back."
    )
    rows = read(path)
    assert [*rows[0]] == COLUMNS
    first = decided.codebook.labels[5]
    text = SAID.format(0)
    assert rows[0] == {
        "passage": "North0-0",
        "hash": hash_text(text),
        "area": "North",
        "transcript": "North0",
        "text": f"'{text}",
        "code": first.code,
        "stance": first.stance,
        "applied": "yes",
        "coder": "Ada",
        "codebook_version": f"version {decided.codebook.version}",
    }
    assert len(rows) == 3 * labels + 4
    assert {row["coder"] for row in rows} == {"Ada", "Bo", "joint Ada + Bo", "'=Zoë Ünal"}
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values())


def test_passages_stand_in_the_studys_order_and_labels_in_the_codebooks(decided):
    export_codes(decided, None)
    rows = read(decided.corpus / "codes.csv")
    order = list(dict.fromkeys(row["passage"] for row in rows))
    assert order == ["North0-0", "North0-2", "North0-3"]
    bo = [(row["code"], row["stance"]) for row in rows if row["coder"] == "Bo"]
    assert bo == [tuple(label) for label in decided.codebook.labels]


def as_written(path):
    return path


def as_excel_saves_csv(path):
    """Semicolons, Windows-1252, another order of columns."""
    rows = [dict(reversed(row.items())) for row in read(path)]
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_sorted_by_hand(path):
    rows = sorted(read(path), key=lambda row: (row["applied"], row["text"]), reverse=True)
    with path.open("w", encoding="utf-16", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t")
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_only_what_is_needed(path):
    table = pd.read_csv(path, dtype="str", encoding="utf-8-sig")
    table[["passage", "code", "stance", "applied", "coder", "codebook_version"]].to_csv(path)
    return path


def as_a_workbook(path):
    """Every cell as it is shown, saved anew, with yes as a number and no as a truth value."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    place = COLUMNS.index("applied") + 1
    for line in range(2, sheet.max_row + 1):
        cell = sheet.cell(line, place)
        cell.value, cell.number_format = (1 if cell.value == "yes" else False), "General"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("codes.csv", as_written),
        ("codes.csv", as_excel_saves_csv),
        ("codes.csv", as_sorted_by_hand),
        ("codes.csv", as_only_what_is_needed),
        ("codes.xlsx", as_written),
        ("codes.xlsx", as_a_workbook),
    ],
)
def test_what_was_exported_comes_back_unchanged(decided, tmp_path, name, saved):
    before, rows = decided.decisions, count(decided)
    export_codes(decided, tmp_path / name)
    said = import_codes(decided, saved(tmp_path / name), coder="", now=NOW)
    assert f"; {len(before)} recorded before;" in said
    pd.testing.assert_frame_equal(decided.decisions, before)
    assert count(decided) == rows


def test_a_yes_that_somebody_took_back_in_the_file_is_all_that_changes(decided, tmp_path):
    before, rows = decided.decisions, count(decided)
    export_codes(decided, tmp_path / "codes.csv")
    exported = read(tmp_path / "codes.csv")
    exported[0]["applied"] = "no"
    with (tmp_path / "codes.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(exported)
    import_codes(decided, tmp_path / "codes.csv", coder="", now=NOW)
    assert count(decided) == rows + 1
    said = ["coder", "passage", "code", "stance", "applied", "selection"]
    then, now = ({*table[said].itertuples(index=False)} for table in (before, decided.decisions))
    ((was,), (became,)) = then - now, now - then
    assert became == was._replace(applied=False)


def test_decisions_that_were_lost_come_back_from_the_file(decided, tmp_path):
    export_codes(decided, tmp_path / "codes.csv")
    before = decided.decisions
    (decided.corpus / "coding.sqlite").unlink()
    import_codes(decided, tmp_path / "codes.csv", coder="", now=NOW)
    said = ["coder", "passage", "code", "stance", "applied", "codebook_version"]
    then, now = ({*table[said].itertuples(index=False)} for table in (before, decided.decisions))
    assert now == then


def test_what_the_study_has_no_more_is_left_out_and_told(decided, tmp_path):
    decide(decided, "gone-1", labels=decided.codebook.labels[:2])
    labels = [type(decided.codebook.labels[0])("no_such_code", "present")]
    decide(decided, "North0-4", labels=labels)
    said = export_codes(decided, tmp_path / "codes.csv")
    assert said.endswith(
        " 3 decisions on passages or labels that the study does not have any more are left out; "
        "they stay in coding.sqlite."
    )
    assert {row["passage"] for row in read(tmp_path / "codes.csv")} == {
        *("North0-0", "North0-2", "North0-3")
    }


def test_what_a_model_says_is_not_exported(decided, tmp_path):
    decide(decided, "North0-4", coder="model default")
    export_codes(decided, tmp_path / "codes.csv")
    assert "model default" not in (tmp_path / "codes.csv").read_text("utf-8")


def test_names_that_import_codes_would_read_otherwise_are_told(decided, tmp_path):
    for name in ("ada", "NA", "Bo  Berg"):
        decide(decided, "North0-4", coder=name, labels=decided.codebook.labels[:1])
    said = export_codes(decided, tmp_path / "codes.csv")
    assert "But it cannot tell 'Ada', 'Bo  Berg', 'NA' and 'ada' from others" in said


def test_nothing_decided_is_told(study, tmp_path):
    with pytest.raises(UserError, match="Nobody has decided on any passage of this study yet"):
        export_codes(study, tmp_path / "codes.csv")
    assert not (tmp_path / "codes.csv").exists()


@pytest.fixture
def run(decided):
    def run(*arguments):
        return CliRunner().invoke(
            main, ["--root", str(decided.root), "export-codes", "small", *arguments]
        )

    return run


def test_a_file_that_is_there_is_kept_unless_forced(run, decided):
    path = decided.corpus / "codes.csv"
    path.write_text("mine")
    result = run()
    assert result.exit_code == 1
    assert "codes.csv is there already. Name another file with --output, or add" in result.output
    assert path.read_text() == "mine"
    assert run("--force").exit_code == 0
    assert len(read(path)) > 100


def test_one_persons_decisions_may_be_exported(run, decided, tmp_path):
    path = tmp_path / "bo.csv"
    assert run("--coder", "Bo", "--output", str(path)).output.startswith(
        "export-codes  1 passage by Bo: 2 labels yes, "
    )
    assert {row["coder"] for row in read(path)} == {"Bo"}
    result = run("--coder", "Boo", "--output", str(path), "--force")
    assert "There is no coder 'Boo'. Did you mean 'Bo'?" in result.output


def test_a_file_of_another_kind_is_refused(run, tmp_path):
    result = run("--output", str(tmp_path / "codes.ods"))
    assert (result.exit_code, "let the name end in .csv or .xlsx" in result.output) == (1, True)
