"""Merge what somebody decided on another machine into the study's own file, nothing twice."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

from pipeline.check_samples import RECORD, CheckSample, read_check_sample
from pipeline.decisions import open_decisions
from pipeline.errors import NeedsAttentionError, UserError
from pipeline.findings.checks import RANDOM
from pipeline.joined_decisions import Joined, join_decisions
from pipeline.kept_decisions import (
    Kept,
    add_decisions,
    add_memos,
    read_copy,
    read_elsewhere,
    read_kept,
    rename,
)
from pipeline.moved_passages import Batch, find_stand
from pipeline.study import Study
from pipeline.tables import MODEL, PASSAGES
from pipeline.wording import counted, listed

BEFORE = "coding-before-merge.sqlite"  # the study's file as it was, kept if coders differ
ELSEWHERE = (
    "on passages that this study does not have, as of another version of its transcripts: they are "
    "kept, and in use nowhere"
)
LEFT_OUT = "on passages that were edited and not clearly found again: left in the other file"


def merge_codes(study: Study, path: Path, *, names: Mapping[str, str]) -> str:
    """Add what another file has to the study's own, all of it or nothing; say it in words.

    ``names`` gives coders of the other file their names here. That file is never written to. What
    was moved in it is taken from where it stands, so its moves are not needed any more. Raises
    UserError for a file that is not to be used; then nothing is added.
    """
    theirs, own = _open_theirs(study, path, names), study.corpus / "coding.sqlite"
    with open_decisions(own) as database:
        mine = read_kept(database)
        theirs, joined = _join(study, mine, theirs)
        if len(joined.apart):
            _back_up(own)
        add_decisions(database, pd.concat([joined.new, joined.again]))
        database.executemany(
            f"INSERT OR IGNORE INTO anchors VALUES ({', '.join('?' * 7)})", theirs.anchors
        )
        add_memos(database, mine.memos, theirs.memos)
    before = f" The file as it was is kept as {BEFORE}." if len(joined.apart) else ""
    said = f"{_describe(study, mine, theirs, joined)}{before}"
    return f"{said} Run 'make analyse STUDY={study.name}' next."


def try_merge(study: Study, path: Path, *, names: Mapping[str, str]) -> str:
    """Say what merging would do, and do nothing. Raises what :func:`merge_codes` raises."""
    theirs, mine = _open_theirs(study, path, names), read_copy(study.corpus / "coding.sqlite")
    theirs, joined = _join(study, mine, theirs)
    return f"Nothing is recorded yet: {_describe(study, mine, theirs, joined)}"


def _open_theirs(study: Study, path: Path, names: Mapping[str, str]) -> Kept:
    """Read the other file. Raises UserError if it is not one to be merged."""
    own, passages = study.corpus / "coding.sqlite", study.tables.read(PASSAGES)
    if path.exists() and own.exists() and path.samefile(own):
        raise UserError(f"{path} is the study's own file. Name the file of somebody else.")
    theirs = rename(read_elsewhere(path, passages), names)
    coders = theirs.decisions["coder"].unique().tolist()
    if coders and not theirs.decisions["at"].isin(passages["passage"]).any():
        raise UserError(
            f"{path} has no decision on a passage of this study. Name the study that it is of; if "
            "transcripts or the length of passages (segment in study.toml) were changed since, put "
            "them back."
        )
    wrong = list(_find_wrong_coders(coders, study.decisions["coder"].unique().tolist()))
    if wrong:
        raise NeedsAttentionError(path, wrong)
    return theirs


def _find_wrong_coders(coders: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """Find models, and coders who differ in capitals only: they would count as two people."""
    spelt = {name.casefold(): name for name in (*coders, *known)}
    for name in coders:
        other = spelt[name.casefold()]
        if other != name:
            yield f"coder '{name}' is '{other}', too. Add --rename '{name}' '{other}'."
        if name.casefold().startswith(MODEL):
            yield f"coder '{name}' is a model. Only what people decide is merged."


def _join(study: Study, mine: Kept, theirs: Kept) -> tuple[Kept, Joined]:
    """Put what the other file has on this study's passages, and join its decisions."""
    here = {*study.tables.read(PASSAGES)["passage"]}
    rows = _place(theirs.decisions, mine.batches, here)
    rows = _draw(rows, read_check_sample(study.corpus / RECORD))
    placed = dict(zip(rows["passage"], rows["at"], strict=True))
    memos = [
        memo | {"target": placed.get(memo["target"]) or memo["target"]} for memo in theirs.memos
    ]
    joined = join_decisions(mine.decisions, rows[rows["at"] != ""])
    new, again = (table.assign(passage=table["at"]) for table in (joined.new, joined.again))
    theirs = theirs._replace(decisions=rows, memos=memos)
    return theirs, joined._replace(new=new, again=again)


