"""Place a coded passage in the talk of today: where it clearly is, or nowhere until asked."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from pipeline.coding.anchors import ALIKE, Anchor
from pipeline.coding.fitting import Fit, Quote, fit, make_quote
from pipeline.coding.running_talk import Talk, pair_words

KEPT = 0.85  # of a passage's words that are in another, for that to be the same one
FILLED = 0.85  # of the other's words that are the passage's
LIKELY = 0.25  # of a passage's pairs of words that are in another, for that to be looked at
LOOKED_AT = 5  # passages that a passage is held against
SHOWN = 3  # passages that a person is asked about
TELLING = 8  # words from which the same words are the same talk, if nothing like it was said
WHOLE = 0.95  # of the words around that are there, if nothing was changed around

How = Literal["unchanged", "same words", "nearly the same words", "ask"]
GONE = "nothing like it is there"
PART = "only a part of it is there, or there is more to it now"
MEANING = "words were changed that may turn what is meant"
ELSEWHERE = "something else is said around it now"
SEVERAL = "several passages are like it"


class Candidate(NamedTuple):
    """A passage that may be the one that is looked for; likeness is 0 to 1."""

    passage: str
    likeness: float


class Placed(NamedTuple):
    """Where a passage is now. ``now`` is empty where a person must be asked; ``why`` says why.

    A passage of the old id may be there and still be another one: where words are repeated, ids
    number the repetitions.
    """

    passage: str
    now: str
    how: How
    likeness: float
    candidates: tuple[Candidate, ...] = ()
    why: str = ""


def stay(anchor: Anchor) -> Placed:
    """Leave a passage where it is."""
    return Placed(anchor.passage, anchor.passage, "unchanged", 1.0)


def ask(name: str, why: str, candidates: Sequence[Candidate] = ()) -> Placed:
    """Place a passage nowhere until a person has chosen."""
    best = max((candidate.likeness for candidate in candidates), default=0.0)
    return Placed(name, "", "ask", best, tuple(candidates), why)


def place_in_talk(anchor: Anchor, talk: Talk, sides: int) -> Placed:
    """Place a passage in the talk of a transcript.

    ``sides`` is on how many sides (before, after) the words around must be the same at least. It
    takes one side if the words differ or are few; and both if anything like it was said elsewhere.
    """
    quote = make_quote(anchor.before, anchor.text, anchor.after)
    same = talk.places_of_letters.get(quote.letters, []) if quote.words else []
    alike = talk.find_alike(quote.words, LIKELY) | dict.fromkeys(same, 1.0)
    is_repeated = bool(anchor.alike) or sum(share >= ALIKE for share in alike.values()) > 1
    search = _Search(anchor, quote, talk, same, is_repeated, sides)
    fits = [fit(quote, talk, place) for place in _pick_likely(quote, talk, alike)]
    good = [each for each in fits if search.is_good(each)]
    settled = [each for each in good if each.sides >= search.count_sides(each)]
    why = _explain(fits, good, settled) or search.doubt(settled[0], fits)
    return (
        ask(anchor.passage, why, _list_candidates(fits, talk)) if why else search.settle(settled[0])
    )


class _Search(NamedTuple):
    """A passage that is looked for: ``same`` are the places of its very words in today's talk.

    ``is_repeated`` says whether the like of it was said elsewhere, then or now.
    """

    anchor: Anchor
    quote: Quote
    talk: Talk
    same: Sequence[int]
    is_repeated: bool
    sides: int

    def is_good(self, each: Fit) -> bool:
        """Say whether a place has the words, and none that stood elsewhere at the time."""
        talk, anchor = self.talk, self.anchor
        was_there = talk.names[each.place] in anchor.alike
        is_other = was_there and talk.texts[each.place] != anchor.text
        return each.kept >= KEPT and each.filled >= FILLED and not is_other

    def count_sides(self, each: Fit) -> int:
        """Give on how many sides the words around must be the same, for this to be the place."""
        if self._is_left_alone(each):
            return max(self.sides, 1)
        if self.is_repeated:
            return 2
        is_telling = each.place in self.same and len(self.quote.words) >= TELLING
        return max(self.sides, 0 if is_telling else 1)

    def doubt(self, best: Fit, fits: Sequence[Fit]) -> str:
        """Say why the best place may still be another one, or ''."""
        is_among = self.quote.stands_among_its_like or self.talk.is_said_again(best.place)
        if is_among and not self._is_untouched(best):
            return SEVERAL
        rivals = [each for each in fits if each.sides and each.place != best.place]
        if rivals and self.is_repeated and not self._is_left_alone(best):
            return SEVERAL
        return MEANING if best.is_turned else ""

    def settle(self, best: Fit) -> Placed:
        """Place the passage."""
        name = self.talk.names[best.place]
        if name == self.anchor.passage:
            return stay(self.anchor)
        if best.place in self.same:
            return Placed(self.anchor.passage, name, "same words", 1.0)
        return Placed(self.anchor.passage, name, "nearly the same words", round(best.likeness, 3))

    def _is_left_alone(self, best: Fit) -> bool:
        """Say whether it is the one passage of its id and its words, then and now."""
        is_named = self.talk.names[best.place] == self.anchor.passage
        return is_named and not self.anchor.repeats and len(self.same) == 1

    def _is_untouched(self, best: Fit) -> bool:
        """Say whether nothing was changed around a passage that stands among its like."""
        is_named = self.talk.names[best.place] == self.anchor.passage
        is_as_often = len(self.same) == self.anchor.repeats + 1
        return is_named and is_as_often and best.around >= WHOLE


def _pick_likely(quote: Quote, talk: Talk, places: Iterable[int]) -> list[int]:
    """Give the few places that have most of a quote and its surroundings in and around them."""
    said, around = pair_words(quote.words), pair_words([*quote.before, *quote.words, *quote.after])

    def likeness(place: int) -> float:
        shared = len(said & pair_words(talk.said(place))) / max(len(said), 1)
        return shared + len(around & talk.pairs_around(place)) / len(around)

    return sorted(places, key=lambda place: (-likeness(place), place))[:LOOKED_AT]


def _explain(fits: Sequence[Fit], good: Sequence[Fit], settled: Sequence[Fit]) -> str:
    """Say why there is not just one place, or ''."""
    if not fits:
        return GONE
    if not good:
        return PART
    if len(good) > 1 and len(settled) != 1:
        return SEVERAL
    return "" if settled else ELSEWHERE


def _list_candidates(fits: Sequence[Fit], talk: Talk) -> list[Candidate]:
    best = sorted(fits, key=lambda each: -each.likeness)[:SHOWN]
    return [Candidate(talk.names[each.place], round(each.likeness, 3)) for each in best]
