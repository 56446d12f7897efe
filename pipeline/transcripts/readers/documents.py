"""Paragraphs and tables of a document, whatever its format, as lines that name their speakers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.transcripts.readers import Script
from pipeline.transcripts.readers.labels import could_speak, is_no_name, label_key
from pipeline.transcripts.readers.lines import Line, split_or_paragraphs
from pipeline.transcripts.readers.openings import is_time

_ROW_NUMBER = re.compile(r"\d{1,5}\.?")
_STARTED = re.compile(r".{1,60}\s(?:started|stopped) transcription\s*")
_LONGEST_NAME = 40
_COVERED = 1 / 3
_FEWEST_NAMES = 2


class Paragraph(NamedTuple):
    """A paragraph, with its line breaks; ``bold`` is what it opens with in bold."""

    number: int
    text: str
    bold: str = ""


class Row(NamedTuple):
    """A row of a table: the paragraphs in each of its cells."""

    cells: Sequence[Sequence[Paragraph]]


Block = Paragraph | Row


def read_document(
    path: Path, blocks: Iterable[Block], what: str, left_out: Mapping[str, int]
) -> Script:
    """Put a document's blocks into turns. ``what`` says what it is: 'a Word document'.

    ``left_out`` is what the document's reader left out before. Raises TranscriptError as
    :func:`pipeline.transcripts.readers.lines.split_or_paragraphs` does.
    """
    counts = Counter(left_out)
    kept = list(_leave_out_notices(blocks, counts))
    names = _find_bold_names(kept)
    lines, rows = [], 0
    for block in kept:
        if isinstance(block, Row):
            written = _write_row(block)
            lines += written.lines
            rows += written.names_speaker
        else:
            lines += _split(_put_colon(block, names))
    script = split_or_paragraphs(path, lines)
    told = "table of speakers" if rows * 2 > len(script.turns) else script.kind
    told = "names in bold" if names and told == script.kind else told
    counts.update(script.left_out)
    return script._replace(
        kind=f"{what} ({told})", left_out={kind: count for kind, count in counts.items() if count}
    )


def flatten(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Give the paragraphs of blocks, those in tables as well: what a cell holds."""
    for block in blocks:
        if isinstance(block, Row):
            yield from (paragraph for cell in block.cells for paragraph in cell)
        else:
            yield block


class _Written(NamedTuple):
    lines: list[Line]
    names_speaker: bool


def _write_row(row: Row) -> _Written:
    """Write a row as lines: a first cell that could be a speaker is put before the words."""
    cells = [[line for one in cell for line in _split(one)] for cell in row.cells]
    cells = [lines for lines in cells if any(not line.is_blank for line in lines)]
    if len(cells) > 1 and _ROW_NUMBER.fullmatch(_joined(cells[0])):
        cells = cells[1:]
    time = ""
    if len(cells) > 1 and is_time(_joined(cells[0])):
        time = f"[{_joined(cells[0]).strip('[]() ')}] "
        cells = cells[1:]
    speaker = _joined(cells[0]).rstrip(": ") if len(cells) > 1 else ""
    if not could_speak(speaker):
        return _Written([line for lines in cells for line in lines], False)
    if not time and len(cells) > 2 and is_time(_joined(cells[1])):
        time = f"[{_joined(cells[1]).strip('[]() ')}] "
        cells = [cells[0], *cells[2:]]
    first, *others = cells[1]
    opening = Line(cells[0][0].number, f"{time}{speaker}: {first.text}")
    return _Written([opening, *others, *(line for lines in cells[2:] for line in lines)], True)


def _split(paragraph: Paragraph) -> list[Line]:
    """Split a paragraph at its line breaks; all its lines have the paragraph's number."""
    return [Line(paragraph.number, line) for line in paragraph.text.split("\n")]


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.text.strip() for line in lines).strip()


def _leave_out_notices(blocks: Iterable[Block], counts: Counter[str]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Paragraph) and _STARTED.fullmatch(block.text[:100]):
            counts["notices of the recording"] += 1
        else:
            yield block


def _find_bold_names(blocks: Sequence[Block]) -> set[str]:
    """Find names in bold that open paragraphs without a colon: several, each more than once."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    labels = [label for block in paragraphs if (label := _bold_label(block))]
    counts = Counter(map(label_key, labels))
    names = {key for key, count in counts.items() if count > 1}
    filled = sum(bool(block.text.strip()) for block in paragraphs)
    is_talk = sum(counts[name] for name in names) >= _COVERED * filled
    return names if is_talk and len(names) >= _FEWEST_NAMES else set()


def _bold_label(paragraph: Paragraph) -> str:
    label = paragraph.bold.strip()
    rest = _after_bold(paragraph)
    if not 0 < len(label) <= _LONGEST_NAME or not rest.strip() or rest.lstrip()[:1] in ":|":
        return ""
    is_timed = is_time(rest.lstrip(" \t").partition("\n")[0])
    is_name = could_speak(label) and not is_no_name(label) and label[-1] not in ":;,.?!"
    return label if is_name and not is_timed else ""


def _put_colon(paragraph: Paragraph, names: set[str]) -> Paragraph:
    label = _bold_label(paragraph) if names else ""
    if label_key(label) not in names:
        return paragraph
    return paragraph._replace(text=f"{label}: {_after_bold(paragraph).strip()}")


def _after_bold(paragraph: Paragraph) -> str:
    return paragraph.text.removeprefix(paragraph.bold)
