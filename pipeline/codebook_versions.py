"""The versions of a study's codebook: every one stays, beside the one in use.

``codebooks/<version>.yaml`` in the study's folder is a version word for word, the one in use too;
``codebooks/history.csv`` says when each was made, by whom and from which.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import yaml
from filelock import FileLock, Timeout

from pipeline.codebook import SHIPPED, Codebook, read_codebook
from pipeline.codebook_changes import list_changes
from pipeline.codebook_history import Made, add_to_history, name_next, read_history
from pipeline.codebook_yaml import read_heading, replace_version, write_yaml
from pipeline.errors import UserError
from pipeline.files import write_whole

FOLDER, HISTORY = "codebooks", "history.csv"
OWN, TABLE = "codebook.yaml", "codebook.csv"
WAIT = 10  # seconds for another who makes a version


class CodebookChangedError(Exception):
    """The codebook was changed since the page that an edit comes from was shown."""


def read_versions(corpus: Path) -> dict[str, Codebook]:
    """Read all versions that a study kept, by their names; none before its first edit.

    Raises UserError for a kept version that somebody damaged.
    """
    kept = [_read_cached(path) for path in sorted((corpus / FOLDER).glob("*.yaml"))]
    return {codebook.version: codebook for codebook in kept}


def read_known(corpus: Path, present: Codebook) -> dict[str, Codebook]:
    """Read all versions of a codebook that are known: kept, shipped with the package, in use."""
    shipped = _read_cached(_find_shipped())
    ours = {shipped.version: shipped} if shipped.name == present.name else {}
    return {present.version: present} | ours | read_versions(corpus)


def is_edited_by_hand(corpus: Path, present: Codebook) -> bool:
    """Say whether the codebook has other words than the version that it says it is."""
    return read_known(corpus, present)[present.version].fingerprint != present.fingerprint


def make_version(
    corpus: Path, edited: Codebook, *, seen: str, coder: str, made_at: str
) -> Codebook:
    """Have a study go by an edited codebook from now on, under a version of its own; give it.

    The version before is kept first, so that nothing is lost wherever this is cut off. ``seen``
    is the fingerprint of the codebook that was edited. Raises CodebookChangedError if that is not
    in use any more; then nothing is written.
    """
    with _hold(corpus):
        present = _keep_present(corpus, _read_present(corpus, seen), coder, made_at)
        return _continue(corpus, present, edited, coder, made_at)


def take_in(corpus: Path, *, seen: str, coder: str, made_at: str) -> Codebook:
    """Give a codebook that was edited by hand a version of its own, and keep both; give it.

    Raises CodebookChangedError as :func:`make_version` does.
    """
    with _hold(corpus):
        return _keep_present(corpus, _read_present(corpus, seen), coder, made_at)


def find_kept(corpus: Path, version: str) -> Path:
    """Give where a version is kept; a version may be any text, a file's name may not."""
    return corpus / FOLDER / f"{quote(version, safe=' +')}.yaml"


def _keep_present(corpus: Path, present: Codebook, coder: str, made_at: str) -> Codebook:
    """Keep the codebook in use as it is; give it a version of its own if another has its name."""
    known = read_known(corpus, present)[present.version]
    is_its_own = known.fingerprint == present.fingerprint
    kept = find_kept(corpus, present.version)
    if not kept.exists():
        content = _read_content(corpus, present) if is_its_own else _find_shipped().read_bytes()
        _tell_made_elsewhere(corpus, known)
        _write(kept, content)
    return present if is_its_own else _continue(corpus, known, present, coder, made_at)


def _continue(
    corpus: Path, before: Codebook, edited: Codebook, coder: str, made_at: str
) -> Codebook:
    """Have an edited codebook follow on a version that is kept, under the next name."""
    changes = list_changes(before, edited)
    name = name_next(before.version, changes, read_known(corpus, before))
    made = Codebook.model_validate(edited.model_dump() | {"version": name})
    _put(corpus, made, _read_content(corpus, before))
    words = "; ".join(change.sentence for change in changes)
    add_to_history(corpus / FOLDER / HISTORY, Made(name, before.version, made_at, coder, words))
    return made


def _put(corpus: Path, made: Codebook, written: bytes) -> None:
    """Put a version in use and keep it: as the file in use is written, if only the name differs.

    A table that was in use goes to the kept versions: a study has one codebook.
    """
    text = replace_version(written.decode("utf-8-sig"), made.version)
    if Codebook.model_validate(yaml.safe_load(text)) != made:
        text = write_yaml(made, heading=read_heading(written))
    table = corpus / TABLE
    if table.exists():
        kept = find_kept(corpus, read_codebook(table).version)
        _write(kept.with_suffix(".csv"), table.read_bytes())
    _write(corpus / OWN, text.encode())
    table.unlink(missing_ok=True)
    _write(find_kept(corpus, made.version), text.encode())


def _tell_made_elsewhere(corpus: Path, made: Codebook) -> None:
    """Add a version that was not made on the page to the history, after the last that was."""
    path, kept = corpus / FOLDER / HISTORY, read_versions(corpus)
    last = next((row.version for row in reversed(read_history(path)) if row.version in kept), "")
    if last:
        words = "; ".join(change.sentence for change in list_changes(kept[last], made))
        add_to_history(path, Made(made.version, last, "", "", words))


def _read_present(corpus: Path, seen: str) -> Codebook:
    """Read the codebook in use. Raises CodebookChangedError if it is not what was seen."""
    files = [corpus / name for name in (OWN, TABLE) if (corpus / name).exists()]
    if len(files) > 1:
        raise UserError(f"{files[0]} and {files[1]}: a study has one codebook. Delete one.")
    present = read_codebook(files[0] if files else "shipped")
    if present.fingerprint != seen:
        raise CodebookChangedError(present.version)
    return present


def _read_content(corpus: Path, codebook: Codebook) -> bytes:
    """Give the codebook in use as it is written; a table as it would be in YAML."""
    if (corpus / TABLE).exists():
        return write_yaml(codebook).encode()
    own = corpus / OWN
    return own.read_bytes() if own.exists() else _find_shipped().read_bytes()


def _find_shipped() -> Path:
    return Path(str(resources.files("pipeline.codebooks") / SHIPPED))


def _write(path: Path, content: bytes) -> None:
    write_whole(path, lambda part: part.write_bytes(content))


@contextmanager
def _hold(corpus: Path) -> Iterator[None]:
    """Have others who make a version wait. Raises UserError if the folder cannot be written."""
    folder = corpus / FOLDER
    lock = FileLock(folder / ".lock", timeout=WAIT)
    try:
        folder.mkdir(exist_ok=True)
        lock.acquire()
    except (OSError, Timeout) as error:
        raise UserError(f"{folder} cannot be written now. Nothing was changed.") from error
    try:
        yield
    finally:
        lock.release()


def _read_cached(path: Path) -> Codebook:
    about = path.stat()
    return _read(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, changed: int, size: int) -> Codebook:
    """Read a codebook; ``changed`` and ``size`` tell when it has to be read again."""
    return read_codebook(path)
