"""Make the folder of a new study from a folder of transcripts."""

import re
import shutil
from pathlib import Path

from pipeline.errors import UserError
from pipeline.study import IGNORED
from pipeline.transcripts.interviews import Interview, write_interviews
from pipeline.transcripts.readers import readers

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
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
    if not NAME.fullmatch(name):
        raise UserError(
            f"'{name}' cannot name a study. Use letters, digits, - and _, as in 'harbour-2025'."
        )
    study = root / "corpora" / name
    if study.exists():
        raise UserError(f"{study} is there already. Choose another name, or move it away.")
    files = [
        path
        for path in sorted(source.rglob("*"))
        if path.is_file() and not path.name.startswith(IGNORED)
    ]
    known = [path for path in files if path.suffix.lower() in readers.names()]
    if not known:
        kinds = ", ".join(readers.names())
        raise UserError(f"There is no transcript in {source}. The formats read are {kinds}.")
    for path in known:
        target = study / "transcripts" / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    rows = [_row(path.relative_to(source)) for path in known]
    write_interviews(study / "interviews.csv", rows)
    title = name.replace("-", " ").replace("_", " ").capitalize()
    (study / "study.toml").write_text(SETTINGS.format(title=title), "utf-8")
    return _describe(study, rows, len(files) - len(known))


def _row(path: Path) -> Interview:
    area = path.parts[0] if len(path.parts) > 1 else ""
    return Interview(path.as_posix(), participant="", area=area)


def _describe(study: Path, rows: list[Interview], others: int) -> str:
    left = f"; {others} other files were left where they are" if others else ""
    area = "" if all(row.area for row in rows) else "the area and "
    return (
        f"{study} is made, with {len(rows)} transcripts{left}.\n"
        f"Fill in {study / 'interviews.csv'} ({area}the participant's name as the transcript "
        f"has it, the role, the date), then run 'make analyse STUDY={study.name}'."
    )
