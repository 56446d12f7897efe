"""What stands for transcripts and participants: their own ids where these name nobody."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.transcripts.people import Key, Listed
from pipeline.transcripts.speakers import is_id, is_numbered_voice, is_usual_name

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
    """What stands for what, by ('transcript', transcript) and ('participant', transcript).

    A focus group has several participants: what stands for each is there by (transcript,
    participant) as well, and by ('participant', transcript) only for the first.
    ``listed`` are the real names among them, for the lexicon; ``key`` is the grown key.
    """

    labels: Mapping[tuple[str, str], str]
    listed: list[Listed]
    key: Key


def identify(speeches: Iterable[Speech], key: Key) -> Identifiers:
    """Give every transcript, participant and speaker an id that names nobody.

    A file called 'P07.docx' or 'harrow-2.vtt' (an area and a number) stays P07 and harrow-2; one
    called after a person becomes T and a number. Likewise participants: P and a number. A focus
    group has a speech for each participant.
    """
    labels: dict[tuple[str, str], str] = {}
    grown = dict(key)
    speeches = list(speeches)
    area_words = {word for speech in speeches for word in WORD.findall(speech.area.casefold())}
    own = {speech: _own_ids(speech, area_words) for speech in speeches}
    taken = set(grown.values()) | {mark for marks in own.values() for mark in marks}
    for speech in speeches:
        transcript, person = ("transcript", speech.transcript), ("participant", _person(speech))
        its, theirs = own[speech]
        labels[transcript] = _remember(transcript, its, "T", grown, taken)
        mark = _remember(person, theirs, "P", grown, taken)
        labels[speech.transcript, speech.participant] = mark
        labels.setdefault(("participant", speech.transcript), mark)
    named = {
        speech.participant: labels[speech.transcript, speech.participant]
        for speech in speeches
        if _is_name(speech.participant)
    }
    others = {other for speech in speeches for other in speech.others if _is_name(other)}
    listed = [Listed(name, "participant", mark) for name, mark in named.items()]
    return Identifiers(labels, [*listed, *map(Listed, sorted(others))], grown)


def _own_ids(speech: Speech, area_words: set[str]) -> tuple[str, str]:
    """Give the transcript's and the participant's own id, each empty if it may name somebody."""
    stem = "-".join("-".join(PurePosixPath(speech.transcript).with_suffix("").parts).split())
    words = set(WORD.findall(stem.casefold())) - HARMLESS - area_words
    names_nobody = all(len(word) == 1 for word in words) and any(map(str.isdigit, stem))
    is_own = is_id(speech.participant) and not is_numbered_voice(speech.participant)
    return stem if names_nobody else "", speech.participant if is_own else ""


def _person(speech: Speech) -> str:
    """Tell people apart who are called 'Participant' or 'Speaker 2' in every transcript."""
    name, ending = speech.participant, f" of {speech.transcript}"
    is_own = _is_name(name) or (is_id(name) and not is_numbered_voice(name))
    return name if is_own or name.endswith(ending) else name + ending


def _is_name(label: str) -> bool:
    """Tell names from 'Participant', 'P1' and 'P1 of group-2.txt'."""
    called = label.partition(" of ")[0]
    return bool(called) and not is_usual_name(called) and not is_id(called)


def _remember(real: tuple[str, str], own: str, letter: str, key: Key, taken: set[str]) -> str:
    """Give what stood for it before, else its own id unless that is another's, else a number."""
    if real not in key:
        numbers = (f"{letter}{number:02d}" for number in range(1, len(taken) + 2))
        is_free = own and own not in key.values()
        key[real] = own if is_free else next(mark for mark in numbers if mark not in taken)
        taken.add(key[real])
    return key[real]
