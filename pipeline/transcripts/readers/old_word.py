"""Files named .doc: many are RTF, pages or newer documents; those of an old Word are refused."""

from pathlib import Path

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.html_pages import read_html
from pipeline.transcripts.readers.rtf import read_rtf
from pipeline.transcripts.readers.word import read_word

_LOOKED_AT = 1000  # bytes
_REMEDY = "Open it in Word (or LibreOffice), choose 'Save as' and the format .docx."


@readers.register(".doc")
def read_old_word(path: Path) -> Script:
    """Read a file as what it is. Raises TranscriptError for a document of Word before 2007."""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{\\rtf"):
        return read_rtf(path)
    if start.startswith(b"PK"):
        return read_word(path)
    if start[:1] == b"<" and b"<html" in start.lower():
        return read_html(path)
    problem = "this is a document of an old Word (.doc), which is not read."
    raise TranscriptError(path, 0, problem, remedy=_REMEDY)
