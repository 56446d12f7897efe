"""The stages, in order. Each reads tables, calls pure functions, writes tables, and returns one
sentence that says how much came and went.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import pandas as pd

from pipeline.codebook import Label
from pipeline.coding.card import RANKED
from pipeline.coding.model import Model, code_passages, encoder_name, load_encoder
from pipeline.coding.settling import add_decisions, settle
from pipeline.coding.vectors import embed as embed_texts
from pipeline.coding.vectors import look_up, read_cache, write_cache
from pipeline.edited import follow_talk
from pipeline.errors import UserError
from pipeline.exports import Results, exporters
from pipeline.exports.spreadsheet_csv import write_table
from pipeline.files import hash_file, write_whole
from pipeline.findings.all_findings import Coded, Findings, find_all
from pipeline.findings.checks import gather_checks
from pipeline.memos import memos_table
from pipeline.study import Study
from pipeline.study_model import find_model
from pipeline.tables import (
    CHECKED,
    CODINGS,
    MODEL,
    PASSAGE_TOPICS,
    PASSAGES,
    REPLACEMENTS,
    SAFE_TURNS,
    SHAPE_OF,
    TOPICS,
    TURNS,
    Codings,
    Replacements,
    Turns,
)
from pipeline.themes.topics import OUTSIDE, find_topics, pick_unexplained
from pipeline.transcripts.candidates import split_name
from pipeline.transcripts.details import DETAILS
from pipeline.transcripts.entities import EntityReader, read_entities, write_entities
from pipeline.transcripts.guarded import guarded_reader
from pipeline.transcripts.identifiers import Speech, identify
from pipeline.transcripts.names import PLACES, find_names
from pipeline.transcripts.passages import (
    WORD,
    Lengths,
    find_sentences_by_spacy,
    split_into_passages,
)
from pipeline.transcripts.people import Lexicon, Listed, build_lexicon
from pipeline.transcripts.pseudonyms import pseudonymise as pseudonymise_turns
from pipeline.transcripts.turns import Reading, read_turns
from pipeline.wording import counted, list_counts, listed

T = TypeVar("T")


class Track(Protocol):
    """Draws a bar while what is worked on goes by; ``count`` says how much of it there is."""

    def __call__(self, steps: Iterable[T], count: int) -> Iterator[T]:
        """Give the steps one by one."""
        ...


def without_bar(steps: Iterable[T], count: int) -> Iterator[T]:
    """Give the steps and draw nothing."""
    return islice(steps, count)


def read(study: Study, track: Track = without_bar) -> str:
    """Read the transcripts: who says what, cleaned."""
    readings, refused, seen, warned = [], {}, dict[str, str](), list[tuple[str, str]]()
    with guarded_reader() as reader:
        for interview in track(study.interviews, len(study.interviews)):
            name, path = interview.transcript, study.transcripts[interview.transcript]
            try:
                _check_new(name, seen.setdefault(hash_file(path), name))
                reading = read_turns(reader.read(path), interview, study.settings.read.keep)
                readings.append(reading)
                warned += [(name, warning) for warning in reading.warnings]
            except UserError as error:
                refused[name] = str(error)
    if not readings:
        raise UserError("\n\n".join(refused.values()))
    study.tables.write(TURNS, Turns(pd.concat([reading.turns for reading in readings])))
    study.write_set_aside(refused)
    study.write_warnings(warned)
    aside = f"; {counted(len(refused), 'transcript')} set aside" if refused else ""
    return f"{_describe_readings(readings)}{aside}"


def _check_new(name: str, first: str) -> None:
    """Raise UserError for a transcript whose file is another's, to the byte."""
    if first != name:
        raise UserError(f"{name}: this is the same file as {first}. Delete one, with its row.")


