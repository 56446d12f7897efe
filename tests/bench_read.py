"""Time reading and cleaning, format by format: `make bench-read` writes docs/reading.md.

Each file is an invented interview of 200,000 words (20,000 for documents that other programs'
libraries unpack), made here in the format's own layout.
"""

import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from transcript_files import WRITERS, Talk

from pipeline.transcripts.interviews import Interview
from pipeline.transcripts.readers import read_script
from pipeline.transcripts.turns import read_turns

WORDS, DOCUMENT_WORDS, ROUNDS = 200_000, 20_000, 3
TURN = 60  # words
SPOKEN = (
    "we met at the hall on the first Monday and um nobody had the key so the the warden went "
    "round to the council and they said it was not theirs to give and that was that [laughs] "
    "until the neighbours mended it by themselves and the river kept away from the wall"
).split()
# Documents and XML that libraries of others unpack take longer.
OURS = {".txt", ".md", ".vtt", ".srt", ".json", ".csv", ".html"}


def make_talk(words: int) -> Talk:
    """Make turns of one who asks and one who answers."""
    chance = random.Random(0)
    return [
        ("Interviewer" if number % 2 else "Ada Quill", " ".join(chance.choices(SPOKEN, k=TURN)))
        for number in range(words // TURN)
    ]


def main(target: Path) -> None:
    """Time every format, and write the table."""
    rows = [
        _time(suffix, write, WORDS if suffix in OURS else DOCUMENT_WORDS)
        for suffix, write in WRITERS.items()
    ]
    table = "\n".join(
        f"| {suffix} | {words:,} | {took[0] + took[1]:.2f} | {words / took[0]:,.0f} | "
        f"{words / (took[0] + took[1]):,.0f} |"
        for suffix, words, took in rows
    )
    target.write_text(
        "# How fast transcripts are read\n\n"
        "Made by `make bench-read`: an invented interview in each format, read and cleaned; "
        f"median of {ROUNDS}, on one core ({platform.machine()}, "
        f"Python {platform.python_version()}).\n\n"
        "| format | words | seconds | words a second, read | words a second, read and cleaned |\n"
        f"|---|---:|---:|---:|---:|\n{table}\n",
        "utf-8",
    )
    print(target.read_text("utf-8"))


def _time(
    suffix: str, write: Callable[[Path, Talk], None], words: int
) -> tuple[str, int, tuple[float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"talk{suffix}"
        write(path, make_talk(words))
        read_script(path)  # imports what it needs
        times = [_read(path) for _ in range(ROUNDS)]
    return suffix, words, (median(t[0] for t in times), median(t[1] for t in times))


def _read(path: Path) -> tuple[float, float]:
    start = time.perf_counter()
    script = read_script(path)
    middle = time.perf_counter()
    read_turns(script, Interview(path.name, "Ada Quill", "North"))
    return middle - start, time.perf_counter() - middle


if __name__ == "__main__":
    main(Path(sys.argv[1]))
