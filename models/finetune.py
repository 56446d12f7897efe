"""Make models/default: fine-tune a small sentence encoder and its heads on coded passages.

Nobody needs this to use three-powers; it is here so that the shipped model can be made again. It
wants `pip install torch==2.13.0 transformers onnx` beside the project's own requirements, the
folder of coded passages (coded.py) and the folder of all-MiniLM-L6-v2 as sentence-transformers
ship it:

    python models/finetune.py train CODED_FOLDER MINILM_FOLDER WORK_FOLDER
    python models/finetune.py ship CODED_FOLDER WORK_FOLDER
    python models/finetune.py freeze MINILM_FOLDER FROZEN_FOLDER

'train' makes a network on everything and one without each source, and keeps each in WORK_FOLDER:
started again, it goes on with the next. On 2 cores each takes 10 to 20 minutes; with a GPU, much
less. 'ship' writes models/default and models/out_of_fold.npz. 'freeze' writes the untouched encoder
for the benchmark.

The word embeddings and the lower three of six layers stay as they are, so their output is computed
once; the upper three and a linear head for every code and stance (and, to share what stances have
in common, for every code) are trained, twice, and the weights averaged: the mean knows new sources
better than either (docs/decisions/model.md). Thresholds, calibration and figures come from passages
of sources that a network did not see, as the passages of a new study are.
"""

import math
import sys
import tempfile
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from coded import HERE, INVENTED, Coded, read_measured, read_more
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from transformers import AutoModel, AutoTokenizer

from pipeline import __version__
from pipeline.codebook import Codebook, read_codebook
from pipeline.coding.base import write_base
from pipeline.coding.bias import find_bias, name_lengths
from pipeline.coding.card import CLASSIFIED, RANKED, describe_codebook
from pipeline.coding.classifiers import Examples, Heads
from pipeline.coding.classifiers.logistic import train_logistic
from pipeline.coding.encoders.sentence_onnx import (
    ENCODER,
    TOKENIZER,
    build_sentence_onnx,
    fingerprint,
)
from pipeline.coding.evaluation import Cutoffs, evaluate, mean_f1
from pipeline.coding.likeness import ORDINARY, likeness_heads
from pipeline.coding.model import (
    HEADS,
    Model,
    no_folds,
    write_model,
)
from pipeline.coding.training import Truth, answer_apart, choose, confirm_sure
from pipeline.files import hash_file
from pipeline.retraining import ENOUGH, ENOUGH_INTERVIEWS

EPOCHS, BATCH = 1.5, 16
SEEDS = (0, 1)  # of the trainings whose weights are averaged
FROZEN = 3  # layers that stay as they are
LONGEST = 160  # tokens
SCALE = 10.0  # what unit vectors are multiplied by before the heads
RATE, HEAD_RATE = 1e-4, 1e-2
EVERYTHING, SOURCES = "everything", "a source left out"
NEAR_MISS, OTHER = 10.0, 0.1  # weights of passages when heads are refined
TIED = 0.5  # share of coders: one says yes, one no
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class Data(NamedTuple):
    """Tokens and lower layers' output a passage, and which labels and codes apply."""

    tokens: list[list[int]]
    lower: list[np.ndarray]
    labels: np.ndarray
    codes: np.ndarray


