"""WebVTT captions, as Teams, Zoom and video sites export them."""

from pathlib import Path

from pipeline.transcripts.readers import Script, read_text, readers
from pipeline.transcripts.readers.cues import split_captions
from pipeline.transcripts.readers.lines import number_lines


@readers.register(".vtt")
def read_webvtt(path: Path) -> Script:
    """Read the speakers from voice tags or from names at the start of a cue."""
    script = split_captions(path, number_lines(read_text(path)))
    return script._replace(kind=f"WebVTT {script.kind}")
