"""Read transcripts. To add a format, add a module here that registers a reader,
and its golden pair.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.registry import Registry


class RawTurn(NamedTuple):
    """One uninterrupted piece of speech, as the file has it.

    ``start_seconds`` is NaN where the file has no time. Lines (paragraphs in Word files) count
    from 1 and include both ends.
    """

    speaker: str
    text: str
    first_line: int
    last_line: int
    start_seconds: float = math.nan


class Script(NamedTuple):
    """What a reader found: the turns in order, and how often it left out what kind of thing.

    ``left_out`` counts lines or captions by a plural noun, such as 'heading lines'.
    """

    turns: list[RawTurn]
    left_out: dict[str, int]


Reader = Callable[[Path], Script]
readers: Registry[Reader] = Registry("transcript format", __name__)


def read_script(path: Path) -> Script:
    """Read one transcript by the reader for its suffix.

    Raises UnknownChoiceError for an unknown suffix, TranscriptError for a file that is empty,
    is not what its name says, or names no speakers.
    """
    reader = readers[path.suffix.lower()]
    if not path.stat().st_size:
        raise TranscriptError(path, 0, "the file is empty.", remedy="Put the transcript in again.")
    return reader(path)


def decode(path: Path) -> str:
    """Read text as UTF-8, as UTF-16 if it is marked so, else as Windows-1252.

    Raises TranscriptError for bytes that are no text.
    """
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if b"\0" in content:
        raise TranscriptError(
            path,
            0,
            f"this is not text, although its name ends in '{path.suffix}'.",
            remedy="Save it as plain text (UTF-8), or give it the suffix of its real format.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
