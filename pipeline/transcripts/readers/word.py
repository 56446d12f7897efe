"""Word: paragraphs, and tables with the speaker in the first column."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.documents import Block, Paragraph, Row, flatten, read_document
from pipeline.transcripts.readers.xml_files import parse_xml
from pipeline.transcripts.readers.zip_files import ZippedDocument, open_document

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_PARAGRAPH, _TABLE, _ROW, _CELL = (_WORD + tag for tag in ("p", "tbl", "tr", "tc"))
_RUN, _LOOK = _WORD + "r", _WORD + "rPr"
_CHARACTERS = {_WORD + "tab": "\t", _WORD + "br": "\n", _WORD + "cr": "\n"}
_CHARACTERS |= {_WORD + "noBreakHyphen": "-", _WORD + "ptab": "\t"}
# Text that was moved away; pictures and text boxes, which Word stores twice; tab stops; how
# signs are said, above them.
_PASSED_OVER = {_WORD + tag for tag in ("moveFrom", "del", "drawing", "pict", "object", "pPr")}
_PASSED_OVER |= {_WORD + "rt"}
_PASSED_OVER |= {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
_LEFT_OUT = {
    _WORD + "commentReference": "comments",
    _WORD + "footnoteReference": "notes",
    _WORD + "endnoteReference": "notes",
    _WORD + "del": "tracked deletions",
    _WORD + "moveFrom": "tracked deletions",
}
_MAIN_PART = re.compile(rb'<Relationship\s[^<>]{0,500}/officeDocument"[^<>]{0,500}>')
_TARGET = re.compile(rb'Target="/?(?P<name>[^"<>]{1,200})"')
_REMEDY = "Open it in Word and save it again as .docx without a password."


@readers.register(".docx", ".docm")
def read_word(path: Path) -> Script:
    """Read the body of a document: headers, footers, comments, notes, hidden and deleted words
    are left out.

    Raises TranscriptError for a file that is no Word document, or is damaged, locked or made to
    unpack to far too much.
    """
    body = _open_body(path)
    left_out = Counter(_LEFT_OUT[one.tag] for one in body.iter(*_LEFT_OUT) if _counts(one))
    left_out["hidden pieces"] += sum(map(_is_hidden, body.iter(_RUN)))
    return read_document(path, _read_blocks(body), "a Word document", left_out)


def _open_body(path: Path) -> Any:
    with open_document(path, what="Word document", remedy=_REMEDY) as document:
        content = document.read(_find_main_part(document))
        root = parse_xml(path, content.replace(_STRICT, _WORD[1:-1].encode()))
        body = root.find(_WORD + "body")
        if body is None:
            raise document.damaged()
        return body


def _find_main_part(document: ZippedDocument) -> str:
    """Find the text: as a rule word/document.xml, but some programs number it."""
    match = _MAIN_PART.search(document.read("_rels/.rels"))
    target = _TARGET.search(match[0]) if match else None
    return target["name"].decode(errors="replace") if target else "word/document.xml"


def _read_blocks(body: Any) -> Iterator[Block]:
    numbers = {paragraph: number for number, paragraph in zip(count(1), body.iter(_PARAGRAPH))}
    yield from _blocks(body, numbers)


def _blocks(parent: Any, numbers: dict[Any, int]) -> Iterator[Block]:
    """Walk paragraphs and tables in order, also those in content controls and insertions."""
    for child in parent:
        if child.tag == _PARAGRAPH:
            yield _paragraph(child, numbers)
        elif child.tag == _ROW:
            yield from _row(child, numbers)
        elif child.tag not in _PASSED_OVER:
            yield from _blocks(child, numbers)


def _row(row: Any, numbers: dict[Any, int]) -> Iterator[Block]:
    """Give a row, or what is in its only cell: some put a whole text into one to place it."""
    cells = [cell for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]
    if len(cells) == 1:
        yield from _blocks(cells[0], numbers)
        return
    yield Row([list(flatten(_blocks(cell, numbers))) for cell in cells])


def _paragraph(paragraph: Any, numbers: dict[Any, int]) -> Paragraph:
    pieces = list(_pieces(paragraph, is_bold=False))
    text = "".join(piece for piece, _ in pieces)
    plain = next((place for place, (piece, is_bold) in enumerate(pieces) if not is_bold), None)
    bold = "".join(piece for piece, _ in pieces[:plain])
    return Paragraph(
        numbers[paragraph], *(unicodedata.normalize("NFC", one) for one in (text, bold))
    )


def _pieces(element: Any, *, is_bold: bool) -> Iterator[tuple[str, bool]]:
    """Give the pieces of text below an element, and whether each is bold."""
    for child in element:
        if child.tag == _WORD + "t":
            yield child.text or "", is_bold
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag], is_bold
        elif child.tag not in _PASSED_OVER and not _is_hidden(child):
            yield from _pieces(child, is_bold=is_bold or _has(child, "b"))


def _is_hidden(run: Any) -> bool:
    return _has(run, "vanish")


def _has(run: Any, look: str) -> bool:
    """Tell whether a run is bold or hidden: Word writes <w:b/>, or <w:b w:val="0"/> for not."""
    mark = run.find(f"{_LOOK}/{_WORD}{look}")
    return mark is not None and mark.get(_WORD + "val", "1") not in ("0", "false", "off")


def _counts(element: Any) -> bool:
    """Tell whether words were deleted, and not the mark of a paragraph's end."""
    if element.tag != _WORD + "del":
        return True
    return next(element.iter(_WORD + "delText"), None) is not None
