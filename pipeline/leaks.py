"""Search what a study has made for its real names and contact data, before anything is shared."""

import html
import json
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.study import Study
from pipeline.tables import REPLACEMENTS
from pipeline.transcripts.candidates import is_acronym, split_name
from pipeline.transcripts.cues import (
    TOKEN,
    Tokens,
    fold,
    is_word_here,
    may_be_name,
    starts_sentence,
)
from pipeline.transcripts.details import DETAILS
from pipeline.transcripts.english import is_english
from pipeline.transcripts.speakers import is_id, is_usual_name

SHORTEST = 3  # letters of a single name; shorter ones are everywhere
PEOPLE = ("person", "participant")
APART = ("transcripts", "private")  # folders of a study that hold real names by their nature
_EMBEDDED = re.compile(r"data:[\w/+.-]+;base64,[\w/+=]+")
_TAG = re.compile(r"<[^>]*>")
_JOINTS = frozenset((" ", "-", ". ", ".", "_", "  ", "\n"))


class Leak(NamedTuple):
    """A file in which real names stand, with how often each does."""

    path: Path
    names: Counter[str]


class Wanted(NamedTuple):
    """What is searched for: names by their folded words, contact data as they were written."""

    names: frozenset[tuple[str, ...]]
    details: frozenset[str]

    @property
    def starts(self) -> dict[str, int]:
        """Give each name's first word, with the most words that a name of it has."""
        longest: dict[str, int] = {}
        for name in self.names:
            longest[name[0]] = max(len(name), longest.get(name[0], 0))
        return longest


def find_leaks(study: Study) -> list[Leak]:
    """Search outputs, models, decisions, memos and caches of a study; give where names stand.

    Whole words, in any capitals; names that are English words only where they have a capital
    within a sentence. Raises UserError if the study was not pseudonymised yet.
    """
    wanted = gather_names(study)
    found = [Leak(path, _search_file(path, wanted)) for path in find_files(study)]
    return [leak for leak in found if leak.names]


def gather_names(study: Study) -> Wanted:
    """Give every real name and detail: of the log of replacements, the key and the roster."""
    log, listed = study.tables.read(REPLACEMENTS), study.read_names()
    areas = {row.area for row in study.interviews}
    stays = {entry.name for entry in listed if entry.is_kept}
    kept = {*map(split_name, (*areas, *study.settings.pseudonymise.keep, *stays))}
    is_detail = log["kind"].isin(DETAILS)
    said = {
        *log.loc[~is_detail, "found"],
        *(entry.name for entry in listed if not entry.is_kept and entry.kind not in DETAILS),
        *(row.participant for row in study.interviews if _is_name(row.participant)),
        *_of_key(study),
    }
    names = {name for name in map(split_name, said) if _is_telling(name)} - kept
    return Wanted(
        frozenset(names), frozenset(words.casefold() for words in log["found"][is_detail])
    )


def find_files(study: Study) -> list[Path]:
    """Give the files that may be shared or copied: all but transcripts, private/ and the roster."""
    own = [path for path in study.corpus.glob("*") if path.name not in (*APART, "interviews.csv")]
    places = [study.outputs, study.root / "models" / study.name, *own]
    files = (path for place in places for path in (place.rglob("*") if place.is_dir() else [place]))
    return sorted({path for path in files if path.is_file() and not path.is_symlink()})


def search(text: str, wanted: Wanted) -> Counter[str]:
    """Count the names and details in a text."""
    found: Counter[str] = Counter()
    lowered = text.casefold()
    for detail in wanted.details:
        found[detail] += lowered.count(detail)
    tokens, starts = list(TOKEN.finditer(text)), wanted.starts
    end = 0  # of the name before: its parts are not counted once more
    for place, token in enumerate(tokens):
        longest = starts.get(fold(token[0]), 0) if token.start() >= end else 0
        length = _match(text, tokens, place, longest, wanted) if longest else 0
        if length:
            found[" ".join(fold(word[0]) for word in tokens[place : place + length])] += 1
            end = tokens[place + length - 1].end()
    return +found


def tell_leaks(
    leaks: Iterable[Leak], near: Callable[[Path], Path], *, shows: bool
) -> Iterator[str]:
    """Give a line a file: how many places, and, only if ``shows``, which names stand there."""
    for leak in leaks:
        names = ", ".join(f"{name} ({count})" for name, count in leak.names.most_common())
        yield f"{near(leak.path)}: {leak.names.total():,}" + (f": {names}" if shows else "")


def _of_key(study: Study) -> Iterator[str]:
    """Give the names of people in the key, and of transcripts that are called after somebody."""
    for (kind, name), mark in study.read_key().items():
        if kind == "transcript" and Path(name).stem.casefold() != mark.casefold():
            yield from (part for part in re.split(r"[\W\d_]+", Path(name).stem) if _is_rare(part))
        elif kind in PEOPLE and _is_name(name.partition(" of ")[0]):
            yield name.partition(" of ")[0]


