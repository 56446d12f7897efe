"""Who speaks in captions: voice tags, names before a colon or above the words, and '>>'."""

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.transcripts.readers.caption_blocks import Cue
from pipeline.transcripts.readers.labels import (
    find_few_names,
    find_frequent,
    find_speakers,
    is_no_name,
    label_key,
    makes_talk,
)

UNNAMED = "Unknown speaker"
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s+(?P<voice>[^<>\n]{1,100})>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|</?\d[\d:.]{0,20}>|\{\\[^{}\n]{0,100}\}")
_CHANGE = re.compile(r"(?<!\s)\s*+>>+\s*")
_LABEL = re.compile(
    r"\s*(?:[-–]\s+)?(?P<label>[^\s:<>\[\]\"“”-][^:<>\[\]\"“”\n]{0,49}?)\s?:(?![/\d])\s*(?P<words>.*)"
)
# Labels of any look ('tom_b') are believed where nearly every cue starts with one.
_NEARLY_ALL = 0.8


class Utterance(NamedTuple):
    """What one cue has of one speaker. No speaker means that the one before goes on."""

    speaker: str
    text: str
    first_line: int
    last_line: int
    start: float
    end: float


class Voices(NamedTuple):
    """Utterances with the speakers that could be told; ``kind`` says by what they were told."""

    parts: list[Utterance]
    kind: str


def find_voices(cues: Sequence[Cue]) -> Voices:
    """Split the cues where the voice changes, and name the speakers."""
    parts = [part for cue in cues for part in _split_at_voices(cue)]
    if any(part.speaker not in ("", UNNAMED) for part in parts):
        return Voices(_name_by_labels(parts), "voice tags")
    named = _name_by_labels(parts)
    if any(part.speaker not in ("", UNNAMED) for part in named):
        return Voices(named, "names before a colon")
    above = _name_from_above(parts)
    if any(part.speaker not in ("", UNNAMED) for part in above):
        return Voices(above, "names above the words")
    return Voices(parts, "no speakers named")


def _split_at_voices(cue: Cue) -> Iterator[Utterance]:
    """Split a cue where the voice or, by '>>', the speaker changes; take the tags away."""
    voice, texts, numbers = "", list[str](), list[int]()
    for line in cue.lines:
        for place, piece in enumerate(_VOICE.split(line.text)):
            if place % 2 or (_CHANGE.match(html.unescape(piece)) and (texts or not voice)):
                yield from _utterance(cue, voice, texts, numbers)
                voice = html.unescape(piece).strip() if place % 2 else UNNAMED
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
    whole = html.unescape(_TAG.sub("", text)).replace("[br]", "\n")
    return _CHANGE.sub(" ", whole).strip()


def _name_by_labels(parts: Sequence[Utterance]) -> list[Utterance]:
    """Take 'Name: words' as the speaker of a cue, in captions where names could be told."""
    openings = [_read_label(part.text) for part in parts]
    speakers = _choose_speakers(parts, [label for label, _ in openings])
    return [
        part._replace(speaker=label, text=words)
        if part.speaker in ("", UNNAMED) and label_key(label) in speakers
        else part
        for part, (label, words) in zip(parts, openings, strict=True)
    ]


def _choose_speakers(parts: Sequence[Utterance], labels: Sequence[str]) -> set[str]:
    """Give the labels that are speakers, as keys. Where '>>' stands before them, they are."""
    written = [label for label in labels if label]
    changed = [
        label
        for part, label in zip(parts, labels, strict=True)
        if label and part.speaker == UNNAMED and not is_no_name(label)
    ]
    speakers = find_speakers(written) or find_few_names(written, lines=len(parts))
    speakers |= find_frequent(written, lines=len(parts))
    if len(written) >= _NEARLY_ALL * len(parts):
        speakers |= set(map(label_key, written))
    talk = makes_talk(written, speakers, lines=len(parts))
    return (speakers if talk else set()) | set(map(label_key, changed))


def _name_from_above(parts: Sequence[Utterance]) -> list[Utterance]:
    """Take a name on a cue's first line as its speaker."""
    names = [_name_above(part.text) for part in parts]
    speakers = find_speakers([name for name in names if name])
    if not makes_talk(names, speakers, lines=len(parts)):
        return list(parts)
    return [
        part._replace(speaker=name, text=part.text.partition("\n")[2])
        if part.speaker in ("", UNNAMED) and label_key(name) in speakers
        else part
        for part, name in zip(parts, names, strict=True)
    ]


def _read_label(text: str) -> tuple[str, str]:
    match = _LABEL.match(text)
    if not match:
        return "", text
    return " ".join(match["label"].split()), text[match.start("words") :]


def _name_above(text: str) -> str:
    name, _, words = text.partition("\n")
    return name if words and ":" not in name else ""
