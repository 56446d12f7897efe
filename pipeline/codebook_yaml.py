"""Write a codebook as the YAML that people would write, in the order of the shipped one."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import yaml

from pipeline.codebook import Code, Codebook

WIDTH = 96
FOLDED_FROM = 90  # characters: a text as long as that has lines of its own
_PLAIN = re.compile(r"\S(?: ?\S)*")  # words with one space between


class _Lines(yaml.SafeDumper):
    """Folds long texts, indents lists and repeats what stands twice, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_yaml(codebook: Codebook, *, heading: str = "") -> str:
    """Write a codebook so that reading it gives the very same; ``heading`` is of comments."""
    book = codebook.model_dump(mode="json")
    top = {name: book[name] for name in ("name", "version", "title")}
    parts = [heading + _dump(top), _dump({"groups": book["groups"]}), *_write_codes(codebook)]
    return "\n".join(parts)


def read_heading(content: bytes) -> str:
    """Give the comments that a file begins with, for those who write it anew."""
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    return "".join(takewhile(lambda line: line.startswith("#"), lines))


def replace_version(text: str, version: str) -> str:
    """Give the text of a codebook another version, and leave all else as it was written."""
    line = _dump({"version": version})
    return re.sub(r"^version:.*\n", lambda _: line, text, count=1, flags=re.MULTILINE)


def _write_codes(codebook: Codebook) -> Iterator[str]:
    if not codebook.codes:
        yield _dump({"codes": []})
    for number, code in enumerate(codebook.codes):
        written = _dump({"codes": [_lay_out(code)]})
        yield written if number == 0 else written.partition("\n")[2]


def _lay_out(code: Code) -> dict[str, Any]:
    """Give an entry without what is empty."""
    entry = code.model_dump(mode="json")
    return {name: value for name, value in entry.items() if value not in ([], None)}


def _dump(content: dict[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Lines, allow_unicode=True, sort_keys=False, width=WIDTH)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_choose_style(text))


def _choose_style(text: str) -> str | None:
    """Fold long paragraphs, keep lines as lines, and escape whatever is odd."""
    lines = text.removesuffix("\n").split("\n")
    if not all(line.isprintable() for line in lines):
        return '"'
    if len(lines) == 1 and len(text) < FOLDED_FROM and lines[0] == text:
        return None
    if all(map(_PLAIN.fullmatch, lines)):
        return ">" if len(lines) == 1 else "|"
    return '"'


_Lines.add_representer(str, _represent_text)
