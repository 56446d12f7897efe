"""What stands for transcripts and participants: their own ids where these name nobody."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.transcripts.people import Key, Listed
from pipeline.transcripts.speakers import is_id, is_usual_name

# Words that a file's name may hold without naming anybody, beside the areas' names.
HARMLESS = frozenset(
    "interview interviews int transcript transcripts participant respondent interviewee resident "
    "speaker focus group fg pilot final clean cleaned part area site copy version audio zoom "
    "teams and".split()
)
WORD = re.compile(r"[^\W\d_]+")


class Speech(NamedTuple):
    """Who is behind a transcript: its participant and the labels of the other speakers."""

    transcript: str
    participant: str
    area: str
    others: tuple[str, ...]


class Identifiers(NamedTuple):
    """What stands for what, by ('transcript' | 'participant', transcript) and ('speaker', label).

    ``listed`` are the real names among them, for the lexicon; ``key`` is the grown key.
    """

    labels: Mapping[tuple[str, str], str]
    listed: list[Listed]
    key: Key


def identify(speeches: Iterable[Speech], key: Key) -> Identifiers:
    """Give every transcript, participant and speaker an id that names nobody.

    A file called 'P07.docx' or 'harrow-2.vtt' (an area and a number) stays P07 and harrow-2; one
    called after a person becomes T and a number. Likewise participants: P and a number.
    """
    labels: dict[tuple[str, str], str] = {}
    grown = dict(key)
    speeches = list(speeches)
    area_words = {word for speech in speeches for word in WORD.findall(speech.area.casefold())}
    taken = set(grown.values()) | {speech.participant for speech in speeches}
    for speech in speeches:
        stem = _stem(speech.transcript)
        own = stem if _names_nobody(stem, area_words) and stem not in labels.values() else ""
        mark = own or _remember(("transcript", speech.transcript), "T", grown, taken)
        labels["transcript", speech.transcript] = mark
        person = _person(speech)
        own = speech.participant if is_id(speech.participant) else ""
        mark = own or _remember(("participant", person), "P", grown, taken)
        labels["participant", speech.transcript] = mark
    named = {
        speech.participant: labels["participant", speech.transcript]
        for speech in speeches
        if _is_name(speech.participant)
    }
    others = {other for speech in speeches for other in speech.others if _is_name(other)}
    listed = [Listed(name, "participant", mark) for name, mark in named.items()]
    return Identifiers(labels, [*listed, *map(Listed, sorted(others))], grown)


def _stem(transcript: str) -> str:
    path = PurePosixPath(transcript).with_suffix("")
    return "-".join("-".join(path.parts).split())


def _names_nobody(stem: str, area_words: set[str]) -> bool:
    words = set(WORD.findall(stem.casefold())) - HARMLESS - area_words
    return all(len(word) == 1 for word in words) and any(map(str.isdigit, stem))


def _person(speech: Speech) -> str:
    """Tell people apart who are called 'Participant' in every transcript."""
    name = speech.participant
    return name if _is_name(name) else f"{name} of {speech.transcript}"


def _is_name(label: str) -> bool:
    return bool(label) and not is_usual_name(label) and not is_id(label)


def _remember(real: tuple[str, str], letter: str, key: Key, taken: set[str]) -> str:
    """Give what stood for it before, or the letter with the next number that is free."""
    if real not in key:
        numbers = (f"{letter}{number:02d}" for number in range(1, len(taken) + 2))
        key[real] = next(mark for mark in numbers if mark not in taken)
        taken.add(key[real])
    return key[real]
