"""JSON that is no known program's: a list of objects with words, under usual names."""

from collections.abc import Sequence
from typing import Any

from pipeline.transcripts.readers.fields import find_start, guess_unit, unit_of
from pipeline.transcripts.readers.found_lists import Found, find_beside, find_lists, read_parts
from pipeline.transcripts.readers.json_values import (
    records,
    seconds_of,
    speaker_names,
    speaker_of,
    text_of,
)
from pipeline.transcripts.readers.segments import Segment
from pipeline.transcripts.readers.speech import Speech

# A list with speakers is preferred to one with so many more words.
_NEARLY_ALL = 0.8
_LONGEST_KEY = 30
_LONE_TEXTS = ("text", "transcript", "transcription", "full_transcript", "full_text", "content")


def read_object_list(data: Any) -> Speech | None:
    """Read the list with the most words of those in the file, one with speakers if there is one."""
    lists = find_lists(data)
    most = max((each.words for each in lists), default=0)
    full = [each for each in lists if each.words >= _NEARLY_ALL * most]
    if not full:
        return Speech([], "JSON without words") if _has_times_only(data) else None
    chosen = min(full, key=lambda each: (not each.fields.speaker, len(each.rows)))
    others = sum(len(each.rows) for each in lists if each is not chosen)
    speech = _read_list(data, chosen)._replace(left_out={"other objects": others})
    if chosen.merged == 1 or find_beside(chosen.parent):
        return speech
    warning = (
        f"it holds {chosen.merged} lists '{chosen.name[:_LONGEST_KEY]}', read one after the other"
    )
    return speech._replace(warnings=(warning,))


def read_lone_text(data: Any) -> Speech | None:
    """Read a text that is all there is; its lines may name their speakers."""
    text = text_of(data, *_LONE_TEXTS) if isinstance(data, dict) else ""
    if not text:
        return None
    speaker = speaker_of(data, "speaker", "speaker_name")
    return Speech(_lines(text.splitlines(), speaker), "JSON with one text", is_cut=False)


def read_strings(texts: Sequence[str]) -> Speech:
    """Read a list of bare texts, whose beginnings may name their speakers."""
    return Speech(_lines(texts, ""), "JSON with a list of texts", is_cut=False)


def _lines(texts: Sequence[str], speaker: str) -> list[Segment]:
    return [Segment(speaker, text, number) for number, text in enumerate(texts, start=1)]


def _read_list(data: Any, found: Found) -> Speech:
    fields = found.fields
    names = {**speaker_names(data), **speaker_names(found.parent)}
    unit = unit_of(fields.start) or guess_unit(
        [row.get(fields.start) for row in found.rows], found.words
    )
    speech = [
        Segment(
            speaker_of(row, fields.speaker, names=names),
            read_parts(row, fields.text),
            number,
            seconds_of(row, fields.start, unit=unit),
        )
        for number, row in enumerate(found.rows, start=1)
    ]
    return Speech(speech, _describe(found), is_cut=bool(fields.start))


def _describe(found: Found) -> str:
    known = _KNOWN.get((found.name, found.fields.text, found.fields.start))
    if known:
        return known
    named = zip(("speaker", "words", "time"), found.fields, strict=True)
    shown = "; ".join(f"{what}: {key[:_LONGEST_KEY]}" for what, key in named if key)
    place = f" under '{found.name[:_LONGEST_KEY]}'" if found.name else ""
    return f"JSON with a list of objects{place} ({shown})"


_KNOWN = {
    ("segments", "body", "startTime"): "a podcast's JSON (segments)",
    ("speech_segments", "transcript", "start_ts"): "Otter's JSON (speech segments)",
    ("events", "segs", "tStartMs"): "YouTube's JSON (events)",
    ("sentences", "text", "start_time"): "JSON of a meeting recorder (sentences)",
}


def _has_times_only(data: Any) -> bool:
    rows = records(data, "segments") or records({"rows": data}, "rows")
    return any("speaker" in row and find_start(list(row)) for row in rows)
