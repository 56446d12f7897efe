"""RTF, as WordPad, TextEdit and Word save it: paragraphs, and tables of speakers."""

from pathlib import Path

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.documents import read_document
from pipeline.transcripts.readers.rtf_blocks import TooDeepError, read_blocks

_LARGEST = 30_000_000  # bytes
_START = b"{\\rtf"
_REMEDY = "Open it in Word, WordPad or TextEdit and save it again as .docx or plain text."


@readers.register(".rtf")
def read_rtf(path: Path) -> Script:
    """Read the text of a document: headers, footers, comments, notes, hidden and deleted words
    are left out.

    Raises TranscriptError for a file that is no RTF, is far too large or nested without end.
    """
    if path.stat().st_size > _LARGEST:
        problem = f"it is larger than {_LARGEST // 1_000_000} MB, and no talk is."
        raise TranscriptError(path, 0, problem, remedy=_REMEDY)
    content = path.read_bytes().lstrip(b"\xef\xbb\xbf\0 \t\r\n")
    if not content.startswith(_START):
        problem = "this is no RTF, although its name ends so."
        raise TranscriptError(path, 0, problem, remedy=_REMEDY)
    try:
        found = read_blocks(content)
    except TooDeepError as error:
        problem = "its groups are nested deeper than any program writes them."
        raise TranscriptError(path, 0, problem, remedy=_REMEDY) from error
    return read_document(path, found.blocks, "an RTF document", found.left_out)
