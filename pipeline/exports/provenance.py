"""How the report was made: stages, versions, settings and hashes, as records.

Everything here comes from run.json, which may be older or fuller than expected: what is missing
is left out, what is new is shown.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """A name and what it stands for."""

    name: str
    value: str


class Provenance(NamedTuple):
    """What happened to the study's files, in lists of pairs."""

    stages: list[Pair]
    versions: list[Pair]
    settings: list[Pair]
    hashes: list[Pair]


def read_run(run: Mapping[str, Any]) -> Provenance:
    """Lay out run.json."""
    stages = [stage for stage in run.get("stages") or () if isinstance(stage, Mapping)]
    return Provenance(
        stages=[Pair(plain(stage.get("stage")), plain(stage.get("sentence"))) for stage in stages],
        versions=list(_flat(run.get("versions"))),
        settings=list(_flat(run.get("settings"))),
        hashes=[*_flat(run.get("inputs")), *_flat(run.get("tables"))],
    )


def _flat(value: Any, name: str = "") -> Iterator[Pair]:
    if not isinstance(value, Mapping):
        if value is not None:
            yield Pair(name, inline(value))
        return
    for key, inner in value.items():
        yield from _flat(inner, f"{name}.{key}" if name else str(key))


def inline(value: Any) -> str:
    """Write a value that may have parts on one line."""
    if isinstance(value, Mapping):
        named = ", ".join(f"{key} {inline(inner)}" for key, inner in value.items() if key != "name")
        return f"{plain(value['name'])} ({named})" if "name" in value and named else named
    if isinstance(value, list | tuple):
        return ", ".join(map(inline, value)) or "(none)"
    return plain(value)


def plain(value: Any) -> str:
    """Write a value without parts."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
