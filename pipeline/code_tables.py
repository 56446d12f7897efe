"""Code a table of texts from anywhere: read row by row, and written whole or not at all."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from pipeline.coding.classifiers import Scores
from pipeline.coding.encoders import Encoder, Vectors
from pipeline.coding.model import Model, load_encoder, read_model
from pipeline.coding.shelf import find_model
from pipeline.coding.vectors import without_numbers
from pipeline.errors import UserError
from pipeline.exports.spreadsheet_csv import to_csv
from pipeline.files import write_whole
from pipeline.settings import Segment
from pipeline.stages import Track, without_bar
from pipeline.text_tables import Survey, Text, TextTable, read_texts, survey
from pipeline.transcripts.passages import (
    Lengths,
    SentenceFinder,
    find_sentences_by_spacy,
    split_text,
)
from pipeline.wording import counted

T = TypeVar("T")

CHUNK = 500  # texts that are held at a time
_PASSAGE = Segment()
# A longer text goes beyond what an encoder reads; its parts are as long as a study's passages.
LENGTHS = Lengths(_PASSAGE.wanted, _PASSAGE.longest, _PASSAGE.sentences)


class Coder(NamedTuple):
    """A model with its encoder, and what finds the sentences of long texts."""

    model: Model
    encoder: Encoder
    find_sentences: SentenceFinder = find_sentences_by_spacy


class Embedded(NamedTuple):
    """A text with the vectors of its parts (parts x size)."""

    text: Text
    vectors: Vectors


def load_coder(models: Path, name: str) -> Coder:
    """Load a model and its encoder. Raises UnknownChoiceError that lists the models."""
    folder = find_model(models, name).folder
    return Coder(read_model(folder), load_encoder(folder))


def code_table(
    table: TextTable,
    output: Path,
    coder: Coder,
    say: Callable[[str], None],
    track: Track = without_bar,
    *,
    may_overwrite: bool = False,
) -> str:
    """Write one row for each text, code and stance, and give a sentence on what was coded.

    The whole table is checked before its first text is coded; ``say`` is told what the researcher
    should know by then. Raises UserError for a table with mistakes or without texts, or if the
    output may not or cannot be written.
    """
    _check_output(table, output, may_overwrite)
    found = survey(table)
    if not found.has_ids:
        say("There is no column 'id': the id of each text is the number of its row.")
    embedded = track(embed(read_texts(table), coder), found.texts)
    codings = (lay_out(chunk, coder.model) for chunk in _chunks(embedded))
    tally: Counter[str] = Counter()
    try:
        write_whole(output, lambda part: tally.update(_write(part, codings)))
    except KeyboardInterrupt as error:
        raise UserError(f"Stopped: {output} is not written.") from error
    return f"{_describe(found, coder.model.card['name'], tally)} -> {output}"


def embed(texts: Iterator[Text], coder: Coder) -> Iterator[Embedded]:
    """Give each text with its vectors; the texts of a chunk are encoded side by side."""
    for chunk in _chunks(texts):
        cuts = cut([text.text for text in chunk], coder.find_sentences)
        vectors = coder.encoder.encode([without_numbers(part) for parts in cuts for part in parts])
        for text, parts in zip(chunk, cuts, strict=True):
            yield Embedded(text, np.array(list(islice(vectors, len(parts)))))


def cut(texts: Sequence[str], find_sentences: SentenceFinder) -> list[list[str]]:
    """Give the parts of each text: the text itself, or some sentences each of a long one."""
    long = [text for text in texts if _is_long(text)]
    starts = dict(zip(long, find_sentences(long), strict=True)) if long else {}
    return [
        [text[start:end] for start, end in split_text(text, starts[text], LENGTHS)]
        if text in starts
        else [text]
        for text in texts
    ]


def score(chunk: Sequence[Embedded], model: Model) -> Scores:
    """Give each text (rows) for every label (columns) the highest score among its parts."""
    counts = [len(vectors) for _, vectors in chunk]
    interviews = np.repeat([text.carried.get("interview", "") for text, _ in chunk], counts)
    scores = model.score(np.concatenate([vectors for _, vectors in chunk]), interviews.tolist())
    return np.maximum.reduceat(scores, np.cumsum([0, *counts[:-1]]))


def lay_out(chunk: Sequence[Embedded], model: Model) -> pd.DataFrame:
    """Make the codings of some texts: id, what is carried, code, stance, score, decision, applied.

    Decisions are yes (for sure), ask (a person should look) and no.
    """
    scores, labels = score(chunk, model), model.labels
    rows = pd.DataFrame([{"id": text.id, **text.carried} for text, _ in chunk], dtype="str")
    return (
        rows.loc[rows.index.repeat(len(labels))]
        .reset_index(drop=True)
        .assign(
            code=np.tile([label.code for label in labels], len(chunk)),
            stance=np.tile([label.stance for label in labels], len(chunk)),
            score=scores.ravel(),
            decision=model.decide(scores).ravel(),
            applied=np.where(scores >= model.cutoffs.applied, "true", "false").ravel(),
        )
    )


def _check_output(table: TextTable, output: Path, may_overwrite: bool) -> None:
    if output.exists() and output.samefile(table.path):
        raise UserError(f"{output} is the table itself. Name another file for its codings.")
    if output.suffix.lower() != ".csv":
        raise UserError(f"{output}: codings are written as CSV. Let the name end in .csv.")
    if output.exists() and not may_overwrite:
        raise UserError(
            f"{output} is there already. Name another file, or add --force to overwrite it."
        )


def _is_long(text: str) -> bool:
    return len(text.split()) > LENGTHS.longest


def _chunks(items: Iterator[T]) -> Iterator[list[T]]:
    return iter(lambda: list(islice(items, CHUNK)), [])


def _write(part: Path, tables: Iterable[pd.DataFrame]) -> Counter[str]:
    """Write tables below each other; count their decisions, and what applies as 'applied'."""
    tally: Counter[str] = Counter()
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        for table in tables:
            header, end, rows = to_csv(table).partition("\r\n")
            file.write(rows if tally else header + end + rows)
            tally.update(table["decision"])
            tally["applied"] += int((table["applied"] == "true").sum())
    return tally


def _describe(found: Survey, model: str, tally: Counter[str]) -> str:
    left_out = f" ({counted(found.empty, 'empty one')} left out)" if found.empty else ""
    decisions = ", ".join(f"{decision} {tally[decision]:,}" for decision in ("yes", "ask", "no"))
    return (
        f"{counted(found.texts, 'text')}{left_out} by the model '{model}': "
        f"{counted(tally['applied'], 'code')} applied; {decisions}"
    )
