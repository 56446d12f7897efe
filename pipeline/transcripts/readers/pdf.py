"""PDF: the text that it holds, never its pictures."""

import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.lines import split_or_paragraphs
from pipeline.transcripts.readers.pdf_lines import Page, choose_pages, drop_furniture, join_lines
from pipeline.wording import counted

_LARGEST = 60_000_000  # bytes, pictures of pages included
_MOST_PAGES = 2_000
_MOST_TEXT = 5_000_000  # characters
# What draws a page; 5 kB is usual.
_LARGEST_PAGE, _LARGEST_PAGES = 3_000_000, 30_000_000
_MOST_STEPS = 300_000
_BLANKS = re.compile(r" {2,}")
_COLUMN = "its names stand in a column: see whether the words stand with who said them"
_START, _LOOKED_AT = b"%PDF-", 2_000
_SAVE = "Open it and print it to a new PDF, or copy its words into a document."
_RECOGNISE = "Have its text recognised (OCR) and save it as a document or a PDF with text."
_UNLOCK = "Save it without a password, or print it to a new PDF."


@readers.register(".pdf")
def read_pdf(path: Path) -> Script:
    """Read the text of all pages. Lines are put together to paragraphs, words that were parted
    at a line's end to words; headers, footers and numbers of pages are left out.

    Raises TranscriptError for a scan without text, and for a file that is no PDF, is damaged,
    locked or far too large.
    """
    plain, placed = _read_pages(path)
    pages = choose_pages(plain, placed)
    empty = sum(not any(line.strip() for line in page) for page in pages)
    if empty == len(pages):
        raise _refuse(path, "its pages are pictures, and there is no text in it.", _RECOGNISE)
    left_out: Counter[str] = Counter()
    lines = join_lines(drop_furniture(pages, left_out))
    script = split_or_paragraphs(path, lines)
    left_out.update(script.left_out)
    turns = [turn._replace(text=_BLANKS.sub(" ", turn.text)) for turn in script.turns]
    pictures = f"without text: {counted(empty, 'page')}, which may be empty or a picture"
    return script._replace(
        turns=turns,
        left_out=dict(left_out),
        kind=f"a PDF ({script.kind})",
        warnings=(
            *script.warnings,
            *([pictures] if empty else []),
            *([_COLUMN] if pages is placed and any(turn.speaker for turn in turns) else []),
        ),
    )


def _read_pages(path: Path) -> tuple[list[Page], list[Page]]:
    """Give the lines of all pages as they come, and with blanks that show where things stand."""
    from pypdf import apply_configuration
    from pypdf.errors import LimitReachedError, PyPdfError

    if path.stat().st_size > _LARGEST:
        raise _too_large(path)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of each oddity it meets
    # A damaged file fails wherever its damage is.
    damage = (PyPdfError, zlib.error, OSError, LookupError, ValueError, TypeError, RuntimeError)
    try:
        with apply_configuration(_limits()):
            return list(_pages(path, "plain")), list(_pages(path, "layout"))
    except LimitReachedError as error:
        raise _too_large(path) from error
    except (*damage, AttributeError, ArithmeticError, AssertionError) as error:
        raise _refuse(path, "this is no PDF, or it is damaged.", _SAVE) from error


def _limits() -> Any:
    from pypdf import Configuration

    return Configuration(
        zlib_maximum_output_length=_LARGEST_PAGE,
        lzw_maximum_output_length=_LARGEST_PAGE,
        run_length_maximum_output_length=_LARGEST_PAGE,
        array_based_stream_maximum_output_length=_LARGEST_PAGE,
        stream_decoding_work_maximum_length=4 * _LARGEST_PAGE,
        stream_parsing_work_maximum_count=_MOST_STEPS,
        disable_legacy_handling=True,
    )


def _pages(path: Path, mode: Literal["plain", "layout"]) -> Iterator[Page]:
    reader = _open(path)
    if len(reader.pages) > _MOST_PAGES:
        raise _refuse(path, f"it has more than {_MOST_PAGES:,} pages.", "Take out the transcript.")
    drawn, said = 0, 0
    for page in reader.pages:
        contents = page.get_contents()
        drawn += len(contents.get_data()) if contents is not None else 0
        text = page.extract_text(extraction_mode=mode)
        said += len(text)
        if drawn > _LARGEST_PAGES or said > _MOST_TEXT:
            raise _too_large(path)
        yield text.split("\n")


def _open(path: Path) -> Any:
    from pypdf import PdfReader

    with path.open("rb") as file:
        if _START not in file.read(_LOOKED_AT):
            raise ValueError
    reader = PdfReader(path, root_object_recovery_limit=1000)
    # Many have a password for changing them only: those open with none.
    if reader.is_encrypted and not reader.decrypt(""):
        raise _refuse(path, "it is locked by a password.", _UNLOCK)
    return reader


def _too_large(path: Path) -> TranscriptError:
    return _refuse(path, "it is far too large, or holds far more than a transcript does.", _SAVE)


def _refuse(path: Path, problem: str, remedy: str) -> TranscriptError:
    return TranscriptError(path, 0, problem, remedy=remedy)
