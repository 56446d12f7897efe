"""ELAN's .eaf: tiers of annotations, with times of their own or of the annotation above."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.transcripts.readers import Script, readers
from pipeline.transcripts.readers.fields import to_seconds
from pipeline.transcripts.readers.tier_speech import read_tiers
from pipeline.transcripts.readers.tiers import Piece, Tier, is_other, name_speaker
from pipeline.transcripts.readers.xml_files import elements, read_xml, text_of

_DEEPEST = 20  # tiers below one another
_ANNOTATIONS = ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")
# Some number their utterances on one tier and write them on the one below.
_NUMBERED = re.compile(r"[\w.:/-]{0,60}\d[\w.:/-]{0,20}")
_MOSTLY = 0.5
_SUBDIVISIONS = ("Symbolic_Subdivision", "Time_Subdivision", "Included_In")

_NOWHERE = (math.nan, math.nan)


class _File(NamedTuple):
    """The tiers by the id of the tier above, the types by id, and the times of annotations."""

    below: Mapping[str, list[Any]]
    types: Mapping[str, Any]
    spans: Mapping[str, tuple[float, float]]


@readers.register(".eaf")
def read_elan(path: Path) -> Script:
    """Read the tiers that hold what is said, overlapping talk in order of its starts.

    Tiers below another one (translations, words, glosses) are left out, unless the one above has
    no words of its own.
    """
    return read_elan_tree(path, read_xml(path, "ANNOTATION_DOCUMENT"))


def read_elan_tree(path: Path, root: Any) -> Script:
    """Read the tiers below the root element of an ELAN file."""
    elements_of_tiers = list(elements(root, "TIER"))
    file = _File(_sort_by_parent(elements_of_tiers), _find_types(root), _find_spans(root))
    tops = file.below.get("", [])
    spoken = [tier for tier in tops if not _is_coded(tier, file)] or tops
    found = [_find_words(tier, file) for tier in spoken]
    left_out = {
        "coded tiers": len(tops) - len(spoken),
        "dependent tiers": len(elements_of_tiers) - len(tops),
    }
    return read_tiers(path, found, "tiers of ELAN", left_out)


def _sort_by_parent(tiers: Iterable[Any]) -> dict[str, list[Any]]:
    tiers = list(tiers)
    known = {tier.get("TIER_ID") for tier in tiers}
    below: dict[str, list[Any]] = {}
    for tier in tiers:
        parent = tier.get("PARENT_REF", "")
        below.setdefault(parent if parent in known else "", []).append(tier)
    return below


def _find_types(root: Any) -> dict[str, Any]:
    types = elements(root, "LINGUISTIC_TYPE")
    return {each.get("LINGUISTIC_TYPE_ID", ""): each for each in types}


def _find_spans(root: Any) -> dict[str, tuple[float, float]]:
    """Find when annotations start and end; those without times of their own have their parent's."""
    slots = _read_slots(root)
    spans = {
        each.get("ANNOTATION_ID", ""): (
            slots.get(each.get("TIME_SLOT_REF1"), math.nan),
            slots.get(each.get("TIME_SLOT_REF2"), math.nan),
        )
        for each in elements(root, "ALIGNABLE_ANNOTATION")
    }
    parents = {
        each.get("ANNOTATION_ID", ""): each.get("ANNOTATION_REF", "")
        for each in elements(root, "REF_ANNOTATION")
    }
    spans |= {name: _follow(name, parents, spans) for name in parents}
    return spans


def _follow(
    name: str, parents: Mapping[str, str], spans: Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    for _ in range(_DEEPEST):
        name = parents.get(name, name)
    return spans.get(name, _NOWHERE)


def _read_slots(root: Any) -> dict[str, float]:
    """Read the times, which stand in order; a slot without one has that of the one before."""
    slots, last = {}, math.nan
    for slot in elements(root, "TIME_SLOT"):
        time = to_seconds(slot.get("TIME_VALUE"), unit=0.001)
        last = last if math.isnan(time) else time
        slots[slot.get("TIME_SLOT_ID", "")] = last
    return slots


def _is_coded(tier: Any, file: _File) -> bool:
    """Tell whether a tier's labels are chosen from a list, as codes and gestures are."""
    kind = file.types.get(tier.get("LINGUISTIC_TYPE_REF", ""))
    return kind is not None and bool(kind.get("CONTROLLED_VOCABULARY_REF"))


def _find_words(top: Any, file: _File) -> Tier:
    """Give a tier, or the first one below it with words where it has none."""
    tier = _read_tier(top, file)
    level = [top]
    for _ in range(_DEEPEST):
        if _has_words(tier):
            break
        level = sorted(_below(level, file), key=lambda each: _is_second_choice(each, file))
        found = (_read_tier(each, file, speaker=tier.speaker) for each in level)
        tier = next((each for each in found if _has_words(each)), tier)
    return tier


def _below(tiers: Iterable[Any], file: _File) -> Iterator[Any]:
    for tier in tiers:
        yield from file.below.get(tier.get("TIER_ID") or "-", ())


def _has_words(tier: Tier) -> bool:
    numbered = sum(bool(_NUMBERED.fullmatch(piece.text)) for piece in tier.pieces)
    return bool(tier.pieces) and numbered < _MOSTLY * len(tier.pieces)


def _is_second_choice(tier: Any, file: _File) -> tuple[bool, bool]:
    """Put translations and the like last, and what divides the tier above first."""
    kind = tier.get("LINGUISTIC_TYPE_REF", "")
    constraint = file.types[kind].get("CONSTRAINTS") if kind in file.types else ""
    return is_other(tier.get("TIER_ID", ""), kind), constraint not in _SUBDIVISIONS


def _read_tier(tier: Any, file: _File, *, speaker: str = "") -> Tier:
    name = tier.get("TIER_ID", "")
    said = (tier.get("PARTICIPANT") or "").strip() or speaker or name_speaker(name)
    pieces = _read_pieces(tier, file)
    return Tier(name, said, pieces, tier.get("LINGUISTIC_TYPE_REF", ""))


def _read_pieces(tier: Any, file: _File) -> list[Piece]:
    """Read a tier's annotations; those of one annotation above are one piece."""
    parts: dict[str, list[Any]] = {}
    for each in _in_chain(list(elements(tier, *_ANNOTATIONS))):
        if text_of(each):
            own = each.get("ANNOTATION_ID", "")
            parts.setdefault(each.get("ANNOTATION_REF") or own, []).append(each)
    return [
        Piece(" ".join(map(text_of, run)), *file.spans.get(above, _NOWHERE))
        for above, run in parts.items()
    ]


def _in_chain(annotations: list[Any]) -> Iterator[Any]:
    """Order annotations that name the one before them; what names itself in a ring is lost."""
    known = {each.get("ANNOTATION_ID") for each in annotations}
    following: dict[str, list[Any]] = {}
    for each in reversed(annotations):
        before = each.get("PREVIOUS_ANNOTATION")
        following.setdefault(before if before in known else "", []).append(each)
    waiting = following.pop("", [])
    while waiting:
        each = waiting.pop()
        yield each
        waiting += following.pop(each.get("ANNOTATION_ID", ""), [])
