"""Where a text names its speakers: within the lines, or on lines of their own above the words."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import compress
from typing import NamedTuple

from pipeline.transcripts.readers.labels import (
    could_speak,
    find_few_names,
    find_frequent,
    find_speakers,
    is_no_name,
    is_usual_word,
    label_key,
    makes_talk,
)
from pipeline.transcripts.readers.openings import Opening, is_time, read_opening, read_question
from pipeline.transcripts.readers.rarer_openings import RARER

Reading = Callable[[str], Opening | None]

ABOVE = "names above the words"
_FEWEST_TIMED = 3
_UNCLEAR, _UNCLEAR_SHARE = 3, 0.2
# A layout without a colon is believed where it opens at least half of the lines that could,
# and if the usual ones open far fewer.
_RARE_SHARE = 0.5
_COVERED = 1 / 3
# Lines of a paragraph; where blank lines are further apart, they do not part paragraphs.
_LONGEST_PARAGRAPH = 12


class Layout(NamedTuple):
    """What each line opens with, if it does; ``kind`` says in words where the names stand."""

    openings: list[Opening | None]
    kind: str


def find_layout(texts: Sequence[str]) -> Layout:
    """Find, for each line, the speaker that it opens with. The whole file is looked at first.

    Labels count as speakers if they are usual ('Interviewer'), have a title, or look like names
    and come again; names that come only once do beside such ones, or if there are two. Where
    none is usual or titled, they have to open half of the lines, or there must be two who come
    three times each: so 'Housing:' and 'Transport:' in an essay are words.
    """
    is_free = _find_free_lines(texts)
    lines = _count_lines(texts, is_free)
    usual = _find_usual(texts, is_free, lines)
    count = sum(map(bool, usual.openings))
    if count >= _COVERED * lines:
        return usual
    rarer = (_find_rarer(texts, is_free, kind, reading) for kind, reading in RARER.items())
    return max(
        [usual, *rarer], key=lambda one: sum(map(bool, one.openings)) - count * (one != usual)
    )


def find_openings(texts: Sequence[str]) -> list[Opening | None]:
    """Find, for each line, the speaker that it opens with."""
    return find_layout(texts).openings


def find_unclear(texts: Sequence[str]) -> str:
    """Give a label of a text without speakers that may be one after all, or nothing.

    It opens three lines or more, and looks like a name or opens a fifth of the lines; or it and
    others open half of the lines, as talk does, or a list in which nobody comes again.
    """
    opened = [opening for text in texts if text and (opening := read_opening(text))]
    labels = [one.label for one in opened if not one.is_own_line or one.has_time]
    counts = Counter(label for label in labels if not is_no_name(label))
    filled = sum(map(_is_filled, texts))
    most = counts.most_common()
    is_half = sum(counts.values()) >= max(_UNCLEAR, _RARE_SHARE * filled)
    if is_half and (most[0][1] > 1 or any(map(could_speak, counts))):
        return most[0][0]
    for label, count in most:
        if count >= _UNCLEAR and (could_speak(label) or count >= _UNCLEAR_SHARE * filled):
            return label
    return ""


def _find_usual(texts: Sequence[str], is_free: Sequence[bool], lines: int) -> Layout:
    read = _choose_reading(texts)
    openings = [
        _keep_if_free(read(text), free) if text else None
        for text, free in zip(texts, is_free, strict=True)
    ]
    found = [opening for opening in openings if opening]
    speakers = _choose_speakers(found, lines=lines)
    kept = [one if one and label_key(one.label) in speakers else None for one in openings]
    return Layout(kept, _describe(kept, read))


def _describe(openings: Sequence[Opening | None], read: Reading) -> str:
    if read is not read_opening:
        return "questions and answers"
    found = [opening for opening in openings if opening]
    above = sum(opening.is_own_line for opening in found)
    return ABOVE if above * 2 > len(found) else "names before a colon"


def _find_rarer(texts: Sequence[str], is_free: Sequence[bool], kind: str, read: Reading) -> Layout:
    """Look for names in a layout without a colon; several people, each more than once."""
    openings = [read(text) if text else None for text in texts]
    counts = Counter(label_key(one.label) for one in openings if one and could_speak(one.label))
    speakers = {key for key, count in counts.items() if count > 1 and not is_no_name(key)}
    kept = [one if one and label_key(one.label) in speakers else None for one in openings]
    could = sum(
        _is_filled(text) and free and not text[0].isspace()
        for text, free in zip(texts, is_free, strict=True)
    )
    is_talk = len(speakers) > 1 and sum(map(bool, kept)) >= _RARE_SHARE * could
    return Layout(kept if is_talk else [None] * len(texts), kind)


def _choose_reading(texts: Sequence[str]) -> Reading:
    """Read 'A. ...' as an answer only where there are lines with 'Q. ...'."""
    if not any(text.lstrip().startswith("Q. ") for text in texts):
        return read_opening
    return lambda text: read_question(text) or read_opening(text)


def _find_free_lines(texts: Sequence[str]) -> list[bool]:
    """Tell for each line whether it stands below a blank one, or below a time.

    Word files have no blank lines as a rule: there, every line is free.
    """
    is_blank = [not text or text.isspace() or is_time(text) for text in texts]
    last = max((place for place, blank in enumerate(is_blank) if not blank), default=0)
    has_blank = any(is_blank[:last])
    return [True, *is_blank][: len(texts)] if has_blank else [True] * len(texts)


def _count_lines(texts: Sequence[str], is_free: Sequence[bool]) -> int:
    """Count the lines that could name a speaker: the free ones, unless there are hardly any."""
    filled = sum(map(_is_filled, texts))
    free = sum(map(_is_filled, compress(texts, is_free)))
    return free if free * _LONGEST_PARAGRAPH >= filled else filled


def _is_filled(text: str) -> bool:
    return bool(text) and not text.isspace()


def _keep_if_free(opening: Opening | None, is_free: bool) -> Opening | None:
    """Believe a name alone on a line only where it stands free or has a time beside it."""
    if opening and opening.is_own_line and not is_free and not opening.has_time:
        return None
    return opening


def _choose_speakers(openings: Sequence[Opening], *, lines: int) -> set[str]:
    """Settle by the majority where the speakers stand, and give their keys.

    Usual names are believed in either place. ``lines`` counts the free lines, each of which
    could name a speaker.
    """
    within = [opening.label for opening in openings if not opening.is_own_line]
    above = [opening.label for opening in openings if opening.is_own_line]
    speakers_within = find_speakers(within) or find_few_names(within, lines=lines)
    speakers_within |= find_frequent(within, lines=lines)
    speakers_above = find_speakers(above) | _find_timed(openings)
    is_above = _count(above, speakers_above) > _count(within, speakers_within)
    usual = {label_key(label) for label in {*within, *above} if is_usual_word(label)}
    speakers = usual | (speakers_above if is_above else speakers_within)
    return speakers if makes_talk([*within, *above], speakers, lines=lines) else set()


def _find_timed(openings: Sequence[Opening]) -> set[str]:
    """Believe labels of any look that stand alone with a time beside them, if they come again."""
    labels = [one.label for one in openings if one.is_own_line and one.has_time]
    if len(labels) < _FEWEST_TIMED:
        return set()
    counts = Counter(map(label_key, labels))
    return {label_key(one) for one in labels if could_speak(one) or counts[label_key(one)] > 1}


def _count(labels: Sequence[str], speakers: set[str]) -> int:
    counts = Counter(map(label_key, labels))
    return sum(counts[speaker] for speaker in speakers)
