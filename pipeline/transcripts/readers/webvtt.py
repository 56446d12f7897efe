"""WebVTT captions, as Teams, Zoom and video sites export them."""

from pathlib import Path

from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.cues import read_captions


@readers.register(".vtt")
def read_webvtt(path: Path) -> Script:
    """Read the speakers from voice tags or from names at the start of a cue."""
    return read_captions(path)
