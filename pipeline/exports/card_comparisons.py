"""Differences on a model's card: between groups of interviews, and since it was trained anew."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.codebook import Codebook
from pipeline.exports.card_cells import (
    Row,
    Table,
    find_ends,
    finely,
    points,
    signed,
    whole,
    write_interval,
    write_label_row,
    write_number,
)
from pipeline.exports.provenance import plain
from pipeline.wording import counted, listed

MORE, LESS = "errs more", "errs less"


def lay_out_bias(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Lay out for whom the model errs more: where the interval of a difference leaves out 0."""
    return Table(
        _describe_bias(rows),
        ["Passages", "Interviews", "Missed", "Invented", "Difference, in points", "The model"],
        [Row(plain(row.get("by")), plain(row.get("group")), _bias_cells(row)) for row in rows],
    )


def lay_out_changes(rows: Sequence[Mapping[str, Any]], codebook: Codebook) -> Table:
    """Lay out what training anew changed, code by code."""
    return Table(
        _describe_changes(rows) if rows else "",
        ["n", "Interviews", "F1 before", "F1 now", "Difference", "In use"],
        [write_label_row(row, _change_cells(row), codebook) for row in rows],
    )


def _bias_cells(row: Mapping[str, Any]) -> list[str]:
    difference = write_number(row.get("difference"), points)
    return [
        write_number(row.get("passages"), whole),
        write_number(row.get("interviews"), whole),
        write_number(row.get("missed"), finely),
        write_number(row.get("invented"), finely),
        difference + write_interval(row.get("interval"), points),
        _verdict(row),
    ]


def _verdict(row: Mapping[str, Any]) -> str:
    ends = find_ends(row.get("interval"))
    if not ends:
        return "not known"
    low, high = ends
    return MORE if low > 0 else LESS if high < 0 else "no clear difference"


def _describe_bias(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return (
            "Not tested: the card says nothing of errors by area, role or length of the "
            "interview, so the model may err more for some than for others."
        )
    tested = f"Tested by {listed(dict.fromkeys(plain(row.get('by')) for row in rows))}"
    told = "; ".join(_name_marked(rows))
    if not told:
        return f"{tested}: no group stands out, as every interval that is known takes in 0."
    return (
        f"{tested}. Compared with the other groups the model {told}: there the 95% interval of "
        f"the difference leaves out 0. Of {counted(len(rows), 'group')}, about one in ten would do "
        "so by chance alone."
    )


def _name_marked(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for verdict in (MORE, LESS):
        names = [
            f"‘{plain(row.get('group'))}’ ({plain(row.get('by'))})"
            for row in rows
            if _verdict(row) == verdict
        ]
        if names:
            yield f"{verdict} for {listed(names)}"


def _change_cells(row: Mapping[str, Any]) -> list[str]:
    difference = write_number(row.get("difference"), signed)
    return [
        write_number(row.get("positives"), whole),
        write_number(row.get("interviews"), whole),
        write_number(row.get("old")),
        write_number(row.get("new")),
        difference + write_interval(row.get("interval"), signed),
        "the new one" if row.get("is_taken") else "the old one",
    ]


def _describe_changes(rows: Sequence[Mapping[str, Any]]) -> str:
    trained = counted(len(rows), "classifier")
    kept = sum(not row.get("is_taken") for row in rows)
    outcome = (
        f"; {kept:,} of them did worse than the one before (the whole 95% interval lies below 0), "
        "which is kept"
        if kept
        else ". None did worse than the one before (no 95% interval lies wholly below 0)"
    )
    return (
        f"People’s decisions were enough to train {trained} anew{outcome}. Both are "
        "held against the same passages, of interviews that neither had learnt from."
    )
