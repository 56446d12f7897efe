"""SubRip captions, as subtitle and transcription programs export them."""

from pathlib import Path

from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.cues import read_captions


@readers.register(".srt")
def read_subrip(path: Path) -> Script:
    """Read the speakers from names at the start of a cue."""
    return read_captions(path)
