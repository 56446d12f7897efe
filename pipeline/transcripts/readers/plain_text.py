"""Plain text: 'Speaker: words', or the speaker's name on a line above the words."""

from pathlib import Path

from pipeline.transcripts.readers import Script, decode, readers
from pipeline.transcripts.readers.lines import Line, split_into_turns


@readers.register(".txt", ".md")
def read_plain_text(path: Path) -> Script:
    """Read the turns of a text. Raises TranscriptError where it names no speakers."""
    # Not splitlines(): it also splits where no editor counts a new line.
    text = decode(path).replace("\r\n", "\n").replace("\r", "\n")
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    return split_into_turns(path, lines)
