"""Read a codebook that is kept in a spreadsheet: a row a code, saved as CSV."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.errors import NeedsAttentionError, did_you_mean
from pipeline.spreadsheets import Row, read_sheet

NEEDED = ("code", "definition")
MORE = ("label", "group", "stances", "include", "exclude", "examples")
COLUMNS = (*NEEDED, *MORE, "id")
GROUP = "theme"
STANCES = "present; lacking"
POWER_STANCES = "enabling; lacking; excessive"
MEANINGS = {
    "present": "it is so, or is being built",
    "lacking": "it is missing, broken or refused",
    "enabling": "it is there, and helps",
    "excessive": "there is too much of it",
}

Cells = Mapping[str, str]


def read_content(path: Path) -> dict[str, Any]:
    """Read a table of codes into what the same codebook would be in YAML.

    The columns are code (or id), definition and, if wanted, label, group, stances, include,
    exclude and examples. A cell may hold several items: on lines of their own, or with ; or |
    between them (where there is a |, a ; is part of an item). A stance is written 'lacking' or
    'lacking: what it means', an example 'lacking: its text'; without one it is of the first.

    The codebook is called after its file and not after its folder, so that two studies with the
    same one may share a model. Its version is a hash of what the cells say: whoever changes a
    word has another codebook, which no model has learnt yet; whoever only saves it once more,
    with other separators, has the same. Raises NeedsAttentionError that lists all mistakes.
    """
    sheet = read_sheet(path)
    rows = [row._replace(cells=dict.fromkeys(COLUMNS, "") | row.cells) for row in sheet.rows]
    mistakes = list(_mistakes_in_header(sheet.columns)) or list(_mistakes_in_rows(rows))
    if mistakes:
        raise NeedsAttentionError(path, mistakes)
    codes = [_read_code(row.cells) for row in rows]
    content = {"groups": _list_groups(codes, rows), "codes": codes}
    version = sha256(json.dumps(content).encode()).hexdigest()[:8]
    return {"name": path.stem, "version": version, "title": "The study's own codebook", **content}


def make_id(text: str) -> str:
    """Make an id of what somebody wrote: plain words in lower case with _ between them.

    >>> make_id("Citizens' voice (café)"), make_id("sense_of_place"), make_id("信頼")
    ('citizens_voice_cafe', 'sense_of_place', '')
    """
    plain = unicodedata.normalize("NFKD", re.sub("['’]", "", text.casefold()))
    return "_".join(re.findall("[a-z0-9]+", plain.encode("ascii", "ignore").decode()))


def _read_code(cells: Cells) -> dict[str, Any]:
    stances = dict(_read_stances(cells))
    return {
        "id": _id_of(cells),
        "group": make_id(cells["group"]) or GROUP,
        "label": cells["label"] or _as_title(cells["code"] or cells["id"]),
        "definition": cells["definition"],
        "include": _split(cells["include"]),
        "exclude": _split(cells["exclude"]),
        "stances": stances,
        "examples": [_read_example(item, list(stances)) for item in _split(cells["examples"])],
    }


def _list_groups(codes: list[dict[str, Any]], rows: list[Row]) -> dict[str, Any]:
    """Give the groups with all stances of their codes; the first code says what these mean."""
    groups: dict[str, Any] = {}
    for code, row in zip(codes, rows, strict=True):
        title = _as_title(row.cells["group"] or GROUP)
        group = groups.setdefault(code["group"], {"title": title, "stances": {}})
        group["stances"] = group["stances"] | code["stances"] | group["stances"]
    return groups


def _id_of(cells: Cells) -> str:
    return make_id(cells["id"] or cells["code"])


def _read_stances(cells: Cells) -> Iterator[tuple[str, str]]:
    usual = POWER_STANCES if make_id(cells["group"]) == "power" else STANCES
    for item in _split(cells["stances"] or usual):
        name, _, meaning = item.partition(":")
        stance = make_id(name)
        yield stance, meaning.strip() or MEANINGS.get(stance, name.strip())


def _read_example(item: str, stances: list[str]) -> dict[str, str]:
    name, _, text = item.partition(":")
    if make_id(name) in stances and text:
        return {"stance": make_id(name), "text": text.strip()}
    return {"stance": stances[0], "text": item}


def _split(cell: str) -> list[str]:
    separator = r"[\n|]" if "|" in cell else r"[\n;]"
    return [item.strip() for item in re.split(separator, cell) if item.strip()]


def _as_title(text: str) -> str:
    plain = text.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _mistakes_in_header(columns: list[str]) -> Iterator[str]:
    for column in NEEDED:
        if column not in columns and not (column == "code" and "id" in columns):
            yield (
                f"there is no column '{column}'. The columns are {', '.join(NEEDED)} and, if you "
                f"like, {', '.join(MORE)}."
            )
    for column, times in Counter(filter(None, columns)).items():
        hint = did_you_mean(column, set(COLUMNS) - set(columns))
        if column not in COLUMNS and hint:
            yield f"column '{column}' is not known.{hint}"
        if times > 1:
            yield f"there are {times} columns '{column}'."


def _mistakes_in_rows(rows: list[Row]) -> Iterator[str]:
    if not rows:
        yield "there is no code in it."
    seen: dict[str, int] = {}
    for row in rows:
        for mistake in _mistakes_in_row(row):
            yield f"row {row.line}: {mistake}"
        code = _id_of(row.cells)
        if code and code in seen:
            yield f"row {row.line}: the code '{code}' stands in row {seen[code]} already."
        seen.setdefault(code, row.line)


def _mistakes_in_row(row: Row) -> Iterator[str]:
    cells = row.cells
    if row.beyond:
        yield "there is text right of the last column. Put texts that have a comma in quotes."
    if not (cells["code"] or cells["id"]):
        yield "code is empty."
    if not cells["definition"]:
        yield "definition is empty."
    for column, name in {"code": cells["id"] or cells["code"], "group": cells["group"]}.items():
        if name and not make_id(name):
            yield f"{column} '{name}' has no letter from a to z."
    stances = [stance for stance, _ in _read_stances(cells)]
    yield from _mistakes_in_stances(stances)
    yield from _mistakes_in_examples(cells["examples"], stances)


def _mistakes_in_stances(stances: list[str]) -> Iterator[str]:
    for stance, times in Counter(stances).items():
        if not stance:
            yield "a stance has no letter from a to z."
        elif times > 1:
            yield f"the stance '{stance}' stands {times} times."


def _mistakes_in_examples(cell: str, stances: list[str]) -> Iterator[str]:
    for item in _split(cell):
        name, colon, text = item.partition(":")
        hint = did_you_mean(make_id(name), stances)
        if not colon or not hint:
            continue
        if make_id(name) not in stances:
            yield f"an example has the stance '{name.strip()}', the code has not.{hint}"
        elif not text.strip():
            yield f"an example of '{name.strip()}' has no text."
