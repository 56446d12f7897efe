"""What spaCy takes for names in texts; it reads only those that it has not read before."""

import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.transcripts.english import SPACY_MODEL

if TYPE_CHECKING:
    from spacy.language import Language

MANY_WORDS = 50_000  # from here on a second process is worth its start


class Entity(NamedTuple):
    """A piece of a text, in characters, and what spaCy says that it names: PERSON, GPE ..."""

    start: int
    end: int
    label: str


Entities = tuple[Entity, ...]


class EntityReader:
    """Gives the entities of texts. ``known`` are those of texts read before, by their keys;
    ``used`` grows by what is asked for.
    """

    def __init__(self, known: Mapping[str, Entities] | None = None) -> None:
        self._known = dict(known or {})
        self.used: dict[str, Entities] = {}

    def read(self, texts: Sequence[str]) -> Iterator[Entities]:
        """Give each text's entities, in order."""
        keys = [text_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        fresh = _read(list(new.values()))
        for key in keys:
            if key not in self._known:
                self._known[key] = next(fresh)
            self.used[key] = self._known[key]
            yield self.used[key]


def text_key(text: str) -> str:
    """Name a text by its words and by what reads it, so that another model reads it anew."""
    return sha256(f"{_name_model()}\n{text}".encode()).hexdigest()


def write_entities(path: Path, entities: Mapping[str, Entities]) -> None:
    """Write entities with their texts' keys; the same ones give the same bytes."""
    rows = [entity for found in entities.values() for entity in found]
    with path.open("wb") as file:
        np.savez(
            file,
            keys=np.array(list(entities), dtype="S64"),
            counts=np.array([len(found) for found in entities.values()], dtype=np.int32),
            places=np.array([row[:2] for row in rows], dtype=np.int32).reshape(-1, 2),
            labels=np.array([row.label for row in rows], dtype="S16"),
        )


def read_entities(path: Path) -> dict[str, Entities]:
    """Read what was written before; a missing or damaged file (it has checksums) is as none."""
    if not path.exists():
        return {}
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            columns = (*file["places"].T.tolist(), file["labels"].astype("str").tolist())
            rows = map(Entity._make, zip(*columns, strict=True))
            counts = file["counts"].tolist()
            return {
                key: tuple(islice(rows, count))
                for key, count in zip(file["keys"].astype("str").tolist(), counts, strict=True)
            }
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


@cache
def _name_model() -> str:
    return f"{SPACY_MODEL} {version(SPACY_MODEL)}, spaCy {version('spacy')}"


def _read(texts: Sequence[str]) -> Iterator[Entities]:
    """Let spaCy read texts, in several processes where that is worth their start."""
    if not texts:
        return
    words = sum(text.count(" ") for text in texts)
    processes = min(os.cpu_count() or 1, 4) if words > MANY_WORDS else 1
    for document in _load_language().pipe(texts, batch_size=64, n_process=processes):
        yield tuple(Entity(one.start_char, one.end_char, one.label_) for one in document.ents)


def _load_language() -> "Language":
    import spacy

    unused = ["tagger", "parser", "lemmatizer", "attribute_ruler"]
    language = spacy.load(SPACY_MODEL, exclude=unused)
    language.max_length = 10_000_000
    return language
