"""Make models/default: fine-tune a small sentence encoder and its heads on coded passages.

Nobody needs this to use three-powers; it is here so that the shipped model can be made again.
It wants a folder with passages.jsonl and invented.jsonl, the folder of all-MiniLM-L6-v2 as
sentence-transformers ship it, and `pip install torch==2.13.0 transformers onnx` beside the
project's own requirements. On 2 cores it takes about 45 minutes:

    python models/finetune.py CODED_FOLDER MINILM_FOLDER

The word embeddings and the lower three of six layers stay as they are, so their output is computed
once; the upper three and a linear head for every code and stance (and, to share what stances have
in common, for every code) are trained. Thresholds and figures come from three folds of whole
interviews, each scored by a model that was trained without it; the shipped model is then trained
on everything.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn
from transformers import AutoModel, AutoTokenizer

from pipeline import __version__
from pipeline.codebook import Codebook, read_codebook
from pipeline.coding.classifiers import Heads
from pipeline.coding.encoders.sentence_onnx import fingerprint
from pipeline.coding.evaluation import mean_f1
from pipeline.coding.model import mark_applied, write_model
from pipeline.coding.training import INVENTED, Truth, calibrate, deal_folds

FOLDS, EPOCHS, BATCH, SEED = 3, 4, 16, 0
FROZEN = 3  # layers that stay as they are
LONGEST = 160  # tokens
SCALE = 10.0  # what unit vectors are multiplied by before the heads
RATE, HEAD_RATE = 1e-4, 1e-2
SMALLEST_SHRUNK = 10_000  # numbers in a weight matrix that is kept in 8 bits


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
        frozen = (
            self.encoder.embeddings,
            self.encoder.encoder.layer[:FROZEN],
            self.encoder.pooler,
        )
        for part in frozen:
            part.requires_grad_(False)
        for head in (self.heads, self.code_heads):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.constant_(head.bias, -3)

    def forward(self, lower: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
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


def main(coded: Path, source: Path) -> None:
    """Make models/default from coded passages and an encoder to start from."""
    codebook = read_codebook("shipped")
    rows = [
        json.loads(line)
        for name in ("passages.jsonl", "invented.jsonl")
        for line in (coded / name).read_text("utf-8").splitlines()
    ]
    truth = Truth(
        mark_applied([row["codes"] for row in rows], codebook.labels),
        np.array([row.get("interview") or row["id"] for row in rows]),
        np.array([row.get("source", INVENTED) for row in rows]),
    )
    data = prepare([row["text"] for row in rows], truth, codebook, source)
    decided = np.zeros(truth.applied.shape)
    for held_out in deal_folds(truth.interviews, FOLDS, SEED):
        network = fit(data, np.flatnonzero(~held_out), source)
        decided[held_out] = decide(network, data, np.flatnonzero(held_out))
    network = fit(data, np.arange(len(rows)), source)
    ship(network, decided, truth, codebook, source)


def prepare(texts: list[str], truth: Truth, codebook: Codebook, source: Path) -> Data:
    """Tokenise, and run the layers that stay as they are."""
    tokenizer = AutoTokenizer.from_pretrained(source)
    tokens = [tokenizer(text, truncation=True, max_length=LONGEST)["input_ids"] for text in texts]
    encoder = AutoModel.from_pretrained(source).eval()
    lower: list[Any] = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda row: len(tokens[row]))
    for start in range(0, len(order), 32):
        rows = order[start : start + 32]
        ids = nn.utils.rnn.pad_sequence([torch.tensor(tokens[r]) for r in rows], batch_first=True)
        mask = torch.tensor(
            [[place < len(tokens[r]) for place in range(ids.shape[1])] for r in rows]
        )
        with torch.no_grad():
            out = encoder(input_ids=ids, attention_mask=mask.long(), output_hidden_states=True)
        for hidden, row in zip(out.hidden_states[FROZEN].numpy(), rows, strict=True):
            lower[row] = hidden[: len(tokens[row])].astype(np.float16)
    ids_of = {code.id: place for place, code in enumerate(codebook.codes)}
    place = np.array([ids_of[label.code] for label in codebook.labels])
    codes = np.stack(
        [truth.applied[:, place == code].any(axis=1) for code in range(len(ids_of))], axis=1
    )
    return Data(tokens, lower, truth.applied.astype(np.float32), codes.astype(np.float32))


def fit(data: Data, rows: np.ndarray, source: Path) -> Network:
    """Train on some rows: AdamW, warm-up and cosine, rare labels weighing more."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    network = Network(source, data.labels.shape[1], data.codes.shape[1]).train()
    losses = [nn.BCEWithLogitsLoss(pos_weight=weigh(y[rows])) for y in (data.labels, data.codes)]
    trained = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [*network.heads.parameters(), *network.code_heads.parameters()]
    optimiser = torch.optim.AdamW(
        [
            {"params": trained, "lr": RATE, "weight_decay": 0.01},
            {"params": heads, "lr": HEAD_RATE, "weight_decay": 0},
        ]
    )
    steps = EPOCHS * math.ceil(len(rows) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: (
            min(step / (0.1 * steps), 1) * (0.5 * (1 + math.cos(math.pi * min(1, step / steps))))
        ),
    )
    for _ in range(EPOCHS):
        for batch in deal_batches(rows, data, random):
            labels, codes = network(*stack(data, batch))
            loss = losses[0](labels, torch.tensor(data.labels[batch]))
            loss = loss + 0.5 * losses[1](codes, torch.tensor(data.codes[batch]))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            schedule.step()
    return network


