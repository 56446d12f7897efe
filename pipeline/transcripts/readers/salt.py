"""SALT's .slt: a letter for the speaker before each utterance, and lines of marks between."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, read_text, readers
from pipeline.transcripts.readers.fields import to_seconds
from pipeline.transcripts.readers.salt_words import take_out_codes
from pipeline.transcripts.readers.segments import Segment
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.text_lines import Line, number_lines

_UTTERANCE = re.compile(r"(?P<letter>[A-Za-z])(?:\s+(?P<said>\S.*)|\s*$)")
_LEFT_OUT = {
    "$": "header lines",
    "+": "header lines",
    "=": "comments",
    ":": "pauses",
    ";": "pauses",
}


@readers.register(".slt")
def read_salt(path: Path) -> Script:
    """Read the utterances; headers, comments, pauses and codes are left out.

    Raises TranscriptError for a file without a line of a speaker.
    """
    lines = [line for line in number_lines(read_text(path)) if not line.is_blank]
    names = _name_speakers(lines)
    left_out: Counter[str] = Counter()
    said = list(_read_speech(lines, names, left_out))
    if not said:
        raise TranscriptError(
            path,
            0,
            "no line starts with a speaker's letter, as in '$ Participant, Examiner'.",
            remedy="Save it as SALT (.slt), or give it the suffix of its real format.",
        )
    return make_script(path, Speech(said, "lines of SALT (letters for speakers)", left_out))


def _name_speakers(lines: list[Line]) -> dict[str, str]:
    """Read '$ Participant, Examiner': each line starts with the first letter of who speaks."""
    header = next((line.text[1:] for line in lines if line.text.startswith("$")), "")
    names = [" ".join(name.split()) for name in header.split(",")]
    return {name[0].upper(): name for name in names if name}


def _read_speech(
    lines: list[Line], names: Mapping[str, str], left_out: Counter[str]
) -> Iterator[Segment]:
    for segment in _join_lines(lines, names, left_out):
        yield segment._replace(text=take_out_codes(segment.text, left_out))


def _join_lines(
    lines: list[Line], names: Mapping[str, str], left_out: Counter[str]
) -> list[Segment]:
    """Put lines together with those that go on from them; a time is that of the next utterance."""
    start = math.nan
    parts: list[tuple[Segment, list[str]]] = []
    for line in lines:
        match = _UTTERANCE.match(line.text)
        if line.text[0] == "-":
            start = to_seconds(line.text[1:])
        elif line.text[0] in _LEFT_OUT:
            left_out[_LEFT_OUT[line.text[0]]] += 1
        elif match and (not names or match["letter"].upper() in names):
            letter = match["letter"].upper()
            segment = Segment(names.get(letter, letter), "", line.number, start)
            parts.append((segment, [match["said"] or ""]))
            start = math.nan
        elif parts:
            parts[-1][1].append(line.text.strip())
    return [segment._replace(text=" ".join(said)) for segment, said in parts]
