"""The model's card: what was trained on what, how well it finds each code, and for whom it errs.

The card may be older or fuller than expected: what is missing is left out, in words or as a dash.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.codebook import Codebook, Label
from pipeline.exports import is_ranked
from pipeline.exports.card_cells import (
    NONE,
    Table,
    Write,
    is_number,
    whole,
    write_interval,
    write_label_row,
    write_number,
)
from pipeline.exports.card_comparisons import lay_out_bias, lay_out_changes
from pipeline.exports.provenance import Pair, inline, plain
from pipeline.wording import counted, decimal, label_title, listed, percent


class Card(NamedTuple):
    """The card, laid out. ``ranked`` names the labels without a classifier.

    ``meanings`` and ``rules`` say what the columns of the figures and of the cut-offs mean.
    """

    facts: list[Pair]
    figures: Table
    meanings: list[Pair]
    cutoffs: Table
    rules: list[Pair]
    ranked: list[str]
    bias: Table
    changes: Table
    hashes: list[Pair]


class Column(NamedTuple):
    """A column of the figures: the card's name for it, its heading, its meaning, how to write it.

    ``otherwise`` stands where the card gives no number.
    """

    key: str
    heading: str
    meaning: str
    write: Write = decimal
    otherwise: str = NONE


FIGURES = (
    Column("positives", "n", "passages with the code that the figures rest on", whole),
    Column("interviews", "Interviews", "that these passages come from", whole),
    Column("precision", "Precision", "of the passages given the code, the part that carries it"),
    Column("recall", "Recall", "of the passages that carry the code, the part that is given it"),
    Column(
        "f1",
        "F1",
        "precision and recall in one figure; in brackets its 95% interval, from drawing whole "
        "interviews again and again",
    ),
    Column(
        "average_precision",
        "Average precision",
        "how well the scores put passages in order, wherever the cut-off is; 1 is best",
    ),
    Column(
        "calibration_error",
        "Calibration error",
        "how far scores are from the share of passages that carry the code; 0 is best",
    ),
)
CUTOFFS = (
    Column(
        "applied_from",
        "Applies from",
        "From this score on the code is applied to a passage. It is set where as many passages "
        "are given the code as carry it, so that shares are right on average on passages like "
        "those that it was set by.",
        otherwise="never",
    ),
    Column(
        "sure_from",
        "Sure from",
        "From this score on it is a yes for sure: at least nine in ten such passages (precision "
        ".90) carried the code, in interviews that the model had not learnt from. ‘Never’: no "
        "score is that reliable.",
        otherwise="never",
    ),
    Column(
        "doubtful_from",
        "Asked from",
        "From this score up to ‘sure from’ the decision is ‘ask’: a person should look. "
        "Nine in ten passages that carry the code score this much. Until somebody has looked, "
        "those that reach ‘applies from’ count as coded.",
        otherwise="never",
    ),
)
BELOW = Pair(
    "Below that", "The model says no by itself. One in ten passages with the code is lost there."
)
SHARES = (
    Column("sure_share", "Sure", "Part of all passages that are a yes for sure.", percent),
    Column(
        "sure_precision",
        "Right when sure",
        "Of the passages that are a yes for sure, the part that carries the code.",
        percent,
    ),
    Column(
        "sure_recall",
        "Found for sure",
        "Of the passages that carry the code, the part that is a yes for sure.",
        percent,
    ),
    Column("asked_share", "Asked", "Part of all passages that a person is asked about.", percent),
)


def read_card(card: Mapping[str, Any], codebook: Codebook) -> Card:
    """Lay out the model's card; empty if there is none."""
    rows = _rows(card, "labels")
    learnt = [row for row in rows if not is_ranked(row)]
    figures, cutoffs = _known(FIGURES, learnt), _known(CUTOFFS, learnt)
    shares = _known(SHARES, learnt)
    return Card(
        facts=[*_facts(card), *_list_older(learnt, codebook)],
        figures=_tabulate(learnt, figures, codebook, _describe_f1(learnt, codebook)),
        meanings=_explain(figures),
        cutoffs=_tabulate(learnt, [*cutoffs, *shares], codebook, ""),
        rules=[*_explain(cutoffs), *([BELOW] if cutoffs else []), *_explain(shares)],
        ranked=[_ranked_name(row, codebook) for row in rows if is_ranked(row)],
        bias=lay_out_bias(_rows(card, "bias")),
        changes=lay_out_changes(_rows(card, "changes"), codebook),
        hashes=list(_hashes(card)),
    )


