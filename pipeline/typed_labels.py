"""Write labels so that people can type them, and read them however they were typed."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten
from typing import NamedTuple

from pipeline.codebook import Label
from pipeline.errors import did_you_mean

NO_CODES = {"-", "–", "—", "−", "0", "na", "n/a", "n.a.", "nil", "none", "no codes"}
HINT = " Take labels from the codebook, and put remarks into 'note'."
SHOWN = 30  # characters of a cell that are quoted: it may hold what somebody said
# Excel and word processors put these around what was typed; the last three are not seen.
_AROUND = " \t\r\n\xa0\"'`´‘’‚“”„«»\u200b\u2060\ufeff"
_BETWEEN = re.compile(r"[\s._:,\-–—]+")  # what may stand between a code and its stance

Index = Mapping[str, Label]


class Typed(NamedTuple):
    """The labels that stand in a cell, and what is wrong with it."""

    labels: frozenset[Label]
    mistakes: list[str]


def write_label(label: Label) -> str:
    """Write a label as people type it.

    >>> write_label(Label("trust", "lacking"))
    'trust.lacking'
    """
    return f"{label.code}.{label.stance}"


def read_labels(cell: str, labels: Sequence[Label]) -> Typed:
    """Read the labels in a cell: with ; or line breaks between, or commas, or spaces.

    Code and stance may have a point, colon, comma, hyphen or space between them, in any capitals.
    A cell of 'none', '-' or the like has no labels. Nothing is guessed.

    >>> trust = (Label("trust", "present"), Label("trust", "lacking"))
    >>> sorted(read_labels("Trust: lacking; trust.present", trust).labels)
    [Label(code='trust', stance='lacking'), Label(code='trust', stance='present')]
    >>> read_labels("trust.absent", trust).mistakes
    ["there is no label 'trust.absent'. Write trust.present or trust.lacking."]
    """
    known = _index(labels)
    items = [item for item in re.split(r"[;\n\r]", cell) if item.strip(_AROUND)]
    found = [part for item in items if not _says_none(item) for part in _read_item(item, known)]
    mistakes = [_tell_unknown(part, labels) for part in found if isinstance(part, str)]
    if not items:
        mistakes.append("it has no label in it. Write - if none applies, or empty the cell.")
    if found and any(map(_says_none, items)):
        mistakes.append("it says that there are no codes, and names some. Keep one of the two.")
    return Typed(frozenset(part for part in found if isinstance(part, Label)), mistakes)


def _says_none(item: str) -> bool:
    return item.strip(_AROUND).casefold() in NO_CODES


def _index(labels: Sequence[Label]) -> Index:
    """Give the labels by how they are compared, but those that cannot be told apart so."""
    keys = [_key(write_label(label)) for label in labels]
    times = Counter(keys)
    return {key: label for key, label in zip(keys, labels, strict=True) if times[key] == 1}


def _key(item: str) -> str:
    return _BETWEEN.sub("_", item.strip(_AROUND).rstrip(".,:").casefold())


def _read_item(item: str, known: Index) -> Iterator[Label | str]:
    """Give the labels of an item; what is none is given as it was typed."""
    if _key(item) in known:
        yield known[_key(item)]
        return
    for separator in (r",", r"\s"):
        parts = [part for part in re.split(separator, item) if part.strip(_AROUND)]
        if len(parts) > 1 and any(_key(part) in known for part in parts):
            for part in parts:
                yield from _read_item(part, known)
            return
    yield item


def _tell_unknown(item: str, labels: Sequence[Label]) -> str:
    shown = shorten(item.strip(_AROUND), SHOWN, placeholder=" …")[:SHOWN]
    asked = [label for label in labels if f"{_key(item)}_".startswith(f"{_key(label.code)}_")]
    longest = max((len(label.code) for label in asked), default=0)
    own = [write_label(label) for label in asked if len(label.code) == longest]
    hint = f" Write {' or '.join(own)}." if own else did_you_mean(shown, map(write_label, labels))
    if re.search("[,/|&+]", shown):
        hint += " Put ; between labels."
    return f"there is no label '{shown}'.{hint or HINT}"
