"""Tiers: parallel tracks of labels along a recording, of which only some hold what is said."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

_OTHER = frozenset(
    re.findall(
        r"\S+",
        """
        action actions activities activity annotations background break breaks breath code codes
        coding comment comments context emotion event events gaze gesture gestures gloss glosses
        glossing intonation laughter lang language lemma lemmas misc miscellaneous morph morpheme
        morphemes morphs movement music noise noises nonverbal note notes pause pauses pitch pos
        posture prosody remark remarks silence silences tag tags theme themes tobi tone tones
        topic topics translation translations vocal
        """,
    )
)
_SOUNDS = frozenset(
    re.findall(
        r"\S+",
        """
        ipa kan mau phon phone phoneme phonemes phones phonetic phonetics phonology sampa segment
        segments syllable syllables
        """,
    )
)
_WORDS = frozenset(("mot", "mots", "ort", "tok", "token", "tokens", "word", "words", "wort"))
_SPEECH = _WORDS | frozenset(
    re.findall(
        r"\S+",
        """
        default orth orthographic orthography phrase phrases ref sentence sentences speech talk
        text texts tier transcript transcription transcriptions trn turn turns tx txt ut utt
        utterance utterances verbatim
        """,
    )
)
_NAME = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_MOSTLY = 0.8
_HALF = 0.5
_SHORTEST_WORD = 0.15  # seconds; half of a talk's sounds are shorter, and no words are
_FEWEST_SOUNDS = 20
_SAME_BREATH = 1.0  # seconds


class Piece(NamedTuple):
    """One label, from one second to another; NaN where there is no time."""

    text: str
    start: float
    end: float


class Tier(NamedTuple):
    """A named track of labels; ``kind`` is what the file calls its type, if it does."""

    name: str
    speaker: str
    pieces: Sequence[Piece]
    kind: str = ""


class _Words(NamedTuple):
    """The words of each piece of a tier, beside the starts of the pieces."""

    starts: list[float]
    words: list[frozenset[str]]


class Choice(NamedTuple):
    """The tiers that hold what is said, those that hold something else, and doubtful ones."""

    speech: list[Tier]
    other: list[Tier]
    doubtful: list[Tier]


def choose_tiers(tiers: Iterable[Tier]) -> Choice:
    """Choose one tier a speaker, as a rule: the one with what is said, in whole utterances.

    Left out are tiers whose names say that they hold something else, tiers of single sounds, of
    the words of another tier, and such as run beside another one of the same speaker. The last
    are doubtful.
    """
    spoken = [tier for tier in tiers if tier.pieces]
    kept = [tier for tier in spoken if not is_other(tier.name, tier.kind)] or spoken
    kept = [tier for tier in kept if not _is_sounds(tier, kept)]
    indexes = [_index_words(tier) for tier in kept if not _is_single(tier.pieces)]
    kept = [tier for tier in kept if not any(_repeats(tier, index) for index in indexes)]
    chosen = [tier for tier in kept if not any(_runs_beside(tier, one) for one in kept)]
    doubtful = [tier for tier in kept if tier not in chosen]
    return Choice(chosen, [tier for tier in spoken if tier not in kept], doubtful)


def name_speaker(name: str) -> str:
    """Give the part of a tier's name that names a speaker.

    >>> [name_speaker(name) for name in ("Ann Lee - words", "tx@Ann", "default", "P_01")]
    ['Ann Lee', 'Ann', '', 'P_01']
    """
    parts = [part for part in re.split(r"[\s_@:./–-]+", name) if part]
    left = [part for part in parts if part.casefold() not in _SPEECH]
    if len(left) == len(parts):
        return name.strip()
    return " ".join(left) if any(map(str.isalpha, "".join(left))) else ""


def join_breaths(pieces: Sequence[Piece]) -> list[Piece]:
    """Put single words together to what is said without a long pause; other pieces stay."""
    if not _is_single(pieces):
        return list(pieces)
    runs = [[piece] for piece in pieces[:1]]
    for before, piece in pairwise(pieces):
        if piece.start - before.end > _SAME_BREATH:
            runs.append([])
        runs[-1].append(piece)
    return [Piece(" ".join(piece.text for piece in run), run[0].start, run[-1].end) for run in runs]


def is_other(*names: str) -> bool:
    """Tell whether the names of a tier and its type say that it holds no speech."""
    return not _tokens(*names).isdisjoint(_OTHER)


def count_words(tier: Tier) -> int:
    """Count a tier's words."""
    return sum(len(piece.text.split()) for piece in tier.pieces)


def _tokens(*names: str) -> set[str]:
    return {token for name in names for token in _NAME.findall(name.casefold())}


def _is_single(pieces: Sequence[Piece]) -> bool:
    single = sum(len(piece.text.split()) == 1 for piece in pieces)
    return single > _MOSTLY * len(pieces)


def _is_sounds(tier: Tier, tiers: Sequence[Tier]) -> bool:
    """Tell a tier of sounds by its name, or by how short they are, if it is not the only one."""
    if not _is_single(tier.pieces):
        return False
    named = _tokens(tier.name, tier.kind)
    if not named.isdisjoint(_SOUNDS):
        return named.isdisjoint(_WORDS)
    is_short = median(piece.end - piece.start for piece in tier.pieces) < _SHORTEST_WORD
    return is_short and len(tier.pieces) >= _FEWEST_SOUNDS and len(tiers) > 1


def _index_words(tier: Tier) -> _Words:
    words = [frozenset(_WORD.findall(piece.text.casefold())) for piece in tier.pieces]
    return _Words([piece.start for piece in tier.pieces], words)


def _repeats(tier: Tier, other: _Words) -> bool:
    """Tell whether a tier's labels are the words of what stands at their times in another."""
    if not _is_single(tier.pieces):
        return False
    found = 0
    for piece in tier.pieces:
        place = _find_place(piece, other.starts)
        own = _WORD.findall(piece.text.casefold())
        found += place >= 0 and bool(own) and other.words[place].issuperset(own)
    return found > _HALF * len(tier.pieces)


def _runs_beside(tier: Tier, other: Tier) -> bool:
    """Tell whether another tier of the same speaker says more at the same times."""
    if tier is other or not tier.speaker or tier.speaker != other.speaker:
        return False
    if (count_words(tier), other.name) >= (count_words(other), tier.name):
        return False
    starts = [piece.start for piece in other.pieces]
    within = 0
    for piece in tier.pieces:
        place = _find_place(piece, starts)
        within += place >= 0 and piece.start < other.pieces[place].end
    return within > _HALF * len(tier.pieces)


def _find_place(piece: Piece, starts: Sequence[float]) -> int:
    return bisect_right(starts, (piece.start + piece.end) / 2) - 1
