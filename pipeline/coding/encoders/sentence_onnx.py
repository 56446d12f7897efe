"""A sentence encoder that lies beside its model as encoder.onnx, run on the processor."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from pipeline.coding.encoders import Vectors, encoders
from pipeline.errors import ModelError
from pipeline.files import hash_file

ENCODER, TOKENIZER = "encoder.onnx", "tokenizer.json"
LONGEST = 256  # tokens; longer texts are cut


class SentenceEncoder:
    """Sentence vectors of length 1, each text by itself.

    Batches would be no faster on a processor, and with 8-bit kernels the texts that happen to be
    beside one would change its vector.
    """

    def __init__(self, name: str, model: Path, tokenizer: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # texts run side by side instead
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST)
        self.name = name

    def encode(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """Give the vector of each text in turn; all cores work ahead."""
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            yield from threads.map(self._encode, texts)

    def _encode(self, text: str) -> Vectors:
        tokens = self._tokenizer.encode(text)
        inputs = {
            "input_ids": np.array([tokens.ids], dtype=np.int64),
            "attention_mask": np.array([tokens.attention_mask], dtype=np.int64),
        }
        ((vector,),) = self._session.run(None, inputs)
        return np.asarray(vector, dtype=np.float32)


@encoders.register("sentence_onnx")
def build_sentence_onnx(folder: Path, name: str, sha256: str) -> SentenceEncoder:
    """Load the encoder of a model's folder.

    Raises ModelError if encoder or tokenizer is missing, or not the one that the card describes.
    """
    if fingerprint(folder) != sha256:
        raise ModelError(
            f"{folder}: {ENCODER} or {TOKENIZER} is missing, or not as the card describes it."
        )
    return SentenceEncoder(name, folder / ENCODER, folder / TOKENIZER)


def fingerprint(folder: Path) -> str:
    """Give one hash over the encoder and its tokenizer."""
    hashes = hash_file(folder / ENCODER) + hash_file(folder / TOKENIZER)
    return hashlib.sha256(hashes.encode()).hexdigest()