def _is_rare(word: str) -> bool:
    return len(word) >= SHORTEST and not is_english(fold(word))


def _is_name(label: str) -> bool:
    return bool(label) and not is_usual_name(label) and not is_id(label)


def _is_telling(name: tuple[str, ...]) -> bool:
    return len(name) > 1 or (len(name) == 1 and len(name[0]) >= SHORTEST)


def _match(text: str, tokens: Tokens, place: int, longest: int, wanted: Wanted) -> int:
    """Give the number of words of the longest name that starts at a word and is meant, or 0."""
    last, words = 0, [fold(tokens[place][0])]
    if tuple(words) in wanted.names and _is_meant(text, tokens, place):
        last = 1
    for length in range(2, min(longest, len(tokens) - place) + 1):
        before, here = tokens[place + length - 2], tokens[place + length - 1]
        if text[before.end() : here.start()] not in _JOINTS:
            break
        words.append(fold(here[0]))
        if tuple(words) in wanted.names:
            last = length
    whole = _is_whole(text, tokens[place].start(), tokens[place + max(last, 1) - 1].end())
    return last if whole else 0


def _is_whole(text: str, start: int, end: int) -> bool:
    return not (text[max(start - 1, 0) : start].isdigit() or text[end : end + 1].isdigit())


def _is_meant(text: str, tokens: Tokens, place: int) -> bool:
    """Tell a name from the English word: it has a capital within a sentence, and not as a month."""
    word = tokens[place][0]
    if not is_english(fold(word)):
        return True
    if not word[0].isupper() or is_acronym(word) or not may_be_name(fold(word)):
        return False
    start, end = tokens[place].span()
    beside = text[max(start - 2, 0) : start].strip() + text[end : end + 2].strip()
    is_label = not text[max(start - 1, 0) : start].isspace()  # a cell, a heading, a button
    goes_on = place + 1 < len(tokens) and tokens[place + 1][0][0].isupper() and not beside
    return not (
        is_label or goes_on or starts_sentence(text, start) or is_word_here(text, tokens, place)
    )


def _search_file(path: Path, wanted: Wanted) -> Counter[str]:
    """Count the names in a file and in what it is called."""
    read = READERS.get(path.suffix.lower(), _read_text)
    found = search(path.stem, wanted)
    for text in read(path):
        found += search(text, wanted)
    return found


def _read_text(path: Path) -> Iterator[str]:
    yield path.read_bytes().decode("utf-8", errors="ignore")


def _read_page(path: Path) -> Iterator[str]:
    for text in _read_text(path):
        yield html.unescape(_EMBEDDED.sub("", text))


def _read_json(path: Path) -> Iterator[str]:
    for text in _read_text(path):
        try:
            yield json.dumps(json.loads(text), ensure_ascii=False, indent=0)
        except ValueError:
            yield text


def _read_parquet(path: Path) -> Iterator[str]:
    import pandas as pd

    table = pd.read_parquet(path)
    for column in table.columns:
        if not pd.api.types.is_numeric_dtype(table[column]):
            yield "\n".join(table[column].dropna().astype("str").unique())


def _read_arrays(path: Path) -> Iterator[str]:
    import numpy as np

    with np.load(path, allow_pickle=False) as arrays:
        for name in arrays.files:
            if arrays[name].dtype.kind in "US":
                yield "\n".join(arrays[name].astype(str).ravel().tolist())


def _read_zip(path: Path) -> Iterator[str]:
    """Give the parts of a workbook or document without their tags."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels", ".json", ".txt", ".csv")):
                yield html.unescape(_TAG.sub("\n", archive.read(member).decode("utf-8", "ignore")))


def _read_database(path: Path) -> Iterator[str]:
    """Give all text in a database, also what was withdrawn; it is only read."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            rows: Iterable[tuple[Any, ...]] = database.execute(f'SELECT * FROM "{name}"')
            yield "\n".join({cell for row in rows for cell in row if isinstance(cell, str)})


READERS: Mapping[str, Callable[[Path], Iterator[str]]] = {
    ".html": _read_page,
    ".svg": _read_page,
    ".xml": _read_page,
    ".json": _read_json,
    ".parquet": _read_parquet,
    ".npz": _read_arrays,
    ".npy": lambda path: iter(()),
    ".xlsx": _read_zip,
    ".docx": _read_zip,
    ".zip": _read_zip,
    ".qdpx": _read_zip,
    ".sqlite": _read_database,
    ".sqlite-wal": lambda path: iter(()),  # read with the database
    ".sqlite-shm": lambda path: iter(()),
    ".onnx": lambda path: iter(()),
    ".png": lambda path: iter(()),
}