def pseudonymise(study: Study, track: Track = without_bar) -> str:
    """Replace names and contact details by pseudonyms."""
    turns = study.tables.read(TURNS)
    identifiers = identify(_speeches(turns), study.read_key())
    choices, names = study.settings.pseudonymise, study.read_names()
    texts, entities = turns["text"].tolist(), EntityReader(read_entities(study.entities))
    known = [*identifiers.listed, *names]
    mentions = find_names(
        texts,
        lambda steps: track(steps, len(texts)),
        listed=(entry.name for entry in known if not entry.is_kept),
        entities=entities,
    )
    write_whole(study.entities, lambda part: write_entities(part, entities.used))
    if not choices.places:
        mentions = [[name for name in row if name.kind not in PLACES] for row in mentions]
    lexicon, key = build_lexicon(
        texts,
        mentions,
        known,
        keep=[*choices.keep, *turns["area"].unique()],
        key=identifiers.key,
    )
    safe = pseudonymise_turns(turns, lexicon, identifiers.labels, mentions)
    unused = _count_unused(names, lexicon, safe.replacements)
    study.write_key(key)
    study.tables.write(REPLACEMENTS, safe.replacements)
    write_table(study.private / "replacements.csv", safe.replacements)
    for made in (study.private / "replacements.csv", study.tables.path(REPLACEMENTS)):
        made.chmod(0o600)  # they hold real names
    study.tables.write(SAFE_TURNS, safe.turns)
    kinds = sorted(Counter(safe.replacements["kind"]).items())
    told = ", ".join(counted(number, kind) for kind, number in kinds)
    return (
        f"{counted(len(safe.replacements), 'replacement')} of {len(set(lexicon.names.values())):,} "
        f"names and of contact details: {told or 'none'}{unused}"
    )


def segment(study: Study, _: Track = without_bar) -> str:
    """Split what participants said into passages."""
    turns, sizes = study.tables.read(SAFE_TURNS), study.settings.segment
    passages = split_into_passages(
        turns,
        find_sentences_by_spacy,
        lengths=Lengths(sizes.wanted, sizes.longest, sizes.sentences),
        shortest=sizes.shortest,
        context=sizes.context,
    )
    if passages.empty:
        raise UserError(f"No participant says {sizes.shortest} words in one turn: nothing to code.")
    study.tables.write(PASSAGES, passages)
    told = follow_talk(study.corpus / "coding.sqlite", passages)
    spoken = turns[turns["is_participant"]]
    words = int(spoken["text"].str.count(WORD).sum())
    used = passages[["transcript", "turn"]].drop_duplicates()
    left_out = len(spoken) - len(used)
    return (
        f"{counted(len(passages), 'passage')} ({passages['words'].sum():,} of {words:,} words) "
        f"from {counted(len(used), 'turn')} of participants; left out "
        f"{counted(left_out, 'turn')} of under {sizes.shortest} words{told}"
    )


def embed(study: Study, track: Track = without_bar) -> str:
    """Turn passages into vectors, keeping those that are known already."""
    texts = study.tables.read(PASSAGES)["text"].tolist()
    encoder = load_encoder(study.model)
    cache = embed_texts(
        texts,
        encoder,
        read_cache(study.vectors),
        lambda steps: track(steps, len(steps)),
    )
    write_whole(study.vectors, lambda part: write_cache(part, cache))
    return f"vectors of {counted(len(cache), 'different text')} by {encoder.name}"


def code(study: Study, _: Track = without_bar) -> str:
    """Score every passage for every code and stance; people's decisions come beside."""
    passages, encoder = study.tables.read(PASSAGES), encoder_name(study.model)
    vectors = look_up(passages["text"].tolist(), encoder, read_cache(study.vectors))
    model = find_model(study, vectors)
    codings = code_passages(passages, vectors, model, f"{MODEL}{model.card['name']}")
    decisions = study.decisions
    whole = add_decisions(codings, decisions, passages)
    in_use = len(whole) - len(codings)
    study.tables.write(CODINGS, whole)
    write_whole(study.card, lambda part: part.write_text(json.dumps(model.card), "utf-8"))
    return (
        f"{_describe_codings(codings, model, len(passages))}; people's decisions: {in_use:,} in "
        f"use, {len(decisions) - in_use:,} on what is no longer there"
    )