class Network(nn.Module):
    """The encoder, from the first layer that is trained on, with both sets of heads."""

    def __init__(self, source: Path, labels: int, codes: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(source, attn_implementation="eager")
        self.heads, self.code_heads = (nn.Linear(384, count) for count in (labels, codes))
        for part in (self.encoder.embeddings, self.encoder.encoder.layer[:FROZEN]):
            part.requires_grad_(False)
        self.encoder.pooler.requires_grad_(False)
        for head in (self.heads, self.code_heads):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.constant_(head.bias, -3)

    def forward(self, lower: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give the log odds of every label and of every code."""
        hidden = lower
        hide = (1 - mask)[:, None, None, :] * -1e9
        for layer in self.encoder.encoder.layer[FROZEN:]:
            out = layer(hidden, hide)
            hidden = out[0] if isinstance(out, tuple) else out
        vector = pool(hidden, mask) * SCALE
        return self.heads(vector), self.code_heads(vector)


class WholeEncoder(nn.Module):
    """Tokens in, unit vectors out: what is shipped."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Give a vector a text."""
        out = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        return pool(out.last_hidden_state, attention_mask.to(torch.float32))


def pool(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Give the mean of the tokens' vectors, at length 1."""
    weights = mask.unsqueeze(-1)
    return nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)


def train(coded_folder: Path, source: Path, work: Path) -> None:
    """Train every network that is not in the work folder yet."""
    codebook = read_codebook("shipped")
    _, everything = read_both(coded_folder, codebook)
    data = prepare(everything, codebook, source)
    sources = everything.sources[everything.sources != INVENTED]
    for name in (EVERYTHING, *np.unique(sources)):
        if not (work / name / HEADS).exists():
            rows = np.flatnonzero(everything.sources != name)
            network = average([fit(data, rows, source, seed) for seed in SEEDS])
            keep(network, work / name, source)


def average(networks: list[Network]) -> Network:
    """Give the mean of the weights of networks that started from the same encoder."""
    states = [network.state_dict() for network in networks]
    mean = {name: torch.stack([s[name].float() for s in states]).mean(0) for name in states[0]}
    networks[0].load_state_dict(mean)
    return networks[0]


def keep(network: Network, folder: Path, source: Path) -> None:
    """Write a network as it ships: encoder, tokenizer, and heads for unit vectors."""
    folder.mkdir(parents=True, exist_ok=True)
    export(network.encoder, folder / ENCODER)
    (folder / TOKENIZER).write_bytes((source / "tokenizer.json").read_bytes())
    weights = network.heads.weight.detach().numpy().astype(np.float64) * SCALE
    intercepts = network.heads.bias.detach().numpy().astype(np.float64)
    np.savez(folder / HEADS, weights=weights, intercepts=intercepts)


def ship(coded_folder: Path, work: Path) -> None:
    """Write models/default (encoder, heads, the codings as vectors, card) and out_of_fold.npz."""
    codebook, folder = read_codebook("shipped"), HERE / "default"
    measured, everything = read_both(coded_folder, codebook)
    decided = decide_left_out(work, measured)
    np.savez_compressed(HERE / "out_of_fold.npz", **{SOURCES: decided.astype(np.float16)})
    for name in (ENCODER, TOKENIZER):
        (folder / name).write_bytes((work / EVERYTHING / name).read_bytes())
    encoder = build_sentence_onnx(folder, "default", fingerprint(folder))
    vectors = np.array(list(encoder.encode(everything.texts)), dtype=np.float32)
    heads = refine(read_heads(work / EVERYTHING), vectors, everything)
    model = assemble(heads, decided, measured, everything, codebook)
    likeness = likeness_heads(codebook, encoder, vectors[: len(measured.texts)])
    ranked = np.array([row["mode"] == RANKED for row in model.card["labels"]])
    whole = Heads(
        np.where(ranked[:, np.newaxis], likeness.weights, model.heads.weights),
        np.where(ranked, likeness.intercepts, model.heads.intercepts),
    )
    agreed = np.where(everything.shares == TIED, 0.0, 1.0)
    base = Examples(vectors, everything.applied, agreed)
    card = describe(measured, everything, codebook, folder, model.card["labels"], coded_folder)
    card |= {"bias": model.card["bias"], "base_sha256": write_base(folder, base)}
    write_model(folder, model._replace(heads=whole, card=model.card | card))


def refine(heads: Heads, vectors: np.ndarray, everything: Coded) -> Heads:
    """Teach heads what they still take for a code: invented passages that have none.

    All other passages hold them in place, and scores of real ones keep their mean and spread.
    """
    real = everything.sources != INVENTED
    is_near_miss = ~real & ~everything.applied.any(axis=1)
    agreed = np.where(everything.shares == TIED, 0.0, 1.0)
    weight = agreed * np.where(is_near_miss, NEAR_MISS, OTHER)[:, np.newaxis]
    refined = train_logistic(Examples(vectors, everything.applied, weight), heads)
    before, after = heads.decide(vectors[real]), refined.decide(vectors[real])
    slopes = before.std(axis=0) / after.std(axis=0)
    return refined.stretch(slopes, before.mean(axis=0) - slopes * after.mean(axis=0))


def read_heads(folder: Path) -> Heads:
    """Read the heads of a network that was kept."""
    with np.load(folder / HEADS) as file:
        return Heads(file["weights"], file["intercepts"])


def decide_left_out(work: Path, measured: Coded) -> np.ndarray:
    """Give the log odds of every measured passage by the network that did not see its source."""
    decided = np.zeros(measured.shares.shape)
    for source in np.unique(measured.sources):
        rows = measured.sources == source
        folder = work / source
        encoder = build_sentence_onnx(folder, source, fingerprint(folder))
        vectors = np.array(list(encoder.encode(measured.pick(rows).texts)), dtype=np.float32)
        decided[rows] = read_heads(folder).decide(vectors)
    return decided


def freeze(source: Path, folder: Path) -> None:
    """Write the untouched encoder, for the benchmark."""
    folder.mkdir(parents=True, exist_ok=True)
    export(AutoModel.from_pretrained(source, attn_implementation="eager"), folder / "encoder.onnx")
    (folder / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())


def read_both(folder: Path, codebook: Codebook) -> tuple[Coded, Coded]:
    """Give the passages that are measured on, and all with these first."""
    measured = read_measured(folder, codebook.labels)
    return measured, measured.join(read_more(folder, codebook.labels))


def prepare(coded: Coded, codebook: Codebook, source: Path) -> Data:
    """Tokenise, and run the layers that stay as they are."""
    tokenizer = AutoTokenizer.from_pretrained(source)
    tokens = [
        tokenizer(text, truncation=True, max_length=LONGEST)["input_ids"] for text in coded.texts
    ]
    encoder = AutoModel.from_pretrained(source).eval().to(DEVICE)
    encoder.encoder.layer = encoder.encoder.layer[:FROZEN]
    lower: list[Any] = [None] * len(tokens)
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    for start in range(0, len(order), 32):
        rows = order[start : start + 32]
        ids = nn.utils.rnn.pad_sequence([torch.tensor(tokens[r]) for r in rows], batch_first=True)
        mask = torch.zeros_like(ids)
        for place, row in enumerate(rows):
            mask[place, : len(tokens[row])] = 1
        with torch.no_grad():
            out = encoder(input_ids=ids.to(DEVICE), attention_mask=mask.to(DEVICE))
        for hidden, row in zip(out.last_hidden_state.cpu().numpy(), rows, strict=True):
            lower[row] = hidden[: len(tokens[row])].astype(np.float16)
    code_of = np.array([label.code for label in codebook.labels])
    codes = np.stack(
        [coded.shares[:, code_of == code.id].max(axis=1) for code in codebook.codes], axis=1
    )
    return Data(tokens, lower, coded.shares, codes)


def fit(data: Data, rows: np.ndarray, source: Path, seed: int) -> Network:
    """Train on some rows: AdamW, warm-up and cosine, rare labels weighing more."""
    torch.manual_seed(0)  # all heads start alike, so that their mean makes sense
    random = np.random.default_rng(seed)
    network = Network(source, data.labels.shape[1], data.codes.shape[1]).train().to(DEVICE)
    weights = [weigh(y[rows]).to(DEVICE) for y in (data.labels, data.codes)]
    losses = [nn.BCEWithLogitsLoss(pos_weight=weight) for weight in weights]
    trained = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [*network.heads.parameters(), *network.code_heads.parameters()]
    optimiser = torch.optim.AdamW(
        [
            {"params": trained, "lr": RATE, "weight_decay": 0.01},
            {"params": heads, "lr": HEAD_RATE, "weight_decay": 0},
        ]
    )
    steps = math.ceil(EPOCHS * len(rows) / BATCH)
    deals = (deal_batches(rows, data, random) for _ in range(math.ceil(EPOCHS)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: (
            min(step / (0.05 * steps), 1) * 0.5 * (1 + math.cos(math.pi * min(1, step / steps)))
        ),
    )
    for batch in islice(chain.from_iterable(deals), steps):
        labels, codes = network(*stack(data, batch))
        loss = losses[0](labels, torch.tensor(data.labels[batch], device=DEVICE))
        loss = loss + 0.5 * losses[1](codes, torch.tensor(data.codes[batch], device=DEVICE))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
    return network.cpu()


def weigh(shares: np.ndarray) -> torch.Tensor:
    """Weigh positives by the square root of how rare they are, 1 to 8 times."""
    positives = shares.sum(axis=0)
    weights = np.sqrt((len(shares) - positives) / np.maximum(positives, 1))
    return torch.tensor(np.clip(weights, 1, 8), dtype=torch.float32)


def deal_batches(rows: np.ndarray, data: Data, random: np.random.Generator) -> list[Any]:
    """Shuffle, then put passages of like length together, so that little is padding."""
    shuffled = random.permutation(rows)
    batches = []
    for start in range(0, len(rows), BATCH * 50):
        chunk = sorted(shuffled[start : start + BATCH * 50], key=lambda r: len(data.tokens[r]))
        batches += [chunk[first : first + BATCH] for first in range(0, len(chunk), BATCH)]
    random.shuffle(batches)
    return batches


def stack(data: Data, rows: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad some passages' lower layers to one length; give them with their mask."""
    lower = nn.utils.rnn.pad_sequence(
        [torch.from_numpy(data.lower[row].astype(np.float32)) for row in rows], batch_first=True
    )
    mask = torch.zeros(lower.shape[:2])
    for place, row in enumerate(rows):
        mask[place, : len(data.lower[row])] = 1
    return lower.to(DEVICE), mask.to(DEVICE)


def assemble(
    heads: Heads, decided: np.ndarray, measured: Coded, everything: Coded, codebook: Codebook
) -> Model:
    """Calibrate the heads, choose cut-offs, and measure, all on sources that were left out."""
    truth = Truth(
        measured.applied,
        np.ones_like(measured.applied),
        measured.interviews,
        np.ones(len(measured.texts), dtype=bool),
    )
    calibration, cutoffs = choose(decided, truth)
    folds = np.unique(measured.sources, return_inverse=True)[1]
    cutoffs, answers = confirm_sure(cutoffs, answer_apart(decided, truth, folds), truth)
    figures = evaluate(codebook.labels, truth.applied, truth.known, answers, truth.interviews)
    ranked = find_ranked(everything)
    told = ("code", "stance", "positives", "interviews")  # of a label without a classifier
    rows = [
        {name: row[name] for name in told} | {"mode": RANKED}
        if is_ranked
        else {**row, "mode": CLASSIFIED}
        for row, is_ranked in zip(figures, ranked, strict=True)
    ]
    never = np.full(len(ranked), np.inf)
    froms = cutoffs.take(Cutoffs(never, never, np.full(len(ranked), ORDINARY)), ranked)
    words = np.array([len(text.split()) for text in measured.texts])
    groups = {
        "source": measured.sources,
        "length of the interview": name_lengths(words, measured.interviews),
    }
    bias = find_bias(truth, answers.applied & ~ranked, groups)
    return Model(
        heads.stretch(*calibration),
        froms,
        codebook.labels,
        {"labels": rows, "bias": bias},
        no_folds(*heads.weights.shape),
    )


def find_ranked(everything: Coded) -> np.ndarray:
    """Say which labels too few real passages or interviews have for a classifier."""
    real = everything.applied & (everything.sources != INVENTED)[:, np.newaxis]
    interviews = np.array([len(set(everything.interviews[rows])) for rows in real.T])
    return np.asarray((real.sum(axis=0) < ENOUGH) | (interviews < ENOUGH_INTERVIEWS))


def export(encoder: nn.Module, path: Path) -> None:
    """Write the encoder as ONNX for 8-bit kernels, with a scale for every row of weights.

    Weights keep 7 bits, so that no processor's kernels overflow and all give the same vectors.
    """
    blank = torch.ones(2, 7, dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            WholeEncoder(encoder).eval(),
            (blank, blank),
            whole,
            input_names=names,
            output_names=["vector"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names}
            | {"vector": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )


def describe(
    measured: Coded,
    everything: Coded,
    codebook: Codebook,
    folder: Path,
    rows: list[dict[str, Any]],
    coded_folder: Path,
) -> dict[str, Any]:
    """Write the card: what the model is for, was made from, and is worth."""
    hashed = fingerprint(folder)
    invented = int((everything.sources == INVENTED).sum())
    more = len(everything.texts) - len(measured.texts) - invented
    files = [*(coded_folder / f"{name}.jsonl" for name in ("passages", "invented"))]
    files += [HERE / "codings.csv", HERE / "near_misses.jsonl"]
    return {
        "name": "default",
        "made_by": f"three-powers {__version__}, models/finetune.py",
        "date": "2026-11-23",
        "codebook": describe_codebook(codebook),
        "encoder": {
            "name": f"MiniLM-L6 fine-tuned {hashed[:8]}",
            "builder": "sentence_onnx",
            "folder": "default",
            "sha256": hashed,
            "made_from": "all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), layers 4 to 6",
        },
        "classifier": "linear heads, trained with the encoder",
        "seed": SEEDS[0],
        "trained_on": (
            f"{len(measured.texts) + more:,} passages of real hearings, interviews and "
            f"conversations from {len(np.unique(measured.sources))} sources, coded by careful AI "
            "coders, passage by passage, not by people, and "
            f"{invented:,} invented passages, coded by their writers. Figures are on "
            f"{len(measured.texts):,} of the real ones, each scored by a model that had not seen "
            "anything of its source, as it has not seen your interviews, at thresholds that were "
            "chosen on the other sources."
        ),
        "data_sha256": {path.name: hash_file(path) for path in files},
        "macro_f1": {
            "a source left out": mean_f1([row for row in rows if row["mode"] == CLASSIFIED]),
            "over": "codes and stances with 10 or more positives, at the thresholds in use",
        },
    }


if __name__ == "__main__":
    COMMANDS = {"train": train, "ship": ship, "freeze": freeze}
    COMMANDS[sys.argv[1]](*map(Path, sys.argv[2:]))
