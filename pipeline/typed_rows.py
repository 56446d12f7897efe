"""Read one row of a table of codes that people typed, and hold it against the study.

A check sheet has a row a passage, with all its labels in the column 'codes'; other programs export
a row a code.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.check_samples import CheckSample, Drawn, hash_text
from pipeline.codebook import Label
from pipeline.exports.spreadsheet_csv import unprotect
from pipeline.spreadsheets import Row
from pipeline.tables import MODEL
from pipeline.typed_labels import read_labels, write_label

YES = {"1", "1.0", "true", "yes", "y", "x"}
NO = {"0", "0.0", "false", "no", "n"}
EMPTIED = "NA"  # what R writes into an empty cell
_OTHER = re.compile("[^a-z0-9]")

Cells = Mapping[str, str]


class Known(NamedTuple):
    """What rows are held against: the study's texts by passage, the codebook, the check sample.

    ``passages`` gives the ids of a text's hash. ``coder`` is whose the rows without a name are.
    """

    texts: Mapping[str, str]
    passages: Mapping[str, Sequence[str]]
    labels: Sequence[Label]
    sample: Mapping[str, Drawn]
    looked_for: frozenset[str]
    coder: str = ""


class Coded(NamedTuple):
    """A row: for each label that was looked for, whether it applies; none if nobody looked.

    ``drawn`` is there where the whole passage was checked and had been drawn at random.
    """

    line: int
    coder: str
    passage: str
    codes: Mapping[Label, bool]
    drawn: Drawn | None = None


class Checked(NamedTuple):
    """A row that was read, and what is wrong with it."""

    coded: Coded
    mistakes: list[str]


# Reads a row's codes from its cells, and gives what is wrong with them.
Codes = tuple[dict[Label, bool], list[str]]
ReadCodes = Callable[[Cells, Known], Codes]


def know(
    texts: Mapping[str, str], labels: Sequence[Label], sample: CheckSample, coder: str = ""
) -> Known:
    """Lay out what rows are held against, so that each is looked up quickly."""
    passages: dict[str, list[str]] = {}
    for passage, text in texts.items():
        passages.setdefault(hash_text(text), []).append(passage)
    drawn = {one.passage: one for one in sample.passages}
    return Known(texts, passages, labels, drawn, frozenset(sample.labels), _tidy(coder))


def read_passage(row: Row, known: Known) -> Checked:
    """Read a row of a check sheet: all labels are looked for, and those typed apply."""
    return _read(row, known, _read_all_codes, is_whole=True)


def read_code(row: Row, known: Known) -> Checked:
    """Read a row with one code, its stance and, maybe, whether it applies."""
    return _read(row, known, _read_one_code, is_whole=False)


def is_of_study(row: Row, known: Known) -> bool:
    """Say whether a row's id, or at least its hash, is that of a passage of the study."""
    hashed = row.cells.get("hash", "").casefold()
    return unprotect(_find_id(row.cells)) in known.texts or hashed in known.passages


def _read(row: Row, known: Known, read_codes: ReadCodes, *, is_whole: bool) -> Checked:
    cells = {name: unprotect(cell) for name, cell in row.cells.items()}
    codes, mistakes = read_codes(cells, known)
    passage = _find_id(cells)
    coder = _tidy(cells.get("coder", ""))
    coder = known.coder if coder in ("", EMPTIED) else coder
    drawn = known.sample.get(passage) if is_whole else None
    if row.beyond:
        mistakes.append(
            "there is text right of the last column. Put cells with commas in them in quotation "
            "marks, and give notes a column of their own."
        )
    if codes or mistakes:
        mistakes += _find_wrong_coder(coder)
        mistakes += _find_wrong_passage(cells, passage, known, is_whole)
    return Checked(Coded(row.line, coder, passage, codes, drawn), mistakes)


