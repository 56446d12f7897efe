"""The card of a model: what it is for, made from and worth, in JSON that people can read."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.codebook import Codebook
from pipeline.errors import ModelError

CARD = "card.json"
CLASSIFIED, RANKED = "classified", "ranked"

Number = Annotated[float, Field(allow_inf_nan=False)]
Figure = Number | None


class _Part(BaseModel):
    model_config = ConfigDict(strict=True)


class _Codebook(_Part):
    name: str
    version: str
    fingerprint: str


class _Encoder(_Part):
    name: str
    sha256: str
    builder: str
    folder: Annotated[str, Field(pattern=r"^[^/\\.][^/\\]*$")]  # beside the model, nowhere else


class _Label(_Part):
    code: str
    stance: str
    mode: Literal["classified", "ranked"]
    applied_from: Figure
    sure_from: Figure
    doubtful_from: Figure
    positives: int = 0
    interviews: int = 0
    precision: Figure = None
    recall: Figure = None
    f1: Figure = None
    f1_interval: list[Number] | None = None
    average_precision: Figure = None
    calibration_error: Figure = None
    sure_share: Figure = None
    sure_precision: Figure = None
    sure_recall: Figure = None
    asked_share: Figure = None
    older_wording: bool = False


class _Group(_Part):
    by: str
    group: str
    passages: int
    interviews: int
    missed: Figure
    invented: Figure
    difference: Number
    interval: list[Number] | None


class _Change(_Part):
    code: str
    stance: str
    positives: int
    interviews: int
    old: Number
    new: Number
    difference: Number
    interval: list[Number] | None
    is_taken: bool


class _Card(_Part):
    codebook: _Codebook
    encoder: _Encoder
    labels: Annotated[list[_Label], Field(min_length=1)]
    name: str = ""
    made_by: str = ""
    date: str = ""
    classifier: str = ""
    trained_on: str = ""
    macro_f1: dict[str, Number | str] = {}
    bias: list[_Group] = []
    changes: list[_Change] = []
    base_sha256: str = ""
    data_sha256: str | dict[str, str] = ""
    heads_sha256: str = ""


def read_card(folder: Path) -> dict[str, Any]:
    """Read a model's card. Raises ModelError if there is none, or it is no card."""
    path = folder / CARD
    if not path.is_file():
        raise ModelError(f"There is no model in {folder}: {CARD} is missing.")
    try:
        card: dict[str, Any] = json.loads(path.read_text("utf-8"))
        _Card.model_validate(card)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"])) or "a card"
        raise ModelError(f"{path} is damaged: it does not say {place} rightly.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is damaged: {error}.") from error
    return card


def describe_codebook(codebook: Codebook) -> dict[str, str]:
    """Give the part of a card that says which codebook a model is for."""
    return {
        "name": codebook.name,
        "version": codebook.version,
        "fingerprint": codebook.fingerprint,
    }
