"""Transcriber's .trs: turns with the ids of their speakers, and marks of time between the words."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.fields import to_seconds
from pipeline.transcripts.readers.segments import Segment, number_segments
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.xml_files import (
    elements,
    is_entity,
    local_name,
    own_text,
    read_xml,
)

_NOISE = {"Event": "events", "Background": "background noises", "Comment": "comments"}


class _Voice(NamedTuple):
    """Who speaks from where on."""

    speaker: str
    start: float


@readers.register(".trs")
def read_transcriber(path: Path) -> Script:
    """Read the turns of a Transcriber file. Its DOCTYPE may stand there; it is not loaded."""
    return read_transcriber_tree(path, read_xml(path, "Trans"))


def read_transcriber_tree(path: Path, root: Any) -> Script:
    """Read the turns below the root element of a Transcriber file."""
    names = {each.get("id", ""): each.get("name", "") for each in elements(root, "Speaker")}
    segments = [part for turn in elements(root, "Turn") for part in _split(turn, names)]
    left_out = Counter(_NOISE[local_name(each)] for each in elements(root, *_NOISE))
    return make_script(path, Speech(number_segments(segments), "turns of Transcriber", left_out))


def _split(turn: Any, names: dict[str, str]) -> Iterator[Segment]:
    """Split a turn at its marks of time, and where one of several speakers goes on."""
    ids = (turn.get("speaker") or "").split()
    speakers = [names.get(each) or each for each in ids]
    voice = _Voice(speakers[0] if speakers else "", to_seconds(turn.get("startTime")))
    said = [own_text(turn)]
    for mark in turn:
        following = _follow(voice, mark, speakers)
        if following != voice:
            yield Segment(voice.speaker, _fold(said), 0, voice.start)
            voice, said = following, []
        said += [own_text(mark) if is_entity(mark) else " ", mark.tail or ""]
    yield Segment(voice.speaker, _fold(said), 0, voice.start)


def _follow(voice: _Voice, mark: Any, speakers: list[str]) -> _Voice:
    if local_name(mark) == "Sync":
        return voice._replace(start=to_seconds(mark.get("time")))
    number = mark.get("nb", "") if local_name(mark) == "Who" else ""
    if number.isascii() and number.isdecimal() and 0 < int(number[:4]) <= len(speakers):
        return voice._replace(speaker=speakers[int(number[:4]) - 1])
    return voice


def _fold(said: list[str]) -> str:
    return " ".join("".join(said).split())