def _read_all_codes(cells: Cells, known: Known) -> Codes:
    cell = cells["codes"]
    if not cell:
        return {}, []
    others = (cells.get(name, "") for name in ("coder", "note", "context"))
    if cell == EMPTIED and EMPTIED in others:
        return {}, [
            "codes is 'NA', as other cells of the row are that were empty. Write - if no label "
            "applies, and leave the cell empty if nobody has checked the passage."
        ]
    typed = read_labels(cell, known.labels)
    labels = known.labels
    if _find_id(cells) in known.sample:
        labels = [label for label in labels if write_label(label) in known.looked_for]
    late = [write_label(label) for label in sorted(typed.labels - set(labels))]
    mistakes = [
        f"'{label}' came into the codebook after the sample was drawn, so nobody has looked for it "
        "in the other passages. Take it out here, or draw the sample again."
        for label in late
    ]
    if not labels:
        mistakes.append("the sample was drawn by another codebook. Put it back, or draw it again.")
    return {label: label in typed.labels for label in labels}, [*typed.mistakes, *mistakes]


def _read_one_code(cells: Cells, known: Known) -> Codes:
    applied = cells.get("applied", "yes").casefold()
    if not applied or not (cells["code"] or cells["stance"]):
        return {}, []
    typed = read_labels(" ".join(filter(None, (cells["code"], cells["stance"]))), known.labels)
    mistakes = list(typed.mistakes)
    if not mistakes and len(typed.labels) != 1:
        mistakes.append("code and stance do not name one label. Give each label a row of its own.")
    if applied not in YES | NO:
        mistakes.append(f"applied '{applied[:30]}' is neither yes nor no. Write yes or no.")
    return dict.fromkeys(typed.labels, applied in YES), mistakes


def _find_wrong_coder(coder: str) -> Iterator[str]:
    if not coder:
        yield "coder is empty. Write who typed the codes, or name the coder with --coder."
    elif coder.casefold().startswith(MODEL):
        yield f"coder '{coder}' is a model. Only what people decide is imported: delete its rows."


def _find_wrong_passage(
    cells: Cells, passage: str, known: Known, needs_text: bool
) -> Iterator[str]:
    """Say if a row's id and text are not those of one passage of the study."""
    hashed, shown = cells.get("hash", "").casefold(), cells.get("text", "")
    if not passage:
        yield "passage is empty. Put its id back, or delete the row."
    elif passage not in known.texts:
        yield f"passage '{passage[:100]}' is not in the study.{_name_by_hash(hashed, known)}"
    elif needs_text and not (hashed or shown):
        yield f"hash and text of passage '{passage}' are empty. Put the hash back."
    elif hashed and passage not in known.passages.get(hashed, ()):
        yield (
            f"hash '{hashed[:20]}' is not that of passage '{passage}': one of them was changed, or "
            "some columns were sorted without the others. Put the row back as it was."
        )
    elif shown and not is_same_text(shown, known.texts[passage]):
        yield (
            f"the text is not that of passage '{passage}': it was changed, or some columns were "
            "sorted without the others. Put the row back as it was."
        )


def _name_by_hash(hashed: str, known: Known) -> str:
    named = known.passages.get(hashed, ())
    if len(named) == 1:
        return f" Its hash is that of '{named[0]}': put this id back if you coded its text."
    return " Was its transcript changed after the codes were typed? Put it back, or delete the row."


def is_same_text(shown: str, text: str) -> bool:
    """Say whether a spreadsheet's cell holds a text, whatever happened to accents and quotes.

    Words in plain letters must be the same; others must be as many, as programs garble these.

    >>> is_same_text("I’m at the cafÃ© – now", "'I'm at the café – now")
    True
    >>> is_same_text("I was at the café", "I am at the café")
    False
    """
    words, garbled = text.split(), shown.split()
    return len(words) == len(garbled) and all(
        _OTHER.sub("", one.casefold()) == _OTHER.sub("", other.casefold())
        for one, other in zip(words, garbled, strict=True)
        if one.isascii()
    )


def _find_id(cells: Cells) -> str:
    return cells["passage" if "passage" in cells else "id"]


def _tidy(coder: str) -> str:
    return " ".join(coder.split())
