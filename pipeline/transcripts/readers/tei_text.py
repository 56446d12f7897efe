"""What is said within an element of TEI or of a debate, as plain text with its blanks right."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipeline.transcripts.readers.xml_files import is_entity, local_name, own_text

# What is within these is no speech. TEI's first, then Akoma Ntoso's.
LEFT_OUT: Mapping[str, str] = {
    "note": "notes",
    "desc": "notes",
    "bibl": "notes",
    "head": "headings",
    "incident": "events",
    "event": "events",
    "vocal": "events",
    "kinesic": "events",
    "writing": "events",
    "stage": "events",
    "move": "events",
    "sound": "events",
    "shift": "events",
    "pause": "pauses",
    "fw": "page furniture lines",
    "authorialNote": "notes",
    "noteRef": "notes",
    "remark": "notes",
    "heading": "headings",
}
_SILENT = frozenset(
    ("from", "narrative", "num", "recordedTime", "scene", "span", "spanGrp", "speaker", "summary")
)
_BLOCKS = frozenset(("ab", "body", "div", "l", "lb", "lg", "p", "s", "seg"))
_TOKENS = frozenset(("c", "mw", "pc", "w"))
_UNHEARD = {"gap": "[inaudible]", "unclear": "[unclear]"}
# A character that no XML may hold joins what stands on its two sides.
_JOINT = "\x00"
_JOINTS = re.compile(rf" ?{_JOINT} ?")
_BLANK_BEFORE_POINT = re.compile(r"(?<=\S) (?=[.,;:?!%…)\]}”’]+(?:\s|$))")
_CONTRACTED = re.compile(r"(?<=\w) (?=(?:n['’]t|['’](?:d|ll|m|re|s|ve))(?!\w))")
_STARTS_WITH_POINT = re.compile(r"[.,;:?!…)\]”’]")


def read_said(element: Any, left_out: Counter[str]) -> str:
    """Give the words within an element on one line, and count what is no speech by its kind.

    What cannot be heard is marked as '[inaudible]' or '[unclear]'.
    """
    has_tokens = any(local_name(each) in ("w", "pc") for each in element.iter("{*}*"))
    text = _join(element, left_out)
    if not has_tokens:
        return " ".join(text.split())
    if not re.search(r"\S\s", text.strip()):
        text = _join(element, Counter(), between=" ")
    text = _JOINTS.sub("", " ".join(text.split()))
    return _CONTRACTED.sub("", _BLANK_BEFORE_POINT.sub("", text))


def _join(element: Any, left_out: Counter[str], *, between: str = "") -> str:
    """Join the pieces of text; ``between`` words where the file has nothing there."""
    pieces: list[str] = []
    waiting = _unfold(element)[::-1]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            waiting += _read_child(piece, left_out, between)[::-1]
    return "".join(pieces)


def _unfold(element: Any) -> list[Any]:
    """Give an element's texts and children in their order."""
    inside = [own_text(element)]
    for child in element:
        inside += [child, child.tail or ""]
    return inside


def _read_child(child: Any, left_out: Counter[str], between: str) -> list[Any]:
    """Give what stands for a child: its text, a mark, nothing, or what is within it."""
    if is_entity(child):
        return [own_text(child)]
    name = local_name(child)
    if name in LEFT_OUT:
        left_out[LEFT_OUT[name]] += 1
        return [_blank_after(child)]
    if name in _UNHEARD and not "".join(child.itertext()).strip():
        return [f" {_UNHEARD[name]} "]
    return [] if name in _SILENT else _read_inside(child, name, between)


def _read_inside(child: Any, name: str, between: str) -> list[Any]:
    if name == "choice":  # what was said comes before what was meant
        return [child[0]] if len(child) else []
    if name in _TOKENS:
        return _read_token(child, between)
    if name not in _BLOCKS or child.get("break") == "no":
        return _unfold(child)
    return [" ", *_unfold(child), _blank_after(child)]


def _blank_after(child: Any) -> str:
    return "" if _STARTS_WITH_POINT.match(child.tail or "") else " "


def _read_token(token: Any, between: str) -> list[Any]:
    """Give a word or a point; 'join' says on which side it has no blank."""
    join = token.get("join", "")
    before = _JOINT if join in ("left", "both") else ""
    after = _JOINT if join in ("right", "both") else ""
    return [before, *_unfold(token), between, after]
