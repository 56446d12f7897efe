"""Read text whatever wrote it, write files whole or not at all, and tell by a hash what changed."""

import codecs
import io
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import UserError

Write = Callable[[Path], object]

_BLOCK = 1 << 20  # bytes


def decode(content: bytes) -> str:
    """Decode text as UTF-8, as UTF-16 if it is marked so, else as Windows-1252.

    Accents come out as one character each, however they were written. Raises ValueError for
    bytes that are no text.
    """
    text = content.decode(_find_encoding(io.BytesIO(content)), errors="replace")
    return unicodedata.normalize("NFC", text)


def read_lines(path: Path) -> Iterator[str]:
    """Give a file's lines with their ends, decoded as :func:`decode` does, never all at once.

    Raises ValueError for a file that is no text.
    """
    with path.open("rb") as content:
        encoding = _find_encoding(content)
    with path.open(encoding=encoding, errors="replace", newline="") as lines:
        for line in lines:
            yield unicodedata.normalize("NFC", line)


def write_whole(path: Path, write: Write) -> Path:
    """Let ``write`` fill a file beside ``path``, then put it in place in one step.

    Raises UserError if the folder cannot be written or the disk is full; the old file stays, and
    the half-written one goes, whatever stops the writing.
    """
    write_together({path: write})
    return path


def write_together(writes: Mapping[Path, Write]) -> None:
    """Write files that belong together: all are filled before the first is put in place.

    Raises UserError as :func:`write_whole` does; then the old files stay.
    """
    parts = {path: path.with_name(f"{path.name}.partial") for path in writes}
    try:
        for path, write in writes.items():
            _fill(parts[path], write)
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        for part in parts.values():
            if part.is_file():
                part.unlink()


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file's content, or nothing if there is no such file."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _fill(part: Path, write: Write) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    write(part)
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _find_encoding(content: BinaryIO) -> str:
    if content.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if not _is_in("utf-16", content):
            raise ValueError("it is marked as UTF-16 and is damaged")
        return "utf-16"
    if any(b"\0" in block for block in _blocks(content)):
        raise ValueError("there are zero bytes in it")
    return "utf-8-sig" if _is_in("utf-8-sig", content) else "cp1252"


def _is_in(encoding: str, content: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(content):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    return iter(lambda: content.read(_BLOCK), b"")
