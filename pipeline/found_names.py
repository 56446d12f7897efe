"""List the names that were found for a person to confirm, change or keep, and take that back."""

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from pipeline.errors import UserError
from pipeline.exports.spreadsheet_csv import to_csv
from pipeline.files import write_whole
from pipeline.listed_names import COLUMNS, KEEP, REPLACE, read_names
from pipeline.pseudonym_key import to_csv as key_to_csv
from pipeline.spreadsheets import SUFFIXES
from pipeline.study import Study
from pipeline.tables import REPLACEMENTS, TURNS
from pipeline.transcripts.candidates import split_name
from pipeline.transcripts.cues import TITLES
from pipeline.transcripts.details import DETAILS
from pipeline.transcripts.english import is_english
from pipeline.transcripts.people import Listed
from pipeline.wording import counted
from pipeline.workbooks import save_workbook

FOUND = ("name", "kind", "pseudonym", "mentions", "transcripts", "example", "decision")
WIDTHS = {"name": 26, "pseudonym": 22, "transcripts": 30, "example": 80, "decision": 24}
AROUND = 40  # characters of the talk on either side of a name
SHOWN = 10  # transcripts that are named
_BEFORE_NAME = re.compile(
    rf"\A(?:(?:{'|'.join(sorted(TITLES))})\b\.? |(?:[^\W\d_](?:\. ?| ))+(?=\w))+", re.IGNORECASE
)


def write_found(study: Study, output: Path | None = None) -> str:
    """Write every name and detail that was found, what is doubtful first; give a sentence.

    Decisions made before stay: those of names.csv, and those typed into the file if it is there.
    Raises UserError if the study was not pseudonymised yet, or the name ends in another suffix.
    """
    path = output or study.private / "names-found.csv"
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path}: let the name end in {' or '.join(SUFFIXES)}.")
    typed = read_names(path) if path.exists() else []
    rows = list_found(study, [*study.read_names(), *typed])
    write_privately(path, rows)
    undecided = int((rows["decision"] == "").sum())
    return (
        f"{counted(len(rows), 'name')} and details, {undecided:,} without a decision -> {path}. "
        f"Write {KEEP}, {REPLACE} or another pseudonym into the column 'decision', save it and run "
        f"'three-powers names {study.name} --take {path}'."
    )


def take_found(study: Study, path: Path) -> str:
    """Take what a person decided into names.csv; decisions on other names stay as they are.

    Raises NeedsAttentionError that lists every mistake in the file; then nothing is taken.
    """
    taken, before = read_names(path), study.read_names()
    if not taken:
        raise UserError(
            f"{path} has no decision yet. Write {KEEP}, {REPLACE} or another pseudonym into the "
            "column 'decision'."
        )
    names = {_fold(entry.name): entry for entry in before}
    new = sum(names.get(_fold(entry.name)) != entry for entry in taken)
    names |= {_fold(entry.name): entry for entry in taken}
    rows = [
        (one.name, one.kind, one.pseudonym, KEEP if one.is_kept else REPLACE)
        for one in names.values()
    ]
    write_privately(study.names, pd.DataFrame(rows, columns=list(COLUMNS), dtype="str"))
    return (
        f"{counted(len(taken), 'decision')}, {new:,} of them new -> {study.names}. Run 'make "
        f"analyse STUDY={study.name}' to replace by them."
    )


def show_key(study: Study) -> str:
    """Give the key to the pseudonyms as a table. Raises UserError if it cannot be opened here."""
    return key_to_csv(study.read_key())


def list_found(study: Study, decided: Iterable[Listed]) -> pd.DataFrame:
    """Give one row a name or detail, with the columns of FOUND, what is doubtful first.

    That is, names that are English words, then those mentioned once, the others, details, and
    what a person listed or decided on.
    """
    log = study.tables.read(REPLACEMENTS)
    log = log.assign(name=[*map(_bare, log["found"], log["kind"])], said=_read_talk(study, log))
    decisions = {_fold(entry.name): entry for entry in decided}
    groups = log.groupby(log["name"].map(_fold), sort=False)
    rows = [_row(group, decisions.get(str(name))) for name, group in groups]
    seen = {*log["name"].map(_fold)}
    rows += [_unseen(entry) for name, entry in decisions.items() if name not in seen]
    table = pd.DataFrame(rows, columns=["doubt", *FOUND])
    return table.sort_values(["doubt", "name"], ignore_index=True)[list(FOUND)]


def write_privately(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV or XLSX, for the owner's eyes only (0600)."""

    def write(part: Path) -> None:
        part.touch(0o600)
        part.chmod(0o600)
        if path.suffix.lower() == ".csv":
            part.write_bytes(to_csv(table).encode("utf-8-sig"))
        else:
            save_workbook(part, {"names": table}, widths=WIDTHS, typed=("decision",))
            part.chmod(0o600)

    write_whole(path, write)


def _read_talk(study: Study, log: pd.DataFrame) -> list[str]:
    """Give, for each replacement, the words around it as they were said."""
    key = study.read_key()
    texts = {
        (key["transcript", transcript], turn): text
        for transcript, turn, text in study.tables.read(TURNS)[
            ["transcript", "turn", "text"]
        ].itertuples(index=False, name=None)
        if ("transcript", transcript) in key
    }
    places = zip(log["transcript"], log["turn"], log["start"], log["found"], strict=True)
    return [
        _around(texts.get((transcript, turn), ""), start, start + len(found))
        for transcript, turn, start, found in places
    ]


def _around(text: str, start: int, end: int) -> str:
    before, after = max(start - AROUND, 0), min(end + AROUND, len(text))
    shown = " ".join(text[before:after].split())
    return f"{'…' if before else ''}{shown}{'…' if after < len(text) else ''}"


def _row(group: pd.DataFrame, decided: Listed | None) -> tuple[int | str, ...]:
    first = group.iloc[0]
    transcripts = group["transcript"].unique().tolist()
    more = f" and {len(transcripts) - SHOWN} more" if len(transcripts) > SHOWN else ""
    name = group["name"].value_counts().index[0]
    is_listed = decided is not None or bool(group["confirmed"].any())
    return (
        4 if is_listed else _doubt(name, first["kind"], len(group)),
        name,
        first["kind"],
        first["pseudonym"],
        len(group),
        ", ".join(transcripts[:SHOWN]) + more,
        first["said"],
        _decision(decided),
    )


def _unseen(entry: Listed) -> tuple[int | str, ...]:
    shown = f"[{entry.pseudonym}]" if entry.pseudonym else ""
    return (5, entry.name, entry.kind, shown, 0, "", "", _decision(entry))


def _decision(entry: Listed | None) -> str:
    if entry is None:
        return ""
    return KEEP if entry.is_kept else entry.pseudonym or REPLACE


def _doubt(name: str, kind: str, mentions: int) -> int:
    if kind in DETAILS:
        return 3
    if all(map(is_english, split_name(name))):
        return 0
    return 1 if mentions == 1 else 2


def _bare(found: str, kind: str) -> str:
    """Take off the title and initials in front of a name."""
    return found if kind in DETAILS else _BEFORE_NAME.sub("", found, count=1) or found


def _fold(name: str) -> str:
    return " ".join(split_name(name)) or name.casefold()
