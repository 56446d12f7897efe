"""Models and their cards as plain text, for the screen.

A card may be older or fuller than expected: what is missing is left out, or shown as a dash.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from textwrap import fill, shorten
from typing import Any

from pipeline.coding.card import RANKED, read_card
from pipeline.coding.shelf import Kept, Restored, find_damage, list_models
from pipeline.wording import decimal

NONE = "–"
WIDTH = 100  # characters in a line of facts
SHORT = 44  # characters of what a model was trained on, in the list
LISTED = ("model", "number", "date", "codebook", "macro-F1", "labels", "trained on")
FIGURES = (
    "code and stance",
    "yes",
    "precision",
    "recall",
    "F1",
    "95 % of F1",
    "calibration error",
    "applies from",
    "sure from",
    "asked from",
)
CUTOFFS = ("calibration_error", "applied_from", "sure_from", "doubtful_from")
GROUPS = ("group", "passages", "interviews", "missed", "invented", "difference", "95 % of it")
ABOUT_FIGURES = (
    "yes: passages that have the label. Scores below 'asked from' are an automatic no. A label "
    "that is only ranked has too few codings to learn from: it is applied to no passage, and the "
    "likest are put to a person."
)
ABOUT_GROUPS = (
    "missed, invented: shares of the decisions (a passage and a label) that are wrong. "
    "difference: of all wrong decisions, here less in the other groups."
)

Row = Mapping[str, Any]


def describe_models(models: Path) -> str:
    """List the models, a line each; a damaged one is named with what is wrong with it."""
    return _align([LISTED, *map(_summarise, list_models(models))], texts=len(LISTED))


def describe_model(kept: Kept) -> str:
    """Lay out a model's card: facts, figures of every label, bias, and the last changes.

    Raises ModelError if the card cannot be read; other damage is told among the facts.
    """
    card = read_card(kept.folder)
    parts = [_list_facts(kept, card), _align([FIGURES, *map(_figures, card["labels"])], texts=1)]
    parts.append(fill(ABOUT_FIGURES, WIDTH))
    if card.get("bias"):
        parts += [_align([GROUPS, *map(_bias, card["bias"])], texts=1), fill(ABOUT_GROUPS, WIDTH)]
    if card.get("changes"):
        parts.append(f"What the last training changed:\n{tabulate_changes(card['changes'])}")
    return "\n\n".join(parts)


def tell_restored(restored: Restored) -> str:
    """Say which model is in use now, what follows from it, and how to undo it."""
    model, before = restored
    undo = (
        f"To undo this: three-powers models restore {model.name} --number {before}"
        if before
        else "The one before was damaged, and is not kept."
    )
    return (
        f"Number {model.number} of the model '{model.name}' is in use again. The next 'make "
        f"analyse' codes by it. {undo}"
    )


def tabulate_changes(changes: Sequence[Row]) -> str:
    """Lay out what retraining changed (the rows of a card), a line a label."""
    header = f"{'code and stance':<36}{'yes':>6}{'old F1':>8}{'new F1':>8}{'change':>8}  95 % of it"
    return "\n".join([header, *map(_change, changes)])


def _summarise(kept: Kept) -> list[str]:
    name = [kept.name, str(kept.number or "in use")]
    damage = find_damage(kept.folder)
    if damage:
        return [*name, f"damaged: {damage}"]
    card = read_card(kept.folder)
    ranked = sum(row["mode"] == RANKED for row in card["labels"])
    return [
        *name,
        card.get("date", NONE),
        _codebook(card),
        next(_macro_f1(card), ("", NONE))[1],
        f"{len(card['labels']) - ranked:,} classified, {ranked:,} only ranked",
        shorten(card.get("trained_on", NONE), SHORT, placeholder=" …"),
    ]


def _list_facts(kept: Kept, card: Row) -> str:
    facts = {
        "model": f"{kept.name}, {f'number {kept.number}' if kept.number else 'in use'}",
        "damaged": find_damage(kept.folder),
        "made by": card.get("made_by"),
        "date": card.get("date"),
        "codebook": _codebook(card),
        "encoder": card["encoder"]["name"],
        "classifier": card.get("classifier"),
        "trained on": card.get("trained_on"),
        "macro-F1": ", ".join(map(" ".join, _macro_f1(card))),
    }
    return "\n".join(
        fill(f"{name:<12}{text}", WIDTH, subsequent_indent=" " * 12)
        for name, text in facts.items()
        if text
    )


def _figures(row: Row) -> list[str]:
    start = [_name(row), f"{row.get('positives', 0):,}"]
    if row["mode"] == RANKED:
        return [*start, f"only ranked; asked from {_figure(row['doubtful_from'])}"]
    return [
        *start,
        *(_figure(row.get(name)) for name in ("precision", "recall", "f1")),
        _between(row.get("f1_interval"), decimal),
        *(_figure(row.get(name)) for name in CUTOFFS),
    ]


def _bias(row: Row) -> list[str]:
    return [
        f"{row['by']}: {row['group']}",
        f"{row['passages']:,}",
        f"{row['interviews']:,}",
        _figure(row["missed"]),
        _figure(row["invented"]),
        _signed(row["difference"]),
        _between(row["interval"], _signed),
    ]


def _change(row: Row) -> str:
    return (
        f"{_name(row):<36}{row['positives']:>6,}{row['old']:>8.2f}{row['new']:>8.2f}"
        f"{_signed(row['difference']):>8}  {_between(row['interval'], _signed)}"
        f"{'' if row['is_taken'] else '  (old one kept)'}"
    )


def _codebook(card: Row) -> str:
    return f"{card['codebook']['name']} {card['codebook']['version']}"


def _macro_f1(card: Row) -> Iterator[tuple[str, str]]:
    """Give what a card says of the whole model by name; the model's own figure comes first."""
    for name, value in card.get("macro_f1", {}).items():
        yield name.replace("_", " "), decimal(value) if isinstance(value, float) else str(value)


def _name(row: Row) -> str:
    return f"{row['code']}, {row['stance']}"


def _figure(value: float | None) -> str:
    return NONE if value is None else decimal(value)


def _signed(value: float) -> str:
    return f"{value:+.2f}"


def _between(ends: Sequence[float] | None, write: Callable[[float], str]) -> str:
    return " to ".join(map(write, ends)) if ends else "unknown"


def _align(rows: Sequence[Sequence[str]], *, texts: int) -> str:
    """Lay out a header and rows, the first columns as texts and the others as numbers.

    A row that is shorter than the header ends with a remark that runs on to the right.
    """
    full = len(rows[0])
    columns = zip_longest(*(row if len(row) == full else row[:-1] for row in rows), fillvalue="")
    widths = [max(map(len, column)) for column in columns]
    return "\n".join(_pad(row, widths, texts) for row in rows)


def _pad(row: Sequence[str], widths: Sequence[int], texts: int) -> str:
    cells = [
        cell.ljust(width) if place < texts else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=False))
    ]
    return "  ".join(cells).rstrip()
