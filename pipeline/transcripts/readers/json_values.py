"""Take values out of JSON, of which any key may be missing, null or of another kind."""

import math
from collections.abc import Mapping
from typing import Any

from pipeline.transcripts.readers.fields import to_seconds

Record = Mapping[str, Any]
_NAMES = ("name", "speaker_name", "display_name", "displayName", "label", "title")
_IDS = ("id", "speaker_id", "speakerId", "speaker", "label", "@id")


def follow(value: object, *keys: str) -> Any:
    """Go from object to object by the keys; None where there is no such key."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def records(value: object, *keys: str) -> list[Record]:
    """Give the objects of the list under the keys; none where there is no list."""
    found = follow(value, *keys)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def first_record(value: object, *keys: str) -> Record:
    """Give the first object of the list under the keys, or an empty one."""
    return next(iter(records(value, *keys)), {})


def text_of(record: Record, *keys: str) -> str:
    """Give the first text, or number as a text, under one of the keys."""
    return next(filter(None, (as_text(record.get(key)) for key in keys)), "")


def seconds_of(record: Record, *keys: str, unit: float = 1.0) -> float:
    """Give the first time under one of the keys in seconds, or NaN."""
    times = (to_seconds(record.get(key), unit=unit) for key in keys)
    return next((time for time in times if not math.isnan(time)), math.nan)


def speaker_of(record: Record, *keys: str, names: Mapping[str, str] | None = None) -> str:
    """Give the speaker under one of the keys by the name that ``names`` has for it.

    A number alone becomes 'Speaker 1', as the programs show it.
    """
    for key in keys:
        value = record.get(key)
        label = text_of(value, *_NAMES, *_IDS) if isinstance(value, dict) else as_text(value)
        if label:
            shown = (names or {}).get(label, label)
            return f"Speaker {shown}" if shown.isdecimal() and len(shown) < 3 else shown
    return ""


def speaker_names(value: object) -> dict[str, str]:
    """Give the names under 'speakers' by their ids."""
    found = follow(value, "speakers")
    if isinstance(found, dict):
        return {key: as_text(name) for key, name in found.items() if as_text(name)}
    pairs = ((text_of(each, *_IDS), text_of(each, *_NAMES)) for each in records(value, "speakers"))
    return {key: name for key, name in pairs if key and name}


def as_text(value: object) -> str:
    """Write a text or a number as text; '' for anything else, or for white space."""
    if isinstance(value, str):
        return value if value.strip() else ""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    is_number = is_whole or (isinstance(value, float) and math.isfinite(value))
    return str(value) if is_number else ""
