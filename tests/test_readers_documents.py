"""Documents: Word, OpenDocument, RTF, PDF and pages, as people and programs save them."""

import math
import time
import zipfile
from pathlib import Path
from zipfile import ZipFile

import pytest
from hostile_documents import (
    TURNS,
    docx,
    odt,
    odt_xml,
    one_page,
    paged_pdf,
    stream,
    word_xml,
    zipped,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import NO_SPEAKERS, Script, read_script

MODULES = ("word", "odt", "rtf", "pdf", "html_pages", "old_word")
GOLDEN = sorted(
    path
    for path in (Path(__file__).parent / "data" / "readers").glob("*/input.*")
    if path.parent.name.partition("-")[0] in MODULES
)
SUFFIXES = [".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf", ".html", ".htm"]
SAID = [["Interviewer", "Who mends it?"], ["P01", "We do."]] + [
    ["Interviewer", "When?"],
    ["P01", "In May."],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("documents")


@pytest.fixture
def read(folder):
    def read_document(content: bytes | str, suffix: str) -> Script:
        path = folder / f"T01{suffix}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_script(path)

    return read_document


def said(script: Script) -> list[list[str]]:
    return [list(turn[:2]) for turn in script.turns]


def run(text: str, look: str = "") -> str:
    return f"</w:t></w:r><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r><w:r><w:t>"


@pytest.mark.parametrize(
    ("content", "suffix", "kind"),
    [
        (docx(), ".docx", "a Word document"),
        (docx(), ".docm", "a Word document"),
        (docx(), ".doc", "a Word document"),
        (odt(), ".odt", "an OpenDocument text (.odt)"),
        ("{\\rtf1 " + "\\par ".join(TURNS) + "}", ".rtf", "an RTF document"),
        ("{\\rtf1 " + "\\par ".join(TURNS) + "}", ".doc", "an RTF document"),
        (paged_pdf([TURNS]), ".pdf", "a PDF"),
        ("<p>" + "<p>".join(TURNS), ".htm", "a page (.html)"),
        ("<html><p>" + "<p>".join(TURNS), ".doc", "a page (.html)"),
    ],
)
def test_what_a_document_is_stands_beside_how_its_speakers_are_told(read, content, suffix, kind):
    script = read(content, suffix)
    assert said(script) == SAID
    assert script.kind == f"{kind} (names before a colon)"


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".rtf", ".html"])
def test_paragraphs_of_a_document_without_speakers_are_turns(read, suffix):
    words = ["The bus was taken away in May.", "Nobody asked us who live there."]
    made = {
        ".docx": lambda: docx(word_xml(words)),
        ".odt": lambda: odt(odt_xml(words)),
        ".rtf": lambda: "{\\rtf1 " + "\\par ".join(words) + "}",
        ".html": lambda: "<p>" + "<p>".join(words),
    }
    script = read(made[suffix](), suffix)
    assert said(script) == [["", words[0]], ["", words[1]]]
    assert script.warnings == (NO_SPEAKERS,)


@pytest.mark.parametrize("look", ["<w:vanish/>", '<w:vanish w:val="1"/>'])
def test_hidden_words_of_word_are_left_out_and_counted(read, look):
    script = read(docx(word_xml([*TURNS, f"P01: Yes{run(' or no', look)}."])), ".docx")
    assert script.turns[-1].text.endswith("Yes.")
    assert script.left_out == {"hidden pieces": 1}


def test_words_that_are_not_hidden_are_kept(read):
    shown = run(", I do", '<w:vanish w:val="0"/>')
    script = read(docx(word_xml([*TURNS, f"P01: Yes{shown}."])), ".docx")
    assert script.turns[-1].text == "Yes, I do."


def test_a_bold_word_that_opens_no_talk_is_no_speaker(read):
    bold = [f"{run('May', '<w:b/>')} was cold.", "We mended it.", "It held.", "So we say."]
    script = read(docx(word_xml(bold)), ".docx")
    assert {turn.speaker for turn in script.turns} == {""}


def test_a_table_in_a_cell_is_read_once(read):
    inner = "<w:tbl><w:tr>{}{}</w:tr></w:tbl>"
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = "".join(
        inner.format(*(cell.format(part) for part in line.split(": "))) for line in TURNS
    )
    outer = f"<w:tbl><w:tr><w:tc>{rows}</w:tc></w:tr></w:tbl>"
    script = read(docx(word_xml([]).replace("<w:body>", f"<w:body>{outer}")), ".docx")
    assert said(script) == SAID
    assert script.kind == "a Word document (table of speakers)"