def _place(rows: pd.DataFrame, batches: Sequence[Batch], here: Collection[str]) -> pd.DataFrame:
    """Set ``at`` to where rows stand in this study, or to their passage if that is not in it.

    It stays '' for a passage that was not found again and whose id is that of other words here.
    """
    at = rows["at"].mask((rows["at"] == "") & ~rows["passage"].isin(here), rows["passage"])
    stands = {name: find_stand(name, 0, batches) for name in {*at} - {*here} - {""}}
    found = {name: now for name, (now, is_lost) in stands.items() if now in here and not is_lost}
    return rows.assign(at=at.replace(found))


def _draw(rows: pd.DataFrame, sample: CheckSample) -> pd.DataFrame:
    """Give what was drawn at random the probability that it had in this study's sample, if any."""
    if not sample.passages:
        return rows
    odds = {one.passage: one.probability for one in sample.passages}
    probability = rows["probability"].mask(rows["selection"] == RANDOM, rows["at"].map(odds))
    return rows.assign(probability=probability.astype("float64"))


def _back_up(own: Path) -> None:
    """Copy the study's file as it was before the transaction that is open."""
    with (
        closing(sqlite3.connect(own)) as source,
        closing(sqlite3.connect(own.with_name(BEFORE))) as copy,
    ):
        source.backup(copy)


def _describe(study: Study, mine: Kept, theirs: Kept, joined: Joined) -> str:
    new, here = joined.new, study.tables.read(PASSAGES)["passage"]
    known = {memo["request"] for memo in mine.memos}
    drawn = new[(new["selection"] == RANDOM) & new["probability"].isna()]
    nowhere = theirs.decisions.loc[theirs.decisions["at"] == "", "passage"]
    parts = [
        _tell_new(new),
        *_count(joined.known, "recorded before"),
        *_tell_memos(sum(memo["request"] not in known for memo in theirs.memos)),
        *_count(drawn["at"].nunique(), "not of this study's sample, which correct no share"),
        *_count(new.loc[~new["at"].isin(here), "at"].nunique(), ELSEWHERE),
        *_count(nowhere.nunique(), LEFT_OUT),
        *_tell_apart(joined.apart),
    ]
    return f"{'; '.join(parts)}."


def _tell_new(new: pd.DataFrame) -> str:
    if new.empty:
        return "nothing new"
    by = Counter(new.drop_duplicates(["coder", "passage"])["coder"])
    whom = listed(f"{coder} ({number:,})" if len(by) > 1 else coder for coder, number in by.items())
    back, yes = new["is_withdrawn"] == 1, new["applied"] == 1
    taken = f", {back.sum():,} taken back" if back.any() else ""
    return (
        f"{counted(new['passage'].nunique(), 'passage')} by {whom}: "
        f"{counted(int((yes & ~back).sum()), 'label')} yes, {(~yes & ~back).sum():,} no{taken}"
    )


def _count(number: int, what: str) -> Iterator[str]:
    if number:
        yield f"{number:,} {what}"


def _tell_memos(number: int) -> Iterator[str]:
    if number:
        yield counted(number, "memo")


def _tell_apart(apart: pd.DataFrame) -> Iterator[str]:
    """Say on how many passages a coder decided otherwise in the two files."""
    for coder, rows in apart.groupby("coder"):
        yield (
            f"on {counted(rows['at'].nunique(), 'passage')} {coder} decided otherwise in the two "
            f"files, and the later stands (if these are two people, merge with --rename '{coder}' "
            "and another name)"
        )
