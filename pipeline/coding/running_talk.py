"""The talk of a transcript as its passages hold it: one run of words, and where each passage is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from pipeline.coding.folded_words import fold_words, join_letters
from pipeline.tables import Passages

AROUND = 50  # words kept before and after a passage, to know it again by
NEAR = 20  # folded words next to a passage, by which it is told from others
START, END = "\ue001", "\ue002"  # stand where the talk starts and ends

Pairs = frozenset[tuple[str, str]]


class Talk:
    """The passages of one transcript in order, what was asked between them, and an index.

    ``words`` are folded, with ``NEAR`` marks at either end; ``spans`` say where each passage is.
    """

    def __init__(self, names: Sequence[str], asked: Sequence[str], texts: Sequence[str]) -> None:
        self.names = names
        self.asked = asked
        self.texts = texts
        self.words = [START] * NEAR
        self.spans: list[tuple[int, int]] = []
        for question, text in zip(asked, texts, strict=True):
            self.words += fold_words(question)
            start = len(self.words)
            self.words += fold_words(text)
            self.spans.append((start, len(self.words)))
        self.words += [END] * NEAR

    def said(self, place: int) -> list[str]:
        """Give the folded words of a passage."""
        start, end = self.spans[place]
        return self.words[start:end]

    def context(self, place: int) -> tuple[str, str]:
        """Give the words before and after a passage as they were said, ``AROUND`` at most."""
        words, starts = self._plain_words
        start = starts[place]
        end = start + len(self.texts[place].split())
        return " ".join(words[max(start - AROUND, 0) : start]), " ".join(words[end : end + AROUND])

    def pairs_around(self, place: int) -> Pairs:
        """Give the pairs of words in a passage and around it."""
        start, end = self.spans[place]
        return pair_words(self.words[max(start - AROUND, 0) : end + AROUND])

    def is_said_again(self, place: int) -> bool:
        """Say whether a passage with the same words stands in the surroundings of one."""
        start, end = self.spans[place]
        return any(
            other != place
            and start - AROUND < self.spans[other][1]
            and self.spans[other][0] < end + AROUND
            for other in self.places_of_letters[self.letters[place]]
        )

    def find_alike(self, words: Sequence[str], least: float) -> dict[int, float]:
        """Give the passages with at least a share of the pairs of some words, and that share."""
        pairs = pair_words(words)
        known = self._places_of_pairs
        counts = Counter(place for pair in pairs for place in known.get(pair, ()))
        return {
            place: count / len(pairs)
            for place, count in counts.items()
            if count >= least * len(pairs)
        }

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Give each passage's place by its id."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def letters(self) -> Sequence[str]:
        """Give the words of each passage however they are written."""
        return [join_letters(self.said(place)) for place in range(len(self.names))]

    @cached_property
    def places_of_letters(self) -> Mapping[str, list[int]]:
        """Give the places of the passages with the same words, however these are written."""
        return _index([letters] for letters in self.letters)

    @cached_property
    def _places_of_pairs(self) -> Mapping[tuple[str, str], list[int]]:
        return _index(pair_words(self.said(place)) for place in range(len(self.names)))

    @cached_property
    def _plain_words(self) -> tuple[list[str], list[int]]:
        """Give all words as they were said, and where the text of each passage starts in them."""
        words: list[str] = []
        starts = []
        for question, text in zip(self.asked, self.texts, strict=True):
            words += question.split()
            starts.append(len(words))
            words += text.split()
        return words, starts


def gather_talk(passages: Passages) -> dict[str, Talk]:
    """Give the talk of every transcript; questions come from the context of the passage after."""
    return {
        str(transcript): Talk(
            rows["passage"].tolist(),
            list(_questions(rows["turn"].tolist(), rows["context"].tolist())),
            rows["text"].tolist(),
        )
        for transcript, rows in passages.groupby("transcript", sort=False)
    }


def pair_words(words: Sequence[str]) -> Pairs:
    """Give every two words that stand beside each other.

    >>> sorted(pair_words(["we", "do", "we", "do"]))
    [('do', 'we'), ('we', 'do')]
    """
    return frozenset(pairwise(words))


def _questions(turns: Sequence[int], contexts: Sequence[str]) -> Iterator[str]:
    """Give what was said between one passage and the next, in as far as it was kept.

    Where no turn lies between, the context is of the passages before.
    """
    last = -1
    for turn, context in zip(turns, contexts, strict=True):
        yield "" if turn in (last, last + 1) else context.removeprefix("… ")
        last = turn


def _index(rows: Iterable[Iterable[Any]]) -> dict[Any, list[int]]:
    index: dict[Any, list[int]] = {}
    for place, names in enumerate(rows):
        for name in names:
            index.setdefault(name, []).append(place)
    return index
