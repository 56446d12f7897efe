"""Score classifiers on coded passages that they did not learn from: `make bench-coding`.

    python models/bench.py CODED_FOLDER [FROZEN_FOLDER [OUTPUT.md]]

CODED_FOLDER is described in coded.py; FROZEN_FOLDER holds the encoder that models/default was made
from, untouched (`python models/finetune.py freeze` makes it); what needs it is left out if it is
not there. The shipped model's scores come from models/out_of_fold.npz: those of networks trained
without the passage's source.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from coded import Coded, read_feedback, read_measured, read_more
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from pipeline.codebook import Codebook, Label, read_codebook
from pipeline.coding.classifiers import Examples, Scores, blank_heads
from pipeline.coding.classifiers.logistic import train_logistic
from pipeline.coding.encoders import Encoder, Vectors
from pipeline.coding.encoders.sentence_onnx import build_sentence_onnx, fingerprint
from pipeline.coding.evaluation import (
    Answers,
    average_precision,
    calibration_error,
    draw_interviews,
    interval,
    redraw_f1,
)
from pipeline.coding.likeness import describe
from pipeline.coding.model import load_encoder
from pipeline.coding.training import FOLDS, Truth, answer_apart, deal_folds

HERE = Path(__file__).parent
FEWEST = 10  # positives of a label that counts for the means
SOURCES, INTERVIEWS = "a source left out", "interviews left out"
SHIPPED = "models/default"

# Takes the rows to learn from and the rows to score (of all texts, with labels), gives log odds.
Classify = Callable[[NDArray[np.bool_], NDArray[np.bool_]], Scores]


class Figures(NamedTuple):
    """How a classifier does on one code or label."""

    name: str
    positives: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float
    best_f1: float
    average_precision: float
    calibration_error: float


ABOUT = """# How well passages are coded

