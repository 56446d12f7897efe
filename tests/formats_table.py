"""Make the table of formats in docs/formats.md from the golden pairs: `make formats`."""

import math
import sys
from pathlib import Path

from pipeline.transcripts.readers import read_script, readers

PROJECT = Path(__file__).parents[1]
GOLDEN = PROJECT / "tests" / "data" / "readers"
PAGE = PROJECT / "docs" / "formats.md"
START, END = "<!-- table -->\n", "<!-- end of table -->\n"


def make_table() -> str:
    """Give a row for each golden pair: what is kept of such a file, and what is left out."""
    rows = {_describe(path) for path in GOLDEN.glob("*/input.*")}
    lines = [" | ".join(row) for row in sorted(rows)]
    return "\n".join(
        [
            "| file | what it is | speakers | times | left out, and counted |",
            "|---|---|---|---|---|",
            *(f"| {line} |" for line in lines),
            "",
        ]
    )


def put_in(page: str) -> str:
    """Give a page with the table of today."""
    before, _, rest = page.partition(START)
    return f"{before}{START}\n{make_table()}\n{END}{rest.partition(END)[2]}"


def _describe(path: Path) -> tuple[str, ...]:
    script = read_script(path)
    suffix = path.suffix.lower()
    has_speakers = any(turn.speaker for turn in script.turns)
    has_times = any(not math.isnan(turn.start_seconds) for turn in script.turns)
    assert suffix in readers.names()
    return (
        suffix,
        (script.kind or f"a transcript in {suffix}").replace("|", "\\|"),
        "kept" if has_speakers else "none there",
        "kept" if has_times else "none",
        ", ".join(sorted(script.left_out)) or "–",
    )


if __name__ == "__main__":
    PAGE.write_text(put_in(PAGE.read_text("utf-8")), "utf-8")
    sys.exit()