def topics(study: Study, _: Track = without_bar) -> str:
    """Look for topics among the passages that the codebook does not explain."""
    passages, choices = study.tables.read(PASSAGES), study.settings.topics
    settled = settle(study.tables.read(CODINGS))
    rows = pick_unexplained(passages, settled, choices.most_passages)
    looked_at = passages.iloc[rows].reset_index(drop=True)
    vectors = look_up(
        looked_at["text"].tolist(), encoder_name(study.model), read_cache(study.vectors)
    )
    found = find_topics(looked_at, vectors, smallest=choices.smallest, seed=choices.seed)
    study.tables.write(TOPICS, found.topics)
    study.tables.write(PASSAGE_TOPICS, found.passage_topics)
    if found.topics.empty:
        return f"none: {counted(len(looked_at), 'passage')} without a code are too few for topics"
    outside = found.topics.loc[found.topics["topic"] == OUTSIDE, "share"].sum()
    return (
        f"{counted(int((found.topics['topic'] != OUTSIDE).sum()), 'topic')} in "
        f"{counted(len(looked_at), 'passage')} that no code applies to (at most "
        f"{choices.most_passages:,} are looked at); {outside:.0%} of these in no topic"
    )


def find(study: Study, _: Track = without_bar) -> str:
    """Add up the codings for each area, and say how sure that is."""
    passages, codings = study.tables.read(PASSAGES), study.tables.read(CODINGS)
    rows = _read_card(study)["labels"]
    ranked = {Label(row["code"], row["stance"]) for row in rows if row["mode"] == RANKED}
    checks = gather_checks(study.decisions, passages, codings)
    coded = Coded(passages, codings, settle(codings), checks, study.codebook, ranked)
    findings = find_all(coded, order=study.interview_order)
    for name, table in findings._asdict().items():
        study.tables.write(SHAPE_OF[name], table)
    shares, balances = findings.shares, findings.balances
    checked = int((shares["status"] == CHECKED).sum())
    without = int((shares["raw_share"].isna() & (shares["status"] != CHECKED)).sum())
    short = int((balances["short_power"] != "").sum())
    return (
        f"{counted(len(shares) - without, 'share')} in {counted(shares['area'].nunique(), 'area')} "
        f"({checked:,} checked by people), {without:,} not coded or only in part; "
        f"{counted(short, 'area')} short of a power"
    )


def report(study: Study, _: Track = without_bar) -> str:
    """Write the report and the tables for spreadsheets."""
    results = _results(study)
    pages = _write(study, results, "html", "report")
    return f"report/{pages[0].name} and {_write_tables(study, results)}"


def export(study: Study) -> str:
    """Write the tables for spreadsheets."""
    return _write_tables(study, _results(study))


class Stage(NamedTuple):
    """A stage with what it takes and makes, by the names in running.find_files."""

    run: Callable[[Study, Track], str]
    takes: tuple[str, ...]
    makes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The stage's name: also its command, its section in study.toml, its line in run.json."""
        return self.run.__name__


STAGES: tuple[Stage, ...] = (
    Stage(read, ("interviews", "transcripts"), ("turns", "set_aside", "warnings")),
    Stage(pseudonymise, ("turns", "names"), ("safe_turns", "replacements", "key", "entities")),
    Stage(segment, ("safe_turns",), ("passages",)),
    Stage(embed, ("passages", "model"), ("vectors",)),
    Stage(code, ("passages", "vectors", "model", "codebook", "decisions"), ("codings", "card")),
    Stage(topics, ("passages", "vectors", "codings"), ("topics", "passage_topics")),
    Stage(
        find,
        ("interviews", "key", "passages", "codings", "codebook", "decisions", "card"),
        Findings._fields,
    ),
    Stage(
        report,
        (
            "passages",
            "codings",
            "topics",
            "passage_topics",
            *Findings._fields,
            "card",
            "memos",
        ),
        ("report", "exports"),
    ),
)