Made by `make bench-coding` from passages that others said, which do not ship (see
models/coded.py). Every classifier is scored on passages that it did not learn from: with whole
interviews left out, and, harder and nearer to what a new study meets, with a whole source left
out (Welsh committees, the Covid-19 inquiry, the Post Office inquiry, a digital minister's
conversations, podcasts). All classifiers learn from the same codings, ours of other passages and
invented ones among them, and get the same treatment: Platt's sigmoid, and thresholds where
precision equals recall, both chosen on the other interviews or sources than those that they are
used on. Intervals are from a bootstrap over interviews. *Best threshold* takes each code's best
threshold on the same scores: what a perfect choice would bring. The codings that all are held
against are by AI coders; two such codings of one passage agree at about .8
(decisions/codings.md), so no classifier can reach 1.
"""


def main(coded: Path, frozen: Path | None = None, output: Path | None = None) -> None:
    """Score everything, print the tables, and write them to a file if one is named."""
    if frozen and not frozen.exists():
        sys.stderr.write(f"There is no frozen encoder in {frozen}: what needs it is left out.\n")
        frozen = None
    tables = [*_bench_codebook(coded, frozen), *_bench_feedback(coded, frozen)]
    text = "\n\n".join([ABOUT.strip(), *tables]) + "\n"
    sys.stdout.write(text)
    if output:
        output.write_text(text, "utf-8")


def _bench_codebook(folder: Path, frozen: Path | None) -> Iterator[str]:
    codebook = read_codebook("shipped")
    labels = codebook.labels
    measured, more = read_measured(folder, labels), read_more(folder, labels)
    coded = measured.join(more)
    is_measured = np.arange(len(coded.texts)) < len(measured.texts)
    classify: dict[str, Classify] = {
        "keywords of the codebook": _keywords(coded, codebook),
        "TF-IDF + logistic regression": _tfidf(coded),
    }
    if frozen:
        vectors = _embed(_frozen(frozen), coded.texts, "frozen encoder")
        likeness = _measure_likeness(codebook, _frozen(frozen), vectors)
        classify["likeness to the codebook (zero-shot)"] = lambda _, rows: likeness[rows]
        classify["frozen encoder + logistic regression"] = _logistic(coded, vectors)
    truth = Truth(
        measured.applied,
        np.ones_like(measured.applied),
        measured.interviews,
        np.ones(len(measured.texts), dtype=bool),
    )
    with np.load(HERE / "out_of_fold.npz", allow_pickle=False) as file:
        kept = dict(file)
    for how, folds in _deal(coded, is_measured).items():
        scored = {
            name: _score(folds, is_measured, how_to, name) for name, how_to in classify.items()
        }
        if how in kept:
            scored[SHIPPED] = kept[how].astype(float)
        codes, whole = _by_code(scored, truth, codebook)
        answers = _answer(scored, truth, folds[is_measured])
        yield _tabulate_means(f"Codes and stances, {how}", answers, truth, labels)
        answers_by_code = _answer(codes, whole, folds[is_measured])
        yield _tabulate_means(
            f"Codes whatever the stance, {how}", answers_by_code, whole, _names(codebook)
        )
        yield _tabulate_each(f"F1 of each code and stance, {how}", answers, truth, labels)
        if SHIPPED in answers:
            yield _tabulate_shipped(f"{SHIPPED}, {how}", answers[SHIPPED], truth, labels)


def _bench_feedback(folder: Path, frozen: Path | None) -> Iterator[str]:
    coded, names, _ = read_feedback(folder)
    labels = [Label(name, "present") for name in names]
    everything = np.ones(len(coded.texts), dtype=bool)
    shipped = _embed(load_encoder(HERE / "default"), coded.texts, "shipped encoder, feedback")
    classify = {"TF-IDF + logistic regression": _tfidf(coded)}
    if frozen:
        vectors = _embed(_frozen(frozen), coded.texts, "frozen encoder, feedback")
        classify["frozen encoder + logistic regression"] = _logistic(coded, vectors)
    classify["shipped encoder + logistic regression"] = _logistic(coded, shipped)
    truth = Truth(coded.applied, np.ones_like(coded.applied), coded.interviews, everything)
    for how, folds in _deal(coded, everything).items():
        scored = {name: _score(folds, everything, each, name) for name, each in classify.items()}
        answers = _answer(scored, truth, folds)
        yield _tabulate_means(f"NHS feedback, {how}", answers, truth, labels)


def _deal(coded: Coded, measured: NDArray[np.bool_]) -> dict[str, NDArray[np.intp]]:
    """Give each passage's fold, -1 for those that are only learnt from.

    Our other passages of the same interview or source are held out with it.
    """
    by_source = np.unique(coded.sources, return_inverse=True)[1]
    by_source[~np.isin(coded.sources, coded.sources[measured])] = -1
    return {
        INTERVIEWS: deal_folds(coded.interviews, coded.applied, FOLDS, 0),
        SOURCES: by_source,
    }


def _score(
    folds: NDArray[np.intp], measured: NDArray[np.bool_], classify: Classify, name: str
) -> Scores:
    """Give the log odds of every measured passage by what was trained without its fold."""
    scores: Scores | None = None
    for fold in tqdm(np.unique(folds[measured]), desc=name, leave=False, disable=None):
        held_out = (folds == fold) & measured
        given = classify(folds != fold, held_out)
        scores = np.zeros((len(folds), given.shape[1])) if scores is None else scores
        scores[held_out] = given
    assert scores is not None
    return scores[measured]


def _keywords(coded: Coded, codebook: Codebook) -> Classify:
    """Count words of what the codebook says of a label, rare words counting more."""
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    texts = words.fit_transform(coded.texts)
    said = [" ".join(describe(codebook, label)) for label in codebook.labels]
    likeness = np.asarray((texts @ words.transform(said).T).todense())
    return lambda _, rows: likeness[rows]


def _tfidf(coded: Coded) -> Classify:
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    texts = csr_matrix(words.fit_transform(coded.texts))

    def classify(learn: NDArray[np.bool_], rows: NDArray[np.bool_]) -> Scores:
        return np.column_stack(
            [_fit_one(texts[learn], label[learn], texts[rows]) for label in coded.applied.T]
        )

    return classify


def _fit_one(learn: csr_matrix, applied: NDArray[np.bool_], rows: csr_matrix) -> Scores:
    if not applied.any():
        return np.full(rows.shape[0], -9.0)
    fitted = LogisticRegression(C=10, class_weight="balanced", solver="liblinear", random_state=0)
    return np.asarray(fitted.fit(learn, applied).decision_function(rows))


def _logistic(coded: Coded, vectors: Vectors) -> Classify:
    def classify(learn: NDArray[np.bool_], rows: NDArray[np.bool_]) -> Scores:
        applied = coded.applied[learn]
        examples = Examples(vectors[learn], applied, np.ones(applied.shape))
        heads = train_logistic(examples, blank_heads(applied.shape[1], vectors.shape[1]))
        return heads.decide(vectors[rows])

    return classify


def _measure_likeness(codebook: Codebook, encoder: Encoder, vectors: Vectors) -> Scores:
    texts = [list(describe(codebook, label)) for label in codebook.labels]
    centres = [np.mean(list(encoder.encode(said)), axis=0) for said in texts]
    return np.asarray(vectors @ np.array(centres).T, dtype=float)


def _frozen(folder: Path) -> Encoder:
    return build_sentence_onnx(folder, "frozen", fingerprint(folder))


def _embed(encoder: Encoder, texts: Sequence[str], what: str) -> Vectors:
    bar = tqdm(encoder.encode(texts), desc=what, total=len(texts), leave=False, disable=None)
    return np.array(list(bar), dtype=np.float32)


def _by_code(
    scored: dict[str, Scores], truth: Truth, codebook: Codebook
) -> tuple[dict[str, Scores], Truth]:
    """Take each code's stances together: the highest score, any of them applied."""
    codes = np.array([label.code for label in codebook.labels])
    mine = [codes == code.id for code in codebook.codes]
    applied = np.stack([truth.applied[:, columns].any(axis=1) for columns in mine], axis=1)
    return {
        name: np.stack([scores[:, columns].max(axis=1) for columns in mine], axis=1)
        for name, scores in scored.items()
    }, truth._replace(applied=applied, known=np.ones_like(applied))


