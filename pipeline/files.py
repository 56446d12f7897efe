"""Read text whatever wrote it, write files whole or not at all, and tell by a hash what changed."""

import os
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from pipeline.errors import UserError


def decode(content: bytes) -> str:
    """Decode text as UTF-8, as UTF-16 if it is marked so, else as Windows-1252.

    Accents come out as one character each, however they were written. Raises ValueError for
    bytes that are no text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return unicodedata.normalize("NFC", content.decode("utf-16"))
    if b"\0" in content:
        raise ValueError("there are zero bytes in it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return unicodedata.normalize("NFC", text)


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
        if part.is_file():
            part.unlink()
        raise UserError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file's content, or nothing if there is no such file."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
