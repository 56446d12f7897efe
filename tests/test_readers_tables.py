"""Tables of turns and of open answers, as people and programs save them."""

import datetime
import math
import time
import zipfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import NO_SPEAKERS, Script, read_script

GOLDEN = sorted((Path(__file__).parent / "data" / "readers").glob("tables-*/input.*"))
TURNS = [["Sam Orr", "Who mends it?"], ["Ann Lee", "We all do."]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


@pytest.fixture
def read(folder):
    def read_table(content: str | bytes, suffix: str = ".csv") -> Script:
        path = folder / f"T01{suffix}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_script(path)

    return read_table


@pytest.fixture
def read_sheets(folder):
    def read_workbook(*sheets: list[list[object]], hidden_sheet: int = 0) -> Script:
        book = Workbook()
        book.remove(book.worksheets[0])
        for rows in sheets:
            sheet = book.create_sheet()
            for row in rows:
                sheet.append(row)
        if hidden_sheet:
            book.worksheets[hidden_sheet - 1].sheet_state = "hidden"
        book.save(folder / "T01.xlsx")
        return read_script(folder / "T01.xlsx")

    return read_workbook


def said(script: Script) -> list[list[str]]:
    return [list(turn[:2]) for turn in script.turns]


def as_csv(*rows: list[str], delimiter: str = ",") -> str:
    return "\n".join(delimiter.join(row) for row in rows)


@pytest.mark.parametrize("speaker", ["Speaker", "NAME", "who", "speaker_name", "Speaker label"])
@pytest.mark.parametrize(
    "text", ["Text", "utterance", "Transcript", "CONTENT", "words", "Response"]
)
def test_columns_are_told_by_their_names_however_they_are_spelt(read, speaker, text):
    script = read(as_csv(["No", speaker, text], ["1", *TURNS[0]], ["2", *TURNS[1]]))
    assert said(script) == TURNS
    assert script.kind == f"a table with one row a turn (speaker: {speaker}; words: {text})"


@pytest.mark.parametrize("column", ["Start", "time", "Timestamp", "start_time", "Time code"])
@pytest.mark.parametrize(("given", "seconds"), [("62.5", 62.5), ("00:01:02", 62), ("01:02", 62)])
def test_times_are_read_in_seconds_or_with_colons(read, column, given, seconds):
    script = read(as_csv([column, "Speaker", "Text"], [given, *TURNS[0]], ["", *TURNS[1]]))
    assert script.turns[0].start_seconds == seconds
    assert math.isnan(script.turns[1].start_seconds)


@pytest.mark.parametrize(
    ("suffix", "times", "seconds"),
    [
        (".tsv", ["0", "2500"], 2.5),  # Whisper writes milliseconds
        (".csv", ["0", "2500"], 2.5),  # far too long for so few words
        (".csv", ["0", "25"], 25),
    ],
)
def test_milliseconds_of_whisper_are_told_from_seconds(read, suffix, times, seconds):
    rows = [
        ["start", "end", "speaker", "text"],
        [times[0], "", *TURNS[0]],
        [times[1], "", *TURNS[1]],
    ]
    script = read(as_csv(*rows, delimiter="\t"), suffix)
    assert script.turns[1].start_seconds == seconds


def test_an_open_answer_is_a_turn_of_its_respondent(read):
    script = read("Respondent ID,What helped you most?\n101,The warden knew us.\n102,My sister.\n")
    assert said(script) == [["101", "The warden knew us."], ["102", "My sister."]]
    assert script.kind == (
        "a table with one row an open answer (person: Respondent ID; words: What helped you most?)"
    )


def test_answers_without_anyone_are_turns_without_a_speaker(read):
    script = read("text\nThe warden.\nMy sister.\n")
    assert said(script) == [["", "The warden."], ["", "My sister."]]
    assert script.warnings == (NO_SPEAKERS,)


def test_an_answer_without_its_respondent_is_not_the_one_of_the_row_above(read):
    script = read("id,text\n101,The warden knew us.\n,My sister.\n")
    assert said(script)[1] == ["Unknown speaker", "My sister."]


def test_a_turn_without_a_speaker_goes_on_from_the_row_above_with_a_warning(read):
    script = read("Speaker,Text\nAnn,We do.\n,All of us.\n")
    assert said(script) == [["Ann", "We do. All of us."]]
    assert script.warnings == ("without a speaker: 1 row, read as going on from the row above",)


def test_in_a_table_of_segments_an_id_is_no_speaker(read):
    script = read("id,start,text\n0,0.5,We mend it.\n1,3.5,All of us.\n")
    assert said(script) == [["", "We mend it. All of us."]]


def test_the_date_of_an_answer_is_no_time_of_a_recording(read):
    script = read("Timestamp,What helped?\n03/05/2025 10:12:11,The warden.\n,My sister did.\n")
    assert said(script) == [["", "The warden."], ["", "My sister did."]]
    assert math.isnan(script.turns[0].start_seconds)


def test_of_several_columns_of_words_the_fullest_is_read_with_a_warning(read):
    script = read("id,Best thing,Worst thing\n1,The warden knew us all,The bus was late\n")
    assert said(script) == [["1", "The warden knew us all"]]
    assert script.warnings == (
        "several columns have words: 'Best thing' has most and is read, 'Worst thing' not",
    )


def test_a_column_named_for_talk_is_preferred_beside_speakers(read):
    script = read("Speaker,Text,Memo\nAnn,Yes.,she seems to doubt it quite a lot\n")
    assert said(script) == [["Ann", "Yes."]]


def test_columns_without_names_are_told_by_what_they_hold(read):
    rows = [[f"00:0{n}", *TURNS[n % 2]] for n in range(4)]
    script = read(as_csv(*rows))
    assert said(script) == TURNS * 2
    assert [turn.start_seconds for turn in script.turns] == [0, 1, 2, 3]
    assert script.kind == (
        "a table with one row a turn (speaker: column 2; words: column 3; time: column 1)"
    )


def test_a_short_answer_is_no_row_of_names(read):
    rows = [["Ann Lee", "No"], ["Sam Orr", "We all do it here."], ["Ann Lee", "Time"], TURNS[0]]
    assert said(read(as_csv(*rows)))[0] == ["Ann Lee", "No"]


def test_rows_above_the_names_are_headings(read):
    script = read(as_csv(["Interview 3", ""], ["", ""], ["Speaker", "Text"], *TURNS))
    assert said(script) == TURNS
    assert script.left_out == {"heading rows": 1}
    assert [turn.first_line for turn in script.turns] == [4, 5]


def test_names_before_a_colon_are_read_in_a_table_of_one_column(read):
    script = read("Transcript\nInterviewer: Who mends it?\nP01: We all do.\nInterviewer: When?\n")
    assert [turn.speaker for turn in script.turns] == ["Interviewer", "P01", "Interviewer"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_files_are_read_as_excel_writes_them(read, delimiter, encoding):
    rows = [["Name", "Text"], ["Zoë", '"Yes; ""indeed"", I do,\r\nsince 2 | 3"'], ["Sam", "Café."]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    script = read(text.encode(encoding))
    assert said(script) == [["Zoë", 'Yes; "indeed", I do,\nsince 2 | 3'], ["Sam", "Café."]]


def test_quotation_marks_of_whisper_stay_where_they_are(read):
    script = read('start\tend\ttext\n0\t9\t"Who mends\n9\t20\tit?" she asked.\n', ".tsv")
    assert said(script) == [["", '"Who mends it?" she asked.']]


def test_words_that_fell_apart_at_commas_are_put_together_with_a_warning(read):
    script = read("Speaker,Text\nAnn,Yes, we do, all of us,\nSam,No.\n")
    assert said(script) == [["Ann", "Yes, we do, all of us"], ["Sam", "No."]]
    assert script.warnings == ("fallen apart at commas: 1 row, put together again",)


def test_words_that_fell_apart_before_another_column_are_refused(read):
    with pytest.raises(TranscriptError, match="line 2: it has more cells than there are columns"):
        read("Speaker,Text,Time\nAnn,Yes, we do,3\n")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("\n ,\n", "the file is empty"),
        ("a,b\n1,2\n3,4\n", "no column of it holds what people say; its columns are 'a' and 'b'"),
        ('a,"b\nc"\n1,2\n3,4\n', "its columns are 'a' and 'b c'"),
        ("transcript,participant,area\nT01.txt,P1,North\nT02.docx,P2,South\n", "no column of it"),
        ("Speaker,Text\nAnn,\n", "no column of it holds what people say"),
        ('Speaker,Text\nAnn,"We do\n', "line 2: a cell does not end"),
        ("Speaker,Text\nAnn," + "we " * 50_000, "longer than 131,072 characters"),
        (b"Speaker,Text\nAnn,\0\n", "this is not text"),
        ("," * 5_000_001, "far too many rows or cells"),
    ],
)
def test_what_is_not_read_is_refused_with_a_sentence(read, content, problem):
    with pytest.raises(TranscriptError, match=problem):
        read(content)


def test_times_of_excel_are_read(read_sheets):
    times = [datetime.time(0, 1, 2), datetime.timedelta(hours=1, seconds=1), 5, "00:07"]
    rows = [[given, *turn] for given, turn in zip(times, TURNS * 2, strict=True)]
    script = read_sheets([["Time", "Speaker", "Text"], *rows])
    assert [turn.start_seconds for turn in script.turns] == [62, 3601, 5, 7]


def test_the_first_sheet_with_talk_is_read_and_named(read_sheets):
    script = read_sheets([["Study", "Hall"]], [], [["Speaker", "Text"], *TURNS], [["Text"], ["No"]])
    assert said(script) == TURNS
    assert "in the sheet 'Sheet2'" in script.kind  # the first is 'Sheet'


def test_sheets_that_are_shown_come_before_hidden_ones(read_sheets):
    old = [["Speaker", "Text"], ["Ann", "An old draft."]]
    script = read_sheets(old, [["Speaker", "Text"], *TURNS], hidden_sheet=1)
    assert said(script) == TURNS


def test_hidden_rows_are_read_with_a_warning():
    (source,) = (path for path in GOLDEN if path.suffix == ".xlsx")
    assert read_script(source).warnings[0] == "hidden in the workbook: 1 row, read as well"


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(folder):
    path = folder / "bomb.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    with pytest.raises(TranscriptError, match="far too large"):
        read_script(path)


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>' * 400,
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>nonsense</v></c></row>',
        "<row <row <row",
    ],
    ids=["far down", "far right", "no such text", "no date", "no XML"],
)
def test_a_workbook_that_claims_nonsense_is_refused_at_once(read_sheets, folder, rows):
    read_sheets([["Speaker", "Text"], *TURNS])
    path = folder / "nonsense.xlsx"
    with ZipFile(folder / "T01.xlsx") as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            is_sheet = name.startswith("xl/worksheets/")
            new.writestr(name, SHEET.format(rows) if is_sheet else old.read(name))
    started = time.process_time()
    with pytest.raises(TranscriptError):
        read_script(path)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("content", [b"PK\3\4", b"Speaker,Text\nAnn,Yes.\n", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_refused(read, content):
    with pytest.raises(TranscriptError, match=r"this is no XLSX file, or it is damaged"):
        read(content, ".xlsx")


def is_read_or_refused(path: Path) -> bool:
    try:
        script = read_script(path)
    except TranscriptError:
        return True
    return all(turn.text and turn.first_line <= turn.last_line for turn in script.turns)


CELLS = st.sampled_from(
    [
        "Speaker",
        "Text",
        "start",
        "id",
        "Ann",
        "We do, too.",
        "1",
        "00:01",
        "",
        '"',
        "What?",
        "T1.txt",
    ]
)


@given(
    st.lists(st.lists(CELLS, max_size=4), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([".csv", ".tsv"]),
)
def test_any_table_is_read_or_refused(folder, rows, delimiter, suffix):
    path = folder / f"any{suffix}"
    path.write_text(as_csv(*rows, delimiter=delimiter), encoding="utf-8")
    assert is_read_or_refused(path)


@given(st.binary() | st.text().map(str.encode), st.sampled_from([".csv", ".tsv", ".xlsx"]))
def test_any_bytes_are_read_or_refused(folder, content, suffix):
    path = folder / f"bytes{suffix}"
    path.write_bytes(content)
    assert is_read_or_refused(path)


@given(st.sampled_from(GOLDEN), st.data())
@settings(deadline=None)
def test_changed_golden_inputs_are_read_or_refused(folder, source, data):
    content = source.read_bytes()
    place = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(place, len(content)))
    piece = data.draw(st.sampled_from([b"", b'"', b",", content[place:end] * 2]))
    path = folder / f"changed{source.suffix}"
    path.write_bytes(content[:place] + piece + content[end:])
    assert is_read_or_refused(path)


@given(st.data())
@settings(deadline=None, max_examples=50)
def test_workbooks_with_a_changed_part_are_read_or_refused(folder, data):
    (source,) = (path for path in GOLDEN if path.suffix == ".xlsx")
    path = folder / "part.xlsx"
    with ZipFile(source) as old, ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        changed = data.draw(st.sampled_from(old.namelist()))
        for name in old.namelist():
            content = old.read(name)
            if name == changed:
                place = data.draw(st.integers(0, len(content)))
                piece = data.draw(st.sampled_from([b"", b"0", b"99999999", b"<", b'"', b"x"]))
                content = content[:place] + piece + content[place + data.draw(st.integers(0, 9)) :]
            new.writestr(name, content)
    assert is_read_or_refused(path)


@pytest.mark.parametrize(
    "text",
    [
        "Speaker,Text\n" + "Ann,Yes.\n" * 25_000,
        "," * 10**6,
        '"' * 10**6,
        '"a' * 500_000,
        "a\n" * 80_000,
        "text\n" + "A: " * 330_000,
        "sep=" + "," * 10**6,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_tables_take_linear_time(folder, text):
    path = folder / "hostile.csv"
    path.write_text(text, encoding="utf-8")
    started = time.process_time()
    assert is_read_or_refused(path)
    assert time.process_time() - started < 1
