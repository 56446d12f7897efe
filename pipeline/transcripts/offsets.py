"""Find the words of a cleaned text again in the text that it was cleaned from.

Cleaning removes words and never changes or moves any, so the words of the cleaned text stand in
the raw one in the same order.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

FARTHEST = 200  # words that cleaning may have taken out in a row
_WORD = re.compile(r"\w+")


class OffsetMap(NamedTuple):
    """Where each word of a cleaned text begins and ends in it, and in the raw text."""

    clean: Sequence[tuple[int, int]]
    raw: Sequence[tuple[int, int]]

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Give the span of the raw text that a span of the cleaned one comes from.

        It holds all words that the span touches, and what was taken out between these.
        """
        first = bisect_right([end for _, end in self.clean], start)
        last = bisect_left([start for start, _ in self.clean], end)
        if first >= last:
            return 0, 0
        return self.raw[first][0], self.raw[last - 1][1]


def map_offsets(raw: str, clean: str) -> OffsetMap:
    """Map a cleaned text to the raw one.

    >>> raw = "We, um, we went to the [laughs] hall."
    >>> start, end = map_offsets(raw, "We went to the hall.").to_raw(3, 19)
    >>> raw[start:end]
    'went to the [laughs] hall'
    """
    spans = [(match.start(), match.end()) for match in _WORD.finditer(raw)]
    words = [raw[start:end] for start, end in spans]
    found, kept, place = [], [], 0
    for match in _WORD.finditer(clean):
        first = _find(words, match[0], place)
        if first < 0:
            continue
        place = first + (1 if words[first] == match[0] else 2)
        kept.append((match.start(), match.end()))
        found.append((spans[first][0], spans[place - 1][1]))
    return OffsetMap(kept, found)


def _find(words: Sequence[str], wanted: str, start: int) -> int:
    """Give where a word comes next, whole or broken in two by a hyphen; -1 if it does not."""
    for place in range(start, min(start + FARTHEST, len(words))):
        if words[place] == wanted or "".join(words[place : place + 2]) == wanted:
            return place
    return -1
