"""Pages (.html), as players, archives and word processors save transcripts."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import count, takewhile
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import TranscriptError
from pipeline.files import decode
from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.documents import Block, Paragraph, Row, flatten, read_document
from pipeline.transcripts.readers.openings import is_time

_LARGEST = 30_000_000  # bytes
_MOST_TAGS = 300_000  # a day of talk with tags around every word has fewer
_LOOKED_AT = 2_000  # bytes in which a page has to say its encoding
_CHARSET = re.compile(
    rb"<meta\s[^<>]{0,300}charset\s{0,5}=\s{0,5}[\"']?(?P<name>[\w:.-]{1,40})", re.I
)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_COUNTED = {
    "script": "scripts and styles",
    "style": "scripts and styles",
    "nav": "menus",
    "header": "headers and footers",
    "footer": "headers and footers",
    "aside": "menus",
}
_PASSED_OVER = {*_COUNTED, "head", "title", "noscript", "template", "button", "select"}
_PASSED_OVER |= {"svg", "math", "iframe", "object", "audio", "video", "canvas", "rt", "rp", "del"}
_PASSED_OVER |= {"input", "textarea", "figure", "dialog", "s", "strike"}
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data dfn em font i img ins kbd label mark q rb ruby
    samp small span strong sub sup time tt u var wbr
    """.split()
)
_BOLD, _SPEAKER, _TIME = "bold", "speaker", "time"
_LOOKS = {"b": _BOLD, "strong": _BOLD, "cite": _SPEAKER, "time": _TIME}
# What players and archives call the elements of a transcript.
_CLASSES = {
    _SPEAKER: re.compile(r"\b(?:speaker|speaker[_-]?(?:name|label))\b", re.I),
    _TIME: re.compile(r"\b(?:time|timestamp|time[_-]?(?:code|stamp))\b", re.I),
}
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.I)
_REMEDY = "Save the page again from the browser, or copy its words into a document."


@readers.register(".html", ".htm")
def read_html(path: Path) -> Script:
    """Read the words of a page: scripts, styles, menus, headers, footers, comments and what is
    hidden are left out.

    Raises TranscriptError for a file that is no page, or is far too large.
    """
    if path.stat().st_size > _LARGEST:
        raise _refuse(path, f"it is larger than {_LARGEST // 1_000_000} MB, and no talk is.")
    body = _parse(path, _decode(path, path.read_bytes()))
    walk = _Walk(body)
    blocks = list(walk.blocks(body))
    return read_document(path, blocks, "a page (.html)", walk.left_out)


def _decode(path: Path, content: bytes) -> str:
    """Decode a page as its mark says, or as it says itself, or as text of any kind."""
    match = _CHARSET.search(content[:_LOOKED_AT])
    try:
        if match and not content.startswith(_MARKS):
            codec = codecs.lookup(match["name"].decode())
            return unicodedata.normalize("NFC", content.decode(codec.name, errors="replace"))
    except (LookupError, ValueError):  # a name that says nothing, or that of no text encoding
        pass
    try:
        return decode(content)
    except ValueError as error:
        raise _refuse(path, "this is no page, although its name ends so.") from error


