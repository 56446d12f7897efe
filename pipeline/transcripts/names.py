"""Find what may be a name: by spaCy, by title, by what stands around it, and what is no word."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, repeat
from operator import not_

from pipeline.transcripts.captions import find_candidates, give_capitals, is_lowered
from pipeline.transcripts.cues import (
    SURE_TITLES,
    TITLES,
    TOKEN,
    Tokens,
    fold,
    has_cue,
    is_word_here,
    may_be_name,
    starts_sentence,
)
from pipeline.transcripts.details import Mention
from pipeline.transcripts.english import is_english, is_inflected
from pipeline.transcripts.entities import Entities, EntityReader
from pipeline.transcripts.places import find_places, is_place_name

_TITLE = rf"\b(?:{'|'.join(title.capitalize() for title in sorted(TITLES))}|PC)\.?"
_CAPITALISED = r"[A-Z][^\W\d_]*(?:['’-](?!s\b)[^\W\d_]+)*"
TITLED = re.compile(rf"{_TITLE} ({_CAPITALISED}(?: {_CAPITALISED})?)")
INITIALLED = re.compile(rf"(?<![\w.])(?:[A-Z]\. ?){{1,2}}({_CAPITALISED})")
# Before a letter that is no initial: Flat B.
_LETTERED = re.compile(
    r"\b(?:flat|block|plan|option|section|grade|class|part|team|level|group|appendix|hepatitis"
    r"|vitamin|unit|ward|gate|platform|letter) \Z",
    re.IGNORECASE,
)
# Two words with capitals: a name, unless either is a plain word.
PAIRS = re.compile(rf"\b{_CAPITALISED} {_CAPITALISED}\b")
_IN = re.compile(r"\b(?:in|at|near|around|outside|round|towards|into|over) \Z", re.IGNORECASE)
SMALL = ("the", "of", "s")  # words in names that have no capital
PLACES = ("place", "street", "house")


def find_names(
    texts: Sequence[str],
    progress: Callable[[Iterable[object]], Iterator[object]] = iter,
    *,
    listed: Iterable[str] = (),
    entities: EntityReader | None = None,
) -> list[list[Mention]]:
    """Give, for each text, what may name a person or a place, and by which evidence.

    The kinds are 'person' and 'place' for what spaCy takes for one, 'titled' and 'ranked' behind a
    title, 'street' and 'house' by their endings, 'pair' for two capitals ('opening' where they
    start a sentence), 'called' for what the words around make a person, 'cued' for an English word
    in small letters of which they do, 'unknown' for what is no English word. ``listed`` are names
    that a person wrote down: spaCy is shown them in captions with a capital, and so those that
    texts with capitals have. ``progress`` wraps the texts as they come back, to draw a bar;
    ``entities`` may know what spaCy finds in some.
    """
    is_caption = [is_lowered(text) for text in texts]
    captions, others = ([*compress(texts, which)] for which in (is_caption, map(not_, is_caption)))
    reader, bar = entities or EntityReader(), progress(repeat(None, len(texts)))
    found = [
        [*_from_entities(text, row), *_from_patterns(text)]
        for text, row, _ in zip(others, reader.read(others), bar, strict=False)
    ]
    known = _persons(others, found) | {*map(fold, TOKEN.findall(" ".join(listed)))}
    names = [list(find_candidates(text)) for text in captions]
    shown = [give_capitals(*each, known) for each in zip(captions, names, strict=True)]
    seen = [
        [*(one for one in row if one.kind != "odd"), *_from_entities(text, entities_of)]
        for row, text, entities_of, _ in zip(names, shown, reader.read(shown), bar, strict=False)
    ]
    rows = (iter(seen), iter(found))
    return [next(rows[0] if caption else rows[1]) for caption in is_caption]


def _persons(texts: Sequence[str], mentions: Sequence[Sequence[Mention]]) -> set[str]:
    """Give the folded words of what is plainly a person's name."""
    return {
        fold(word)
        for text, row in zip(texts, mentions, strict=True)
        for one in row
        if one.kind in ("person", "titled", "called")
        for word in TOKEN.findall(text[one.start : one.end])
        if len(word) > 1
    }


def _from_patterns(text: str) -> Iterator[Mention]:
    for match in TITLED.finditer(text):
        title = fold(match[0].split()[0].rstrip("."))
        kind = "titled" if title in SURE_TITLES else "ranked"
        yield Mention(match.start(1), match.end(1), kind)
    for match in INITIALLED.finditer(text):
        if may_be_name(fold(match[1])) and not _LETTERED.search(
            text, max(match.start() - 12, 0), match.start()
        ):
            yield Mention(match.start(1), match.end(1), "titled")
    for match in PAIRS.finditer(text):
        kind = "opening" if starts_sentence(text, match.start()) else "pair"
        yield Mention(match.start(), match.end(), kind)
    yield from find_places(text)
    yield from _from_capitals(text)


def _from_capitals(text: str) -> Iterator[Mention]:
    """Find words with a capital that are no English words, or of which those around speak."""
    tokens = list(TOKEN.finditer(text))
    for place, token in enumerate(tokens):
        if token[0].islower() or token[0].isupper() or not may_be_name(fold(token[0])):
            continue
        is_word = is_english(fold(token[0]))
        is_in = _IN.search(text, max(token.start() - 12, 0), token.start())
        if not is_word and (is_in or is_place_name(token[0])):
            yield Mention(token.start(), token.end(), "place")
        elif has_cue(text, tokens, place) and not (is_word and _is_phrase(text, tokens, place)):
            yield Mention(token.start(), token.end(), "called")
        elif not is_word:
            yield Mention(token.start(), token.end(), "unknown")


def _is_phrase(text: str, tokens: Tokens, place: int) -> bool:
    """Say whether an English word has its capital for another reason than being a name.

    It starts a sentence, is a plural, is a month, or a phrase in capitals goes on behind it.
    """
    token = tokens[place]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    goes_on = following and following[0][0].isupper() and text[token.end()] == " "
    return bool(
        starts_sentence(text, token.start())
        or is_inflected(fold(token[0]))
        or is_word_here(text, tokens, place)
        or (place and tokens[place - 1][0][0].isupper() and text[token.start() - 1] == " ")
        or (following and goes_on and is_english(fold(following[0])))
    )


def _from_entities(text: str, entities: Entities) -> Iterator[Mention]:
    kinds = {"PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place"}
    for start, end, label in entities:
        said = text[start:end]
        words = TOKEN.findall(said)
        if label in kinds and all(word[0].isupper() or word in SMALL for word in words):
            yield Mention(start, end, "place" if is_place_name(said) else kinds[label])
