"""Read files out of a zip that somebody else made: by their names, and never more than is talk."""

import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pipeline.errors import TranscriptError

_LARGEST = 100_000_000  # bytes; documents with pictures, which are never unpacked
_LARGEST_UNPACKED = 400_000_000
# A small file can unpack to gigabytes. A day's talk is about 5 MB of XML, a tenth as much packed.
_LARGEST_MEMBER = 40_000_000
_LARGEST_RATIO, _NO_BOMB = 60, 5_000_000
_MOST_MEMBERS = 5_000
_ENTRY = b"PK\1\2"  # stands before each name in a zip's list of names
_IS_LOCKED = 1
_PICTURES = ("word/media/", "Pictures/", "Thumbnails/", "docProps/")
# A damaged zip fails wherever its damage is.
_DAMAGE = (BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError, RuntimeError)


class _Refusals:
    """The sentences that refuse a document."""

    def __init__(self, path: Path, *, what: str, remedy: str) -> None:
        self._path, self._what, self._remedy = path, what, remedy

    def damaged(self) -> TranscriptError:
        """Say that the document is none."""
        return self.refuse(f"this is no {self._what}, or it is damaged or locked by a password.")

    def too_large(self) -> TranscriptError:
        """Say that there is more in the document than anybody says in an interview."""
        return self.refuse("it is far too large, or unpacks to far more than a transcript is.")

    def refuse(self, problem: str) -> TranscriptError:
        """Say what is wrong with the document."""
        return TranscriptError(self._path, 0, problem, remedy=self._remedy)


class ZippedDocument(_Refusals):
    """A document that is a zip. ``what`` and ``remedy`` are words for the sentence of refusal."""

    def __init__(self, path: Path, archive: ZipFile, *, what: str, remedy: str) -> None:
        super().__init__(path, what=what, remedy=remedy)
        self._archive = archive

    @property
    def names(self) -> Sequence[str]:
        """List what is in the zip."""
        return self._archive.namelist()

    def read(self, name: str) -> bytes:
        """Unpack one file. Raises TranscriptError if it is damaged, locked or far too large."""
        try:
            member = self._archive.getinfo(name)
            if member.flag_bits & _IS_LOCKED:
                raise self.refuse("it is locked by a password.")
            # Others of the methods that Python knows unpack without a bound.
            if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise BadZipFile
            with self._archive.open(member) as packed:
                content = packed.read(_LARGEST_MEMBER + 1)
        except (*_DAMAGE, NotImplementedError) as error:
            raise self.damaged() from error
        if len(content) > _LARGEST_MEMBER:
            raise self.too_large()
        return content


@contextmanager
def open_document(path: Path, *, what: str, remedy: str) -> Iterator[ZippedDocument]:
    """Open a zipped document whose list of names claims nothing outrageous.

    Raises TranscriptError for a file that is no zip, is damaged, or has or claims far too much.
    """
    unread = _Refusals(path, what=what, remedy=remedy)
    if path.stat().st_size > _LARGEST:
        raise unread.too_large()
    content = path.read_bytes()
    if content.count(_ENTRY) > _MOST_MEMBERS:
        raise unread.too_large()
    try:
        archive = ZipFile(io.BytesIO(content))
    except (*_DAMAGE, NotImplementedError) as error:
        raise unread.damaged() from error
    with archive:
        if _claims_too_much(archive.infolist()):
            raise unread.too_large()
        yield ZippedDocument(path, archive, what=what, remedy=remedy)


def _claims_too_much(members: Sequence[ZipInfo]) -> bool:
    if sum(member.file_size for member in members) > _LARGEST_UNPACKED:
        return True
    return any(map(_is_bomb, members))


def _is_bomb(member: ZipInfo) -> bool:
    if member.filename.startswith(_PICTURES) or member.file_size <= _NO_BOMB:
        return False
    return member.file_size > _LARGEST_RATIO * max(member.compress_size, 1) or (
        member.filename.endswith(".xml") and member.file_size > _LARGEST_MEMBER
    )
