"""Time the review page on a study of 100,000 passages: `make bench-review`.

Saves go through the page's own routes (no browser and no network between), the next passage with
them; prints a table with medians and the slowest.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from reviewed_study import get, make_reviewed_study, open_page, post

from pipeline.check_samples import (
    RECORD,
    draw_check_sample,
    read_check_sample,
    write_check_sample,
)
from pipeline.decisions import record
from pipeline.study import Study
from pipeline.tables import CODINGS, PASSAGES, SAFE_TURNS

PASSAGES_MADE, INTERVIEWS, AREAS = 100_000, 400, 8
SAVED = 30
DECIDED = (0, 500, 2_000)  # passages that people have decided on before


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        study = _make_study(Path(folder))
        print(f"{PASSAGES_MADE:,} passages, {len(study.codebook.labels)} labels; milliseconds\n")
        print(f"{'':34}{'decided before':>15}{'median':>9}{'slowest':>9}")
        before = 0
        for decided in DECIDED:
            _decide(study, before, decided)
            before = decided
            client = open_page(study)
            get(client, "/check/next")  # reads the tables, once
            for name, times in (
                ("check: save and next passage", _check(client)),
                ("read: a transcript whole", _time(client, "/read/transcript/T7")),
                ("start page", _time(client, "/")),
                ("check page", _time(client, "/check/")),
            ):
                print(f"{name:34}{decided:>15,}{statistics.median(times):>9.0f}{max(times):>9.0f}")


def _check(client) -> list[float]:
    times = []
    shown = get(client, "/check/next").json
    for number in range(SAVED):
        start = time.perf_counter()
        said = {name: shown[name] for name in ("passage", "seen")}
        said |= {"labels": ["trust.lacking"], "request": f"{start}-{number}"}
        shown = post(client, "/check/save", json=said).json
        times.append(1000 * (time.perf_counter() - start))
    return times


def _time(client, path: str) -> list[float]:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        answer = get(client, path)
        assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
        times.append(1000 * (time.perf_counter() - start))
    return times


def _make_study(root: Path) -> Study:
    study = make_reviewed_study(root, texts={"T0": ["One."]})
    model = study.tables.read(CODINGS)["coder"].iloc[0]
    numbers = np.arange(PASSAGES_MADE)
    interview = numbers // (PASSAGES_MADE // INTERVIEWS)
    common = study.tables.read(PASSAGES).iloc[0].to_dict()
    text = "They mended roof {} before it rained again."
    passages = PASSAGES.check(
        pd.DataFrame({name: [value] * len(numbers) for name, value in common.items()}).assign(
            passage=[f"T{talk}-{number}" for talk, number in zip(interview, numbers, strict=True)],
            transcript=[f"T{talk}" for talk in interview],
            participant=[f"P{talk}" for talk in interview],
            area=[f"Area {talk % AREAS}" for talk in interview],
            turn=numbers,
            text=[text.format(number) for number in numbers],
            end=[len(text.format(number)) for number in numbers],
        )
    )
    turn = study.tables.read(SAFE_TURNS).iloc[0].to_dict()
    shared = [name for name in SAFE_TURNS.columns if name in passages]
    rest = {name: value for name, value in turn.items() if name not in shared}
    study.tables.write(SAFE_TURNS, SAFE_TURNS.check(passages[shared].assign(**rest)))
    study.tables.write(PASSAGES, passages)
    study.tables.write(CODINGS, _code(study, passages["passage"].to_numpy(), str(model)))
    sample = draw_check_sample(passages, study.codebook, size=400, seed=1)
    write_check_sample(study.corpus / RECORD, sample)
    return study


def _code(study: Study, passages: np.ndarray, model: str) -> pd.DataFrame:
    codes, stances = zip(*study.codebook.labels, strict=True)
    scores = np.random.default_rng(0).random(len(passages) * len(codes)).astype("float32")
    return CODINGS.check(
        pd.DataFrame(
            {
                "passage": np.repeat(passages, len(codes)),
                "code": np.tile(codes, len(passages)),
                "stance": np.tile(stances, len(passages)),
                "coder": model,
                "score": scores,
                "applied": scores > 0.95,
                "decision": np.where(scores > 0.95, "ask", "no"),
            }
        )
    )


def _decide(study: Study, start: int, end: int) -> None:
    """Have somebody decide on passages of the sample, every label of each."""
    drawn = read_check_sample(study.corpus / RECORD).passages[start + SAVED : end + SAVED]
    common = {"coder": "Ada", "codebook_version": "1.1.0", "selection": "random"}
    record(
        study.corpus / "coding.sqlite",
        [
            {**common, "passage": one.passage, "code": code, "stance": stance, "applied": 0}
            | {"probability": one.probability, "decided_at": "2026-01-01T00:00:00Z"}
            for one in drawn
            for code, stance in study.codebook.labels
        ],
    )


if __name__ == "__main__":
    main()
