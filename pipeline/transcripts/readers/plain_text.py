"""Plain text: 'Speaker: words', or the speaker's name on a line above the words."""

from pathlib import Path

from pipeline.transcripts.readers import Script, read_text, readers
from pipeline.transcripts.readers.lines import number_lines, split_into_turns


@readers.register(".txt", ".md")
def read_plain_text(path: Path) -> Script:
    """Read the turns of a text. Raises TranscriptError where it names no speakers."""
    return split_into_turns(path, number_lines(read_text(path)))
