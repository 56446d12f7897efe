"""Word: paragraphs, and tables with the speaker in the first column."""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.labels import could_speak
from pipeline.transcripts.readers.lines import Line, split_into_turns
from pipeline.transcripts.readers.openings import is_time

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = (_WORD + tag for tag in ("p", "tbl", "tr", "tc"))
_CHARACTERS = {_WORD + "tab": "\t", _WORD + "br": "\n", _WORD + "cr": "\n"}
_CHARACTERS |= {_WORD + "noBreakHyphen": "-"}
# Text that was moved away; pictures and text boxes, which Word stores twice; tab stops.
_PASSED_OVER = {_WORD + tag for tag in ("moveFrom", "del", "drawing", "pict", "pPr")}
_PASSED_OVER |= {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
# A small file can unpack to gigabytes. A day's talk is about 5 MB of XML.
_LARGEST_XML = 40_000_000
_LARGEST = 400_000_000
_ROW_NUMBER = re.compile(r"\d{1,5}\.?")


@readers.register(".docx")
def read_word(path: Path) -> Script:
    """Read the body of a document: headers, footers, comments and deleted words are left out.

    Raises TranscriptError for a file that is no Word document, or names no speakers.
    """
    return split_into_turns(path, list(_lines(_open_body(path))))


def _open_body(path: Path) -> Any:
    from docx import Document
    from docx.opc.exceptions import OpcError

    # A damaged file fails wherever its damage is, in the zip, in its parts or in their XML.
    damage = (OpcError, BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError)
    try:
        if not is_zipfile(path) or _is_too_large(path):
            raise BadZipFile
        return Document(str(path)).element.body
    except (*damage, AttributeError, SyntaxError, TypeError, RuntimeError) as error:
        raise TranscriptError(
            path,
            0,
            "this is no Word document, or it is damaged, locked by a password or far too large.",
            remedy="Open it in Word and save it again as .docx without a password.",
        ) from error


def _is_too_large(path: Path) -> bool:
    with ZipFile(path) as archive:
        members = archive.infolist()
    xml = sum(
        member.file_size for member in members if not member.filename.startswith("word/media")
    )
    return xml > _LARGEST_XML or sum(member.file_size for member in members) > _LARGEST


def _lines(body: Any) -> Iterator[Line]:
    numbers = {paragraph: number for number, paragraph in zip(count(1), body.iter(_PARAGRAPH))}
    for block in _blocks(body):
        if block.tag == _TABLE:
            for row in block.iter(_ROW):
                yield from _row_lines(row, numbers)
        else:
            yield from _paragraph_lines(block, numbers)


def _blocks(parent: Any) -> Iterator[Any]:
    """Walk paragraphs and tables in order, also those in content controls and insertions."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag not in _PASSED_OVER:
            yield from _blocks(child)


def _paragraph_lines(paragraph: Any, numbers: dict[Any, int]) -> list[Line]:
    """Split a paragraph at its line breaks; all its lines have the paragraph's number."""
    text = unicodedata.normalize("NFC", "".join(_characters(paragraph)))
    return [Line(numbers[paragraph], line) for line in text.split("\n")]


def _row_lines(row: Any, numbers: dict[Any, int]) -> Iterator[Line]:
    """Write a row as lines: a first cell that could be a speaker is put before the words."""
    cells = [
        [
            line
            for paragraph in cell.iter(_PARAGRAPH)
            for line in _paragraph_lines(paragraph, numbers)
        ]
        for cell in row.iter(_CELL)
    ]
    cells = [lines for lines in cells if any(line.text.strip() for line in lines)]
    if len(cells) > 1 and _ROW_NUMBER.fullmatch(_joined(cells[0])):
        cells = cells[1:]
    time = ""
    if len(cells) > 1 and is_time(_joined(cells[0])):
        time = f"[{_joined(cells[0]).strip('[]() ')}] "
        cells = cells[1:]
    speaker = _joined(cells[0]).rstrip(": ") if len(cells) > 1 else ""
    if could_speak(speaker):
        first, *others = cells[1]
        yield Line(cells[0][0].number, f"{time}{speaker}: {first.text}")
        cells = [others, *cells[2:]]
    for lines in cells:
        yield from lines


def _joined(lines: list[Line]) -> str:
    return " ".join(line.text.strip() for line in lines).strip()


def _characters(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _WORD + "t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag not in _PASSED_OVER:
            yield from _characters(child)
