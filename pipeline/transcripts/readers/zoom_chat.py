"""The chat of a meeting, as Zoom saves it: a time, who writes, and to whom."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.transcripts.readers import RawTurn, Script
from pipeline.transcripts.readers.openings import seconds
from pipeline.transcripts.readers.text_lines import Line

_TIME = r"(?P<time>\d{1,2}:\d{2}:\d{2}(?: [AP]M)?)"
_TO = r"(?: to (?P<to>[^:\t\n]{1,80}?)(?:\s?\([^()\n]{1,40}\))?)?"
_FROM = re.compile(rf"{_TIME}\s+From\s+(?P<name>[^:\t\n]{{1,80}}?){_TO}\s?:\s*(?P<words>.*)")
_COLUMNS = re.compile(rf"{_TIME}\t\s?(?P<name>[^\t\n]{{1,80}}?):?\t(?P<words>.*)")
_REACTION = re.compile(r"(?:Reacted to .|Removed an? .{1,20} reaction from )", re.DOTALL)
_REPLY = re.compile(r"Replying to [\"“]")
# Messages may have several lines.
_MOSTLY = 0.3


def read_zoom_chat(lines: Sequence[Line]) -> Script | None:
    """Read the messages of a chat; None for a text that is none.

    Reactions ('Reacted to ... with') and the lines that quote what is replied to are left out.
    """
    matches = [_match(line.text) for line in lines]
    outer = sum(not line.is_blank and not line.text[0].isspace() for line in lines)
    if not any(matches) or sum(map(bool, matches)) < _MOSTLY * outer:
        return None
    left_out: Counter[str] = Counter()
    turns: list[RawTurn] = []
    for line, match in zip(lines, matches, strict=True):
        if match:
            name, start = " ".join(match["name"].split()), seconds(match["time"])
            turns.append(RawTurn(name, "", line.number, line.number, start))
        words = (match["words"] if match else line.text).strip()
        if words and turns and not _is_left_out(words, left_out):
            text = f"{turns[-1].text}\n{words}".strip()
            turns[-1] = turns[-1]._replace(text=text, last_line=line.number)
    written = [turn for turn in turns if turn.text]
    return Script(written, dict(left_out), "chat of Zoom (names beside the times)")


def _match(text: str) -> re.Match[str] | None:
    if not text[:1].isdigit():
        return None
    return _FROM.match(text) or _COLUMNS.match(text)


def _is_left_out(words: str, left_out: Counter[str]) -> bool:
    if _REACTION.match(words):
        left_out["reactions"] += 1
    elif _REPLY.match(words):
        left_out["quoted lines"] += 1
    else:
        return False
    return True
