"""Decide which of the mentions that were found are names, and which only look so."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from pipeline.transcripts.captions import is_lowered
from pipeline.transcripts.cues import TITLES, TOKEN, Tokens, fold, is_word_here
from pipeline.transcripts.details import Mention
from pipeline.transcripts.english import MODALS, is_english

Words = tuple[str, ...]  # a name, word by word, folded
MOST_WORDS = 4  # longer mentions are mistakes, but for houses: St Bride's Primary School
MOST_WORDS_OF_HOUSE = 6
LONGEST_ACRONYM = 5  # letters
SHORTEST = 3  # letters; shorter ones are initials and interjections
CUED = 0.3  # from this share of its places on, cues make a name of an English word in captions
ENOUGH = 3  # places; in fewer, each is judged for itself
WORDS = 0.2  # from this share on, the words before it make it a word
BY_FORM = ("street", "house")  # kinds that are told by their ending, not by a capital


class Quiet(NamedTuple):
    """Names that are words without a capital; ``alone``: where nothing else makes them names."""

    words: frozenset[str]
    alone: frozenset[str]


class Kept(NamedTuple):
    """Names that are left alone, words that no name has which is replaced, and such last words."""

    names: frozenset[Words]
    words: frozenset[str]
    endings: frozenset[str] = frozenset()

    def covers(self, name: Words) -> bool:
        """Say whether a name is to be left alone."""
        is_ended = len(name) > 1 and name[-1] in self.endings
        return is_ended or name in self.names or not self.words.isdisjoint(name)


def keep_all(keep: Iterable[str], wanted: Iterable[Words]) -> Kept:
    """Give what is left alone: ``keep``, and nations, large cities and institutions not wanted."""
    names = frozenset(map(split_name, keep)) | _harmless_names() - {*wanted}
    return Kept(names, _harmless_words("*"), _harmless_words("+"))


def gather(
    texts: Sequence[str],
    mentions: Sequence[Sequence[Mention]],
    plain: frozenset[str],
    kept: Kept,
) -> dict[Words, str]:
    """Give each name that was found its commonest kind, in the order of first mention."""
    kinds: dict[Words, Counter[str]] = {}
    for text, row in zip(texts, mentions, strict=True):
        for mention in sorted(row):
            said = text[mention.start : mention.end]
            name = split_name(said)
            is_kept = name in kept.names if mention.kind in BY_FORM else kept.covers(name)
            if not is_kept and _is_name(said, name, mention.kind, plain):
                kinds.setdefault(name, Counter())[mention.kind] += 1
    kinds = _drop_phrases(kinds, plain)
    quiet = find_quiet({name for name in kinds if len(name) == 1}, texts, mentions)
    return {
        name: _settle_kind(count)
        for name, count in kinds.items()
        if set(count) != {"cued"} or name[0] not in quiet.alone
    }


def _drop_phrases(
    kinds: dict[Words, Counter[str]], plain: frozenset[str]
) -> dict[Words, Counter[str]]:
    """Drop two words with capitals that are English or plain, unless the first is a person's.

    So Adult Social goes, and Grace Young stays where Grace is known.
    """
    sure = {
        name[0]
        for name, count in kinds.items()
        if len(name) == 1 and not {"person", "titled", "called"}.isdisjoint(count)
    }
    return {
        name: count
        for name, count in kinds.items()
        if not is_pair(count)
        or name[0] in sure
        or (plain.isdisjoint(name) and (len(name) == 1 or not all(map(is_english, name))))
    }


def is_pair(kinds: Iterable[str]) -> bool:
    """Say whether nothing but two capitals speaks for a name."""
    return set(kinds) <= {"pair", "opening"}


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


def plain_words(texts: Sequence[str]) -> frozenset[str]:
    """Give the words that stand without a capital twice, and a fifth as often as with one.

    Captions in small letters tell nothing of it and are left out.
    """
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for token in () if is_lowered(text) else TOKEN.findall(text):
            (capital if token[0].isupper() else small)[fold(token)] += 1
    return frozenset(
        word for word, count in small.items() if count > 1 and count * 5 >= capital[word]
    )


def find_quiet(
    names: Iterable[Words], texts: Sequence[str], mentions: Sequence[Sequence[Mention]]
) -> Quiet:
    """Give the single names that, in small letters, are English words more often than names.

    Captions tell: a name has the words before it of which a name is never preceded in one of five
    places at most. ``alone`` are those that only captions have, and that cues hardly speak for.
    """
    english = {name[0] for name in names if len(name) == 1 and is_english(name[0])}
    said, words, cued = Counter[str](), Counter[str](), Counter[str]()
    for text, row in zip(texts, mentions, strict=True):
        if is_lowered(text):
            tokens = list(TOKEN.finditer(text))
            here = [
                (place, word) for place, word in enumerate(_fold_all(tokens)) if word in english
            ]
            said.update(word for _, word in here)
            words.update(word for place, word in here if is_word_here(text, tokens, place))
            cued.update(fold(text[one.start : one.end]) for one in row if one.kind == "cued")
    is_word = frozenset(word for word in english if words[word] >= WORDS * max(said[word], 1))
    return Quiet(
        is_word | {word for word in english if said[word] < ENOUGH or word in MODALS},
        is_word | {word for word in english if cued[word] < CUED * max(said[word], 1)},
    )


def _fold_all(tokens: Tokens) -> list[str]:
    return [fold(token[0]) for token in tokens]


def is_acronym(token: str) -> bool:
    """Tell NHS and PwC from Ann, McCall and Lind-Shaw; names shouted in capitals are longer.

    >>> [is_acronym(token) for token in ("NHS", "PwC", "Ann", "McCall", "Lind-Shaw", "O'Hare")]
    [True, True, False, False, False, False]
    """
    if token.isupper():
        return len(token) <= LONGEST_ACRONYM
    parts = re.split(r"['’-]", re.sub(r"^(?:Mc|Mac)(?=[A-Z])", "", token))
    return any(letter.isupper() for part in parts for letter in part[1:])


@cache
def _harmless_names() -> frozenset[Words]:
    return frozenset(split_name(line) for line in _read_lines() if line[0] not in "*+")


@cache
def _harmless_words(mark: str) -> frozenset[str]:
    return frozenset(fold(line[1:]) for line in _read_lines() if line.startswith(mark))


def _read_lines() -> list[str]:
    content = (resources.files("pipeline.transcripts") / "not_names.txt").read_text("utf-8")
    return [line for line in content.splitlines() if line and not line.startswith("#")]


def _settle_kind(count: Mapping[str, int]) -> str:
    """Trust a title, a cue or a street's ending more than what a name looks like."""
    seen = {kind for kind, number in count.items() if number}
    if not seen.isdisjoint(("titled", "ranked")):
        return "person"
    if is_pair(seen):
        return "pair" if "pair" in seen else "opening"
    if not seen.isdisjoint(BY_FORM):
        return "place"
    persons = count["person"] + 2 * (count["called"] + count["cued"])
    return "place" if count["place"] > persons else "person"


