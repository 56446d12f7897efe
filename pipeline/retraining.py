"""Make models: the shipped one from coded passages, a study's own from what people decided."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import __version__
from pipeline.codebook import Codebook, read_codebook
from pipeline.coding.classifiers import classifiers
from pipeline.coding.encoders import Encoder, encoders
from pipeline.coding.evaluation import mean_f1
from pipeline.coding.model import (
    BASE,
    CARD,
    HEADS,
    applied_matrix,
    read_base,
    read_card,
    write_arrays,
)
from pipeline.coding.training import Coded, Trained, train
from pipeline.coding.vectors import embed, look_up, read_cache
from pipeline.errors import UserError
from pipeline.files import hash_file, write_whole
from pipeline.stages import Track
from pipeline.study import Study
from pipeline.tables import PASSAGES

TOKENIZER = "tokenizer.json"
CLASSIFIER, ENCODER, SEED = "logistic", "minilm", 0
MOST_FALL = 0.02  # in macro-F1, for a new model to take the old one's place
BASE_WORDS = (
    "{real:,} passages of {interviews:,} real hearings, interviews and conversations from "
    "{sources} sources, coded once by careful AI coders, passage by passage, not by people (two "
    "such codings agreed at kappa .87), and {invented:,} invented passages, coded by their "
    "writers. Figures are on the real ones."
)


def train_default(root: Path, coded_folder: Path, track: Track) -> str:
    """Train models/default on passages.jsonl and invented.jsonl of a folder of coded passages.

    Keeps vectors and labels beside the model, not the texts, so that it can be trained on.
    """
    folder, codebook = root / "models" / "default", read_codebook("shipped")
    encoder = encoders[ENCODER](folder)
    rows = [
        row
        for name in ("passages.jsonl", "invented.jsonl")
        for row in map(json.loads, (coded_folder / name).read_text("utf-8").splitlines())
    ]
    coded = _encode(rows, codebook, encoder, track)
    trained = train(coded, codebook.labels, classifiers[CLASSIFIER], SEED)
    card = _card("default", coded, trained, codebook, encoder.name)
    _write_model(folder, coded, trained, card)
    return f"{folder}: {_figures(card)}"


def retrain(study: Study) -> str:
    """Train the study's own model on the base passages and on what people decided.

    The new model takes the old one's place only if macro-F1 on the base interviews does not fall
    by more than .02. Raises UserError if nobody has decided anything yet.
    """
    default, codebook = study.root / "models" / "default", study.codebook
    base, own = read_base(default), _decided(study)
    trained = train(base + own, codebook.labels, classifiers[CLASSIFIER], SEED)
    name = str(read_card(default)["encoder"]["name"])
    card = _card(study.name, base + own, trained, codebook, name)
    before = read_card(study.model)["macro_f1"]["grouped_by_interview"]
    after = card["macro_f1"]["grouped_by_interview"]
    if after < before - MOST_FALL:
        return f"the model in use stays: macro-F1 would fall from {before:.3f} to {after:.3f}"
    folder = study.root / "models" / study.name
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = (default / TOKENIZER).read_bytes()
    write_whole(folder / TOKENIZER, lambda part: part.write_bytes(tokenizer))
    _write_model(folder, base + own, trained, card)
    return f"{folder} is in use from the next 'make analyse' on: {_figures(card)}"


def _encode(
    rows: list[Mapping[str, Any]], codebook: Codebook, encoder: Encoder, track: Track
) -> Coded:
    texts = [row["text"] for row in rows]
    cache, _ = embed(texts, encoder, {}, lambda steps: track(steps, len(steps)))
    return Coded(
        look_up(texts, encoder.name, cache).astype(np.float16).astype(np.float32),
        applied_matrix([row["codes"] for row in rows], codebook.labels),
        np.array([_opaque(row.get("interview") or row["id"]) for row in rows]),
        np.array([row.get("source", "invented") for row in rows]),
    )


def _decided(study: Study) -> Coded:
    """Give the passages that people decided on, with a label where at least half applied it."""
    decisions = study.decisions
    if decisions.empty:
        raise UserError(
            f"{study.corpus / 'coding.sqlite'}: nobody has decided on a passage yet, "
            "so there is nothing to learn from."
        )
    passages = study.tables.read(PASSAGES).set_index("passage")
    known = decisions[decisions["passage"].isin(passages.index)]
    applied = known.groupby(["passage", "code", "stance"])["applied"].mean() >= 0.5
    pairs: dict[str, list[tuple[str, str]]] = {name: [] for name in known["passage"].unique()}
    for passage, code, stance in applied[applied].index:
        pairs[passage].append((code, stance))
    rows = passages.loc[list(pairs)]
    encoder = str(read_card(study.model)["encoder"]["name"])
    return Coded(
        look_up(rows["text"].tolist(), encoder, read_cache(study.vectors)),
        applied_matrix(list(pairs.values()), study.codebook.labels),
        np.array([_opaque(f"{study.name}/{name}") for name in rows["transcript"]]),
        np.array([f"study {study.name}"] * len(rows)),
    )


def _opaque(name: str) -> str:
    """Stand for an interview without naming it."""
    return sha256(name.encode()).hexdigest()[:12]


def _card(
    name: str, coded: Coded, trained: Trained, codebook: Codebook, encoder: str
) -> dict[str, Any]:
    real = coded.is_real
    return {
        "name": name,
        "made_by": f"three-powers {__version__}",
        "codebook": {
            "name": codebook.name,
            "version": codebook.version,
            "fingerprint": codebook.fingerprint,
        },
        "encoder": {"builder": ENCODER, "name": encoder},
        "classifier": CLASSIFIER,
        "seed": SEED,
        "trained_on": BASE_WORDS.format(
            real=int(real.sum()),
            interviews=len(np.unique(coded.interviews[real])),
            sources=len(np.unique(coded.sources[real])),
            invented=int((~real).sum()),
        ),
        "macro_f1": {
            "grouped_by_interview": mean_f1(trained.rows),
            "new_source": trained.new_source_f1,
            "over": "labels with 10 or more real positives, each at its best threshold",
        },
        "labels": trained.rows,
    }


def _write_model(folder: Path, coded: Coded, trained: Trained, card: dict[str, Any]) -> None:
    """Write arrays first and the card last: a card always describes files that are there."""
    heads = trained.heads._asdict()
    base = {
        "vectors": coded.vectors.astype(np.float16),
        "applied": coded.applied,
        "interviews": coded.interviews,
        "sources": coded.sources,
    }
    write_whole(folder / HEADS, lambda part: write_arrays(part, heads))
    write_whole(folder / BASE, lambda part: write_arrays(part, base))
    card |= {
        "heads_sha256": hash_file(folder / HEADS),
        "base_sha256": hash_file(folder / BASE),
    }
    text = json.dumps(card, indent=2) + "\n"
    write_whole(folder / CARD, lambda part: part.write_text(text, "utf-8"))


def _figures(card: dict[str, Any]) -> str:
    figures = card["macro_f1"]
    counts: Iterable[int] = (row["positives"] for row in card["labels"])
    return (
        f"macro-F1 {figures['grouped_by_interview']:.3f} on held-out interviews, "
        f"{figures['new_source']:.3f} on a new source, over {sum(c >= 10 for c in counts)} labels"
    )
