"""Tell who is who: from mentions in the text to people, places and their pseudonyms."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from pipeline.transcripts.names import TITLES, TOKEN, Mention

Words = tuple[str, ...]  # a name, word by word, folded
PEOPLE = ("person", "participant")
MOST_WORDS = 4  # longer mentions are mistakes
LONGEST_ACRONYM = 5  # letters
SHORTEST = 3  # letters; shorter ones are initials and interjections


class Listed(NamedTuple):
    """A name that a person wrote down, in interviews.csv or private/names.csv.

    ``pseudonym`` is what is to stand for it (without brackets); empty means: choose one.
    """

    name: str
    kind: str = "person"
    pseudonym: str = ""


class Entry(NamedTuple):
    """What stands for a name, and whether a person listed it."""

    kind: str
    pseudonym: str
    is_confirmed: bool


class Lexicon(NamedTuple):
    """Every known name with what stands for it.

    ``words`` are names that are words of the language as well (Will, Fell, Rose), judged by
    how they are written in this study. ``longest`` is the most words that a name has.
    """

    names: Mapping[Words, Entry]
    words: frozenset[str]
    longest: int


class Kept(NamedTuple):
    """Names that are left alone, and words that no name has which is replaced."""

    names: frozenset[Words]
    words: frozenset[str]

    def covers(self, name: Words) -> bool:
        """Say whether a name is to be left alone."""
        return name in self.names or not self.words.isdisjoint(name)


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
    words = _plain_words(texts)
    wanted = {split_name(entry.name) for entry in listed}
    kept = Kept(frozenset(map(split_name, keep)) | _harmless_names() - wanted, _harmless_words())
    found = _gather(texts, mentions, words, kept)
    identities = _identify(found, listed, words, kept)
    grown = _number(identities, key)
    names = {
        name: Entry(identity.kind, f"[{identity.pseudonym}]", identity.is_listed and not place)
        for identity in reversed(identities)  # the first to claim a name has it
        for place, name in enumerate(identity.names)
    }
    return Lexicon(names, words, max(map(len, names), default=0)), grown


def fold(word: str) -> str:
    """Make spellings of one name equal: case and the kind of apostrophe do not matter."""
    return word.casefold().replace("’", "'")


def split_name(name: str) -> Words:
    """Give a name word by word, folded, without titles and a leading article.

    >>> split_name("Ms Deirdre O’Hare"), split_name("the Old Mill")
    (('deirdre', "o'hare"), ('old', 'mill'))
    """
    words = [fold(word) for word in TOKEN.findall(name)]
    if words[-1:] == ["s"]:  # of a genitive
        del words[-1]
    while words and (words[0] in TITLES or words[0] == "the"):
        del words[0]
    return tuple(words)


def _plain_words(texts: Sequence[str]) -> frozenset[str]:
    """Give the words that stand without a capital twice, and a fifth as often as with one."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for token in TOKEN.findall(text):
            (capital if token[0].isupper() else small)[fold(token)] += 1
    return frozenset(
        word for word, count in small.items() if count > 1 and count * 5 >= capital[word]
    )


@cache
def _harmless_names() -> frozenset[Words]:
    return frozenset(split_name(line) for line in _read_lines() if not line.startswith("*"))


@cache
def _harmless_words() -> frozenset[str]:
    return frozenset(fold(line[1:]) for line in _read_lines() if line.startswith("*"))


def _read_lines() -> list[str]:
    content = (resources.files("pipeline.transcripts") / "not_names.txt").read_text("utf-8")
    return [line for line in content.splitlines() if line and not line.startswith("#")]


def _gather(
    texts: Sequence[str],
    mentions: Sequence[Sequence[Mention]],
    words: frozenset[str],
    kept: Kept,
) -> dict[Words, str]:
    """Give each name that was found its commonest kind, in the order of first mention."""
    kinds: dict[Words, Counter[str]] = {}
    for text, row in zip(texts, mentions, strict=True):
        for mention in sorted(row):
            said = text[mention.start : mention.end]
            name = split_name(said)
            if not kept.covers(name) and _is_name(said, name, mention.kind, words):
                kinds.setdefault(name, Counter())[mention.kind] += 1
    return {name: _settle_kind(count) for name, count in kinds.items()}


def is_acronym(token: str) -> bool:
    """Tell NHS and PwC from Ann, McCall and Lind-Shaw; names shouted in capitals are longer.

    >>> [is_acronym(token) for token in ("NHS", "PwC", "Ann", "McCall", "Lind-Shaw", "O'Hare")]
    [True, True, False, False, False, False]
    """
    if token.isupper():
        return len(token) <= LONGEST_ACRONYM
    parts = re.split(r"['’-]", re.sub(r"^(?:Mc|Mac)(?=[A-Z])", "", token))
    return any(letter.isupper() for part in parts for letter in part[1:])


def _settle_kind(count: Counter[str]) -> str:
    """Trust a title or a street's ending more than what a name looks like."""
    if count["titled"]:
        return "person"
    if set(count) == {"pair"}:
        return "pair"
    if count["street"]:
        return "place"
    return max(("person", "place"), key=count.__getitem__)


def _is_name(said: str, name: Words, kind: str, words: frozenset[str]) -> bool:
    """Leave out what is too long, has small letters, or is a plain word that has no title."""
    tokens = TOKEN.findall(said)
    capitals = [token for token in tokens if token[0].isupper() or fold(token) in ("the", "of")]
    if not 0 < len(name) <= MOST_WORDS or len(capitals) < len(tokens) or "\n" in said:
        return False
    if any(character.isdigit() for character in said) or min(map(len, name)) < 2:
        return False
    if not TITLES.isdisjoint(name):
        return False
    if len("".join(name)) < SHORTEST or any(map(is_acronym, tokens)):
        return False
    if kind == "pair":
        return words.isdisjoint(name)
    return not words.issuperset(name) or (kind == "titled" and len(name) > 1)


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
    for name in (name for name, kind in found.items() if kind == "pair"):
        _join_pair(name, identities)
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


def _join_pair(name: Words, identities: list[_Identity]) -> None:
    """Take two capitals for a name, unless the second is one already (Right Precious)."""
    if any(name[1:] in who.names for who in identities):
        return
    for part in (name, *((word,) for word in name)):
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
