"""Read documents of others in a process of their own, with limits on memory and time.

A file that crashes or hangs its parser takes down that process alone: it is named, and the next
file gets a new one. Plain text and captions are read here, by our own code.
"""

import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, read_script

OURS = frozenset({".txt", ".md", ".vtt", ".srt", ".sbv"})  # read by no parser but ours
MEMORY = 1 << 30  # bytes of address space that a reader may have
SECONDS = 10.0  # for a small file
BYTES_A_SECOND = 100_000  # what a large one is given more time by
MOST_SECONDS = 180.0
REMEDY = "Open it in the program that made it, save it again, or save its words as plain text."


class GuardedReader:
    """Reads transcripts one by one; a process for documents is started when the first comes."""

    def __init__(self) -> None:
        self._child: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def read(self, path: Path) -> Script:
        """Read a transcript. Raises TranscriptError as read_script does, and for one that took too
        long or too much memory.
        """
        if path.suffix.lower() in OURS:
            return read_script(path)
        pipe = self._start()
        try:
            pipe.send(path)
            if not pipe.poll(_limit(path)):
                raise _stopped(path, "takes far too long to read")
            answer = pipe.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise _stopped(path, "crashes its reader") from error
        except TranscriptError:
            self.close()
            raise
        if isinstance(answer, Script):
            return answer
        raise answer

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._child is not None and self._pipe is not None:
            self._pipe.close()
            self._child.kill()
            self._child.join()
        self._child = self._pipe = None

    def _start(self) -> Connection:
        if self._pipe is None or self._child is None or not self._child.is_alive():
            self.close()
            context = multiprocessing.get_context("spawn")
            self._pipe, its = context.Pipe()
            self._child = context.Process(target=_serve, args=(its,), daemon=True)
            self._child.start()
            its.close()
        return self._pipe


@contextmanager
def guarded_reader() -> Iterator[GuardedReader]:
    """Give a reader that is closed in the end."""
    reader = GuardedReader()
    try:
        yield reader
    finally:
        reader.close()


def _limit(path: Path) -> float:
    size = path.stat().st_size if path.exists() else 0
    return min(SECONDS + size / BYTES_A_SECOND, MOST_SECONDS)


def _serve(pipe: Connection) -> None:
    """Read what is asked for until nobody asks any more; this is the process's whole life."""
    _limit_memory()
    while True:
        try:
            path = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_read(path))


def _read(path: Path) -> Script | TranscriptError:
    try:
        return read_script(path)
    except TranscriptError as error:
        return error
    except MemoryError:
        return _stopped(path, "takes far too much memory to read")
    except Exception:  # what a parser of others may raise, without what it may quote
        return _stopped(path, "is damaged, or not what its name says")


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _stopped(path: Path, why: str) -> TranscriptError:
    return TranscriptError(path, 0, f"this {why}.", remedy=REMEDY)
