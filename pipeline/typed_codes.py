"""Read tables of codes that people typed, and list every mistake before anything is used."""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from pipeline.codebook import Label
from pipeline.errors import NeedsAttentionError, did_you_mean
from pipeline.spreadsheets import stream_sheet
from pipeline.typed_labels import write_label
from pipeline.typed_rows import Coded, Known, is_of_study, read_code, read_passage
from pipeline.wording import listed

WHOLE, SINGLE = ("passage", "codes"), ("passage", "code", "stance")
NO_HEADER = (
    f"its first row names no column of a check sheet ({listed(WHOLE)}), nor of a table with one "
    f"row a code ({listed(SINGLE)}). Put the names of the columns into the first row (of the first "
    "sheet, in a workbook), or choose another file."
)
OTHER_STUDY = (
    "none of its passages is in this study. Name the study that it was made for; if transcripts or "
    "the length of passages (segment in study.toml) were changed since, put them back."
)

Mistake = tuple[int, str]  # number of the row, what is wrong and what to do


class Reading(NamedTuple):
    """The rows that have codes, and how many have none yet."""

    coded: list[Coded]
    unchecked: int


def read_typed_codes(path: Path, known: Known, coders: Sequence[str] = ()) -> Reading:
    """Read a check sheet, or a table with one row a code, as CSV or XLSX.

    ``coders`` are those who decided before: a name must be spelt as theirs. Raises
    NeedsAttentionError that lists every mistake; rows without codes are not looked at.
    """
    columns, stream = stream_sheet(path)
    wrong_columns = list(_find_wrong_columns(columns))
    if wrong_columns:
        raise NeedsAttentionError(path, wrong_columns)
    rows = list(stream)
    if rows and not any(is_of_study(row, known) for row in rows):
        raise NeedsAttentionError(path, [OTHER_STUDY])
    read = read_passage if "codes" in columns else read_code
    checked = [read(row, known) for row in rows]
    coded = [one for one, _ in checked if one.codes]
    clear = [one for one, wrong in checked if one.codes and not wrong]
    mistakes = [(one.line, mistake) for one, mistakes in checked for mistake in mistakes]
    mistakes += [*_find_spellings(coded, coders), *_find_contradictions(clear)]
    if mistakes:
        raise NeedsAttentionError(path, gather(mistakes))
    return Reading(coded, len(checked) - len(coded))


def gather(mistakes: Iterable[Mistake]) -> Iterator[str]:
    """Put each mistake into a line, once for all the rows that have it.

    >>> list(gather([(7, "no coder."), (4, "no passage."), (5, "no coder."), (6, "no coder.")]))
    ['row 4: no passage.', 'rows 5-7: no coder.']
    """
    rows: dict[str, list[int]] = {}
    for line, mistake in sorted(mistakes, key=itemgetter(0)):
        rows.setdefault(mistake, []).append(line)
    for mistake, lines in rows.items():
        yield f"row{'s' if len(lines) > 1 else ''} {listed(_list_ranges(lines))}: {mistake}"


def _list_ranges(lines: Sequence[int]) -> Iterator[str]:
    start = 0
    for place, line in enumerate(lines, start=1):
        if place == len(lines) or lines[place] > line + 1:
            first = lines[start]
            yield str(line) if first == line else f"{first}-{line}"
            start = place


def _find_wrong_columns(columns: Sequence[str]) -> Iterator[str]:
    """Say which columns are missing or double."""
    named = ["passage" if name == "id" and "passage" not in columns else name for name in columns]
    if not {*WHOLE, *SINGLE} & set(named):
        yield NO_HEADER
        return
    wanted = SINGLE if "code" in named and "stance" in named else WHOLE
    yield from _find_missing(named, wanted)
    for name in (*wanted, "hash", "text", "coder", "applied"):
        if named.count(name) > 1:
            yield f"there are {named.count(name)} columns '{name}'. Rename those not meant."


def _find_missing(named: Sequence[str], wanted: Sequence[str]) -> Iterator[str]:
    for name in wanted:
        if name not in named:
            hint = did_you_mean(name, [other for other in named if other])
            yield (
                f"there is no column '{name}'.{hint} A check sheet has {listed(WHOLE)}; a table "
                f"with one row a code has {listed(SINGLE)}."
            )
    if wanted == WHOLE and not {"hash", "text"} & set(named):
        yield "there is neither a column 'hash' nor 'text' to know passages by. Put one back."


def _find_spellings(coded: Iterable[Coded], coders: Sequence[str]) -> Iterator[Mistake]:
    """Find coders who differ in capitals only: they would count as two people."""
    known = {name.casefold(): (0, name) for name in coders}
    for one in coded:
        row, name = known.setdefault(one.coder.casefold(), (one.line, one.coder))
        if name != one.coder:
            place = f"in row {row}" if row else "in what was imported before"
            yield one.line, f"coder '{one.coder}' is '{name}' {place}. Write both alike."


def _find_contradictions(coded: Iterable[Coded]) -> Iterator[Mistake]:
    """Find rows in which a coder says another thing of a passage than in a row before."""
    first: dict[tuple[str, str, Label], Coded] = {}
    for one in coded:
        for label, applied in one.codes.items():
            before = first.setdefault((one.coder, one.passage, label), one)
            if before.codes[label] != applied:
                yield (
                    one.line,
                    f"{one.coder} has other codes for passage '{one.passage}' in row "
                    f"{before.line} ({write_label(label)}). Keep the row that holds.",
                )
                break
