"""OpenDocument text: paragraphs, and tables with the speaker in the first column."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.documents import Block, Paragraph, Row, flatten, read_document
from pipeline.transcripts.readers.xml_files import parse_xml
from pipeline.transcripts.readers.zip_files import open_document

_ODF = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_OFFICE, _TEXT, _TABLE, _STYLE, _DRAWING, _LOOK = (
    "{" + _ODF.format(name) + "}"
    for name in ("office", "text", "table", "style", "drawing", "xsl-fo-compatible")
)
_PARAGRAPHS = (_TEXT + "p", _TEXT + "h")
_ROW, _CELLS = _TABLE + "table-row", (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_CHARACTERS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_LEFT_OUT = {
    _TEXT + "note": "notes",
    _OFFICE + "annotation": "comments",
    _TEXT + "deletion": "tracked deletions",
    _TEXT + "hidden-text": "hidden pieces",
    _TEXT + "hidden-paragraph": "hidden pieces",
}
_PASSED_OVER = {*_LEFT_OUT, _OFFICE + "forms", _OFFICE + "event-listeners"}
_PASSED_OVER |= {_TEXT + name for name in ("tracked-changes", "ruby-text", "table-of-content")}
_PASSED_OVER |= {_TEXT + "page-number", _TEXT + "page-count"}
_MOST_BLANKS = 40
_MANIFEST = "META-INF/manifest.xml"
_REMEDY = "Open it in the program that made it and save it again as .odt without a password."


class _Styles(NamedTuple):
    """Names of the document's own styles that make text bold, and that hide it."""

    bold: frozenset[str]
    hidden: frozenset[str]


@readers.register(".odt")
def read_odt(path: Path) -> Script:
    """Read the text of a document: headers, footers, comments, notes, hidden and deleted words
    are left out.

    Raises TranscriptError for a file that is no such document, or is damaged, locked or made to
    unpack to far too much.
    """
    root = _open(path)
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    left_out = Counter(_LEFT_OUT[one.tag] for one in root.iter(*_LEFT_OUT))
    return read_document(path, _Walk(root).blocks(body), "an OpenDocument text (.odt)", left_out)


def _open(path: Path) -> Any:
    with open_document(path, what="OpenDocument text", remedy=_REMEDY) as document:
        if _MANIFEST in document.names and b"encryption-data" in document.read(_MANIFEST):
            raise document.refuse("it is locked by a password.")
        root = parse_xml(path, document.read("content.xml"))
        if root.find(f"{_OFFICE}body/{_OFFICE}text") is None:
            raise document.damaged()
        return root


def _find_styles(root: Any) -> _Styles:
    looks = [
        (style.get(_STYLE + "name", ""), look)
        for style in root.iter(_STYLE + "style")
        for look in style.iter(_STYLE + "text-properties")
    ]
    return _Styles(
        frozenset(name for name, look in looks if look.get(_LOOK + "font-weight") == "bold"),
        frozenset(name for name, look in looks if look.get(_TEXT + "display") == "none"),
    )


class _Walk:
    """Goes through a document's text in order."""

    def __init__(self, root: Any) -> None:
        self._styles = _find_styles(root)
        self._numbers = count(1)

    def blocks(self, parent: Any) -> Iterator[Block]:
        """Walk paragraphs and tables, also those in lists, sections and indexes."""
        for child in parent:
            if child.tag in _PARAGRAPHS:
                yield self._paragraph(child)
            elif child.tag == _ROW:
                yield from self._row(child)
            elif not self._is_passed_over(child):
                yield from self.blocks(child)

    def _row(self, row: Any) -> Iterator[Block]:
        """Give a row, or what is in its only cell."""
        cells = [cell for cell in row if cell.tag in _CELLS]
        if len(cells) == 1:
            yield from self.blocks(cells[0])
        else:
            yield Row([list(flatten(self.blocks(cell))) for cell in cells])

    def _paragraph(self, paragraph: Any) -> Paragraph:
        pieces = list(self._pieces(paragraph, is_bold=self._is(paragraph, self._styles.bold)))
        pieces = [] if self._is(paragraph, self._styles.hidden) else pieces
        plain = next((place for place, (_, is_bold) in enumerate(pieces) if not is_bold), None)
        text, bold = ("".join(piece for piece, _ in some) for some in (pieces, pieces[:plain]))
        number = next(self._numbers)
        return Paragraph(number, *(unicodedata.normalize("NFC", one) for one in (text, bold)))

    def _pieces(self, element: Any, *, is_bold: bool) -> Iterator[tuple[str, bool]]:
        """Give the pieces of text below an element, and whether each is bold."""
        yield from _fold(element.text, is_bold)
        for child in element:
            if child.tag in _CHARACTERS:
                yield _CHARACTERS[child.tag], is_bold
            elif child.tag == _TEXT + "s":
                yield " " * _count_blanks(child), is_bold
            elif not self._is_passed_over(child):
                look = is_bold or self._is(child, self._styles.bold)
                yield from self._pieces(child, is_bold=look)
            yield from _fold(child.tail, is_bold)

    def _is_passed_over(self, element: Any) -> bool:
        return (
            element.tag in _PASSED_OVER
            or _is_drawn(element)
            or self._is(element, self._styles.hidden)
        )

    def _is(self, element: Any, names: frozenset[str]) -> bool:
        return element.get(_TEXT + "style-name") in names


def _fold(text: str | None, is_bold: bool) -> Iterator[tuple[str, bool]]:
    """Fold white space as the format says: more blanks than one have an element of their own."""
    if text:
        folded = " ".join(text.split()) or " "
        before = " " if text[0].isspace() and folded != " " else ""
        after = " " if text[-1].isspace() and folded != " " else ""
        yield before + folded + after, is_bold


def _count_blanks(element: Any) -> int:
    """Give how many blanks stand for one; what the file claims may be wrong."""
    given = element.get(_TEXT + "c", "1")[:4]
    return min(int(given), _MOST_BLANKS) if given.isdecimal() else 1


def _is_drawn(element: Any) -> bool:
    return str(element.tag).startswith(_DRAWING) and not str(element.tag).endswith("}a")