def _parse(path: Path, text: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, encoding="utf-8"
    )
    # NUL and its like are in no page, and end it for the parser.
    written = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text).encode("utf-8", errors="replace")
    if written.count(b"<") > _MOST_TAGS:
        raise _refuse(path, "it has far more elements than a transcript has.")
    try:
        root = html.document_fromstring(written, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _refuse(path, "this is no page, or it is damaged.") from error
    if any(problem.level == etree.ErrorLevels.FATAL for problem in parser.error_log):
        raise _refuse(path, "it is nested deeper than pages are, or has endless lines.")
    body = root.find("body")
    return root if body is None else body


class _Piece(NamedTuple):
    """Words of a line, and what they are: '', or in bold, or a speaker's name, or a time."""

    text: str
    look: str = ""


class _Walk:
    """Goes through a page in order, and counts what it leaves out."""

    def __init__(self, body: Any) -> None:
        self._numbers = count(1)
        self._around_blocks = _find_around_blocks(body)
        self.left_out: Counter[str] = Counter()

    def blocks(self, parent: Any) -> Iterator[Block]:
        """Put text between elements that start a line into paragraphs, and rows into rows."""
        pieces = [_piece(parent.text)]
        for child in parent:
            if self._is_left_out(child):
                pass
            elif child.tag in _INLINE and child not in self._around_blocks:
                pieces += self._pieces(child, "")
            else:
                yield from self._paragraph(pieces)
                pieces = []
                yield from self._block(child)
            pieces.append(_piece(child.tail))
        yield from self._paragraph(pieces)

    def _block(self, element: Any) -> Iterator[Block]:
        if element.tag == "tr" and len(element) > 1:
            yield Row([list(flatten(self.blocks(cell))) for cell in element])
        elif element.tag == "pre":
            for line in "".join(element.itertext()).splitlines():
                yield Paragraph(next(self._numbers), line)
        elif element.tag == "dt":
            yield from map(_end_with_colon, self.blocks(element))
        else:
            yield from self.blocks(element)

    def _pieces(self, element: Any, look: str) -> Iterator[_Piece]:
        look = look or _find_look(element)
        if element.tag == "br":
            yield _Piece("\n", look)
        yield _piece(element.text, look)
        for child in element:
            if not self._is_left_out(child):
                yield from self._pieces(child, look)
            yield _piece(child.tail, look)

    def _paragraph(self, pieces: list[_Piece]) -> Iterator[Paragraph]:
        filled = [piece for piece in pieces if piece.text]
        if any(piece.text.strip() for piece in filled):
            yield _write(next(self._numbers), filled)

    def _is_left_out(self, element: Any) -> bool:
        if element.tag in _PASSED_OVER:
            kind = _COUNTED.get(element.tag, "")
        elif element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")[:500]):
            kind = "hidden pieces"
        else:
            return False
        self.left_out.update([kind] if kind else [])
        return True


def _find_around_blocks(body: Any) -> set[Any]:
    """Find elements that are part of a line by their names, and have whole paragraphs in them."""
    around: set[Any] = set()
    for element in body.iter():
        if element.tag not in _INLINE:
            for above in element.iterancestors():
                if above in around:
                    break
                around.add(above)
    return around


def _find_look(element: Any) -> str:
    if element.tag in _LOOKS:
        return _LOOKS[element.tag]
    if "bold" in element.get("style", "")[:200]:
        return _BOLD
    name = element.get("class", "")[:200]
    return next((look for look, pattern in _CLASSES.items() if pattern.search(name)), "")


def _piece(text: str | None, look: str = "") -> _Piece:
    return _Piece(_BLANKS.sub(" ", text or ""), look)


def _write(number: int, pieces: list[_Piece]) -> Paragraph:
    """Write a line; a name that the page marks as the speaker's stands first, with its time."""
    filled = [piece for piece in pieces if piece.text.strip()]
    heads = list(takewhile(_is_head, filled))
    speaker = next((one.text.strip(" :") for one in heads if one.look == _SPEAKER), "")
    if not speaker:
        plain = next((n for n, one in enumerate(pieces) if one.look != _BOLD), len(pieces))
        text, bold = (_tidy(some) for some in (pieces, pieces[:plain]))
        return Paragraph(number, text, bold if text.startswith(bold) else "")
    time = next((one.text.strip(" []()") for one in heads if one.look == _TIME), "")
    words = _tidy(filled[len(heads) :]).lstrip(": ")
    opening = f"{speaker} [{time}]" if time else speaker
    return Paragraph(number, f"{opening}: {words}" if words else opening)


def _is_head(piece: _Piece) -> bool:
    return piece.look == _SPEAKER or (piece.look == _TIME and is_time(piece.text.strip()))


def _tidy(pieces: list[_Piece]) -> str:
    lines = "".join(piece.text for piece in pieces).split("\n")
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in lines)


def _end_with_colon(block: Block) -> Block:
    if isinstance(block, Row):
        return block
    return block._replace(text=f"{block.text.rstrip(': ')}:")


def _refuse(path: Path, problem: str) -> TranscriptError:
    return TranscriptError(path, 0, problem, remedy=_REMEDY)
