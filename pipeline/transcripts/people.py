"""Tell who is who: from mentions in the text to people, places and their pseudonyms."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.transcripts.candidates import (
    SHORTEST,
    Kept,
    Words,
    find_quiet,
    gather,
    keep_all,
    plain_words,
    split_name,
)
from pipeline.transcripts.details import DETAILS, Mention
from pipeline.transcripts.english import is_english

PEOPLE = ("person", "participant")


class Listed(NamedTuple):
    """A name that a person wrote down, in interviews.csv or private/names.csv.

    ``pseudonym`` is what is to stand for it (without brackets); empty means: choose one. What
    ``is_kept`` stays as it is.
    """

    name: str
    kind: str = "person"
    pseudonym: str = ""
    is_kept: bool = False


class Entry(NamedTuple):
    """What stands for a name, and whether a person listed it."""

    kind: str
    pseudonym: str
    is_confirmed: bool


class Lexicon(NamedTuple):
    """Every known name with what stands for it.

    ``words`` are words of the language that may be names as well (Will, Fell, Rose), judged by
    how they are written in this study, and ``quiet`` the names that, in small letters, are words
    more often than names. ``longest`` is the most words that a name has. ``details`` gives what a
    person decided on contact data, by their folded words: what is to stand there, or nothing if
    they stay. ``kept`` are names that stay, so that none of their words is replaced in them.
    """

    names: Mapping[Words, Entry]
    words: frozenset[str]
    quiet: frozenset[str]
    longest: int
    details: Mapping[str, str] = {}
    kept: frozenset[Words] = frozenset()


# What stood for a name in earlier runs, by (kind, folded name); it only grows.
Key = dict[tuple[str, str], str]


class _Identity:
    """One person or place, under all the names that it goes by."""

    def __init__(self, kind: str, name: Words, *, pseudonym: str = "", listed: bool) -> None:
        self.kind, self.names = kind, [name]
        self.pseudonym, self.is_listed = pseudonym, listed


def build_lexicon(
    texts: Sequence[str],
    mentions: Sequence[Sequence[Mention]],
    listed: Sequence[Listed],
    *,
    keep: Iterable[str],
    key: Key,
) -> tuple[Lexicon, Key]:
    """Decide who the mentions are, and what stands for each; give the grown key as well.

    ``keep`` are names to leave alone, beside those of nations, large cities and institutions.
    Numbers are given in the order of first mention, after those that ``key`` has.
    """
    words = plain_words(texts)
    details = {entry.name.casefold(): entry for entry in listed if entry.kind in DETAILS}
    stays = [entry.name for entry in listed if entry.is_kept]
    listed = [one for one in listed if not one.is_kept and one.kind not in DETAILS]
    kept = keep_all([*keep, *stays], (split_name(entry.name) for entry in listed))
    found = gather(texts, mentions, words, kept)
    identities = _identify(found, listed, words, kept)
    grown = _number(identities, key)
    names = {
        name: Entry(identity.kind, f"[{identity.pseudonym}]", identity.is_listed and not place)
        for identity in reversed(identities)  # the first to claim a name has it
        for place, name in enumerate(identity.names)
    }
    quiet = find_quiet(names, texts, mentions).words | words
    whole = frozenset(map(split_name, (*keep, *stays))) - {*names}
    longest = max(map(len, (*names, *whole)), default=0)
    return Lexicon(names, words, quiet, longest, _decide_details(details), whole), grown


def _decide_details(details: Mapping[str, Listed]) -> dict[str, str]:
    return {
        words: "" if entry.is_kept else f"[{entry.pseudonym or entry.kind}]"
        for words, entry in details.items()
    }


def _identify(
    found: Mapping[Words, str], listed: Sequence[Listed], words: frozenset[str], kept: Kept
) -> list[_Identity]:
    """Join the names of one person: full names first, then first names and surnames alone."""
    identities = [
        _Identity(entry.kind, name, pseudonym=entry.pseudonym, listed=True)
        for entry in listed
        if (name := split_name(entry.name))
    ]
    full = [name for name, kind in found.items() if kind == "person" and len(name) > 1]
    alone = [name for name in found if len(name) == 1]
    whole = [who.names[0] for who in identities if who.kind in PEOPLE] + full
    parts = [
        (word,)
        for name in whole
        if len(name) > 1 and name[-1] not in words
        for word in (name[0], name[-1])
        if len(word) >= SHORTEST and not kept.covers((word,))
    ]
    for name in (*full, *alone, *parts):
        _join(name, found.get(name, "person"), identities)
    for name, kind in found.items():
        if kind in ("pair", "opening"):
            _join_pair(name, kind, identities)
    places = (name for name, kind in found.items() if kind == "place" and len(name) > 1)
    return identities + [_Identity("place", name, listed=False) for name in places]


def _join(name: Words, kind: str, identities: list[_Identity]) -> None:
    """Give a name to the one person whom it fits; if there is none or several, to a new one."""
    if any(name in who.names for who in identities):
        return
    alike = [
        who
        for who in identities
        if who.kind in PEOPLE and any(_may_be_same(name, other) for other in who.names)
    ]
    if len(alike) == 1:
        alike[0].names.append(name)
    else:
        is_place = kind == "place" and not alike
        identities.append(_Identity("place" if is_place else "person", name, listed=False))


def _join_pair(name: Words, kind: str, identities: list[_Identity]) -> None:
    """Take two capitals for a name, unless the first only opens a sentence (Right Precious)."""
    known = [any((word,) in who.names for who in identities) for word in name]
    if known == [False, True] and kind == "opening" and is_english(name[0]):
        return
    parts = [] if all(map(is_english, name)) else [(word,) for word in name]
    for part in (name, *parts):
        _join(part, "person", identities)


def _may_be_same(name: Words, other: Words) -> bool:
    """Match a part of a name with the whole, and short forms of a first name (Ken, Kenneth).

    >>> _may_be_same(("ken", "marsh"), ("kenneth", "marsh"))
    True
    >>> _may_be_same(("ann", "marsh"), ("kenneth", "marsh"))
    False
    """
    short, full = sorted((name, other), key=len)
    if len(short) == 1:
        return short[0] in (full[0], full[-1])
    first, second = short[0], full[0]
    return short[-1] == full[-1] and (first.startswith(second) or second.startswith(first))


def _number(identities: Sequence[_Identity], key: Key) -> Key:
    """Give everybody without one a pseudonym: the one from before, or the next number.

    Nobody's entry is ever changed, and no number is given twice.
    """
    grown = dict(key)
    for identity in identities:
        written = [(identity.kind, " ".join(name)) for name in identity.names]
        known = [grown[name] for name in written if name in grown]
        if not identity.pseudonym:
            identity.pseudonym = known[0] if known else _next(identity.kind, grown)
        for name in written:
            grown.setdefault(name, identity.pseudonym)
    return grown


def _next(kind: str, key: Key) -> str:
    numbers = (pseudonym.removeprefix(f"{kind} ") for pseudonym in key.values())
    return f"{kind} {1 + max((int(n) for n in numbers if n.isdigit()), default=0)}"