def _explain(columns: Sequence[Column]) -> list[Pair]:
    return [Pair(column.heading, column.meaning) for column in columns]


def _tabulate(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], codebook: Codebook, sentence: str
) -> Table:
    shown = rows if columns else ()
    return Table(
        sentence,
        [column.heading for column in columns],
        [
            write_label_row(row, [_cell(row, column) for column in columns], codebook)
            for row in shown
        ],
    )


def _describe_f1(rows: Sequence[Mapping[str, Any]], codebook: Codebook) -> str:
    """Say how far F1 goes from code to code; nothing for fewer than three."""
    known = sorted((row for row in rows if is_number(row.get("f1"))), key=lambda row: row["f1"])
    if len(known) < 3:
        return ""
    least, middle, most = known[0], known[len(known) // 2], known[-1]
    return (
        f"F1 goes from {decimal(least['f1'])} (‘{_name(least, codebook)}’) to "
        f"{decimal(most['f1'])} (‘{_name(most, codebook)}’); half of the "
        f"{counted(len(known), 'code')} with their stances reach {decimal(middle['f1'])} or more."
    )


def _rows(card: Mapping[str, Any], part: str) -> list[Mapping[str, Any]]:
    return [row for row in card.get(part) or () if isinstance(row, Mapping)]


def _known(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Leave out the columns that no row has."""
    return [column for column in columns if any(column.key in row for row in rows)]


def _facts(card: Mapping[str, Any]) -> Iterator[Pair]:
    known = {
        "Model": card.get("name"),
        "Made by": card.get("made_by"),
        "Date": card.get("date"),
        "Codebook": " ".join(_parts(card.get("codebook"), "name", "version")),
        "Trained on": card.get("trained_on"),
        "Classifier": card.get("classifier"),
        "Encoder": ", made from ".join(_parts(card.get("encoder"), "name", "made_from")),
        "Macro F1": _macro_f1(card.get("macro_f1")),
    }
    for name, value in known.items():
        if value:
            yield Pair(name, inline(value))


def _list_older(rows: Sequence[Mapping[str, Any]], codebook: Codebook) -> Iterator[Pair]:
    """Name the labels whose definition was edited since the model learnt them."""
    names = [_name(row, codebook) for row in rows if row.get("older_wording")]
    if names:
        told = f"{listed(names)}: learnt before the codebook was edited, and not trained anew since"
        yield Pair("By an older wording", told)


def _hashes(card: Mapping[str, Any]) -> Iterator[Pair]:
    known = {
        "codebook": _parts(card.get("codebook"), "fingerprint"),
        "encoder": _parts(card.get("encoder"), "sha256"),
        "codings learnt from": [plain(card["data_sha256"])] if card.get("data_sha256") else [],
    }
    for name, value in known.items():
        if value:
            yield Pair(name, value[0])


def _parts(part: Any, *names: str) -> list[str]:
    if not isinstance(part, Mapping):
        return [plain(part)] if part else []
    return [plain(part[name]) for name in names if part.get(name)]


def _macro_f1(figures: Any) -> str:
    """Write the mean F1 over codes, with what the card says each figure is."""
    if not isinstance(figures, Mapping):
        return write_number(figures) if figures else ""
    return "; ".join(
        f"{decimal(value)} ({_spaced(name)})" if is_number(value) else f"{_spaced(name)} {value}"
        for name, value in figures.items()
    )


def _spaced(name: object) -> str:
    return str(name).replace("_", " ")


def _cell(row: Mapping[str, Any], column: Column) -> str:
    if column.key not in row:
        return NONE
    words = write_number(row[column.key], column.write, otherwise=column.otherwise)
    return words + (write_interval(row.get("f1_interval")) if column.key == "f1" else "")


def _ranked_name(row: Mapping[str, Any], codebook: Codebook) -> str:
    name = _name(row, codebook)
    positives = row.get("positives")
    return f"{name} ({counted(positives, 'passage')})" if isinstance(positives, int) else name


def _name(row: Mapping[str, Any], codebook: Codebook) -> str:
    return label_title(codebook, Label(plain(row.get("code")), plain(row.get("stance"))))
