"""Make the folder of a new study from a folder of transcripts."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from pipeline.errors import UserError
from pipeline.study import find_transcripts, title_from
from pipeline.transcripts.interviews import Interview, write_interviews
from pipeline.transcripts.readers import readers
from pipeline.wording import counted

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
LISTS = ("interviews.csv", "names.csv", "codebook.csv")  # tables that are no transcripts
RESERVED = ("default",)  # the shipped model is called so, and a study's own model after it
SETTINGS = """\
# Choices for this study; 'three-powers settings' lists all of them with their defaults.

[report]
title = "{title}"
"""


def make_study(root: Path, name: str, source: Path) -> str:
    """Copy the transcripts of a folder into corpora/ and list them in interviews.csv.

    Raises UserError for a name that is taken or no folder's name, and for a folder in which
    there is nothing to read. The source is left as it is; nothing is overwritten.
    """
    if not NAME.fullmatch(name) or name in RESERVED:
        raise UserError(
            f"'{name}' cannot name a study. Use letters, digits, - and _, as in 'harbour-2025'."
        )
    study = root / "corpora" / name
    if study.exists():
        raise UserError(f"{study} is there already. Choose another name, or move it away.")
    files = find_transcripts(source)
    kinds = readers.names()
    known = {
        name: path
        for name, path in files.items()
        if path.suffix.lower() in kinds and path.name.lower() not in LISTS
    }
    if not known:
        read = ", ".join(kinds)
        raise UserError(f"There is no transcript in {source}. The formats read are {read}.")
    rows = [_row(PurePosixPath(name)) for name in known]
    try:
        _copy(known, rows, study)
    except OSError as error:
        raise UserError(f"{study} cannot be made: {error.strerror or error}.") from error
    return _describe(study, rows, len(files) - len(known))


def _copy(transcripts: Mapping[str, Path], rows: list[Interview], study: Path) -> None:
    """Fill a folder beside the study's, then put it in place in one step."""
    partial = study.with_name(f"{study.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for name, path in transcripts.items():
        target = partial / "transcripts" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    write_interviews(partial / "interviews.csv", rows)
    (partial / "study.toml").write_text(SETTINGS.format(title=title_from(study.name)), "utf-8")
    partial.rename(study)


def _row(path: PurePosixPath) -> Interview:
    area = path.parts[0] if len(path.parts) > 1 else ""
    return Interview(path.as_posix(), participant="", area=area)


def _describe(study: Path, rows: list[Interview], others: int) -> str:
    left = f" (files of other formats, left out: {others})" if others else ""
    area = "" if all(row.area for row in rows) else "the area and "
    return (
        f"{study} is made, with {counted(len(rows), 'transcript')}{left}.\n"
        f"Fill in {study / 'interviews.csv'} ({area}the participant's name as the transcript "
        f"has it, the role, the date), then run 'make analyse STUDY={study.name}'."
    )
