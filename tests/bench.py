"""Time every stage on a study, cold and unchanged: `make bench STUDY=...`.

Prints words a second (of all that was said, as read), the share of the whole, peak memory of the
largest process with that of its children, and the time of a run that changes nothing. Works on a
copy of the study, so nothing of it is touched.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def main(given: str) -> None:
    """Bench the study of that name or path."""
    from pipeline.study import Study

    found = Study.find(PROJECT, given)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        corpus = root / "corpora" / found.name
        shutil.copytree(found.corpus, corpus)
        for made in ("turns.parquet", "replacements.parquet"):
            (corpus / "private" / made).unlink(missing_ok=True)
        (root / "models").symlink_to(PROJECT / "models")
        rows = [(name, *time_stage(root, found.name, name)) for name in stage_names()]
        cold = sum(seconds for _, seconds, _ in rows)
        unchanged, _ = time_command(root, "analyse", found.name)
        unchanged = min(unchanged, time_command(root, "analyse", found.name)[0])
        print_table(rows, cold, unchanged, count_words(Study.find(root, found.name)), found.name)


def stage_names() -> list[str]:
    from pipeline.stages import STAGES

    return [stage.name for stage in STAGES]


def time_stage(root: Path, study: str, stage: str) -> tuple[float, float]:
    """Run one stage in a process of its own; give its seconds and peak megabytes."""
    return time_command(root, stage, study)


def time_command(root: Path, *arguments: str) -> tuple[float, float]:
    """Run a command of three-powers; give its seconds and the peak megabytes of it and a child."""
    command = [sys.executable, "-c", WATCHED, "--root", str(root), *arguments]
    start = time.perf_counter()
    shown = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds = time.perf_counter() - start
    return seconds, float(shown.stdout.splitlines()[-1])


# Memory is that of the process and, where it has children, of the largest of these for each core.
WATCHED = f"""
import resource, sys
sys.path.insert(0, {str(PROJECT)!r})
from pipeline.cli import main
main(standalone_mode=False)
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print((own + child * {os.cpu_count()}) / 1024)
"""


def count_words(study) -> int:
    from pipeline.tables import TURNS

    return int(study.tables.read(TURNS)["text"].str.count(r"\S+").sum())


def print_table(rows, cold: float, unchanged: float, words: int, study: str) -> None:
    print(f"{study}: {words:,} words; Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print("| stage | seconds | words a second | peak MB |")
    print("|---|---:|---:|---:|")
    for name, seconds, memory in rows:
        print(f"| {name} | {seconds:.1f} | {words / seconds:,.0f} | {memory:,.0f} |")
    peak = max(memory for _, _, memory in rows)
    print(f"| **all, cold** | {cold:.1f} | {words / cold:,.0f} | {peak:,.0f} |")
    print(f"| all, unchanged | {unchanged:.1f} | | |")
    print("\nEach stage runs in a process of its own, so its start (about 1 s) is counted in.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo")
