"""Which column of a table holds the speakers, the words and the times."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.transcripts.readers.fields import (
    KNOWN,
    NUMBERS,
    PEOPLE,
    SPEAKERS,
    TEXTS,
    find_field,
    find_start,
    fold_name,
    is_clock,
    to_seconds,
)
from pipeline.transcripts.readers.labels import could_speak
from pipeline.transcripts.readers.table_rows import Row
from pipeline.wording import listed

# Above the columns' names may stand a title and a few details.
_MOST_ROWS_ABOVE = 15
_LOOKED_AT = 5_000
_LONGEST_NAME_WORDS = 3
_FEWEST_WORDS = 2  # that a cell of talk has on average
_TALK_WORDS = 3
_NOT_NOTHING = 0.05
_NEARLY_ALL = 0.8
_LONGEST_SPEAKER = 50
_FILE_NAME = re.compile(r"[^.]\.[A-Za-z]{1,3}[a-z34]$")


class Columns(NamedTuple):
    """The places of the columns, counted from 0; -1 where there is none.

    ``names`` is empty where no row holds them. ``first_row`` counts the rows above the names.
    ``is_person`` where the speaker's column holds people or their ids, one a row;
    ``is_named`` where the name of a column told what it is.
    """

    names: list[str]
    first_row: int
    speaker: int
    text: int
    start: int
    is_person: bool
    is_named: bool
    warnings: tuple[str, ...] = ()


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """Find the columns by their names or, where none is known, by what they hold.

    Gives None where no column holds talk.
    """
    first = _find_names(rows)
    if first >= 0:
        return _read_names(rows, first)
    if rows and _looks_like_names(rows):
        return _read_names(rows, 0)
    return _guess(rows)


def _find_names(rows: Sequence[Row]) -> int:
    """Find the row of names. One known name is enough, below a row of several cells two."""
    fewest = 1
    for place, row in enumerate(rows[:_MOST_ROWS_ABOVE]):
        filled = [cell for cell in row.cells if cell]
        known = sum(_is_known(cell) for cell in filled)
        is_text_alone = len(filled) == 1 and fold_name(filled[0]) in TEXTS
        if known >= fewest and (len(filled) > 1 or is_text_alone):
            return place
        fewest = max(fewest, min(2, len(filled)))
    return -1


def _is_known(cell: str) -> bool:
    return cell[-1] not in ".?!" and (fold_name(cell) in KNOWN or bool(find_start([cell])))


def _looks_like_names(rows: Sequence[Row]) -> bool:
    """Tell whether the first row is a question, or far shorter than what is below it."""
    first, *below = rows[:_LOOKED_AT]
    if not below or any(map(is_clock, first.cells)):
        return False
    texts = [cell for row in below for cell in row.cells if cell]
    mean = sum(len(text.split()) for text in texts) / len(texts)
    is_short = all(len(cell.split()) <= _LONGEST_NAME_WORDS for cell in first.cells)
    is_question = any(cell.endswith("?") for cell in first.cells) and not any(
        text.endswith("?") for text in texts
    )
    return is_question or (is_short and mean > 2 * _LONGEST_NAME_WORDS and len(first.cells) == 1)


def _read_names(rows: Sequence[Row], first: int) -> Columns | None:
    names, body = rows[first].cells, rows[first + 1 :]
    start = _place(names, find_start(names))
    if start >= 0 and not _has_times(_column(body, start)):
        start = -1  # the date of an answer
    speaker = _place(names, find_field(_without(names, start), SPEAKERS))
    is_person = speaker < 0
    if is_person:
        speaker = _place(names, _find_person(names, start))
    candidates = [place for place in range(len(names)) if place not in (start, speaker)]
    by_name = [place for place in candidates if fold_name(names[place]) in TEXTS]
    is_survey = is_person and start < 0
    text, others = _find_texts(body, names, candidates if is_survey else by_name or candidates)
    if text < 0 or _are_file_names(_column(body, text)):
        return None
    is_named = text in by_name or speaker >= 0
    warnings = _warn([names[place] for place in (text, *others)])
    is_person = is_person and speaker >= 0
    return Columns(names, first, speaker, text, start, is_person, is_named, warnings)


def _find_texts(
    rows: Sequence[Row], names: Sequence[str], candidates: Sequence[int]
) -> tuple[int, list[int]]:
    """Give the column with most words, and the others that hold talk as well.

    A name that is not known has to stand above talk.
    """
    words = _count_words(rows, len(names))
    filled = [place for place in candidates if words[place]]
    by_name = [place for place in filled if fold_name(names[place]) in TEXTS]
    text = max(filled, key=lambda place: words[place], default=-1)
    if text not in by_name and (text < 0 or words[text] < _FEWEST_WORDS * len(rows)):
        text = max(by_name, key=lambda place: words[place], default=-1)
    least = max(_TALK_WORDS * len(rows), _NOT_NOTHING * words[text])
    return text, [place for place in filled if place != text and words[place] >= least]


def _find_person(names: Sequence[str], start: int) -> str:
    """Find the column of people; in a table of segments with times, 'id' only numbers them."""
    known = PEOPLE if start >= 0 else (*PEOPLE, *NUMBERS)
    return find_field(_without(names, start), known)


def _without(names: Sequence[str], place: int) -> list[str]:
    return [name for number, name in enumerate(names) if number != place and name]


def _place(names: Sequence[str], name: str) -> int:
    return list(names).index(name) if name else -1


def _count_words(rows: Sequence[Row], width: int) -> list[int]:
    words = [0] * width
    for row in rows:
        for place, cell in enumerate(row.cells[:width]):
            words[place] += len(cell.split())
    return words


def _warn(names: Sequence[str]) -> tuple[str, ...]:
    text, *others = (f"'{name[:_LONGEST_SPEAKER]}'" for name in names)
    if not others:
        return ()
    return (f"several columns have words: {text} has most and is read, {listed(others)} not",)


def _guess(rows: Sequence[Row]) -> Columns | None:
    """Tell the columns of a table without names by what is in them."""
    looked_at = rows[:_LOOKED_AT]
    width = max((len(row.cells) for row in looked_at), default=0)
    words = _count_words(looked_at, width)
    text = max(range(width), key=lambda place: words[place], default=-1)
    if text < 0 or words[text] < _FEWEST_WORDS * len(looked_at):
        return None
    cells = [_column(looked_at, place) for place in range(width)]
    others = [place for place in range(width) if place != text]
    start = next((place for place in others if _are_times(cells[place])), -1)
    speaker = next((place for place in others if _are_speakers(cells[place])), -1)
    return Columns([], 0, speaker, text, start, is_person=False, is_named=False)


def _column(rows: Sequence[Row], place: int) -> list[str]:
    return [row.cells[place] for row in rows if place < len(row.cells) and row.cells[place]]


def _are_file_names(cells: Sequence[str]) -> bool:
    """Tell a list of transcripts from what they say."""
    return sum(bool(_FILE_NAME.search(cell[-6:])) for cell in cells) >= _NEARLY_ALL * len(cells)


def _has_times(cells: Sequence[str]) -> bool:
    return any(to_seconds(cell) >= 0 for cell in cells[:_LOOKED_AT])


def _are_times(cells: Sequence[str]) -> bool:
    return bool(cells) and sum(map(is_clock, cells)) >= _NEARLY_ALL * len(cells)


def _are_speakers(cells: Sequence[str]) -> bool:
    """Tell names from other short cells: they look like names, and few differ."""
    different = set(cells)
    likely = sum(could_speak(cell) and len(cell) <= _LONGEST_SPEAKER for cell in different)
    is_repeated = len(different) <= max(2, len(cells) / 2)
    are_numbers = all(cell.isdecimal() or to_seconds(cell) >= 0 for cell in different)
    return (
        bool(cells) and is_repeated and not are_numbers and likely >= _NEARLY_ALL * len(different)
    )
