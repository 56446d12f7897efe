"""Read the coded passages that models are made from and measured on.

The folder (../shared/coded) is not part of the project: passages.jsonl, invented.jsonl,
uncoded.jsonl.gz and nhs_feedback.csv. What was made here lies beside this file: codings.csv (our
codings of passages of uncoded.jsonl.gz, by their ids) and near_misses.jsonl (invented passages
without a code, in words that mislead).
"""

import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label

HERE = Path(__file__).parent
INVENTED = "invented"  # the source of invented passages: they help to train, nothing more
# What codings are left aside: of passages of passages.jsonl, to measure agreement by.
LEFT_ASIDE = ("second coding",)


class Coded(NamedTuple):
    """Coded passages; ``shares`` (passages x labels) is the share of coders who apply a label."""

    ids: NDArray[np.str_]
    texts: list[str]
    shares: NDArray[np.float32]
    interviews: NDArray[np.str_]
    sources: NDArray[np.str_]

    @property
    def applied(self) -> NDArray[np.bool_]:
        """Which labels at least half of the coders apply."""
        return np.asarray(self.shares >= 0.5)

    def pick(self, rows: NDArray[np.bool_]) -> "Coded":
        """Give some passages."""
        texts = [text for text, is_picked in zip(self.texts, rows, strict=True) if is_picked]
        return Coded(
            self.ids[rows], texts, self.shares[rows], self.interviews[rows], self.sources[rows]
        )

    def join(self, others: "Coded") -> "Coded":
        """Give these passages and others."""
        return Coded(
            np.concatenate([self.ids, others.ids]),
            [*self.texts, *others.texts],
            np.concatenate([self.shares, others.shares]),
            np.concatenate([self.interviews, others.interviews]),
            np.concatenate([self.sources, others.sources]),
        )


def read_measured(folder: Path, labels: Sequence[Label]) -> Coded:
    """Read the real passages that figures are given on."""
    return _collect(_read_lines(folder / "passages.jsonl"), labels)


def read_more(folder: Path, labels: Sequence[Label]) -> Coded:
    """Read what models learn from besides: our codings of other passages, and invented ones."""
    invented = [*_read_lines(folder / "invented.jsonl"), *_read_lines(HERE / "near_misses.jsonl")]
    for row in invented:
        row |= {"interview": row["id"], "source": INVENTED}
    return _collect([*_read_ours(folder), *invented], labels)


def read_feedback(folder: Path) -> tuple[Coded, list[str], NDArray[np.str_]]:
    """Read the NHS feedback: answers, their codes, and each answer's respondent as interview."""
    with (folder / "nhs_feedback.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["text"].strip()]
    given = [set(row["codes"].split("|")) for row in rows]
    codes = sorted(set().union(*given))
    shares = np.array([[code in row for code in codes] for row in given], dtype=np.float32)
    ids, respondents, trusts = (
        np.array([row[column] for row in rows]) for column in ("id", "respondent", "organisation")
    )
    return Coded(ids, [row["text"] for row in rows], shares, respondents, trusts), codes, trusts


def _read_ours(folder: Path) -> Iterator[dict[str, Any]]:
    with (HERE / "codings.csv").open(encoding="utf-8", newline="") as file:
        ours: dict[str, list[list[list[str]]]] = {}
        for row in csv.DictReader(file):
            if row["selection"] not in LEFT_ASIDE:
                coded = [code.split(".") for code in row["codes"].split()]
                ours.setdefault(row["id"], []).append(coded)
    for row in _read_lines(folder / "uncoded.jsonl.gz"):
        if row["id"] in ours:
            yield row | {"codings": ours[row["id"]]}


def _read_lines(path: Path) -> list[dict[str, Any]]:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return [json.loads(line) for line in text.decode("utf-8").splitlines()]


def _collect(rows: Iterable[dict[str, Any]], labels: Sequence[Label]) -> Coded:
    places = {label: place for place, label in enumerate(labels)}
    kept = list(rows)
    shares = np.zeros((len(kept), len(labels)), dtype=np.float32)
    for row, passage in enumerate(kept):
        codings = passage.get("codings") or [passage.get("codes", [])]
        for coding in codings:
            for code, stance in {tuple(pair) for pair in coding}:
                shares[row, places[Label(code, stance)]] += 1 / len(codings)
    ids, interviews, sources = (
        np.array([row[name] for row in kept]) for name in ("id", "interview", "source")
    )
    return Coded(ids, [row["text"] for row in kept], shares, interviews, sources)
