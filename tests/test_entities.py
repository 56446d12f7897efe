"""Entities of texts, which spaCy reads once."""

import pytest

from pipeline.transcripts import entities
from pipeline.transcripts.entities import EntityReader, read_entities, text_key, write_entities
from pipeline.transcripts.names import find_names

TEXTS = [
    "We asked Tom Harding in Leeds about the ferry.",
    "Nobody came.",
    "so then tom harding rang us about the ferry again",
    "We asked Tom Harding in Leeds about the ferry.",
]


@pytest.fixture
def asked(monkeypatch):
    """Note which texts spaCy reads."""
    seen, read = [], entities._read
    monkeypatch.setattr(entities, "_read", lambda texts: read(seen.extend(texts) or texts))
    return seen


def test_a_text_is_read_once_and_again_only_if_it_changed(asked):
    first = EntityReader()
    found = find_names(TEXTS, entities=first)
    assert len(asked) == 3
    asked.clear()
    second = EntityReader(first.used)
    assert find_names(TEXTS, entities=second) == found
    assert not asked
    assert second.used == first.used
    find_names([*TEXTS[:1], "Nobody came twice."], entities=EntityReader(first.used))
    assert asked == ["Nobody came twice."]


def test_what_is_no_longer_said_is_forgotten():
    known = EntityReader()
    find_names(TEXTS, entities=known)
    reader = EntityReader(known.used)
    find_names(TEXTS[:2], entities=reader)
    assert set(reader.used) == {text_key(text) for text in TEXTS[:2]}


def test_another_model_reads_a_text_anew(monkeypatch):
    before = text_key("We met Ada.")
    monkeypatch.setattr(entities, "_name_model", lambda: "another 2.0")
    assert text_key("We met Ada.") != before


@pytest.fixture
def kept(tmp_path):
    reader = EntityReader()
    list(reader.read(TEXTS))
    write_entities(tmp_path / "entities.npz", reader.used)
    return tmp_path / "entities.npz", reader.used


def test_entities_come_back_and_are_the_same_bytes(kept):
    path, used = kept
    assert sum(map(len, used.values())) > 1
    assert read_entities(path) == used
    before = path.read_bytes()
    write_entities(path, read_entities(path))
    assert path.read_bytes() == before


def test_no_entities_are_kept_too(tmp_path):
    write_entities(tmp_path / "entities.npz", {"a": ()})
    assert read_entities(tmp_path / "entities.npz") == {"a": ()}


@pytest.mark.parametrize("place", [0, 0.3, 0.6, 0.95])
def test_damaged_entities_are_never_used(kept, place):
    path, used = kept
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 0xFF
    path.write_bytes(content)
    assert read_entities(path) in ({}, used)
    path.write_bytes(content[: len(content) // 2])
    assert read_entities(path) == {}
