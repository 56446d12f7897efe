"""The codes that SALT writes into what is said, taken out so that plain words are left."""

import re
from collections import Counter

from pipeline.transcripts.readers.salt_endings import join_endings

UNHEARD = "[unintelligible]"

_COMMENT = re.compile(r"\{[^{}]{0,500}\}")
_CODE = re.compile(r"\[[^\[\]]{0,200}\]")
_ASIDE = re.compile(r"\(\(([^()]{0,500})\)\)")
_MAZE = re.compile(r"\([^()]{0,500}\)")
_OVERLAP = re.compile(r"<([^<>]{0,500})>")
_PAUSE = re.compile(r"(?<!\S):\d{0,3}(?::\d{2})?(?!\S)")
_UNHEARD = re.compile(r"[xX]{1,3}")
_BLANK_BEFORE_POINT = re.compile(r"(?<=\S) (?=[.,?!;](?:\s|$))")
_POINTS = ".,?!;"
_ENDS = {"^": " –", ">": "..."}


def take_out_codes(text: str, left_out: Counter[str]) -> str:
    """Give the plain words of an utterance, and count what is left out.

    Left out are mazes, as '(the kid) the kid/s': what is taken back, said again or a filler.

    >>> take_out_codes("(um) the baby/s falled|fall[EW] out *of :02 it>", Counter())
    'the babies falled out it...'
    """
    text = _take_out(_COMMENT, "comments", text, left_out)
    text = _take_out(_CODE, "codes", text, left_out)
    text = _take_out(_MAZE, "mazes", _ASIDE.sub(r" \1 ", text), left_out)
    text = _take_out(_PAUSE, "pauses", _OVERLAP.sub(r" \1 ", text), left_out).rstrip()
    end = _ENDS.get(text[-1:], "")
    words = [_read_word(word, left_out) for word in re.sub(r"[<>^~]", "", text).split()]
    spoken = _BLANK_BEFORE_POINT.sub("", " ".join(word for word in words if word))
    return f"{spoken}{end}" if re.search(r"\w", spoken) else ""


def _take_out(pattern: re.Pattern[str], noun: str, text: str, left_out: Counter[str]) -> str:
    bare, count = pattern.subn("", text)
    left_out[noun] += count
    return bare


def _read_word(token: str, left_out: Counter[str]) -> str:
    body = token.rstrip(_POINTS)
    points = token[len(body) :]
    if body.startswith("*"):
        left_out["omitted words"] += 1
        return points.strip(",;")
    if body.endswith("*"):
        left_out["word fragments"] += 1
        return points.strip(",;")
    if _UNHEARD.fullmatch(body):
        return f"{UNHEARD}{points}"
    said = body.partition("|")[0].removeprefix("%")
    return f"{join_endings(said).replace('_', ' ')}{points}"
