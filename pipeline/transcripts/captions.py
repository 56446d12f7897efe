"""Captions in small letters: find what may be a name in them, and give it a capital for spaCy."""

from collections.abc import Container, Iterable, Iterator

from pipeline.transcripts.cues import (
    SURE_TITLES,
    TOKEN,
    Tokens,
    fold,
    has_cue,
    is_introduced,
    is_word_here,
    may_be_name,
)
from pipeline.transcripts.details import Mention
from pipeline.transcripts.english import MODALS, is_english, is_inflected
from pipeline.transcripts.places import find_small_places

FEWEST_WORDS = 4  # a shorter text may be without a capital by chance
SHORTEST = 3  # letters


def is_lowered(text: str) -> bool:
    """Say whether a text has been written without any capital.

    >>> [is_lowered(text) for text in ("we went to see kezia", "Yes.", "so i said", "I saw kezia")]
    [True, False, False, False]
    """
    return text == text.lower() and text.count(" ") + 1 >= FEWEST_WORDS


def find_candidates(text: str) -> Iterator[Mention]:
    """Give streets, houses and single words of a text in small letters that may be names.

    The kind is 'titled' behind Mr and the like, 'called' if the words around speak for a person,
    'cued' if they do so less plainly for an English word, 'odd' for other words, not English.
    """
    yield from find_small_places(text)
    tokens = list(TOKEN.finditer(text))
    for place, token in enumerate(tokens):
        word = fold(token[0])
        if len(word) >= SHORTEST and may_be_name(word):
            kind = _kind(text, tokens, place)
            if kind:
                yield Mention(token.start(), token.end(), kind)


def _kind(text: str, tokens: Tokens, place: int) -> str:
    word, is_called = fold(tokens[place][0]), is_introduced(text, tokens, place)
    if is_called and fold(tokens[place - 1][0]) in SURE_TITLES:
        return "titled"
    if not is_english(word):
        return "called" if has_cue(text, tokens, place) else "odd"
    if is_inflected(word):
        return ""
    if is_called:
        return "called"
    return "cued" if has_cue(text, tokens, place) else ""


def give_capitals(text: str, mentions: Iterable[Mention], known: Container[str] = ()) -> str:
    """Write what may be a name, titles and I with a capital; no character moves.

    ``known`` are folded words that are names elsewhere: they get one where they may be names.

    >>> give_capitals("so i asked mrs obuya about will", [Mention(15, 20, "called")], {"will"})
    'so I asked Mrs Obuya about Will'
    """
    tokens = list(TOKEN.finditer(text))
    starts = {mention.start for mention in mentions} | {
        token.start()
        for place, token in enumerate(tokens)
        if token[0] == "i"
        or token[0] in SURE_TITLES
        or (fold(token[0]) in known and not _is_word(text, tokens, place))
    }
    letters = list(text)
    for start in starts:
        if len(letters[start].upper()) == 1:
            letters[start] = letters[start].upper()
    return "".join(letters)


def _is_word(text: str, tokens: Tokens, place: int) -> bool:
    opens = not place and fold(tokens[place][0]) in MODALS  # will young people come
    return opens or is_word_here(text, tokens, place)
