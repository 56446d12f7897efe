"""Read transcripts. To add a format, add a module here that registers a reader,
and its golden pair.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.files import decode
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


NO_SPEAKERS = "it names no speakers, so each paragraph is a turn, and all of it the participant's"


class Script(NamedTuple):
    """What a reader found: the turns in order, and how often it left out what kind of thing.

    ``left_out`` counts lines or captions by a plural noun, such as 'heading lines'. ``kind`` says
    what the file is, and by what that was told: 'captions of Zoom (names before a colon)'.
    ``warnings`` are sentences on what a researcher should look at. Turns of a file that names no
    speakers have '' for one.
    """

    turns: list[RawTurn]
    left_out: dict[str, int]
    kind: str = ""
    warnings: tuple[str, ...] = ()


Reader = Callable[[Path], Script]
readers: Registry[Reader] = Registry("transcript format", __name__)


def read_script(path: Path) -> Script:
    """Read one transcript by the reader for its suffix.

    Raises TranscriptError for a file of an unknown kind, or that is empty, is not what its name
    says, or names no speakers.
    """
    known = readers.names()
    if path.suffix.lower() not in known:
        remedy = f"Save the transcript as one of {', '.join(known)}, or move the file away."
        raise TranscriptError(path, 0, "files of this kind are not read.", remedy=remedy)
    reader = readers[path.suffix.lower()]
    if not path.stat().st_size:
        raise TranscriptError(path, 0, "the file is empty.", remedy="Put the transcript in again.")
    return reader(path)


def read_text(path: Path) -> str:
    """Read a text file. Raises TranscriptError for bytes that are no text."""
    try:
        return decode(path.read_bytes())
    except ValueError as error:
        raise TranscriptError(
            path,
            0,
            f"this is not text, although its name ends in '{path.suffix}'.",
            remedy="Save it as plain text (UTF-8), or give it the suffix of its real format.",
        ) from error
