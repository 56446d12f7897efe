"""Write files whole or not at all, and tell by a hash whether one has changed."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from pipeline.errors import UserError


def write_whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Let ``write`` fill a file beside ``path``, then put it in place in one step.

    Raises UserError if the folder cannot be written or the disk is full; the old file stays.
    """
    part = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file's content, or nothing if there is no such file."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
