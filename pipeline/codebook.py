"""Read and check a codebook: the codes, their stances, and what a coder needs to know of each."""

from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.codebook_csv import read_content
from pipeline.errors import NeedsAttentionError, UserError, did_you_mean

SHIPPED = "three_powers.yaml"


class Label(NamedTuple):
    """A code in one of its stances: what is scored, coded and counted."""

    code: str
    stance: str


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Record):
    """A family of codes that share their stances; ``stances`` maps a stance to its meaning."""

    title: str
    stances: dict[str, str]


class Example(_Record):
    """An invented passage that shows a code in one stance."""

    stance: str
    text: str


class Code(_Record):
    """An entry of the codebook; ``stances`` maps each of its stances to what it means here."""

    id: str
    group: str
    label: str
    definition: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    stances: dict[str, str]
    examples: tuple[Example, ...] = ()


class Codebook(_Record):
    """A named, versioned list of codes."""

    name: str
    version: str
    title: str
    groups: dict[str, Group]
    codes: tuple[Code, ...]

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Every code in each of its stances, in the codebook's order."""
        return tuple(Label(code.id, stance) for code in self.codes for stance in code.stances)

    @cached_property
    def powers(self) -> tuple[str, ...]:
        """The ids of the codes in the group 'power', in the codebook's order."""
        return tuple(code.id for code in self.codes if code.group == "power")

    @property
    def name_and_version(self) -> str:
        """How the codebook is called in messages and cards."""
        return f"{self.name} {self.version}"

    @cached_property
    def fingerprint(self) -> str:
        """A hash that changes whenever a code, a stance or a definition does."""
        return sha256(self.model_dump_json().encode()).hexdigest()


def read_codebook(path: Path | Literal["shipped"]) -> Codebook:
    """Read a codebook in YAML or CSV, or the one that ships with the package.

    Raises NeedsAttentionError that lists every mistake, UserError if the file cannot be read.
    """
    if isinstance(path, str):
        path = Path(str(resources.files("pipeline.codebooks") / SHIPPED))
    content = read_content(path) if path.suffix == ".csv" else _read_yaml(path)
    try:
        codebook = Codebook.model_validate(content)
    except ValidationError as error:
        raise NeedsAttentionError(path, _sentences(error)) from error
    mistakes = list(_mistakes(codebook))
    if mistakes:
        raise NeedsAttentionError(path, mistakes)
    return codebook


def _read_yaml(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid YAML in UTF-8: {error}") from error


def _sentences(error: ValidationError) -> Iterator[str]:
    for mistake in error.errors():
        yield f"{'.'.join(map(str, mistake['loc'])) or 'the file'}: {mistake['msg']}"


def _mistakes(codebook: Codebook) -> Iterator[str]:
    seen: set[str] = set()
    for code in codebook.codes:
        if code.id in seen:
            yield f"codes: '{code.id}' stands twice."
        seen.add(code.id)
        if code.group not in codebook.groups:
            hint = did_you_mean(code.group, codebook.groups)
            yield f"{code.id}: there is no group '{code.group}'.{hint}"
            continue
        allowed = codebook.groups[code.group].stances
        for stance in sorted(code.stances.keys() - allowed.keys()):
            yield f"{code.id}: stance '{stance}' is not in group '{code.group}'."
        shown = {example.stance for example in code.examples}
        for stance in sorted(shown - code.stances.keys()):
            yield f"{code.id}: an example has the stance '{stance}', the code has not."
