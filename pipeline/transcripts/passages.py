"""Split what participants said into passages short enough to code."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.tables import PASSAGES, Passages, SafeTurns

if TYPE_CHECKING:
    from spacy.language import Language

# Gives, for each text, where its sentences start, in characters.
SentenceFinder = Callable[[Sequence[str]], list[list[int]]]
WORD = r"\S+"


class Lengths(NamedTuple):
    """How long a passage may be: words from which it is closed, words and sentences at most."""

    wanted: int
    longest: int
    sentences: int


def split_into_passages(
    turns: SafeTurns,
    find_sentences: SentenceFinder,
    *,
    lengths: Lengths,
    shortest: int,
    context: int,
) -> Passages:
    """Cut each participant turn of ``shortest`` words or more at sentence ends.

    ``context`` is how many words of the turn before are kept beside each first passage; later
    passages of a turn have the words of their own turn before them.
    """
    spoken = turns[turns["is_participant"] & (turns["text"].str.count(WORD) >= shortest)]
    before = turns.groupby("transcript", sort=False)["text"].shift(fill_value="")
    starts = find_sentences(spoken["text"].tolist())
    seen: Counter[str] = Counter()
    return PASSAGES.build(
        _passage(turn, start, end, last_words(f"{asked} {turn['text'][:start]}", context), seen)
        for turn, sentences, asked in zip(
            spoken.to_dict("records"), starts, before.loc[spoken.index], strict=True
        )
        for start, end in split_text(turn["text"], sentences, lengths)
    )


def split_text(text: str, sentences: Sequence[int], lengths: Lengths) -> Iterator[tuple[int, int]]:
    """Give the start and end of each passage, in characters; every word is in exactly one.

    Sentences are joined until there are ``lengths.wanted`` words; a short rest joins the passage
    before it where that stays within bounds. Sentences that are too long are cut between words.

    >>> lengths = Lengths(wanted=4, longest=6, sentences=5)
    >>> text = "One two. Three four. Five."
    >>> [text[a:b] for a, b in split_text(text, [0, 9, 21], lengths)]
    ['One two. Three four. Five.']
    """
    groups: list[list[tuple[int, int]]] = []
    for piece in _pieces(text, sentences, lengths.longest):
        if groups and _fits(text, [*groups[-1], piece], lengths, until=lengths.wanted):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if len(groups) > 1:
        joined = groups[-2] + groups[-1]
        is_rest = _count(text, groups[-1]) * 2 < lengths.wanted
        if is_rest and _fits(text, joined, lengths, until=lengths.longest):
            groups[-2:] = [joined]
    for group in groups:
        yield group[0][0], group[-1][1]


def find_sentences_by_spacy(texts: Sequence[str]) -> list[list[int]]:
    """Find sentence starts with spaCy's trained splitter, which does not need the parser."""
    return [
        [sentence.start_char for sentence in document.sents]
        for document in _load_splitter().pipe(texts, batch_size=256)
    ]


def last_words(text: str, count: int) -> str:
    """Keep the last words of a text, marking what was cut.

    >>> last_words("How is it here these days?", 3)
    '… here these days?'
    """
    words = text.split()
    return " ".join(words if len(words) <= count else ["…", *words[len(words) - count :]])


@cache
def _load_splitter() -> "Language":
    import spacy

    from pipeline.transcripts.english import SPACY_MODEL

    language = spacy.load(SPACY_MODEL, exclude=["parser", "ner", "tagger", "lemmatizer"])
    language.enable_pipe("senter")
    language.max_length = 10_000_000
    return language


def _passage(
    turn: Mapping[Any, Any], start: int, end: int, context: str, seen: Counter[str]
) -> dict[str, Any]:
    text = turn["text"][start:end]
    name = f"{turn['transcript']}-{sha256(text.encode()).hexdigest()[:8]}"
    seen[name] += 1
    return {
        **turn,
        "passage": name if seen[name] == 1 else f"{name}-{seen[name]}",
        "start": start,
        "end": end,
        "words": len(text.split()),
        "context": context,
        "text": text,
    }


def _pieces(text: str, sentences: Sequence[int], longest: int) -> Iterator[tuple[int, int]]:
    """Give each sentence without the space around it, long ones in parts of like length."""
    inner = {start for start in sentences if 0 < start < len(text) and text[start - 1].isspace()}
    bounds = sorted({0, *inner, len(text)})
    for start, end in zip(bounds, bounds[1:], strict=False):
        words = [match.span() for match in re.compile(WORD).finditer(text, start, end)]
        parts = -(-len(words) // longest)
        for part in range(parts):
            first, last = (len(words) * step // parts for step in (part, part + 1))
            yield words[first][0], words[last - 1][1]


def _fits(text: str, group: Sequence[tuple[int, int]], lengths: Lengths, *, until: int) -> bool:
    """Say whether a group may be one passage, its last piece starting before ``until`` words."""
    return (
        len(group) <= lengths.sentences
        and _count(text, group[:-1]) < until
        and _count(text, group) <= lengths.longest
    )


def _count(text: str, group: Sequence[tuple[int, int]]) -> int:
    return len(text[group[0][0] : group[-1][1]].split()) if group else 0
