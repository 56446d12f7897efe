"""EXMARaLDA's .exb: events on tiers of transcription along a common timeline."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.fields import to_seconds
from pipeline.transcripts.readers.segments import Segment, number_segments
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.xml_files import elements, read_xml, text_of

_SOUND = re.compile(r"\(\([^()]{0,200}\)\)")
_PAUSE = re.compile(r"[•●]|\((?:\.{1,3}|-{1,3}|\d{1,3}(?:[.,]\d{1,3})?\s?s?)\)")
_REPAIR = re.compile(r"(?<=\w)/(?=\s|$)")
_ENDS = re.compile(r"[.?!…˙][\"'”’»)]{0,2}\s*$")
_LAST = math.inf
_LONGEST_TIME = 16  # characters; EXMARaLDA writes 18 digits after the point


class _Point(NamedTuple):
    """A point of the timeline: its place, and its time in seconds where there is one."""

    place: float
    seconds: float


_NOWHERE = _Point(_LAST, math.nan)


@readers.register(".exb")
def read_exmaralda(path: Path) -> Script:
    """Read the tiers of transcription in the order of the timeline.

    Tiers of translation, annotation and description are left out, and so are pauses and sounds
    that the conventions put in double brackets.
    """
    return read_exmaralda_tree(path, read_xml(path, "basic-transcription"))


def read_exmaralda_tree(path: Path, root: Any) -> Script:
    """Read the tiers below the root element of a basic transcription."""
    tiers = list(elements(root, "tier"))
    chosen = _choose_tiers(tiers)
    line, names = _read_timeline(root), _name_speakers(root)
    left_out = Counter({"other tiers": len(tiers) - len(chosen)})
    chains = [chain for tier in chosen for chain in _read_chains(tier, line, names, left_out)]
    segments = [segment for _, segment in sorted(chains, key=lambda chain: chain[0])]
    return make_script(path, Speech(number_segments(segments), "tiers of EXMARaLDA", left_out))


def _choose_tiers(tiers: Sequence[Any]) -> list[Any]:
    """Take the tiers of type t and category v, or of the one or the other where none is both."""
    verbal = [tier for tier in tiers if tier.get("category") == "v"]
    spoken = [tier for tier in tiers if tier.get("type") == "t"]
    return [tier for tier in verbal if tier in spoken] or spoken or verbal


def _read_timeline(root: Any) -> dict[str, _Point]:
    """Read the points in their order; one without a time has the one of the point before."""
    points, last = {}, math.nan
    for place, point in enumerate(elements(root, "tli")):
        time = to_seconds(point.get("time", "")[:_LONGEST_TIME])
        last = last if math.isnan(time) else time
        points[point.get("id", "")] = _Point(place, last)
    return points


def _name_speakers(root: Any) -> dict[str, str]:
    names = {}
    for speaker in elements(root, "speaker"):
        short = speaker.find("abbreviation")
        own = speaker.get("id", "")
        names[own] = (text_of(short) if short is not None else "") or own
    return names


def _read_chains(
    tier: Any, line: Mapping[str, _Point], names: Mapping[str, str], left_out: Counter[str]
) -> Iterator[tuple[float, Segment]]:
    """Give what a tier has without a gap, up to the end of a sentence, with its place in time.

    Events cut words in two wherever somebody else starts; their texts have their own blanks.
    """
    speaker = names.get(tier.get("speaker", ""), tier.get("speaker", ""))
    said: list[str] = []
    start, end = _NOWHERE, ""
    for event in tier.findall("event"):
        if said and (event.get("start") != end or _ENDS.search(said[-1])):
            yield start.place, Segment(speaker, _plain(said, left_out), 0, start.seconds)
            said = []
        if not said:
            start = line.get(event.get("start", ""), _NOWHERE)
        said.append("".join(event.itertext()))
        end = event.get("end", "")
    yield start.place, Segment(speaker, _plain(said, left_out), 0, start.seconds)


def _plain(said: Sequence[str], left_out: Counter[str]) -> str:
    text, sounds = _SOUND.subn(" ", "".join(said))
    text, pauses = _PAUSE.subn(" ", text)
    left_out["sounds"] += sounds
    left_out["pauses"] += pauses
    plain = " ".join(_REPAIR.sub("", text).split())
    return plain if re.search(r"\w", plain) else ""
