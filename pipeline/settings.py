"""How one study is analysed. Every default is here; the study's study.toml overrides it."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import NeedsAttentionError, UserError, did_you_mean
from pipeline.files import write_whole

# What is said of a value of the wrong kind, by the start of pydantic's name for the mistake.
WANTED = {
    "int_": "write a whole number without quotes",
    "bool_": "write true or false, without quotes",
    "string_": "write text in quotes",
    "tuple_": 'write a list of texts, as in ["High Street", "Ada"]',
    "model_": "write it as a section, [name] on a line of its own",
    "literal_": "write names that 'three-powers settings' lists",
}


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Read(_Section):
    """What cleaning takes out of the transcripts."""

    keep: tuple[Literal["times", "marks", "fillers", "stutters"], ...] = Field(
        default=(), description="What to leave in the text: times, marks, fillers or stutters."
    )


class Pseudonymise(_Section):
    """What stands in for names."""

    places: bool = Field(
        default=True, description="Replace names of places (areas are always kept)."
    )
    keep: tuple[str, ...] = Field(
        default=(), description="Names of people or places to leave as they are."
    )


class Segment(_Section):
    """How long passages are, in words."""

    shortest: int = Field(default=5, ge=1, description="Turns of fewer words make no passage.")
    wanted: int = Field(
        default=60, ge=10, description="A passage is closed once it has this many words."
    )
    longest: int = Field(default=120, ge=20, description="No passage is longer.")
    sentences: int = Field(default=5, ge=1, description="Most sentences in a passage.")
    context: int = Field(default=40, ge=0, description="Words before a passage, kept as context.")

    @model_validator(mode="after")
    def _check_order(self) -> "Segment":
        if not self.shortest <= self.wanted <= self.longest:
            raise ValueError("shortest, wanted and longest must not shrink in this order")
        return self


class Code(_Section):
    """Which model codes."""

    model: str = Field(
        default="", description="A folder in models/; empty: the study's own, or default."
    )


class Topics(_Section):
    """How topics outside the codebook are looked for."""

    most_passages: int = Field(default=3000, ge=50, description="Most passages looked at.")
    smallest: int = Field(default=12, ge=2, description="Fewest passages in a topic.")
    seed: int = Field(default=0, ge=0, description="Makes the topics repeatable.")


class Report(_Section):
    """How the report presents the study."""

    title: str = Field(default="", description="Title of the report; the study's name if empty.")


class Review(_Section):
    """Who codes on the review page."""

    coder: str = Field(
        default="", description="The name that the review page offers; it notes the first one."
    )


class Settings(BaseModel):
    """The choices a researcher can make, a section a stage, and what is used if they make none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    read: Read = Read()
    pseudonymise: Pseudonymise = Pseudonymise()
    segment: Segment = Segment()
    code: Code = Code()
    topics: Topics = Topics()
    report: Report = Report()
    review: Review = Review()


def read_settings(path: Path) -> Settings:
    """Read a study's settings; a study without study.toml uses the defaults.

    Raises UserError if it is no TOML, NeedsAttentionError that lists every mistake.
    """
    if not path.exists():
        return Settings()
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid TOML: {error}") from error
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        raise NeedsAttentionError(path, map(_sentence, error.errors())) from error


def note_coder(path: Path, name: str) -> None:
    """Keep a coder's name in a study's study.toml, unless somebody's stands there already.

    The rest of the file stays as it is, comments and all.
    """
    content = path.read_text("utf-8-sig") if path.exists() else ""
    if "review" in tomllib.loads(content):
        return
    quoted = json.dumps(name, ensure_ascii=False)
    added = f"{content.rstrip()}\n\n[review]\ncoder = {quoted}\n".lstrip()
    write_whole(path, lambda part: part.write_text(added, "utf-8"))


def describe_settings() -> Iterator[tuple[str, Any, str]]:
    """List every setting by its full name, with its default and what it does."""
    for section, field in Settings.model_fields.items():
        for name, setting in type(field.default).model_fields.items():
            yield f"{section}.{name}", setting.default, str(setting.description)


def _sentence(mistake: Any) -> str:
    """Say what is wrong with one setting, and for an unknown one which was perhaps meant."""
    name = ".".join(map(str, mistake["loc"]))
    if mistake["type"] != "extra_forbidden":
        wanted = next((w for kind, w in WANTED.items() if mistake["type"].startswith(kind)), "")
        return f"{name}: {wanted or mistake['msg']}."
    known = [setting for setting, _, _ in describe_settings()]
    last = str(mistake["loc"][-1])
    same = [setting for setting in known if setting.rpartition(".")[2] == last]
    hint = did_you_mean(same[0] if same else name, known) or did_you_mean(
        last, {setting.rpartition(".")[2] for setting in known}
    )
    return f"{name}: there is no such setting.{hint}"
