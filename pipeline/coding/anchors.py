"""What to know a coded passage by when its transcript is edited: kept with each decision."""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.coding.running_talk import Talk, gather_talk
from pipeline.tables import Passages

ALIKE = 0.4  # of a passage's pairs of words that are in another, for them to be mixed up


class Anchor(NamedTuple):
    """A passage as it was when it was coded.

    ``before`` and ``after`` are the words around it, questions among them. ``alike`` are the ids
    of the passages in the transcript that might be mixed up with it; ``repeats`` says how many of
    them had just its words.
    """

    passage: str
    transcript: str
    text: str
    before: str
    after: str
    alike: tuple[str, ...] = ()
    repeats: int = 0


def make_anchors(passages: Passages, names: Iterable[str]) -> list[Anchor]:
    """Make an anchor for each of some passages, given by their ids, from the table they are in."""
    transcripts = dict(zip(passages["passage"], passages["transcript"], strict=True))
    wanted = list(names)
    coded = passages["transcript"].isin({transcripts[name] for name in wanted})
    talks = gather_talk(Passages(passages[coded]))
    return [_make_anchor(transcripts[name], talks[transcripts[name]], name) for name in wanted]


def _make_anchor(transcript: str, talk: Talk, name: str) -> Anchor:
    place = talk.places[name]
    same = talk.places_of_letters[talk.letters[place]]
    alike = {*talk.find_alike(talk.said(place), ALIKE), *same} - {place}
    return Anchor(
        name,
        transcript,
        talk.texts[place],
        *talk.context(place),
        tuple(talk.names[other] for other in sorted(alike)),
        len(same) - 1,
    )