def _names(codebook: Codebook) -> list[Label]:
    return [Label(code.id, "") for code in codebook.codes]


def _answer(scored: dict[str, Scores], truth: Truth, folds: NDArray[np.intp]) -> dict[str, Answers]:
    return {name: answer_apart(scores, truth, folds) for name, scores in scored.items()}


def _measure(answers: Answers, truth: Truth, labels: Sequence[Label]) -> list[Figures]:
    draws = draw_interviews(truth.interviews)
    rows = []
    for place, label in enumerate(labels):
        applied, column = truth.applied[:, place], answers.scores[:, place]
        if applied.sum() < FEWEST:
            continue
        said = answers.applied[:, place]
        right = (said & applied).sum()
        rows.append(
            Figures(
                ", ".join(part for part in label if part),
                int(applied.sum()),
                right / max(said.sum(), 1),
                right / applied.sum(),
                2 * right / (said.sum() + applied.sum()),
                *(interval(redraw_f1(applied, said, draws)) or (np.nan, np.nan)),
                _best_f1(applied, column),
                average_precision(applied, column),
                calibration_error(applied, column),
            )
        )
    return rows


def _best_f1(applied: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    right = applied[np.argsort(-scores, kind="stable")].cumsum()
    said = np.arange(1, len(scores) + 1)
    return float((2 * right / (said + applied.sum())).max())


def _macro_interval(answers: Answers, truth: Truth) -> list[float] | None:
    """Give the 95 % interval of macro-F1 at the thresholds in use, over interviews."""
    draws = draw_interviews(truth.interviews)
    f1 = [
        redraw_f1(applied, said, draws)
        for applied, said in zip(truth.applied.T, answers.applied.T, strict=True)
        if applied.sum() >= FEWEST
    ]
    return interval(np.nanmean(f1, axis=0))


def _tabulate_means(
    title: str, answered: dict[str, Answers], truth: Truth, labels: Sequence[Label]
) -> str:
    lines = [
        f"### {title}",
        "",
        "| classifier | F1 | 95 % of it | F1, best threshold | average precision "
        "| calibration error |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    count = 0
    for name, answers in answered.items():
        rows = _measure(answers, truth, labels)
        count = len(rows)
        means = np.mean([row[4:] for row in rows], axis=0)
        low, high = _macro_interval(answers, truth) or (np.nan, np.nan)
        lines.append(
            f"| {name} | {means[0]:.3f} | {low:.3f} to {high:.3f} | {means[3]:.3f} "
            f"| {means[4]:.3f} | {means[5]:.3f} |"
        )
    lines += ["", f"Means over {count} with {FEWEST} or more positives of {len(truth.applied):,}."]
    return "\n".join(lines)


def _tabulate_each(
    title: str, answered: dict[str, Answers], truth: Truth, labels: Sequence[Label]
) -> str:
    measured = {name: _measure(answers, truth, labels) for name, answers in answered.items()}
    first = next(iter(measured.values()))
    lines = [
        f"### {title}",
        "",
        f"| code and stance | positives | {' | '.join(measured)} |",
        "|---|---:|" + "---:|" * len(measured),
    ]
    for place, row in enumerate(first):
        f1 = " | ".join(f"{rows[place].f1:.2f}" for rows in measured.values())
        lines.append(f"| {row.name} | {row.positives} | {f1} |")
    return "\n".join(lines)


def _tabulate_shipped(title: str, answers: Answers, truth: Truth, labels: Sequence[Label]) -> str:
    lines = [
        f"### {title}",
        "",
        "| code and stance | positives | precision | recall | F1 | 95 % of it | average precision "
        "| calibration error |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in _measure(answers, truth, labels):
        lines.append(
            f"| {row.name} | {row.positives} | {row.precision:.2f} | {row.recall:.2f} "
            f"| {row.f1:.2f} | {row.low:.2f} to {row.high:.2f} | {row.average_precision:.2f} "
            f"| {row.calibration_error:.3f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
