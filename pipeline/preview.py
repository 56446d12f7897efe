"""Show what the pipeline sees in a transcript, before it is put into a study."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import fill, shorten
from typing import Any, NamedTuple

from pipeline.errors import TranscriptError
from pipeline.transcripts.cleaning import clean, count_taken
from pipeline.transcripts.guarded import guarded_reader
from pipeline.transcripts.readers import Script
from pipeline.transcripts.speakers import Speaker
from pipeline.transcripts.turns import count_speakers
from pipeline.wording import counted, list_counts

SHOWN_TURNS, SHOWN_LETTERS = 4, 200
WIDTH, INDENT = 100, 12
MOST_SPEAKERS = 12


class Preview(NamedTuple):
    """A transcript as it is read; ``problem`` says why it is not, and the rest is empty then.

    ``left_out`` and ``cleaned`` count by plural nouns what reading and cleaning take away;
    ``begins`` has the first turns, cleaned: speaker and words.
    """

    file: str
    kind: str = ""
    speakers: tuple[Speaker, ...] = ()
    has_times: bool = False
    begins: tuple[tuple[str, str], ...] = ()
    left_out: dict[str, int] = {}
    cleaned: dict[str, int] = {}
    warnings: tuple[str, ...] = ()
    problem: str = ""

    def to_record(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        record = self._asdict() | {"speakers": [speaker._asdict() for speaker in self.speakers]}
        record["begins"] = [{"speaker": speaker, "text": text} for speaker, text in self.begins]
        return record


def preview(paths: Iterable[Path]) -> Iterator[Preview]:
    """Read transcripts one by one; what cannot be read is told and not raised."""
    with guarded_reader() as reader:
        for path in paths:
            try:
                yield _describe(path, reader.read(path))
            except TranscriptError as error:
                yield Preview(path.name, problem=str(error))


def lay_out(shown: Preview) -> str:
    """Write a preview for the screen."""
    if shown.problem:
        return shown.problem
    speakers = sorted(shown.speakers, key=lambda one: -one.words)
    told = [
        f"{one.name or '(none named)'} ({counted(one.turns, 'turn')}, {counted(one.words, 'word')})"
        for one in speakers[:MOST_SPEAKERS]
    ]
    told += [f"and {len(speakers) - MOST_SPEAKERS} more"] if len(speakers) > MOST_SPEAKERS else []
    rows = [
        ("read as", shown.kind),
        ("speakers", ", ".join(told)),
        ("times", "yes" if shown.has_times else "none"),
        ("left out", list_counts(shown.left_out) or "nothing"),
        ("cleaning", f"takes away {list_counts(shown.cleaned) or 'nothing'}"),
        *[("begins" if not n else "", _begin(*turn)) for n, turn in enumerate(shown.begins)],
        *[("look at", warning) for warning in shown.warnings],
    ]
    return "\n".join([shown.file, *(_line(name, text) for name, text in rows)])


def _describe(path: Path, script: Script) -> Preview:
    taken = [count_taken(turn.text) for turn in script.turns]
    return Preview(
        path.name,
        script.kind or f"a transcript in {path.suffix.lower()}",
        tuple(count_speakers(script.turns)),
        any(not math.isnan(turn.start_seconds) for turn in script.turns),
        tuple((turn.speaker, clean(turn.text)) for turn in script.turns[:SHOWN_TURNS]),
        script.left_out,
        {
            "fillers": sum(each.fillers for each in taken),
            "marks": sum(each.marks for each in taken),
        },
        script.warnings,
    )


def _begin(speaker: str, text: str) -> str:
    words = shorten(text, SHOWN_LETTERS, placeholder=" …")
    return f"{speaker}: {words}" if speaker else words


def _line(name: str, text: str) -> str:
    return fill(
        text, WIDTH, initial_indent=f"  {name:<{INDENT - 2}}", subsequent_indent=" " * INDENT
    )
