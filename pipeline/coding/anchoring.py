"""Find coded passages again in transcripts that were edited since: unique, or ask.

A decision belongs to a passage's words. Where these are no longer there, it goes to the passage
that is clearly the same talk, by its words and by what is said around it; else a person is asked.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from pipeline.coding.anchors import Anchor
from pipeline.coding.folded_words import fold_words, join_letters
from pipeline.coding.placing import GONE, TELLING, Candidate, Placed, ask, place_in_talk, stay
from pipeline.coding.running_talk import Talk, gather_talk
from pipeline.tables import Passages

FOUND = 0.1  # of a transcript's passages that are there word for word, if it is the same file
TAKEN = "another passage was placed there"


def place(anchors: Sequence[Anchor], passages: Passages) -> list[Placed]:
    """Say of each anchor, in order, which passage is the same talk now.

    A transcript whose file was renamed is looked for among the others, by exact words only.
    """
    talks = _Talks(passages)
    groups: dict[str, list[int]] = {}
    for number, anchor in enumerate(anchors):
        groups.setdefault(anchor.transcript, []).append(number)
    placed = {
        number: each
        for transcript, numbers in groups.items()
        for number, each in zip(
            numbers, _place_all(transcript, [anchors[n] for n in numbers], talks), strict=True
        )
    }
    return _ask_where_taken([placed[number] for number in range(len(anchors))])


class _Talks:
    """The talk of every transcript, made up when it is first asked for."""

    def __init__(self, passages: Passages) -> None:
        again = passages.duplicated(["transcript", "text"], keep=False)
        self.single = frozenset(passages.loc[~again, "passage"])
        self._rows = {str(name): rows for name, rows in passages.groupby("transcript", sort=False)}
        self._made: dict[str, Talk] = {}

    def __contains__(self, transcript: str) -> bool:
        return transcript in self._rows

    def __getitem__(self, transcript: str) -> Talk:
        if transcript not in self._made:
            self._made |= gather_talk(Passages(self._rows[transcript]))
        return self._made[transcript]

    @cached_property
    def transcripts_of_letters(self) -> dict[str, set[str]]:
        """Give the transcripts that have a passage of just some words."""
        index: dict[str, set[str]] = {}
        for transcript in self._rows:
            for letters in self[transcript].places_of_letters:
                index.setdefault(letters, set()).add(transcript)
        return index


def _place_all(transcript: str, anchors: Sequence[Anchor], talks: _Talks) -> Iterator[Placed]:
    if _is_same_file(transcript, anchors, talks):
        for anchor in anchors:
            is_there = anchor.passage in talks.single and not anchor.alike
            yield stay(anchor) if is_there else place_in_talk(anchor, talks[transcript], sides=0)
        return
    renamed = _find_renamed(anchors, talks)
    for anchor in anchors:
        if renamed:
            yield _exact(place_in_talk(anchor, talks[renamed], sides=2))
        elif transcript in talks:
            yield place_in_talk(anchor, talks[transcript], sides=2)
        else:
            yield ask(anchor.passage, GONE)


def _is_same_file(transcript: str, anchors: Sequence[Anchor], talks: _Talks) -> bool:
    """Say whether so much of a transcript is there word for word that it is still that interview.

    Another interview may have got its name.
    """
    if transcript not in talks:
        return False
    found = sum(anchor.passage in talks.single for anchor in anchors)
    if found < FOUND * len(anchors):
        known = talks[transcript].places_of_letters
        found = sum(join_letters(fold_words(anchor.text)) in known for anchor in anchors)
    return found >= FOUND * len(anchors)


def _find_renamed(anchors: Sequence[Anchor], talks: _Talks) -> str:
    """Give the one transcript that has most, and at least half, of some passages, or ''."""
    counts: Counter[str] = Counter()
    for anchor in anchors:
        words = fold_words(anchor.text)
        if len(words) >= TELLING:
            counts.update(talks.transcripts_of_letters.get(join_letters(words), ()))
    (best, most), (_, next_most) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return best if most > next_most and most * 2 >= len(anchors) else ""


def _exact(placed: Placed) -> Placed:
    """Ask about a passage that is in another transcript with other words."""
    if placed.how != "nearly the same words":
        return placed
    return ask(placed.passage, GONE, [Candidate(placed.now, placed.likeness)])


def _ask_where_taken(placed: Sequence[Placed]) -> list[Placed]:
    """Ask about passages that came to the same one, but for one that was there from the start."""
    claims = Counter(now for _, now in {(each.passage, each.now) for each in placed if each.now})
    return [
        ask(each.passage, TAKEN, [Candidate(each.now, each.likeness)])
        if claims[each.now] > 1 and each.how != "unchanged"
        else each
        for each in placed
    ]
