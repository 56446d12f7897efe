import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from pipeline.errors import UserError
from pipeline.spreadsheets import read_sheet, stream_sheet

ROWS = "id,text,area\n1,It floods.,North\n2,Nobody decides.,Süd\n"


@pytest.fixture
def read(tmp_path):
    """Read a table given as text or bytes, and give its columns, row numbers and cells."""

    def read(content, *, name="answers.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        columns, rows = stream_sheet(path)
        return columns, [(row.line, *row.cells.values()) for row in rows]

    return read


@pytest.fixture
def save(tmp_path):
    """Save rows as the first sheet of a workbook."""

    def save(*rows):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.create_sheet("notes").append(["id", "text"])
        book.save(tmp_path / "answers.xlsx")
        return tmp_path / "answers.xlsx"

    return save


@pytest.mark.parametrize(
    "content",
    [
        ROWS,
        "\ufeff" + ROWS.replace("\n", "\r\n"),
        ROWS.replace(",", ";"),
        ROWS.replace(",", "\t").encode("utf-16"),
        ROWS.encode("cp1252"),
        ROWS.replace("\n", "\r"),  # old Macs
        ROWS.rstrip("\n"),
        ROWS.replace("id,text", " ID ,Text"),
        ROWS.replace("Süd", "Su\u0308d"),  # the accent as a character of its own
    ],
)
def test_a_stream_reads_what_spreadsheets_write(read, content):
    assert read(content) == (
        ["id", "text", "area"],
        [(2, "1", "It floods.", "North"), (3, "2", "Nobody decides.", "Süd")],
    )


def test_commas_in_a_question_do_not_decide_what_is_between_cells(read):
    content = '"What, if anything,\nhelped?";id\n"The nurse, and\nher van";7\nNothing, really;8\n'
    assert read(content) == (
        ["what, if anything, helped?", "id"],
        [(2, "The nurse, and\nher van", "7"), (3, "Nothing, really", "8")],
    )


def test_rows_are_numbered_as_a_spreadsheet_does(read):
    content = 'id,text\n1,"two\nlines"\n\n,\n2,after a blank row\n'
    assert [number for number, *_ in read(content)[1]] == [2, 5]


def test_a_line_that_names_the_separator_is_passed_over(read):
    assert read("sep=;\nid;text\n1;a, b\n") == (["id", "text"], [(3, "1", "a, b")])


@pytest.mark.parametrize("content", ["", "\n\n", " , \n"])
def test_a_table_of_nothing_has_no_columns(read, content):
    assert read(content) == ([], [])


def test_a_quotation_mark_without_its_fellow_swallows_nothing(read):
    content = 'id,text\n1,fine\n2,"It floods.\n3,Nobody decides.\n'
    with pytest.raises(UserError, match=r"answers.csv, row 3: a cell does not end"):
        read(content)


def test_a_cell_without_end_is_not_read_to_the_end_of_a_large_file(read):
    with pytest.raises(UserError, match=r"row 2: a cell does not end, or is longer than 131,072"):
        read('id,text\n1,"' + "It floods.\n" * 20_000)


def test_a_small_table_is_held_to_the_same(tmp_path):
    path = tmp_path / "interviews.csv"
    path.write_text('transcript,participant\na.txt,"Ada\nb.txt,Bo\n')
    with pytest.raises(UserError, match="row 2: a cell does not end"):
        read_sheet(path)


@pytest.mark.parametrize("content", [b"id,text\n1,\x00\n", "id,text\n1,a".encode("utf-16")[:-1]])
def test_what_is_no_text_is_refused(read, content):
    with pytest.raises(UserError, match=r"answers.csv is not text: .*Save it as CSV \(UTF-8\)"):
        read(content)


@pytest.mark.parametrize("name", ["answers.xls", "answers.ods", "answers.sav", "answers"])
def test_other_kinds_of_file_are_refused_in_a_sentence(read, name):
    with pytest.raises(
        UserError, match=rf"{name} is no table .*: save it as CSV \(UTF-8\) or XLSX"
    ):
        read("", name=name)


def test_a_workbook_is_read_as_text(save):
    columns, rows = stream_sheet(
        save(
            [None, None],
            ["Id", "Text", "When"],
            [1.0, "  It_x000D_\nfloods. ", date(2025, 3, 31)],
            [2.5, True, datetime(2025, 3, 31, 9, 30)],
            [],
            ["007", 12345678901234, None, "a note beside the table"],
        )
    )
    assert columns == ["id", "text", "when"]
    assert [(row.line, *row.cells.values(), row.beyond) for row in rows] == [
        (3, "1", "It\r\nfloods.", "2025-03-31", ""),
        (4, "2.5", "TRUE", "2025-03-31T09:30:00", ""),
        (6, "007", "12345678901234", "", ""),
    ]


def test_a_formula_gives_what_was_last_worked_out(save):
    _, rows = stream_sheet(save(["id", "text"], [1, '=CONCAT("It", " floods.")']))
    assert [row.cells["text"] for row in rows] == [""]  # by openpyxl, so never worked out


def test_a_workbook_that_lies_about_its_size_is_read_whole(save):
    path = save(["id", "text"], [1, "It floods."], [2, "Nobody decides."])
    change(path, "xl/worksheets/sheet1.xml", b'ref="A1:B3"', b'ref="A1:A1"')
    assert [row.cells["text"] for row in stream_sheet(path).rows] == [
        "It floods.",
        "Nobody decides.",
    ]


def change(path, member, old, new):
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_texts_are_found_where_excel_keeps_them(save):
    path = save(["id", "text"], [1, "It floods."])
    inline, shared = b'"inlineStr"><is><t>It floods.</t></is>', b'"s"><v>0</v>'
    change(path, "xl/worksheets/sheet1.xml", inline, shared)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    listed = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    change(path, "[Content_Types].xml", b"</Types>", listed)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "xl/sharedStrings.xml",
            f'<sst xmlns="{namespace}"><si><r><t>It </t></r><r><t>floods_x000D_.</t></r></si>'
            "</sst>",
        )
    assert [row.cells["text"] for row in stream_sheet(path).rows] == ["It floods\r."]


def test_a_damaged_workbook_is_refused_wherever_its_damage_is(save):
    path = save(["id", "text"], *([number, f"It floods {number}."] for number in range(300)))
    whole = path.read_bytes()
    for kept in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:kept])
        with pytest.raises(UserError, match="is no XLSX file, or it is damaged"):
            list(stream_sheet(path).rows)
    path.write_bytes(whole)
    change(path, "xl/worksheets/sheet1.xml", b"</row></sheetData>", b"</row>")
    with pytest.raises(UserError, match=r"Save it again in Excel, without a password, or as CSV"):
        list(stream_sheet(path).rows)


def test_a_csv_file_that_is_called_xlsx_is_refused(read):
    with pytest.raises(UserError, match=r"answers.xlsx is no XLSX file"):
        read(ROWS, name="answers.xlsx")


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unread(save):
    path = save(["id", "text"], [1, "It floods."])
    change(path, "xl/worksheets/sheet1.xml", b"It floods.", b"x" * 30_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(UserError, match="or far too large"):
        list(stream_sheet(path).rows)
