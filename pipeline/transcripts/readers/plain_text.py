"""Plain text: talk with its speakers in any of the usual layouts, a chat, captions, or prose."""

from pathlib import Path

from pipeline.transcripts.readers import Script, read_text, readers
from pipeline.transcripts.readers.caption_blocks import has_times
from pipeline.transcripts.readers.cues import split_captions
from pipeline.transcripts.readers.lines import number_lines, split_or_paragraphs
from pipeline.transcripts.readers.zoom_chat import read_zoom_chat


@readers.register(".txt", ".md")
def read_plain_text(path: Path) -> Script:
    """Read the turns of a text, or its paragraphs where it names no speakers."""
    lines = number_lines(read_text(path))
    if has_times(lines):
        return split_captions(path, lines)
    chat = read_zoom_chat(lines)
    if chat is not None:
        return chat
    script = split_or_paragraphs(path, lines)
    return script._replace(kind=f"plain text ({script.kind})")
