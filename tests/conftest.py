"""Small tables and studies, built where they can be read."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from pipeline.study import Study
from pipeline.tables import PASSAGES, SAFE_TURNS, TURNS, Passages, SafeTurns, Turns

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory) -> Iterator[Path]:
    """Keep the secret that tests seal keys with out of the settings of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("settings")
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        patch.delenv("THREE_POWERS_PASSPHRASE", raising=False)
        yield folder


@pytest.fixture
def make_turns() -> Callable[..., SafeTurns]:
    """Build safe turns from texts: participant speech in area 'North' unless told otherwise."""

    def make(*texts: str, **columns: object) -> SafeTurns:
        return SAFE_TURNS.build(_turns(texts, columns))

    return make


@pytest.fixture
def make_raw_turns() -> Callable[..., Turns]:
    """Build turns that may hold real names."""

    def make(*texts: str, **columns: object) -> Turns:
        return TURNS.build({**turn, "raw_text": turn["text"]} for turn in _turns(texts, columns))

    return make


def _turns(texts: Sequence[str], columns: dict[str, object]) -> Iterator[dict[str, object]]:
    common = {
        "transcript": "T01",
        "speaker": "P01",
        "is_participant": True,
        "participant": "P01",
        "area": "North",
        "role": "warden",
        "start_seconds": float("nan"),
        "first_line": 1,
        "last_line": 1,
    } | columns
    for number, text in enumerate(texts, start=1):
        yield {**common, "turn": number, "text": text}


@pytest.fixture
def make_passages() -> Callable[..., Passages]:
    """Build passages that are numbered through; in ``text`` the number stands for {}."""

    def make(
        *,
        areas: Sequence[str] = ("North", "South"),
        interviews: int = 4,
        each: int = 12,
        text: str = "It was week {}.",
    ) -> Passages:
        common = dict.fromkeys(PASSAGES.columns, 0) | {"role": "warden", "context": "And?"}
        return PASSAGES.build(
            {
                **common,
                "passage": f"{area}{who}-{number}",
                "transcript": f"{area}{who}",
                "participant": f"{area}{who}",
                "area": area,
                "text": text.format(number),
            }
            for number, (area, who, _) in enumerate(product(areas, range(interviews), range(each)))
        )

    return make


class WordEncoder:
    """Stands in for a model: words that texts share make their vectors alike."""

    name = "words"
    size = 8

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts):
        self.asked += texts
        for text in texts:
            vector = np.full(self.size, 0.01, dtype=np.float32)
            for word in text.split():
                vector[sum(map(ord, word)) % self.size] += 1
            yield vector / np.linalg.norm(vector)


@pytest.fixture
def word_encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def make_study(tmp_path: Path) -> Callable[..., Study]:
    """Make a study of transcripts given as text; every participant is 'Ada' unless told."""

    def make(transcripts: dict[str, str], *, listed: str = "", settings: str = "") -> Study:
        corpus = tmp_path / "corpora" / "small"
        for name, text in transcripts.items():
            path = corpus / "transcripts" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        rows = listed or "".join(f"{name},Ada Quill,North,warden,\n" for name in transcripts)
        (corpus / "interviews.csv").write_text(f"transcript,participant,area,role,date\n{rows}")
        (corpus / "study.toml").write_text(settings)
        (tmp_path / "models").symlink_to(PROJECT / "models")
        return Study(tmp_path, "small", corpus)

    return make