def _is_name(said: str, name: Words, kind: str, plain: frozenset[str]) -> bool:
    """Leave out what is too long, has small letters, or is a plain word that has no title."""
    tokens = TOKEN.findall(said)
    if not _has_form(said, name, kind):
        return False
    if kind in BY_FORM:
        return len(name) > 1
    if not TITLES.isdisjoint(name) or any(map(is_acronym, tokens)) or min(map(len, name)) < 2:
        return False
    if said.islower():  # in captions
        return kind in ("cued", "called", "titled") or not all(map(is_english, name))
    if not all(token[0].isupper() or fold(token) in ("the", "of") for token in tokens):
        return False
    return _is_likely(tokens, name, kind, plain)


def _has_form(said: str, name: Words, kind: str) -> bool:
    most = MOST_WORDS_OF_HOUSE if kind in BY_FORM else MOST_WORDS
    is_long = len(name) <= most and len("".join(name)) >= SHORTEST
    return bool(name) and is_long and not any(char.isdigit() or char == "\n" for char in said)


def _is_likely(tokens: Sequence[str], name: Words, kind: str, plain: frozenset[str]) -> bool:
    if kind in ("pair", "opening"):
        return len(name) > 1 or fold(tokens[0]) in TITLES
    if kind in ("titled", "called") or not plain.issuperset(name):
        return True
    return kind == "ranked" and len(name) > 1
