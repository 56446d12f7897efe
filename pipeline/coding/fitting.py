"""How well what was said fits a passage of today: its words, what was changed, what is around."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from pipeline.coding.folded_words import MARK, fold_words, is_mended, is_turned, join_letters
from pipeline.coding.running_talk import AROUND, END, NEAR, START, Talk

REACH = AROUND + 30  # words of today's talk looked at on either side of a passage
AGREES = 0.5  # of the nearest words on one side, for the passage to stand where it stood
HERE = 0.25  # of a quote's words that are in a passage, for that to be where it stood
NONE = -1

Edit = tuple[int, int, int, int]  # from and to in the old words, from and to in the new ones


class Quote(NamedTuple):
    """What was said in a passage, and before and after it, in folded words."""

    before: list[str]
    words: list[str]
    after: list[str]

    @property
    def letters(self) -> str:
        """The words however they are written."""
        return join_letters(self.words)

    @property
    def stands_among_its_like(self) -> bool:
        """Whether the words stand in their own surroundings again."""
        words = f" {' '.join(self.words)} "
        return any(words in f" {' '.join(side)} " for side in (self.before, self.after))


class Fit(NamedTuple):
    """How a quote fits a passage; shares are 0 to 1.

    ``kept`` is the share of the quote's words that are in the passage, ``filled`` that of the
    passage's words that are the quote's. ``sides`` counts the sides (before, after) on which the
    nearest words are those that stood there (none if the quote's own are elsewhere), and
    ``around`` is the share of all that are there.
    ``is_turned`` says whether words were changed that may turn the meaning.
    """

    place: int
    kept: float
    filled: float
    likeness: float
    sides: int
    around: float
    is_turned: bool


def make_quote(before: str, text: str, after: str) -> Quote:
    """Fold a passage's words and those around it; marks stand where the talk starts or ends."""
    first, last = fold_words(before), fold_words(after)
    return Quote(
        [*[START] * (NEAR - len(first)), *first],
        fold_words(text),
        [*last, *[END] * (NEAR - len(last))],
    )


def fit(quote: Quote, talk: Talk, place: int) -> Fit:
    """Lay a quote with its surroundings along the talk around a passage.

    Words that merely went to the passage before or after are not changed ones.
    """
    start, end = talk.spans[place]
    first = max(start - REACH, 0)
    old = [*quote.before, *quote.words, *quote.after]
    new = talk.words[first : end + REACH]
    text = range(len(quote.before), len(quote.before) + len(quote.words))
    passage = range(start - first, end - first)
    edits, new_of, old_of = _align(old, new)
    kept = sum(new_of[word] in passage for word in text)
    filled = sum(old_of[word] in text for word in passage)
    sides = [range(text.start - NEAR, text.start), range(text.stop, text.stop + NEAR)]
    around = [*range(text.start), *range(text.stop, len(old))]
    return Fit(
        place,
        kept / max(len(text), 1),
        filled / max(len(passage), 1),
        (kept + filled) / max(len(text) + len(passage), 1),
        sum(_share_found(side, new_of) >= AGREES for side in sides if kept >= HERE * len(text)),
        _share_found(around, new_of),
        any(
            is_turned(_within(old, edit[:2], text), _within(new, edit[2:], passage))
            for edit in edits
        ),
    )


def _align(old: Sequence[str], new: Sequence[str]) -> tuple[list[Edit], list[int], list[int]]:
    """Give the edits between two runs of words, and each word's partner in the other one."""
    edits: list[Edit] = []
    new_of, old_of = [NONE] * len(old), [NONE] * len(new)
    for name, *edit in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        first, last, start, end = edit
        if name == "equal":
            pairs: Iterator[tuple[int, int]] = zip(
                range(first, last), range(start, end), strict=True
            )
        else:
            edits.append((first, last, start, end))
            pairs = _pair_up(old, new, edits[-1])
        for before, after in pairs:
            new_of[before], old_of[after] = after, before
    return edits, new_of, old_of


def _pair_up(old: Sequence[str], new: Sequence[str], edit: Edit) -> Iterator[tuple[int, int]]:
    """Pair the words of an edit that are the same ones: mended, joined, parted, or struck names."""
    first, last, start, end = edit
    dropped, added = old[first:last], new[start:end]
    if not dropped or not added:
        return
    if _says_the_same(dropped, added):
        for step in range(max(len(dropped), len(added))):
            yield min(first + step, last - 1), min(start + step, end - 1)
        return
    for place, word in enumerate(dropped, first):
        mended = next((at for at in range(start, end) if is_mended(word, new[at])), NONE)
        if mended != NONE:
            yield place, mended
            start = mended + 1


def _says_the_same(dropped: Sequence[str], added: Sequence[str]) -> bool:
    is_name = all(word.startswith(MARK) for word in dropped) or all(
        word.startswith(MARK) for word in added
    )
    fewest, most = sorted((len(dropped), len(added)))
    return (is_name and most <= fewest + 3) or join_letters(dropped) == join_letters(added)


def _share_found(words: Sequence[int], partners: Sequence[int]) -> float:
    return sum(partners[word] != NONE for word in words) / max(len(words), 1)


def _within(words: Sequence[str], edit: Sequence[int], span: range) -> list[str]:
    return list(words[max(edit[0], span.start) : max(min(edit[1], span.stop), 0)])