def weigh(applied: np.ndarray) -> torch.Tensor:
    """Weigh positives by the square root of how rare they are, 1 to 8 times."""
    positives = applied.sum(axis=0)
    weights = np.sqrt((len(applied) - positives) / np.maximum(positives, 1))
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
    return lower, mask


def decide(network: Network, data: Data, rows: np.ndarray) -> np.ndarray:
    """Give the log odds of every label for some passages."""
    network.eval()
    decided = np.zeros((len(rows), data.labels.shape[1]))
    order = np.argsort([len(data.tokens[row]) for row in rows], kind="stable")
    with torch.no_grad():
        for start in range(0, len(order), 32):
            places = order[start : start + 32]
            decided[places] = network(*stack(data, rows[places]))[0].numpy()
    return decided


def ship(
    network: Network, decided: np.ndarray, truth: Truth, codebook: Codebook, source: Path
) -> None:
    """Write encoder, tokenizer, heads and card to models/default."""
    folder = Path(__file__).parent / "default"
    export(network.encoder, folder / "encoder.onnx")
    (folder / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    heads = Heads(
        network.heads.weight.detach().numpy().astype(np.float64) * SCALE,
        network.heads.bias.detach().numpy().astype(np.float64),
    )
    trained = calibrate(heads, decided, truth, codebook.labels)
    write_model(folder, trained, describe(trained.rows, truth, codebook, folder))


def export(encoder: nn.Module, path: Path) -> None:
    """Write the encoder as ONNX, its large matrices in 8 bits with a scale a row or column."""
    blank = torch.ones(2, 7, dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    torch.onnx.export(
        WholeEncoder(encoder).eval(),
        (blank, blank),
        path,
        input_names=names,
        output_names=["vector"],
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names} | {"vector": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(path)
    kept = []
    for tensor in model.graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if weights.ndim != 2 or weights.size < SMALLEST_SHRUNK or weights.dtype != np.float32:
            kept.append(tensor)
            continue
        is_embedding = weights.shape[1] == 384 and weights.shape[0] in (512, 30522)
        axis = 0 if is_embedding else 1
        scale = np.abs(weights).max(axis=1 - axis) / 127
        scale[scale == 0] = 1
        wide = scale[:, None] if axis == 0 else scale[None, :]
        small = np.round(weights / wide).clip(-127, 127).astype(np.int8)
        parts = (f"{tensor.name}_small", f"{tensor.name}_scale")
        kept.append(numpy_helper.from_array(small, parts[0]))
        kept.append(numpy_helper.from_array(scale.astype(np.float32), parts[1]))
        node = helper.make_node("DequantizeLinear", parts, [tensor.name], axis=axis)
        model.graph.node.insert(0, node)
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def describe(
    rows: list[dict[str, Any]], truth: Truth, codebook: Codebook, folder: Path
) -> dict[str, Any]:
    """Write the card: what the model is for, was made from, and is worth."""
    real = truth.is_real
    hashed = fingerprint(folder)
    return {
        "name": "default",
        "made_by": f"three-powers {__version__}, models/finetune.py",
        "codebook": {
            "name": codebook.name,
            "version": codebook.version,
            "fingerprint": codebook.fingerprint,
        },
        "encoder": {
            "name": f"MiniLM-L6 fine-tuned {hashed[:8]}",
            "builder": "sentence_onnx",
            "folder": "default",
            "sha256": hashed,
            "made_from": "all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), layers 4 to 6",
        },
        "classifier": "linear heads, trained with the encoder",
        "seed": SEED,
        "trained_on": (
            f"{int(real.sum()):,} passages of {len(np.unique(truth.interviews[real])):,} real "
            f"hearings, interviews and conversations from {len(np.unique(truth.sources[real]))} "
            "sources, coded once by careful AI coders, passage by passage, not by people (two "
            f"such codings agreed at kappa .87), and {int((~real).sum()):,} invented passages, "
            "coded by their writers. Figures are on the real ones, by models that had not seen "
            "the interview; on interviews from elsewhere expect less."
        ),
        "macro_f1": {
            "grouped_by_interview": mean_f1(rows),
            "over": "labels with 10 or more real positives, at the thresholds in use",
        },
    }


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
