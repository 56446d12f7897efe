"""Where a text names its speakers: within the lines, or on lines of their own above the words."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import compress

from pipeline.transcripts.readers.labels import (
    find_few_names,
    find_frequent,
    find_speakers,
    is_usual_word,
    label_key,
)
from pipeline.transcripts.readers.openings import Opening, is_time, read_opening, read_question


def find_openings(texts: Sequence[str]) -> list[Opening | None]:
    """Find, for each line, the speaker that it opens with. The whole file is looked at first."""
    read = _choose_reading(texts)
    is_free = _find_free_lines(texts)
    openings = [
        _keep_if_free(read(text), free) if text else None
        for text, free in zip(texts, is_free, strict=True)
    ]
    found = [opening for opening in openings if opening]
    free_lines = sum(bool(text.strip()) for text in compress(texts, is_free))
    speakers = _choose_speakers(found, lines=free_lines)
    return [
        opening if opening and label_key(opening.label) in speakers else None
        for opening in openings
    ]


def _choose_reading(texts: Sequence[str]) -> Callable[[str], Opening | None]:
    """Read 'A. ...' as an answer only where there are lines with 'Q. ...'."""
    if not any(text.lstrip().startswith("Q. ") for text in texts):
        return read_opening
    return lambda text: read_question(text) or read_opening(text)


def _find_free_lines(texts: Sequence[str]) -> list[bool]:
    """Tell for each line whether it stands below a blank one, or below a time.

    Word files have no blank lines as a rule: there, every line is free.
    """
    is_blank = [not text or text.isspace() or is_time(text) for text in texts]
    return [True, *is_blank][: len(texts)] if any(is_blank) else [True] * len(texts)


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
    speakers_within = find_speakers(within) or find_few_names(within)
    speakers_within |= find_frequent(within, lines=lines)
    speakers_above = find_speakers(above)
    is_above = _count(above, speakers_above) > _count(within, speakers_within)
    usual = {label_key(label) for label in {*within, *above} if is_usual_word(label)}
    return usual | (speakers_above if is_above else speakers_within)


def _count(labels: Sequence[str], speakers: set[str]) -> int:
    counts = Counter(map(label_key, labels))
    return sum(counts[speaker] for speaker in speakers)
