"""CHAT's .cha, as CLAN and TalkBank have it: a line a speaker, and lines of codes below."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, read_text, readers
from pipeline.transcripts.readers.chat_words import take_out_codes
from pipeline.transcripts.readers.segments import Segment
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.text_lines import Line, number_lines

_SPEAKER = re.compile(r"\*\s?(?P<code>[^\s:*]{1,40})\s?:(?P<said>.*)", re.DOTALL)
_PARTICIPANTS = re.compile(r"@Participants\s?:", re.IGNORECASE)
# Milliseconds between two marks, which editors lose; before them the recording, in older files.
_BULLET = re.compile(
    r'(?:[\x15•]|(?<!\S))(?:%\w{3}:"?[^"\n\x15•]{0,200}"?_)?'
    r"(?P<start>\d{1,10})_\d{1,10}(?:_?-?[\x15•]|(?!\S))"
)
_STRAY_BULLET = re.compile(r"\x15[^\x15]{0,200}\x15|\x15")


class _Entry(NamedTuple):
    """A header, what a speaker says, or codes, with the lines that go on from it."""

    number: int
    text: str


@readers.register(".cha")
def read_chat(path: Path) -> Script:
    """Read the speakers' lines; headers, lines of codes and codes within the lines are left out.

    Raises TranscriptError for a file without a speaker's line.
    """
    entries = list(_join_lines(number_lines(read_text(path))))
    names = _name_speakers(entries)
    left_out: Counter[str] = Counter()
    said = list(_read_speech(entries, names, left_out))
    if not said:
        raise TranscriptError(
            path,
            0,
            "no line starts with a speaker, as '*PAR:'.",
            remedy="Save it as CHAT (.cha), or give it the suffix of its real format.",
        )
    return make_script(path, Speech(said, "lines of CHAT (speakers after an asterisk)", left_out))


def _join_lines(lines: Sequence[Line]) -> Iterator[_Entry]:
    """Put lines together with those that go on from them."""
    number, parts = 0, list[str]()
    for line in lines:
        if line.text.startswith(("@", "%")) or _SPEAKER.match(line.text):
            if parts:
                yield _Entry(number, " ".join(parts))
            number, parts = line.number, [line.text]
        elif parts and not line.is_blank:
            parts.append(line.text.strip())
    if parts:
        yield _Entry(number, " ".join(parts))


def _read_speech(
    entries: Sequence[_Entry], names: Mapping[str, str], left_out: Counter[str]
) -> Iterator[Segment]:
    for entry in entries:
        match = _SPEAKER.match(entry.text)
        if match:
            time = _BULLET.search(match["said"])
            start = int(time["start"]) / 1000 if time else math.nan
            bare = _STRAY_BULLET.sub(" ", _BULLET.sub(" ", match["said"]))
            name = names.get(match["code"], match["code"])
            yield Segment(name, take_out_codes(bare, left_out), entry.number, start)
        else:
            left_out["header lines" if entry.text[0] == "@" else "dependent lines"] += 1


def _name_speakers(entries: Sequence[_Entry]) -> dict[str, str]:
    """Read a header as '@Participants: PAR Ann_Lee Participant, INV Investigator'."""
    header = next((entry.text for entry in entries if _PARTICIPANTS.match(entry.text)), "")
    listed = [part.split() for part in header.partition(":")[2].split(",")]
    found = {part[0]: _write_name(part) for part in listed if part}
    counts = Counter(found.values())
    return {code: name if counts[name] == 1 else f"{name} ({code})" for code, name in found.items()}


def _write_name(part: Sequence[str]) -> str:
    """Write the name with the role in brackets; the code stands for somebody without a name.

    >>> _write_name(["PAR", "Ann_Lee", "Participant"]), _write_name(["INV", "Investigator"])
    ('Ann Lee (Participant)', 'INV (Investigator)')
    """
    code, *names = part
    *name, role = [one.replace("_", " ") for one in names] or [code]
    whole = " ".join(name) or code
    return whole if whole == role else f"{whole} ({role})"