def test_a_word_document_may_number_its_text(read):
    relations = '<Relationship Type="x/officeDocument" Target="/word/document2.xml"/>'
    parts = {"_rels/.rels": relations, "word/document2.xml": word_xml()}
    assert said(read(zipped(parts), ".docx")) == SAID


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (r"\u8220?Yes\u8221?", "“Yes”"),
        (r"\uc2\u233??t\uc0\u233", "été"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"caf\'e9 \{a\} \\ b", r"café {a} \ b"),
        (r"{\*\unknown secret}kept", "kept"),
        (r"{\pict\bin4 }}}}shown}kept", "kept"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "link"),
        (r"I{\v  never}{\deleted  would} do", "I do"),
        (r"{\f1\'e9}", "й"),
    ],
)
def test_signs_and_groups_of_rtf(read, rtf, text):
    fonts = r"{\fonttbl{\f0 A;}{\f1\fcharset204 B;}}"
    script = read(f"{{\\rtf1\\ansi{fonts}P01: Yes.\\par P02: {rtf}\\par P01: So.}}", ".rtf")
    assert script.turns[1].text == text


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ("<meta http-equiv=x content='text/html; charset=ISO-8859-2'>", "iso-8859-2"),
        ('<meta charset="no-such">', "utf-8"),
        ('<meta charset="base64">', "utf-8"),
        ('<meta charset="ascii">', "utf-8-sig"),
        ("", "utf-16"),
        ("", "cp1252"),
    ],
)
def test_the_encoding_of_a_page_is_told_by_its_mark_or_by_itself(read, head, encoding):
    page = f"<html><head>{head}</head><p>P01: Ünüsual.<p>P02: Yes.<p>P01: So."
    assert read(page.encode(encoding), ".html").turns[0].text == "Ünüsual."


@pytest.mark.parametrize(
    "page",
    [
        "<div class=t><span class='speaker'>Ann</span><span class=time>0:05</span>"
        "<span>We do.</span></div><div><span class='speaker'>Sam</span>"
        "<time>0:09</time>When?</div>" * 2,
        "<h3>Ann <time>0:05</time></h3><p>We do.</p><h3>Sam <time>0:09</time></h3><p>When?</p>" * 2,
    ],
)
def test_names_and_times_that_a_page_marks_are_kept(read, page):
    script = read(page, ".html")
    assert said(script) == [["Ann", "We do."], ["Sam", "When?"]] * 2
    assert [turn.start_seconds for turn in script.turns] == [5, 9, 5, 9]


def test_lines_of_a_pdf_are_put_together_and_words_become_whole(read):
    lines = ["Ann: We asked the resi-", "dents of the well-known hall, and they", "said so in May."]
    script = read(paged_pdf([[*lines, "Sam: It is well-", "known.", "Ann: So."]]), ".pdf")
    assert said(script) == [
        ["Ann", "We asked the residents of the well-known hall, and they said so in May."],
        ["Sam", "It is well-known."],
        ["Ann", "So."],
    ]


def test_what_recurs_at_the_edges_of_pages_is_furniture_and_names_are_not(read):
    talk = ["Ann", "We do.", "Sam", "Well, is it?", "Ann", "It is.", "Sam"]
    closing = ["When?", "Who else?", "May we?", "For whom?", "Is that all?"]
    pages = [["Study 7", *talk, words, f"{n}"] for n, words in enumerate(closing)]
    script = read(paged_pdf(pages), ".pdf")
    assert script.left_out == {"page furniture lines": 10}
    assert [turn.speaker for turn in script.turns] == ["Ann", "Sam"] * 10


def test_pages_that_are_pictures_are_told(read):
    script = read(paged_pdf([TURNS, [], TURNS]), ".pdf")
    assert said(script) == SAID * 2
    assert script.warnings == ("without text: 1 page, which may be empty or a picture",)


def test_a_pdf_that_only_may_not_be_changed_is_read(read, folder):
    from pypdf import PdfWriter

    (folder / "free.pdf").write_bytes(paged_pdf([TURNS]))
    writer = PdfWriter(clone_from=folder / "free.pdf")
    writer.encrypt("", "secret", algorithm="RC4-128")
    writer.write(folder / "guarded.pdf")
    assert said(read((folder / "guarded.pdf").read_bytes(), ".pdf")) == SAID


