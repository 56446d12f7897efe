"""Turns of a text that names no speakers: its paragraphs."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median

from pipeline.transcripts.readers import RawTurn
from pipeline.transcripts.readers.openings import is_time, leading_time, seconds
from pipeline.transcripts.readers.text_lines import Line

_SENTENCE_END = re.compile(r"[.?!…][\"'”’)\]]{0,2}\s*$")
_NEXT_SENTENCE = re.compile(r"(?<=[.?!…])[\"'”’)]{0,2}\s+(?=[\"'“‘(]?[^\W\d_a-z])")
_CHANGE = re.compile(r"\s{0,40}>>+\s*")
# Fewer lines than this that end with a sentence are lines that a program wrapped.
_MOSTLY = 0.6
_FEWEST_WRAPPED = 4
_NEAR_FULL = 0.8
_MOST_TITLE_WORDS = 12
_MOST_TITLES = 3
# A whole interview in one paragraph, as Whisper writes it, is cut at a sentence's end.
_LONGEST = 1500  # characters


def make_paragraphs(lines: Sequence[Line], left_out: Counter[str]) -> list[RawTurn]:
    """Make a turn without a speaker of each paragraph.

    Blank lines end a paragraph; without any, line ends do, unless they come in mid-sentence as
    a program wraps them. Short lines at the top that end no sentence are headings.
    """
    paragraphs = _drop_titles(list(_find_paragraphs(lines)), left_out)
    turns: list[RawTurn] = []
    time = math.nan
    for paragraph in paragraphs:
        if all(is_time(line.text) for line in paragraph):
            left_out["time lines"] += len(paragraph)
            time = seconds(paragraph[-1].text)
            continue
        turns += _turns(paragraph, time)
        time = math.nan
    return turns


def _find_paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    blocks = [list(run) for is_blank, run in groupby(lines, _is_blank) if not is_blank]
    is_wrapped = _is_wrapped([line for block in blocks for line in block])
    for piece in (part for block in blocks for part in _split_at_changes(block)):
        if is_wrapped:
            yield from _unwrap(piece)
        elif len(blocks) == 1:
            yield from ([line] for line in piece)
        else:
            yield piece


def _split_at_changes(block: Sequence[Line]) -> Iterator[list[Line]]:
    """Start anew where '>>' says that somebody else speaks."""
    run: list[Line] = []
    for line in block:
        if run and _CHANGE.match(line.text):
            yield run
            run = []
        run.append(line)
    yield run


def _is_blank(line: Line) -> bool:
    return line.is_blank


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Tell whether most lines end in mid-sentence, in a text with points."""
    ends = sum(bool(_SENTENCE_END.search(line.text[-6:])) for line in lines)
    return len(lines) >= _FEWEST_WRAPPED and 0 < ends < _MOSTLY * len(lines)


def _unwrap(block: Sequence[Line]) -> Iterator[list[Line]]:
    """End a paragraph where a line ends a sentence well before the right edge."""
    width = max(len(line.text) for line in block)
    is_ragged = median(len(line.text) for line in block) < width / 2
    run: list[Line] = []
    for line in block:
        run.append(line)
        is_short = is_ragged or len(line.text) < _NEAR_FULL * width
        if is_short and _SENTENCE_END.search(line.text[-6:]):
            yield run
            run = []
    if run:
        yield run


def _drop_titles(paragraphs: list[list[Line]], left_out: Counter[str]) -> list[list[Line]]:
    """Leave out the titles at the top, if sentences follow."""
    titles = 0
    while titles < min(_MOST_TITLES, len(paragraphs) - 1) and _is_title(paragraphs[titles]):
        titles += 1
    follows = titles < len(paragraphs) and _SENTENCE_END.search(paragraphs[titles][-1].text[-6:])
    if not titles or not follows:
        return paragraphs
    left_out["heading lines"] += sum(map(len, paragraphs[:titles]))
    return paragraphs[titles:]


def _is_title(paragraph: Sequence[Line]) -> bool:
    text = " ".join(line.text.strip() for line in paragraph)
    is_short = len(text.split()) <= _MOST_TITLE_WORDS and not _SENTENCE_END.search(text[-6:])
    return is_short and not text[:1].islower() and not is_time(text) and not leading_time(text)


def _turns(paragraph: Sequence[Line], time: float) -> Iterator[RawTurn]:
    first, last = paragraph[0].number, paragraph[-1].number
    text = "\n".join(line.text.strip() for line in paragraph)
    while stamp := leading_time(text):
        time = time if not math.isnan(time) else seconds(stamp)
        text = text[len(stamp) :].lstrip(" -–—\t\n")
    for place, piece in enumerate(_cut(_CHANGE.sub("", text, count=1))):
        yield RawTurn("", piece, first, last, time if place == 0 else math.nan)


def _cut(text: str) -> Iterator[str]:
    """Cut a text that is far too long for a paragraph at its sentences' ends."""
    start, end = 0, 0
    for match in _NEXT_SENTENCE.finditer(text) if len(text) > _LONGEST else ():
        if match.end() - start > _LONGEST and end > start:
            yield text[start:end].strip()
            start = end
        end = match.end()
    if text[start:].strip():
        yield text[start:].strip()