def _describe_readings(readings: list[Reading]) -> str:
    notes: Counter[str] = Counter()
    for reading in readings:
        notes.update(reading.notes)
    told = ("turns", "words", "participant turns", "participant words")
    turns, words, spoken, said = (notes.pop(name, 0) for name in told)
    return (
        f"{counted(len(readings), 'transcript')}, {counted(turns, 'turn')}, {words:,} words, of "
        f"them participants' {counted(spoken, 'turn')}, {said:,} words; left out "
        f"{list_counts(notes) or 'nothing'}"
    )


def _count_unused(names: list[Listed], lexicon: Lexicon, log: Replacements) -> str:
    """Say how many rows of names.csv were found nowhere: a plain word needs a capital."""
    used = set(log["pseudonym"])
    people = [entry for entry in names if not entry.is_kept and entry.kind not in DETAILS]
    unused = sum(lexicon.names[split_name(entry.name)].pseudonym not in used for entry in people)
    return f"; {counted(unused, 'row')} of names.csv found nowhere" if unused else ""


def _speeches(turns: Turns) -> Iterator[Speech]:
    for transcript, rows in turns.groupby("transcript", sort=False):
        others = rows.loc[~rows["is_participant"], "speaker"].unique()
        spoken = rows.loc[rows["is_participant"], ["participant", "area"]].drop_duplicates()
        for participant, area in spoken.itertuples(index=False, name=None):
            yield Speech(str(transcript), participant, area, tuple(others))


def _describe_codings(codings: Codings, model: Model, passages: int) -> str:
    applied = codings[codings["applied"]]
    asked = codings.loc[codings["decision"] == "ask", "passage"].nunique()
    if len(model.ranked) == len(model.labels):
        return (
            f"nothing applied: no model for this codebook yet, so passages are only ranked by "
            f"likeness to it, {asked:,} of them to look at"
        )
    older = sum(row.get("older_wording", False) for row in model.card["labels"])
    told = f", {counted(older, 'label')} by an older wording of the codebook" if older else ""
    return (
        f"{counted(len(applied), 'code')} applied to {applied['passage'].nunique():,} of "
        f"{counted(passages, 'passage')} by the model '{model.card['name']}'{told}"
    )


def _read_card(study: Study) -> dict[str, Any]:
    """Read the card of the model that coded. Raises UserError if there is none yet."""
    if not study.card.exists():
        raise UserError(
            f"{study.card} is not there yet. Run 'make analyse STUDY={study.name}' to build it."
        )
    card: dict[str, Any] = json.loads(study.card.read_text("utf-8"))
    return card


def _results(study: Study) -> Results:
    codings = study.tables.read(CODINGS)
    stages = tuple(stage for stage in study.run.stages if stage.stage != "report")
    hashes: dict[str, dict[str, str]] = {"inputs": {}, "tables": {}}
    for stage in stages:
        hashes["inputs"] |= stage.took
        hashes["tables"] |= stage.made
    hashes["inputs"] = {
        name: hashed for name, hashed in hashes["inputs"].items() if name not in hashes["tables"]
    }
    return Results(
        study=study.name,
        codebook=study.codebook,
        passages=study.tables.read(PASSAGES),
        codings=codings,
        settled=settle(codings),
        topics=study.tables.read(TOPICS),
        passage_topics=study.tables.read(PASSAGE_TOPICS),
        **{name: study.tables.read(SHAPE_OF[name]) for name in Findings._fields},
        run=replace(study.run, stages=stages).to_dict() | hashes,
        card=_read_card(study),
        memos=memos_table(study.corpus / "coding.sqlite"),
    )


def _write_tables(study: Study, results: Results) -> str:
    tables, books = (_write(study, results, name, "exports") for name in ("csv", "xlsx"))
    names = listed(path.name for path in books)
    return f"{counted(len(tables), 'table')}, {names} in exports/"


def _write(study: Study, results: Results, name: str, folder: str) -> list[Path]:
    place = study.outputs / folder
    place.mkdir(parents=True, exist_ok=True)
    return exporters[name](results, place)
