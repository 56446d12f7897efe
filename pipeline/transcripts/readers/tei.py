"""TEI and other XML of talk: utterances that say who speaks, speeches with a speaker above."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.debates import read_akoma_ntoso, read_public_whip
from pipeline.transcripts.readers.elan import read_elan_tree
from pipeline.transcripts.readers.exmaralda import read_exmaralda_tree
from pipeline.transcripts.readers.fields import to_seconds
from pipeline.transcripts.readers.segments import Segment, number_segments
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.tei_people import find_id, name_people
from pipeline.transcripts.readers.tei_text import read_said
from pipeline.transcripts.readers.transcriber import read_transcriber_tree
from pipeline.transcripts.readers.xml_files import (
    elements,
    local_name,
    outermost,
    read_xml,
    refuse_root,
    text_of,
)

_OTHERS: Mapping[str, Callable[[Path, Any], Script]] = {
    "ANNOTATION_DOCUMENT": read_elan_tree,
    "Trans": read_transcriber_tree,
    "akomaNtoso": read_akoma_ntoso,
    "basic-transcription": read_exmaralda_tree,
    "publicwhip": read_public_whip,
}
_TEI = frozenset(("TEI", "TEI.2", "bncDoc", "teiCorpus", "teiCorpus.2"))
_READ = ("TEI", "Akoma Ntoso", "publicwhip", "ELAN", "EXMARaLDA", "Transcriber")
_UNITS = {"ms": 0.001, "min": 60.0, "h": 3600.0}


@readers.register(".xml", ".tei")
def read_tei(path: Path) -> Script:
    """Read XML by its root element, whatever the file's name says.

    Raises TranscriptError for XML that is not known to hold talk.
    """
    root = read_xml(path)
    name = local_name(root)
    if name in _OTHERS:
        return _OTHERS[name](path, root)
    if name in _TEI or _has_speakers(root):
        return read_tei_tree(path, root)
    raise refuse_root(path, root, _READ)


def read_tei_tree(path: Path, root: Any) -> Script:
    """Read utterances or speeches; a text without any by its paragraphs."""
    left_out: Counter[str] = Counter()
    said = list(_read_utterances(root, left_out))
    if said:
        kind = "TEI (utterances with who speaks them)"
        speech = Speech(number_segments(said), kind, left_out, is_cut=False)
    else:
        paragraphs = [
            Segment("", read_said(each, left_out), 0)
            for text in outermost(root, "text", "stext")
            for each in outermost(text, "p", "ab", "l")
        ]
        speech = Speech(number_segments(paragraphs), "TEI (paragraphs)", left_out, is_cut=False)
    return make_script(path, speech)


def _has_speakers(root: Any) -> bool:
    """Tell XML that has TEI's utterances or speeches below another root element."""
    utterances = (each for each in elements(root, "u") if each.get("who"))
    speeches = (each for each in elements(root, "sp") if each.find("{*}speaker") is not None)
    return any(True for _ in utterances) or any(True for _ in speeches)


def _read_utterances(root: Any, left_out: Counter[str]) -> Iterator[Segment]:
    people, times = name_people(root), _read_timeline(root)
    for each in outermost(root, "u", "sp"):
        block = next(each.iterancestors("{*}annotationBlock"), None)
        start = _attribute(each, block, "start") or _find_anchor(each)
        seconds = times.get(start.removeprefix("#"), to_seconds(start))
        speaker = _name_speaker(each, _attribute(each, block, "who"), people)
        yield Segment(speaker, read_said(each, left_out), 0, seconds)


def _attribute(utterance: Any, block: Any, name: str) -> str:
    """Read what an utterance says of itself, or the block around it."""
    return utterance.get(name) or ("" if block is None else block.get(name, ""))


def _find_anchor(utterance: Any) -> str:
    return next((each.get("synch", "") for each in elements(utterance, "anchor")), "")


def _name_speaker(utterance: Any, who: str, people: Mapping[str, str]) -> str:
    """Give the name that the header has for an id, else the one that stands above the words."""
    ids = [each.rpartition("#")[2] for each in who.split()]
    names = [people.get(each, "") for each in ids]
    if any(names):
        return ", ".join(name or own for name, own in zip(names, ids, strict=True))
    return _read_speaker(utterance) or ", ".join(ids)


def _read_speaker(utterance: Any) -> str:
    own = next(utterance.iterchildren("{*}speaker"), None)
    before = utterance.getprevious()
    if own is None and before is not None and not callable(before.tag):
        is_speaker = local_name(before) == "note" and before.get("type") == "speaker"
        own = before if is_speaker else None
    return "" if own is None else text_of(own)


def _read_timeline(root: Any) -> dict[str, float]:
    """Read when the points of a timeline are, in seconds."""
    times: dict[str, float] = {}
    for timeline in elements(root, "timeline"):
        unit = _UNITS.get(timeline.get("unit", "s"), 1.0)
        for point in elements(timeline, "when"):
            since = times.get(point.get("since", "").removeprefix("#"), 0.0)
            interval = to_seconds(point.get("interval", "")[:16], unit=unit)
            absolute = to_seconds(point.get("absolute", ""))
            time = absolute if math.isnan(interval) else since + interval
            times[find_id(point)] = 0.0 if not times and math.isnan(time) else time
    return times
