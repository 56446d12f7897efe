"""Find the lists of a JSON file whose objects hold words, under usual names."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.transcripts.readers.fields import (
    PEOPLE,
    SPEAKERS,
    TEXTS,
    find_field,
    find_start,
    fold_name,
)
from pipeline.transcripts.readers.json_values import Record, as_text, records, text_of
from pipeline.transcripts.readers.speech import glue

_PARTS = ("children", "spans", "segs", "words", "elements", "tokens")
_SPEAKERS = (*SPEAKERS, *PEOPLE)
# Not 'name', which a whole file may have.
_BESIDE = tuple(name for name in SPEAKERS if name.startswith("speaker"))
_DEEPEST = 8
_MOST_LOOKED_AT = 2_000


class Fields(NamedTuple):
    """Which key of a list's objects is what; '' where there is none."""

    speaker: str
    text: str
    start: str


# The name of a value, the value, the object that it stands in, and how deep that is.
_Place = tuple[str, Any, Mapping[str, Any], int]


class Found(NamedTuple):
    """A list of objects with words, and the object that it stands in."""

    name: str
    rows: Sequence[Record]
    parent: Mapping[str, Any]
    fields: Fields
    words: int
    merged: int = 1


def find_lists(data: Any) -> list[Found]:
    """Find the lists with words; put together those under one name with the same fields."""
    merged: dict[tuple[str, Fields], list[Found]] = {}
    for each in _walk(data):
        merged.setdefault((each.name, each.fields), []).append(each)
    return [
        alike[0]._replace(
            rows=[row for each in alike for row in each.rows],
            words=sum(each.words for each in alike),
            merged=len(alike),
        )
        for alike in merged.values()
    ]


def read_parts(row: Record, key: str) -> str:
    """Give the text under a key, put together where it is a list of parts."""
    if not isinstance(row.get(key), list):
        return as_text(row.get(key))
    parts = [text_of(part, "text", "utf8", "word", "value", "punct") for part in records(row, key)]
    has_blanks = any(part != part.strip() for part in parts)
    return "".join(parts) if has_blanks else glue(filter(None, parts))


def find_beside(parent: Mapping[str, Any]) -> str:
    """Give the key of the speaker that stands beside a list, or ''."""
    return find_field(list(parent), _BESIDE)


def _walk(data: Any) -> Iterator[Found]:
    """Walk through objects and lists of objects, but not into a list that holds talk."""
    waiting: deque[_Place] = deque([("", data, {}, 0)])
    while waiting:
        place = waiting.popleft()
        found = _find_talk(place)
        if found:
            yield found
        else:
            waiting += _look_inside(place)


def _find_talk(place: _Place) -> Found | None:
    """Take a list as talk if its objects have words; a speaker may stand beside the list."""
    name, value, parent, _ = place
    rows = [_flatten(each) for each in records({"rows": value}, "rows")]
    if not rows:
        return None
    speaker = find_beside(parent)
    if speaker and not find_field(list(rows[0]), _SPEAKERS):
        rows = [{speaker: parent[speaker], **row} for row in rows]
    fields = _find_fields(rows)
    words = _count_words(rows, fields.text) if fields.text else 0
    return Found(name, rows, parent, fields, words) if words else None


def _look_inside(place: _Place) -> list[_Place]:
    name, value, parent, depth = place
    if depth >= _DEEPEST:
        return []
    if isinstance(value, dict):
        inner = [(key, each) for key, each in value.items() if isinstance(each, dict | list)]
        return [(key, each, value, depth + 1) for key, each in inner]
    return [(name, each, parent, depth + 1) for each in records({"list": value}, "list")]


def _flatten(record: Record) -> Record:
    """Put what stands under 'data' beside the rest, as editors of transcripts keep it apart."""
    inner = record.get("data")
    return {**inner, **record} if isinstance(inner, dict) else record


def _find_fields(rows: Sequence[Record]) -> Fields:
    counts: Counter[str] = Counter()
    for row in rows[:_MOST_LOOKED_AT]:
        counts.update(key for key, value in row.items() if value not in (None, "", []))
    keys = [key for key, _ in counts.most_common()]
    start = find_start(keys)
    texts = [key for key in keys if key != start and fold_name(key) in TEXTS]
    spoken = {key: _count_words(rows, key) for key in texts}
    text = max(spoken, key=lambda key: spoken[key], default="")
    if not spoken.get(text):
        text = next((key for key in _PARTS if key in counts and _count_words(rows, key)), "")
    others = [key for key in keys if key != text]
    return Fields(find_field(others, _SPEAKERS), text, start)


def _count_words(rows: Sequence[Record], key: str) -> int:
    return sum(len(read_parts(row, key).split()) for row in rows)
