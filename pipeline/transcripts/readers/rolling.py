"""Rolling captions, which show each line twice: as it comes, and as it moves up."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.transcripts.readers.voices import Utterance

_FEWEST_REPEATED_WORDS = 3
_LONGEST_REPEAT = 60
_GAP_SECONDS = 0.5
# Captions roll if so many of them start with the line before; then even one word is no echo.
_ROLLING_SHARE = 0.25


def take_once(parts: Sequence[Utterance], left_out: Counter[str]) -> Iterator[Utterance]:
    """Take once what rolling captions show twice. Short answers that come again are kept."""
    yield from parts[:1]
    lines = sum(_count_line(before, part) > 0 for before, part in pairwise(parts))
    fewest = 1 if lines > _ROLLING_SHARE * len(parts) else _FEWEST_REPEATED_WORDS
    for before, part in pairwise(parts):
        repeated = _count_repeated(before, part, fewest)
        left_out["repeated captions"] += repeated > 0
        words = part.text.split()
        yield part._replace(text=" ".join(words[repeated:])) if repeated else part


def _count_repeated(before: Utterance, part: Utterance, fewest: int) -> int:
    """Count the words at the start of a cue that the one before ended with."""
    if not _may_repeat(before, part):
        return 0
    old, new = before.text.split()[-_LONGEST_REPEAT:], part.text.split()[:_LONGEST_REPEAT]
    for size in range(min(len(old), len(new)), fewest - 1, -1):
        if old[-size:] == new[:size]:
            return size
    return _count_line(before, part)


def _count_line(before: Utterance, part: Utterance) -> int:
    """Count the words of the line that ends one cue and, above another line, starts the next."""
    line, _, rest = part.text.partition("\n")
    last = before.text.rpartition("\n")[2].split()
    return len(last) if rest and last == line.split() and _may_repeat(before, part) else 0


def _may_repeat(before: Utterance, part: Utterance) -> bool:
    return not part.start - before.end > _GAP_SECONDS and part.speaker in ("", before.speaker)