@pytest.mark.parametrize(
    ("content", "suffix", "problem"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), ".doc", "a document of an old Word"),
        (b"P01: Yes.", ".doc", "a document of an old Word"),
        (b"P01: Yes.", ".rtf", "this is no RTF"),
        (b"P01: Yes.", ".odt", "this is no OpenDocument text"),
        (b"P01: Yes.", ".pdf", "this is no PDF"),
        (bytes(range(256)), ".html", "this is no page"),
        (b"<html> \n </html>", ".html", "the file is empty"),
        (b"{\\rtf1 }", ".rtf", "the file is empty"),
        (docx(word_xml([])), ".docx", "the file is empty"),
        (odt(odt_xml([])), ".odt", "the file is empty"),
        (one_page(stream(b"")), ".pdf", "there is no text in it"),
        (docx("<a/>"), ".docx", "this is no Word document"),
        (odt("<a/>"), ".odt", "this is no OpenDocument text"),
    ],
)
def test_what_is_not_read_is_refused_with_a_sentence(read, content, suffix, problem):
    with pytest.raises(TranscriptError, match=problem):
        read(content, suffix)


def is_read_or_refused(path: Path) -> bool:
    try:
        script = read_script(path)
    except TranscriptError:
        return True
    return all(
        turn.first_line <= turn.last_line and not math.isinf(turn.start_seconds)
        for turn in script.turns
    )


@given(st.binary() | st.text().map(str.encode), st.sampled_from(SUFFIXES))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(folder, content, suffix):
    path = folder / f"any{suffix}"
    path.write_bytes(content)
    assert is_read_or_refused(path)


STARTS = {".rtf": b"{\\rtf1 ", ".html": b"<html>", ".pdf": b"%PDF-1.4\n"}
PIECES = st.lists(
    st.sampled_from(
        [b"{", b"}", b"\\par ", b"\\u-1?", b"\\bin9 ", b"\\cell ", b"\\row ", b"\\'e9", b"\\*"]
        + [b"<tr><td>", b"<p>", b"<b>", b"</b>", b"<br>", b"<time>", b"<dt>", b"<pre>", b"<table>"]
        + [
            b"1 0 obj ",
            b"<< /Type /Catalog ",
            b">>",
            b"stream\n",
            b"Ann: ",
            b"0:05",
            b"\0",
            b"\xff",
        ]
    )
).map(b"".join)


@given(PIECES, st.sampled_from(sorted(STARTS)))
@settings(deadline=None)
def test_any_pieces_of_a_format_are_read_or_refused(folder, content, suffix):
    path = folder / f"pieces{suffix}"
    path.write_bytes(STARTS[suffix] + content)
    assert is_read_or_refused(path)


@given(st.sampled_from(GOLDEN), st.data())
@settings(deadline=None)
def test_changed_golden_inputs_are_read_or_refused(folder, source, data):
    content = source.read_bytes()
    place = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(place, len(content)))
    piece = data.draw(st.sampled_from([b"", b"9", b"<", b"\\", content[place:end] * 2]))
    path = folder / f"changed{source.suffix}"
    path.write_bytes(content[:place] + piece + content[end:])
    assert is_read_or_refused(path)


@given(st.sampled_from([path for path in GOLDEN if zipfile.is_zipfile(path)]), st.data())
@settings(deadline=None, max_examples=50)
def test_zipped_documents_with_a_changed_part_are_read_or_refused(folder, source, data):
    path = folder / f"part{source.suffix}"
    with ZipFile(source) as old, ZipFile(path, "w") as new:
        changed = data.draw(st.sampled_from(old.namelist()))
        for name in old.namelist():
            content = old.read(name)
            if name == changed:
                place = data.draw(st.integers(0, len(content)))
                piece = data.draw(st.sampled_from([b"", b"0", b"<", b'"', b"x", b"&l;"]))
                content = content[:place] + piece + content[place + data.draw(st.integers(0, 9)) :]
            new.writestr(name, content)
    assert is_read_or_refused(path)


MEGABYTE = 10**6


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"{\\rtf1 " + b"a" * MEGABYTE, ".rtf"),
        (b"{\\rtf1 " + b"\\'41" * (MEGABYTE // 4), ".rtf"),
        (b"{\\rtf1 " + b"\\" * MEGABYTE, ".rtf"),
        (b"{\\rtf1 " + b"{\\*}" * (MEGABYTE // 4), ".rtf"),
        (b"<p>" + b"a " * (MEGABYTE // 2), ".html"),
        (b"<" * MEGABYTE, ".html"),
        (b"<!--" * (MEGABYTE // 4), ".html"),
        (b"<meta " * (MEGABYTE // 6), ".html"),
        (b"<p style='" + b"display:" * (MEGABYTE // 8) + b"'>P01: a", ".html"),
        (b"%PDF-1.4 " + b"1 0 obj " * (MEGABYTE // 8), ".pdf"),
        (b"PK\3\4" * (MEGABYTE // 4), ".docx"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_a_megabyte_made_to_harm_takes_a_moment(folder, content, suffix):
    path = folder / f"hostile{suffix}"
    path.write_bytes(content)
    started = time.process_time()
    assert is_read_or_refused(path)
    assert time.process_time() - started < 2
