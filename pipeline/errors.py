"""Problems a researcher can fix. The CLI shows their text and never a traceback."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any


class UserError(Exception):
    """Something in the researcher's files or settings needs their attention."""


class UnknownChoiceError(UserError):
    """A setting or a command names something that does not exist."""

    def __init__(self, kind: str, given: str, known: Iterable[str]) -> None:
        known = sorted(known)
        super().__init__(
            f"There is no {kind} '{given}'.{did_you_mean(given, known)} "
            f"Choose from: {', '.join(known) or '(none yet)'}."
        )


class TranscriptError(UserError):
    """A transcript cannot be read as written. ``line`` counts from 1; 0 means the whole file.

    What ``problem`` quotes of the file is put on one line.
    """

    def __init__(self, path: Path, line: int, problem: str, *, remedy: str) -> None:
        place = f"{path}, line {line}" if line else str(path)
        super().__init__(f"{place}: {' '.join(problem.split())}\n{remedy}")
        self._said = path, line, problem, remedy

    def __reduce__(self) -> Any:
        """Travel between processes."""
        return _say_again, self._said


def _say_again(path: Path, line: int, problem: str, remedy: str) -> TranscriptError:
    return TranscriptError(path, line, problem, remedy=remedy)


class NeedsAttentionError(UserError):
    """A file holds one or more mistakes; all of them are listed."""

    def __init__(self, path: Path, mistakes: Iterable[str]) -> None:
        super().__init__("\n".join([f"{path} needs attention:", *(f"  {m}" for m in mistakes)]))


class TableError(UserError):
    """A table does not have the shape its stage expects."""


class ModelError(UserError):
    """A model does not fit the codebook or the encoder in use."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, as a sentence that starts with a space, or nothing.

    >>> did_you_mean("segmnt", ["read", "segment"])
    " Did you mean 'segment'?"
    """
    lowered = {name.casefold(): name for name in known}
    close = get_close_matches(given.casefold(), lowered, n=1)
    return f" Did you mean '{lowered[close[0]]}'?" if close else ""
