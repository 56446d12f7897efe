"""Captions: cues between two times, put together to turns."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import RawTurn, Script
from pipeline.transcripts.readers.labels import find_speakers, label_key
from pipeline.transcripts.readers.lines import Line, no_speaker
from pipeline.transcripts.readers.openings import seconds

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*(?P<start>{_TIME})\s*-->\s*(?P<end>{_TIME})")
_NOTE = re.compile(r"(?:NOTE|STYLE|REGION)\b")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s+(?P<voice>[^<>\n]{1,100})>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|</?\d[\d:.]{0,20}>|\{\\[^{}\n]{0,100}\}")
_CHANGE = re.compile(r"\s*>>+\s*")
_LABEL = re.compile(
    r"\s*(?P<label>[^\s:<>\[\]\"“”][^:<>\[\]\"“”\n]{0,49}?)\s?:(?![/\d])\s*(?P<words>.*)"
)
_UNNAMED = "Unknown speaker"
# Labels of any look ('tom_b') are believed where nearly every cue starts with one.
_NEARLY_ALL = 0.8
_FEWEST_REPEATED_WORDS = 3
_LONGEST_REPEAT = 60
_GAP_SECONDS = 0.5


class Cue(NamedTuple):
    """The lines between two blank lines, shown from one time to another."""

    start: float
    end: float
    lines: list[Line]


class Utterance(NamedTuple):
    """What one cue has of one speaker. No speaker means that the one before goes on."""

    speaker: str
    text: str
    first_line: int
    last_line: int
    start: float
    end: float


def split_captions(path: Path, lines: Sequence[Line]) -> Script:
    """Put the lines into cues, and neighbouring cues of one speaker into a turn.

    Raises TranscriptError for a file without cues, or without speakers.
    """
    left_out: Counter[str] = Counter()
    cues = _find_cues(lines, left_out)
    if not cues:
        raise TranscriptError(
            path,
            0,
            "there are no captions, that is, no lines such as '00:01:02.000 --> 00:01:04.000'.",
            remedy="Export the captions again, or save the words as .txt with their speakers.",
        )
    named = _name_speakers([part for cue in cues for part in _split_at_voices(cue)])
    fresh = list(_take_once(named, left_out))
    first = next((place for place, part in enumerate(fresh) if part.speaker), len(fresh))
    if _count_words(fresh[:first]) >= _count_words(fresh[first:]):
        raise no_speaker(path, [Line(part.first_line, part.text) for part in fresh])
    left_out["heading captions"] = first
    return Script(_gather(fresh[first:]), {kind: n for kind, n in left_out.items() if n})


def _find_cues(lines: Sequence[Line], left_out: Counter[str]) -> list[Cue]:
    cues: list[Cue] = []
    is_note = False
    timings = [_TIMING.match(line.text) if "-->" in line.text else None for line in lines]
    for place, (line, timing) in enumerate(zip(lines, timings, strict=True)):
        follows_blank = place == 0 or not lines[place - 1].text.strip()
        is_note = is_note and bool(line.text.strip()) and not timing
        if timing:
            cues.append(Cue(seconds(timing["start"]), seconds(timing["end"]), []))
        elif follows_blank and _NOTE.match(line.text):
            left_out["note blocks"] += 1
            is_note = True
        elif cues and line.text.strip() and not is_note:
            is_next_timing = place + 1 < len(lines) and timings[place + 1]
            if not (is_next_timing and (follows_blank or line.text.strip().isdigit())):
                cues[-1].lines.append(line)
    return cues


def _split_at_voices(cue: Cue) -> Iterator[Utterance]:
    """Split a cue where the voice or, by '>>', the speaker changes; take the tags away."""
    voice, texts, numbers = "", list[str](), list[int]()
    for line in cue.lines:
        for place, piece in enumerate(_VOICE.split(line.text)):
            if place % 2 or (_CHANGE.match(html.unescape(piece)) and (texts or not voice)):
                yield from _utterance(cue, voice, texts, numbers)
                voice = html.unescape(piece).strip() if place % 2 else _UNNAMED
                texts, numbers = [], []
            if not place % 2 and (text := _plain(piece)):
                texts.append(text)
                numbers.append(line.number)
    yield from _utterance(cue, voice, texts, numbers)


def _utterance(
    cue: Cue, voice: str, texts: Sequence[str], numbers: Sequence[int]
) -> Iterator[Utterance]:
    if texts:
        text = "\n".join(texts)
        yield Utterance(voice, text, numbers[0], numbers[-1], cue.start, cue.end)


def _plain(text: str) -> str:
    return _CHANGE.sub("", html.unescape(_TAG.sub("", text))).strip()


def _name_speakers(parts: Sequence[Utterance]) -> list[Utterance]:
    """Take 'Name: words', or a name on a line above the words, as the speaker of a cue."""
    openings = [_read_label(part.text) for part in parts]
    labels = [label for label, _ in openings if label]
    speakers = find_speakers(labels)
    if len(labels) >= _NEARLY_ALL * len(parts):
        speakers |= set(map(label_key, labels))
    above = find_speakers([_name_above(part.text) for part in parts])
    named = []
    for part, (label, words) in zip(parts, openings, strict=True):
        if part.speaker in ("", _UNNAMED) and label_key(label) in speakers:
            part = part._replace(speaker=label, text=words)
        elif part.speaker in ("", _UNNAMED) and label_key(_name_above(part.text)) in above:
            name, _, words = part.text.partition("\n")
            part = part._replace(speaker=name, text=words)
        named.append(part)
    return named if any(part.speaker not in ("", _UNNAMED) for part in named) else _unnamed(named)


def _read_label(text: str) -> tuple[str, str]:
    match = _LABEL.match(text)
    if not match:
        return "", text
    return " ".join(match["label"].split()), text[match.start("words") :]


def _name_above(text: str) -> str:
    name, _, words = text.partition("\n")
    return name if words and ":" not in name else ""


def _unnamed(parts: Sequence[Utterance]) -> list[Utterance]:
    """Take back what '>>' marked: without a single name it does not say who speaks."""
    return [part._replace(speaker="") for part in parts]


def _take_once(parts: Sequence[Utterance], left_out: Counter[str]) -> Iterator[Utterance]:
    """Take once what rolling captions show twice."""
    yield from parts[:1]
    for before, part in pairwise(parts):
        repeated = _count_repeated(before, part)
        left_out["repeated captions"] += repeated > 0
        words = part.text.split()
        yield part._replace(text=" ".join(words[repeated:])) if repeated else part


def _count_repeated(before: Utterance, part: Utterance) -> int:
    """Count the words at the start of a cue that the one before ended with."""
    if part.start - before.end > _GAP_SECONDS or part.speaker not in ("", before.speaker):
        return 0
    old, new = before.text.split()[-_LONGEST_REPEAT:], part.text.split()[:_LONGEST_REPEAT]
    for size in range(min(len(old), len(new)), _FEWEST_REPEATED_WORDS - 1, -1):
        if old[-size:] == new[:size]:
            return size
    last_line = before.text.rpartition("\n")[2].split()
    is_line_repeated = last_line == part.text.partition("\n")[0].split() and "\n" in part.text
    return len(last_line) if is_line_repeated else 0


def _gather(parts: Sequence[Utterance]) -> list[RawTurn]:
    turns: list[RawTurn] = []
    texts: list[list[str]] = []
    for part in parts:
        if turns and part.speaker in ("", turns[-1].speaker):
            turns[-1] = turns[-1]._replace(last_line=part.last_line)
            texts[-1].append(part.text)
        else:
            turns.append(RawTurn(part.speaker, "", part.first_line, part.last_line, part.start))
            texts.append([part.text])
    joined = ("\n".join(filter(None, pieces)) for pieces in texts)
    return [turn._replace(text=text) for turn, text in zip(turns, joined, strict=True)]


def _count_words(parts: Sequence[Utterance]) -> int:
    return sum(len(part.text.split()) for part in parts)
