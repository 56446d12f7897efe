"""YouTube's own captions (.sbv): '0:00:01.000,0:00:04.000' above the words."""

from pathlib import Path

from pipeline.transcripts.readers import Script, read_text, readers
from pipeline.transcripts.readers.caption_blocks import COMMA
from pipeline.transcripts.readers.cues import split_captions
from pipeline.transcripts.readers.lines import number_lines


@readers.register(".sbv")
def read_sbv(path: Path) -> Script:
    """Read the speakers from '>>' and names at the start of a cue, as in other captions."""
    script = split_captions(path, number_lines(read_text(path)), timing=COMMA)
    return script._replace(kind=f"YouTube {script.kind}")
