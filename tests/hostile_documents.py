"""Documents made to harm whoever opens them, each built when it is asked for."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
LAUGHS = "<!DOCTYPE a [<!ENTITY l0 'ha'>{}]>".format(
    "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
)
OUTSIDE = "<!DOCTYPE a [<!ENTITY l9 SYSTEM 'file:///etc/hostname'>]>"
TURNS = ("Interviewer: Who mends it?", "P01: We do.", "Interviewer: When?", "P01: In May.")
ABSURD = 4_000_000_000


class Hostile(NamedTuple):
    """A file's content, and a part of the sentence that refuses it; '' if it is read after all."""

    content: Callable[[], bytes]
    refusal: str


def word_xml(paragraphs: Iterable[str] = TURNS, head: str = "") -> str:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    return f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'


def odt_xml(paragraphs: Iterable[str] = TURNS, head: str = "") -> str:
    body = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    return (
        f'{head}<office:document-content xmlns:office="{OFFICE}" xmlns:text="{TEXT}"><office:body>'
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )


def zipped(
    members: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED, times: int = 1
) -> bytes:
    """Zip members; each is there as often as asked, numbered."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members.items():
            for number in range(times):
                archive.writestr(f"{name}{number or ''}", content)
    return made.getvalue()


def docx(xml: str | bytes | None = None, **others: str | bytes) -> bytes:
    document = word_xml() if xml is None else xml
    return zipped({"_rels/.rels": RELATIONS, "word/document.xml": document, **others})


def odt(xml: str | bytes | None = None, **others: str | bytes) -> bytes:
    return zipped({"content.xml": odt_xml() if xml is None else xml, **others})


def lie(content: bytes, name: str, size: int) -> bytes:
    """Let a zip claim another size for what it has under a name."""
    changed = bytearray(content)
    for mark, size_at, name_at in ((b"PK\3\4", 22, 30), (b"PK\1\2", 24, 46)):
        place = -1
        while (place := changed.find(mark, place + 1)) >= 0:
            if changed[place + name_at :].startswith(name.encode()):
                struct.pack_into("<I", changed, place + size_at, size)
    return bytes(changed)


def blanks(megabytes: int) -> str:
    """Give what packs to a thousandth: one long line of blanks."""
    return " " * (megabytes * 1_000_000)


def padded(length: int) -> list[str]:
    """Give what packs to about a hundredth: the same words over and over, with a number."""
    return [f"{number} we all mend the harbour wall in May, " * 20 for number in range(length)]


def overlapping(name: str) -> bytes:
    """Give a zip in which many names stand for the same packed megabytes."""
    whole = zipped({name: blanks(30)})
    start = whole.index(b"PK\1\2")
    end = whole.index(b"PK\5\6")
    entries, count = whole[start:end], 2_000
    tail = bytearray(whole[end:])
    struct.pack_into("<HHI", tail, 8, count, count, len(entries) * count)
    return whole[:start] + entries * count + bytes(tail)


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """Put objects, numbered from 1, into a PDF with a list of where they stand."""
    made, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root %d 0 R >>" % (len(objects) + 1, root)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    return made + head + table + b"trailer\n%s\nstartxref\n%d\n%%%%EOF" % (trailer, len(made))


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def page(contents: bytes = b"4 0 R", resources: bytes = b"/Font << /F1 5 0 R >>") -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %s "
        b"/Resources << %s >> >>" % (contents, resources)
    )


def stream(content: bytes, *, packed: int = 0, entries: bytes = b"") -> bytes:
    for _ in range(packed):
        content = zlib.compress(content, 9)
    filters = b"/Filter [%s]" % (b"/FlateDecode " * packed) if packed else b""
    head = b"<< /Length %d %s %s >>" % (len(content), filters, entries)
    return head + b"\nstream\n%s\nendstream" % content


def draw(lines: Iterable[str]) -> bytes:
    """Give what draws lines of text on a page."""
    shown = b" ".join(b"(%s) Tj T*" % line.encode("cp1252") for line in lines)
    return b"BT /F1 11 Tf 14 TL 60 780 Td %s ET" % shown


def paged_pdf(pages: Iterable[Iterable[str]]) -> bytes:
    """Give a PDF with a page for each of the lists of lines."""
    drawn = [stream(draw(lines), packed=1) for lines in pages]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(drawn)))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(drawn))
    font = b"/Font << /F1 3 0 R >>"
    objects = [CATALOG, tree, FONT]
    for number, content in enumerate(drawn):
        objects += [page(b"%d 0 R" % (5 + 2 * number), font), content]
    return pdf(*objects)


def one_page(content: bytes, *others: bytes, resources: bytes = b"/Font << /F1 5 0 R >>") -> bytes:
    return pdf(CATALOG, PAGES, page(resources=resources), content, FONT, *others)


def locked_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paged_pdf([TURNS]))))
    writer.encrypt("secret", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def calling_forms() -> bytes:
    """Give a page whose forms draw each other: 30 levels, two calls each, a thousand million."""
    names = [b"/Resources << /XObject << /X %d 0 R >> >>" % (n + 7) for n in range(30)]
    forms = [
        stream(b"/X Do /X Do", entries=b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + entry)
        for entry in names
    ]
    last = stream(draw(TURNS), entries=b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    start = b"/Font << /F1 5 0 R >> /XObject << /X 6 0 R >>"
    return one_page(stream(b"/X Do /X Do"), *forms, last, resources=start)


def calls_itself() -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    resources = b"/Font << /F1 5 0 R >> /XObject << /X 6 0 R >>"
    return one_page(stream(b"/X Do"), stream(b"/X Do", entries=form), resources=resources)


NO_WORD, NO_ODT, LARGE = "no Word document", "no OpenDocument text", "far too large"
ENTITIES, NO_XML = "defines entities", "damaged, or no XML"
NO_PDF, SCAN = "no PDF, or it is damaged", "there is no text in it"

ZIPPED: dict[str, Hostile] = {
    "bomb-100.docx": Hostile(lambda: docx(word_xml(padded(9_000))), LARGE),
    "bomb-1000.docx": Hostile(lambda: docx(word_xml([blanks(120)])), LARGE),
    "bomb-beside.docx": Hostile(lambda: docx(theme=blanks(120)), LARGE),
    "bomb-nested.docx": Hostile(lambda: docx(zipped({"word/document.xml": blanks(100)})), NO_XML),
    "bomb-large-claims.docx": Hostile(lambda: lie(docx(), "word/document.xml", ABSURD), LARGE),
    "bomb-small-claims.docx": Hostile(
        lambda: lie(docx(word_xml([blanks(120)])), "word/document.xml", 100), NO_WORD
    ),
    "bomb-overlapping.docx": Hostile(lambda: overlapping("word/document.xml"), LARGE),
    "bomb-bzip2.docx": Hostile(
        lambda: zipped(
            {"_rels/.rels": RELATIONS, "word/document.xml": blanks(4)}, method=zipfile.ZIP_BZIP2
        ),
        NO_WORD,
    ),
    "many.docx": Hostile(lambda: zipped({"a": ""}, times=20_000), LARGE),
    "relations.docx": Hostile(lambda: docx(**{"_rels/.rels": blanks(120)}), LARGE),
    "slip.docx": Hostile(lambda: docx(**{"../../slipped": "here", "/tmp/slipped": "here"}), ""),
    "target.docx": Hostile(
        lambda: docx(**{"_rels/.rels": RELATIONS.replace("word/", "../../../etc/passwd#")}), NO_WORD
    ),
    "laughs.docx": Hostile(lambda: docx(word_xml(["P01: &l9;"], LAUGHS)), NO_XML),
    "outside.docx": Hostile(lambda: docx(word_xml(["P01: &l9;"], OUTSIDE)), ENTITIES),
    "deep.docx": Hostile(lambda: docx(word_xml(["<w:r>" * 100_000])), NO_XML),
    "bomb-100.odt": Hostile(lambda: odt(odt_xml(padded(9_000))), LARGE),
    "bomb-1000.odt": Hostile(lambda: odt(odt_xml([blanks(120)])), LARGE),
    "bomb-nested.odt": Hostile(lambda: odt(zipped({"content.xml": blanks(100)})), NO_XML),
    "bomb-large-claims.odt": Hostile(lambda: lie(odt(), "content.xml", ABSURD), LARGE),
    "bomb-small-claims.odt": Hostile(
        lambda: lie(odt(odt_xml([blanks(120)])), "content.xml", 100), NO_ODT
    ),
    "slip.odt": Hostile(lambda: odt(**{"../../slipped": "here"}), ""),
    "laughs.odt": Hostile(lambda: odt(odt_xml(["P01: &l9;"], LAUGHS)), NO_XML),
    "outside.odt": Hostile(lambda: odt(odt_xml(["P01: &l9;"], OUTSIDE)), ENTITIES),
    "blanks.odt": Hostile(
        lambda: odt(odt_xml([*TURNS, '<text:s text:c="999999999"/>' * 1_000])), ""
    ),
    "deep.odt": Hostile(lambda: odt(odt_xml(["<text:span>" * 100_000])), NO_XML),
    "locked.odt": Hostile(
        lambda: odt(**{"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "by a password"
    ),
}
OTHERS: dict[str, Hostile] = {
    "deep.rtf": Hostile(lambda: b"{\\rtf1 " + b"{" * 1_000_000, "nested deeper"),
    "large.rtf": Hostile(lambda: b"{\\rtf1 " + b"a" * 31_000_000, "larger than 30 MB"),
    "skips.rtf": Hostile(lambda: b"{\\rtf1 P01: Yes.\\par\\bin999999999 P02: No.\\par}", ""),
    "fields.rtf": Hostile(
        lambda: b"{\\rtf1 " + b"{\\field{\\*\\fldinst{HYPERLINK " * 20_000, "nested deeper"
    ),
    "fonts.rtf": Hostile(
        lambda: b"{\\rtf1{\\fonttbl" + b"\\f1\\fcharset9" * 80_000, "the file is empty"
    ),
    "old.doc": Hostile(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000), "an old Word"),
    "old.docx": Hostile(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000), NO_WORD),
    "deep.html": Hostile(lambda: b"<div>" * 200_000 + b"P01: Yes.", "nested deeper"),
    "spans.html": Hostile(lambda: b"<b>" * 200_000 + b"P01: Yes.", "nested deeper"),
    "large.html": Hostile(lambda: b"<p>" + b"a" * 31_000_000, "larger than 30 MB"),
    "many.html": Hostile(lambda: b"<p>" * 1_100_000, "far more elements"),
    "laughs.html": Hostile(lambda: f"{LAUGHS}<p>P01: &l9;</p><p>P01: Yes.</p>".encode(), ""),
    "locked.pdf": Hostile(locked_pdf, "locked by a password"),
    "scan.pdf": Hostile(lambda: one_page(stream(b"0 0 9 9 re f")), SCAN),
    "cut.pdf": Hostile(lambda: paged_pdf([TURNS])[:300], NO_PDF),
    "no.pdf": Hostile(lambda: b"P01: Yes.", NO_PDF),
    "pages.pdf": Hostile(lambda: paged_pdf([["a"]] * 2_001), "more than 2,000 pages"),
    "bomb.pdf": Hostile(lambda: one_page(stream(blanks(60).encode(), packed=1)), LARGE),
    "bomb-nested.pdf": Hostile(lambda: one_page(stream(blanks(60).encode(), packed=3)), LARGE),
    "steps.pdf": Hostile(lambda: one_page(stream(b"q Q " * 700_000, packed=1)), LARGE),
    "page-loop.pdf": Hostile(
        lambda: pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"), NO_PDF
    ),
    "reference-loop.pdf": Hostile(lambda: pdf(CATALOG, b"3 0 R", b"2 0 R"), NO_PDF),
    "form-loop.pdf": Hostile(calls_itself, SCAN),
    "forms.pdf": Hostile(calling_forms, SCAN),
    "table-loop.pdf": Hostile(
        lambda: paged_pdf([TURNS]).replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"), ""
    ),
}
DOCUMENTS = ZIPPED | OTHERS


def write_all(folder: Path, documents: dict[str, Hostile]) -> list[Path]:
    """Build the documents in a folder."""
    for name, hostile in documents.items():
        (folder / name).write_bytes(hostile.content())
    return [folder / name for name in documents]
