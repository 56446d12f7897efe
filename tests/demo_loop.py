"""Walk the whole loop on a copy of the demo study: `make demo-loop`.

Analyse, check a random sample, retrain, analyse again. How the sample was drawn stands in
tests/data/demo_sample.json, and in demo_decisions.csv what a reader decided. Prints what each step
says, and what the report calls its figures before and after.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from pipeline.cli import main
from pipeline.study import Study

PROJECT = Path(__file__).parents[1]
DECISIONS = PROJECT / "tests" / "data" / "demo_decisions.csv"
SAMPLE = DECISIONS.with_name("demo_sample.json")
SIZE = 30  # passages of each area, as in the decisions


def walk(root: Path, say: Callable[[str], None]) -> None:
    """Copy the demo study below a folder that is not there yet, and do every step."""
    study = _copy_demo(root)
    for step in (
        ("analyse", "demo"),
        ("import-codes", "demo", str(DECISIONS)),
        ("retrain", "demo"),
        ("models", "show", "demo"),
        ("analyse", "demo"),
    ):
        say(f"\n$ three-powers {' '.join(step)}")
        done = CliRunner().invoke(main, ["--root", str(root), *step])
        say(done.output.rstrip())
        if done.exit_code:
            raise SystemExit(f"'{' '.join(step)}' failed.")
        if step[0] == "analyse":
            say(f"\nThe report calls its figures {call_figures(study)}.")


def call_figures(study: Study) -> str:
    """Give what the top of the report says of its figures: 'unverified' or 'checked'."""
    page = (study.outputs / "report" / "report.html").read_text("utf-8")
    if re.search(r'<p class="checked">People have checked', page):
        return "checked"
    return re.search(r'<aside class="banner" aria-label="([^"]+)"', page).group(1).lower()


def _copy_demo(root: Path) -> Study:
    corpus = root / "corpora" / "demo"
    shutil.copytree(PROJECT / "corpora" / "demo" / "transcripts", corpus / "transcripts")
    for name in ("interviews.csv", "study.toml", "private/names.csv"):
        (corpus / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(PROJECT / "corpora" / "demo" / name, corpus / name)
    shutil.copyfile(SAMPLE, corpus / "check-sample.json")
    (root / "models").mkdir()
    (root / "models" / "default").symlink_to(PROJECT / "models" / "default")
    return Study(root, "demo", corpus)


if __name__ == "__main__":
    place = PROJECT / "outputs" / "demo-loop"
    shutil.rmtree(place, ignore_errors=True)
    walk(place, print)
