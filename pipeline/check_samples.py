"""The check sample: passages drawn at random for people to check, blind to the model.

How it was drawn is kept in a file of its own, beside the spreadsheets that people fill in: nobody
can lose the probabilities by deleting a column.
"""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.codebook import Codebook
from pipeline.errors import UserError
from pipeline.findings.checks import RANDOM
from pipeline.findings.sampling import draw_sample
from pipeline.tables import Decisions, Passages
from pipeline.typed_labels import write_label

RECORD = "check-sample.json"  # in the study's folder
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrstv")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Drawn(_Record):
    """A passage of the sample, with the probability (0 to 1) of having been drawn."""

    passage: str
    hash: str
    area: str
    probability: float


class CheckSample(_Record):
    """A sample in the order in which it is checked, and all that is needed to draw it again.

    ``labels`` are those that were looked for: a code that came later was not.
    """

    seed: int
    size: int
    codebook: str
    codebook_version: str
    labels: tuple[str, ...]
    passages: tuple[Drawn, ...]


NONE = CheckSample(seed=0, size=0, codebook="", codebook_version="", labels=(), passages=())


def draw_check_sample(
    passages: Passages, codebook: Codebook, *, size: int, seed: int
) -> CheckSample:
    """Draw about ``size`` passages of every area, each area's by itself, in random order.

    The same passages, size and seed give the same sample; a larger size adds to it.
    """
    drawn = [
        one
        for area, mine in passages.groupby("area", sort=True)
        for one in _draw(mine, str(area), size, seed)
    ]
    return CheckSample(
        seed=seed,
        size=size,
        codebook=codebook.name,
        codebook_version=codebook.version,
        labels=tuple(map(write_label, codebook.labels)),
        passages=tuple(drawn),
    )


def hash_text(text: str) -> str:
    """Give a short hash without digits or vowels: no spreadsheet takes it for a number or a date.

    >>> hash_text("It floods.")
    'cjnhcbrrhjmp'
    """
    return sha256(text.encode()).hexdigest()[:12].translate(_LETTERS)


def count_lost(old: CheckSample, new: CheckSample) -> int:
    """Count the passages of a sample that another one does not have."""
    kept = {(one.passage, one.hash) for one in new.passages}
    return sum((one.passage, one.hash) not in kept for one in old.passages)


def find_outdated(decisions: Decisions, sample: CheckSample) -> pd.DataFrame:
    """Give what was decided on passages drawn at random under other odds, with those of a sample.

    Only the newest sample corrects shares: two together would have a passage's chance of being in
    either, and hold only if both were checked to the end. So a passage that it does not have gets
    no probability; drawn once more, it gets its new one.
    """
    odds = {one.passage: one.probability for one in sample.passages}
    drawn = decisions[decisions["selection"] == RANDOM]
    now = drawn["passage"].map(odds).astype("float64")
    is_same = (now == drawn["probability"]) | (now.isna() & drawn["probability"].isna())
    return drawn.assign(probability=now)[~is_same]


def read_check_sample(path: Path) -> CheckSample:
    """Read how the study's sample was drawn; it is empty if none was.

    Raises UserError for a damaged file.
    """
    if not path.exists():
        return NONE
    try:
        return CheckSample.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise UserError(
            f"{path} is damaged. Bring it back from a backup, or delete it and run 'three-powers "
            "check-sample' with the same size and seed."
        ) from error


def write_check_sample(path: Path, sample: CheckSample) -> None:
    """Write down how a sample was drawn."""
    path.write_text(sample.model_dump_json(indent=1) + "\n", "utf-8")


def _draw(mine: pd.DataFrame, area: str, size: int, seed: int) -> list[Drawn]:
    mine = mine.sort_values("passage", ignore_index=True)
    interviews = mine["transcript"].to_numpy(str)
    sample = draw_sample(interviews, size, seed=_derive(seed, area, "draw"))
    order = np.random.default_rng(_derive(seed, area, "order")).permutation(len(sample))
    rows, probabilities = (sample[name].to_numpy()[order] for name in ("row", "probability"))
    ids, texts = (mine[name].to_numpy(str)[rows] for name in ("passage", "text"))
    return [
        Drawn(passage=passage, hash=hash_text(text), area=area, probability=probability)
        for passage, text, probability in zip(
            ids.tolist(), texts.tolist(), probabilities.tolist(), strict=True
        )
    ]


def _derive(seed: int, area: str, purpose: str) -> int:
    """Make a seed for one area and purpose, so that what is drawn elsewhere does not matter."""
    return int(sha256(f"{seed}\n{purpose}\n{area}".encode()).hexdigest()[:16], 16)
