"""Time reading and cleaning, format by format: `make bench-read` writes docs/reading.md.

Each file is an invented interview of 200,000 words (20,000 for documents that other programs'
libraries unpack), made here in the format's own layout.
"""

import csv
import json
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

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

Talk = list[tuple[str, str]]


def make_talk(words: int) -> Talk:
    """Make turns of one who asks and one who answers."""
    chance = random.Random(0)
    return [
        ("Interviewer" if number % 2 else "Ada Quill", " ".join(chance.choices(SPOKEN, k=TURN)))
        for number in range(words // TURN)
    ]


def write_text(path: Path, talk: Talk) -> None:
    """Write 'Name: words'."""
    path.write_text("\n\n".join(f"{who}: {said}" for who, said in talk), "utf-8")


def write_captions(path: Path, talk: Talk) -> None:
    """Write captions of ten words, with a name at the start of each turn."""
    mark = "." if path.suffix == ".vtt" else ","
    cues, second = ["WEBVTT", ""] if path.suffix == ".vtt" else [], 0
    for who, said in talk:
        words = said.split()
        for start in range(0, len(words), 10):
            second += 3
            clock = [f"{t // 3600:02}:{t // 60 % 60:02}:{t % 60:02}" for t in (second, second + 3)]
            name = f"{who}: " if not start else ""
            cues += [str(second), f"{clock[0]}{mark}000 --> {clock[1]}{mark}000"]
            cues += [name + " ".join(words[start : start + 10]), ""]
    path.write_text("\n".join(cues), "utf-8")


def write_json(path: Path, talk: Talk) -> None:
    """Write segments as WhisperX does."""
    segments = [
        {"start": 20.0 * number, "end": 20.0 * number + 19, "speaker": who, "text": said}
        for number, (who, said) in enumerate(talk)
    ]
    path.write_text(json.dumps({"segments": segments}), "utf-8")


def write_table(path: Path, talk: Talk) -> None:
    """Write a row a turn."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("speaker", "text"), *talk])


def write_word(path: Path, talk: Talk) -> None:
    """Write a paragraph a turn."""
    from docx import Document

    document = Document()
    for who, said in talk:
        document.add_paragraph(f"{who}: {said}")
    document.save(str(path))


def write_page(path: Path, talk: Talk) -> None:
    """Write a paragraph a turn."""
    body = "".join(f"<p><b>{who}:</b> {said}</p>\n" for who, said in talk)
    path.write_text(f"<html><body>{body}</body></html>", "utf-8")


FORMATS: dict[str, tuple[Callable[[Path, Talk], None], int]] = {
    ".txt": (write_text, WORDS),
    ".md": (write_text, WORDS),
    ".vtt": (write_captions, WORDS),
    ".srt": (write_captions, WORDS),
    ".json": (write_json, WORDS),
    ".csv": (write_table, WORDS),
    ".html": (write_page, WORDS),
    ".docx": (write_word, DOCUMENT_WORDS),
}


def main(target: Path) -> None:
    """Time every format, and write the table."""
    rows = [_time(suffix, *how) for suffix, how in FORMATS.items()]
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
