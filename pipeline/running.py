"""Run stages, and leave out those that would make again just what is there."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.codebook_versions import FOLDER as VERSIONS
from pipeline.coding.card import CARD
from pipeline.errors import UserError
from pipeline.files import hash_file, write_whole
from pipeline.memos import memos_table
from pipeline.runs import Ran, Run, versions, write_run
from pipeline.stages import STAGES, Stage, Track, without_bar
from pipeline.study import CODEBOOKS, Study
from pipeline.tables import SHAPE_OF
from pipeline.wording import counted

# Told the stage's name, its sentence, and whether it was left out as unchanged.
Say = Callable[[str, str, bool], None]


def analyse(study: Study, say: Say, track: Callable[[str], Track]) -> None:
    """Run every stage in order but those whose inputs, settings and outputs are as before.

    Raises UserError if another run is at work on the study, or outputs/ cannot be written.
    """
    with hold(study):
        for stage in STAGES:
            ran = study.run.find(stage.name)
            if ran is not None and is_unchanged(study, stage, ran):
                say(stage.name, ran.sentence, True)
            else:
                say(stage.name, _run(study, stage, track(stage.name)), False)


def check_all_read(study: Study) -> None:
    """Raise UserError that lists the transcripts that were set aside, if there are any."""
    refused = study.read_set_aside()
    if refused:
        raise UserError(
            "\n\n".join(
                [
                    f"{counted(len(refused), 'transcript')} set aside, and in no figure. Mend what "
                    "is said here, then run it again.",
                    *refused.values(),
                ]
            )
        )


def run_stage(study: Study, name: str, track: Track = without_bar) -> str:
    """Run one stage, whether or not it would change anything; give its sentence."""
    stage = next(stage for stage in STAGES if stage.name == name)
    with hold(study):
        return _run(study, stage, track)


def is_unchanged(study: Study, stage: Stage, ran: Ran) -> bool:
    """Say whether all that a stage took and made is, to the byte, as when it ran."""
    return ran.took == _took(study, stage) and ran.made == _hash(study, stage.makes)


@contextmanager
def hold(study: Study) -> Iterator[None]:
    """Hold the study for one run; the system lets go when the process ends, however it does.

    Half-written files of a run that was killed are swept. Raises UserError if another run is at
    work, if outputs/ or private/ cannot be written, or if another study's results are there.
    """
    lock = FileLock(study.outputs / ".lock", timeout=0.5)
    holder = study.outputs / ".process"
    try:
        study.outputs.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        number = holder.read_text("utf-8") if holder.exists() else "?"
        raise UserError(
            f"Another run (process {number}) is at work on {study.outputs}. Wait for it, or end it."
        ) from error
    except OSError as error:
        raise UserError(
            f"{study.outputs} cannot be written: {error.strerror or error}. Results go there: "
            "make the folder writable, or work in a copy of the project."
        ) from error
    try:
        holder.write_text(str(os.getpid()), "utf-8")
        _claim(study)
        yield
    finally:
        lock.release()


def _claim(study: Study) -> None:
    """Note whose results outputs/ holds, keep private/ out of version control, sweep."""
    owner = study.outputs / ".study"
    before = Path(owner.read_text("utf-8")) if owner.exists() else study.corpus
    if before.resolve() != study.corpus.resolve() and before.exists():
        raise UserError(
            f"{study.outputs} holds the results of another study of that name, {before}. "
            "Give one of the two folders another name."
        )
    write_whole(owner, lambda part: part.write_text(str(study.corpus.resolve()), "utf-8"))
    write_whole(study.private / ".gitignore", lambda part: part.write_text("*\n", "utf-8"))
    for folder in (study.outputs, study.private):
        for part in [part for part in folder.rglob("*.partial") if part.is_file()]:
            part.unlink()


def find_files(study: Study, name: str) -> list[Path]:
    """Give the files behind a name that a stage takes or makes; a table's name is its shape's."""
    if name == "transcripts":
        return list(study.transcripts.values())
    if name in ("report", "exports"):
        return sorted((study.outputs / name).glob("*"))
    if name in ("decisions", "memos"):
        return []
    if name == "codebook":
        kept = sorted((study.corpus / VERSIONS).glob("*.yaml"))
        return [path for own in CODEBOOKS if (path := study.corpus / own).exists()] + kept
    files = {
        "interviews": study.corpus / "interviews.csv",
        "card": study.card,
        "model": study.model / CARD,
        "names": study.names,
        "entities": study.entities,
        "set_aside": study.set_aside,
        "warnings": study.warnings,
        "key": study.key,
        "vectors": study.vectors,
    }
    return [files[name] if name in files else study.tables.path(SHAPE_OF[name])]


def _run(study: Study, stage: Stage, track: Track) -> str:
    took = _took(study, stage)
    sentence = stage.run(study, track)
    ran = Ran(stage.name, sentence, took, _hash(study, stage.makes))
    known = {other.stage: other for other in study.run.stages} | {ran.stage: ran}
    stages = tuple(known[stage.name] for stage in STAGES if stage.name in known)
    run = Run(study.name, study.title, study.settings.model_dump(mode="json"), stages)
    write_run(study.outputs / "run.json", run)
    return sentence


def _took(study: Study, stage: Stage) -> dict[str, str]:
    """Hash all that a stage's outcome depends on: files, settings, our code and libraries."""
    settings: object = getattr(study.settings, stage.name, None)
    if stage is STAGES[-1]:  # the report tells how everything before it was made
        settings = (
            study.title,
            study.settings,
            [r for r in study.run.stages if r.stage != stage.name],
        )
    return _hash(study, stage.takes) | {
        "settings": sha256(repr(settings).encode()).hexdigest(),
        "three-powers and libraries": _hash_source(),
    }


def _hash(study: Study, names: Iterable[str]) -> dict[str, str]:
    """Hash the files behind each name; run.json must not show what transcripts are called."""
    return {name: _digest(study, name) for name in names}


def _digest(study: Study, name: str) -> str:
    if name in ("decisions", "memos"):  # their rows: some may still stand in SQLite's log
        is_memos = name == "memos"
        rows = memos_table(study.corpus / "coding.sqlite") if is_memos else study.decisions
        return sha256(rows.to_csv().encode()).hexdigest()
    if name == "key":  # sealed anew, the same key is other bytes
        return sha256(repr(sorted(study.read_key().items())).encode()).hexdigest()
    hashes = [(path.name, hash_file(path)) for path in find_files(study, name)]
    return hashes[0][1] if len(hashes) == 1 else sha256(repr(hashes).encode()).hexdigest()


@cache
def _hash_source() -> str:
    return sha256(repr([versions(), hash_code(Path(__file__).parent)]).encode()).hexdigest()


def hash_code(folder: Path) -> list[str]:
    """Hash the files of our code; what Python compiles beside them is none of it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return [hash_file(path) for path in sorted(files)]
