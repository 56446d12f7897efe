"""Feed every reader with damaged files: `make fuzz SECONDS=600`.

Only some readers: `make fuzz SUFFIXES=".csv .eaf"`. Each gets mutations of its golden inputs (and
of the files below FUZZ=folder with its suffixes): bytes flipped, cut out, doubled, shuffled; for
zipped documents also inside the zip. A reader may read what it gets or refuse it with a
TranscriptError. Anything else is printed with the seed that makes it again, and the exit code is 1.
"""

import io
import os
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import read_script, readers

GOLDEN = Path(__file__).parent / "data" / "readers"
SLOWEST = 10.0  # seconds that one damaged file may take
TOKENS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"-->", b"00:00:01.000 --> 00:00:02.000", b":",
    b"{", b"}", b"[", b"]", b'"', b"\\", b"<", b">", b"&", b"&#x0;", b"]]>", b"<!--", b"1e999",
    b"NaN", b"9" * 400, b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\r", b"\t", b"{\\rtf1", b"%PDF-",
    b"99:99:99,999", b"*", b"@", b"%", b"\x15", b"xmin = ", b"intervals: size = 999999999",
)  # fmt: skip


def main(seconds: float, folder: Path | None, suffixes: Sequence[str]) -> int:
    """Fuzz each reader for so long, and give the number of faults."""
    faults = 0
    with tempfile.TemporaryDirectory() as place:
        for suffix in suffixes:
            seeds = list(_find_seeds(suffix, folder))
            tried, found, slowest = _fuzz(suffix, seeds, seconds, Path(place))
            faults += found
            print(
                f"{suffix:<12}{len(seeds):>5} inputs{tried:>10,} mutations{found:>6} faults"
                f"{slowest:>8.2f} s the slowest",
                flush=True,
            )
    return faults


def _find_seeds(suffix: str, folder: Path | None) -> Iterator[bytes]:
    places = [*GOLDEN.glob("*/input.*"), *(folder.rglob("*") if folder else [])]
    for path in sorted(places):
        if path.is_file() and path.suffix.lower() == suffix:
            yield path.read_bytes()[:300_000]


def _fuzz(suffix: str, seeds: list[bytes], seconds: float, place: Path) -> tuple[int, int, float]:
    end, tried, faults, slowest = time.monotonic() + seconds, 0, 0, 0.0
    while time.monotonic() < end:
        seed = hash((suffix, tried)) if not os.environ.get("SEED") else int(os.environ["SEED"])
        content = _mutate(random.Random(seed), seeds)
        path = place / f"input{suffix}"
        path.write_bytes(content)
        start = time.monotonic()
        try:
            read_script(path)
        except TranscriptError as error:
            if str(error).count("\n") > 3:
                faults += 1
                print(f"{suffix}, seed {seed}: more than a sentence: {error}", file=sys.stderr)
        except Exception:
            faults += 1
            print(f"{suffix}, seed {seed}:", file=sys.stderr)
            traceback.print_exc()
            (Path(tempfile.gettempdir()) / f"fuzz-{abs(seed)}{suffix}").write_bytes(content)
        taken = time.monotonic() - start
        slowest, tried = max(slowest, taken), tried + 1
        if taken > SLOWEST:
            faults += 1
            print(f"{suffix}, seed {seed}: {taken:.1f} s", file=sys.stderr)
    return tried, faults, slowest


def _mutate(chance: random.Random, seeds: list[bytes]) -> bytes:
    content = chance.choice(seeds) if seeds else b""
    if content[:2] == b"PK" and chance.random() < 0.8:
        return _mutate_zip(chance, content)
    for _ in range(chance.randint(1, 8)):
        content = _mutate_once(chance, content)
    return content


def _mutate_once(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) + 1)
    end = min(len(content), start + chance.choice((1, 3, 20, 200, 5000)))
    kind = chance.randrange(6)
    if kind == 0:
        return content[:start] + content[end:]
    if kind == 1:
        return content[:end] + content[start:end] * chance.choice((1, 2, 50)) + content[end:]
    if kind == 2:
        return content[:start] + chance.choice(TOKENS) + content[start:]
    if kind == 3:
        return content[:start]
    if kind == 4:
        return content[:start] + bytes(chance.randbytes(end - start)) + content[end:]
    other = chance.randrange(len(content) + 1)
    return content[:start] + content[other : other + 500] + content[start:]


def _mutate_zip(chance: random.Random, content: bytes) -> bytes:
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
            for name in source.namelist():
                inside = source.read(name)
                for _ in range(chance.randrange(4) if chance.random() < 0.5 else 0):
                    inside = _mutate_once(chance, inside)
                if chance.random() > 0.02:
                    target.writestr(name, inside)
    except (zipfile.BadZipFile, OSError, ValueError):
        return content
    return made.getvalue()


if __name__ == "__main__":
    where, chosen = os.environ.get("FUZZ", ""), sys.argv[2:] or readers.names()
    sys.exit(min(main(float(sys.argv[1]), Path(where) if where else None, chosen), 1))
