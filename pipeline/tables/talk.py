"""Tables of talk: turns, passages, codings, decisions, topics."""

from collections.abc import Collection
from typing import NewType, TypeVar

import numpy as np
import pandas as pd

from pipeline.tables.shape import Shape

# Distinct names for the type checker only: at run time each is a plain DataFrame.
# Turns hold real names; everything after pseudonymisation accepts SafeTurns alone.
Turns = NewType("Turns", pd.DataFrame)
SafeTurns = NewType("SafeTurns", pd.DataFrame)
Replacements = NewType("Replacements", pd.DataFrame)
Passages = NewType("Passages", pd.DataFrame)
Codings = NewType("Codings", pd.DataFrame)
Decisions = NewType("Decisions", pd.DataFrame)
Memos = NewType("Memos", pd.DataFrame)
Checks = NewType("Checks", pd.DataFrame)  # made by findings/checks.py alone
Topics = NewType("Topics", pd.DataFrame)
PassageTopics = NewType("PassageTopics", pd.DataFrame)
Coded = TypeVar("Coded", bound=pd.DataFrame)  # codings or decisions

MODEL = "model "  # how a model's name starts in the column 'coder'
JOINT = "joint "  # how the coder of what several people decided together starts
AND = " + "  # between people who decided on the same
_DECIDED = ["passage", "code", "stance"]

INTERVIEW = {
    "participant": ("str", "who was interviewed: a pseudonym, the same through the study"),
    "area": ("str", "the place that the interview is about, from interviews.csv"),
    "role": ("str", "the participant's role, from interviews.csv"),
}
_TURN = {
    "transcript": ("str", "the interview's transcript"),
    "turn": ("int32", "place of the turn in the transcript, from 1"),
    "speaker": ("str", "who speaks"),
    "is_participant": ("bool", "whether the participant speaks (only they are coded)"),
    **INTERVIEW,
    "text": ("str", "what was said, cleaned"),
    "start_seconds": ("float64", "start of the turn in the recording, in seconds, where known"),
    "first_line": ("int32", "first line (paragraph in Word files) of the turn in the file, from 1"),
    "last_line": ("int32", "last line of the turn in the file"),
}
_RAW = {"raw_text": ("str", "what was said, as transcribed")}
TURNS: Shape[Turns] = Shape("turns", _TURN | _RAW, key=("transcript", "turn"), is_private=True)
SAFE_TURNS: Shape[SafeTurns] = Shape("safe_turns", _TURN, key=("transcript", "turn"))
REPLACEMENTS: Shape[Replacements] = Shape(
    "replacements",
    {
        "transcript": ("str", "the interview's transcript"),
        "turn": ("int32", "place of the turn in the transcript, from 1"),
        "start": ("int32", "first character of what was replaced, in the cleaned turn"),
        "kind": ("str", "participant, person, place, email, phone ..."),
        "found": ("str", "the words that were there"),
        "pseudonym": ("str", "the words that stand there now"),
        "confirmed": ("bool", "whether a person listed this name (interviews.csv, names.csv)"),
    },
    key=("transcript", "turn", "start"),
    is_private=True,
)
PASSAGES: Shape[Passages] = Shape(
    "passages",
    {
        "passage": ("str", "id of the passage: transcript and a hash of its words"),
        "transcript": ("str", "the interview's transcript"),
        **INTERVIEW,
        "turn": ("int32", "place of the turn in the transcript, from 1"),
        "start": ("int32", "first character of the passage in the cleaned turn, from 0"),
        "end": ("int32", "first character after the passage in the cleaned turn"),
        "words": ("int32", "number of words"),
        "context": ("str", "the words before: the question, or the speaker's own; never coded"),
        "text": ("str", "1 to 5 sentences of one turn: what is coded"),
    },
    key=("passage",),
)
LABEL = {
    "code": ("category", "a code of the codebook"),
    "stance": ("category", "how the code is there: enabling, lacking, excessive; present, lacking"),
}
CODINGS: Shape[Codings] = Shape(
    "codings",
    {
        "passage": ("str", "id of the passage"),
        **LABEL,
        "coder": (
            "category",
            "a person, 'model ' and its name, or 'joint ' and the people who decided together",
        ),
        "score": ("float32", "the model's probability that the code applies, 0 to 1; people: 0, 1"),
        "applied": ("bool", "whether the coder applies the code in this stance"),
        "decision": (
            "category",
            "yes (for sure), ask (a person should look) or no; people: yes, no",
        ),
    },
    key=("passage", "code", "stance", "coder"),
)
DECISIONS: Shape[Decisions] = Shape(
    "decisions",
    {
        "number": ("int64", "order of the decision, from a counter"),
        "coder": ("str", "who decided"),
        "passage": ("str", "id of the passage"),
        "code": ("str", "a code of the codebook"),
        "stance": ("str", "a stance of the code"),
        "applied": ("bool", "whether the coder applies the code in this stance"),
        "codebook_version": ("str", "version of the codebook that was decided by"),
        "selection": ("str", "how the passage was picked: random, uncertain, rare, chosen"),
        "probability": ("float64", "probability of having been picked, where drawn at random"),
        "decided_at": ("str", "when, as ISO 8601 in UTC (for people to read: number gives order)"),
    },
    key=("number",),
)
MEMOS: Shape[Memos] = Shape(
    "memos",
    {
        "number": ("int64", "number of the memo, which it keeps when it is edited"),
        "about": ("str", "what it is about: passage, code or study"),
        "target": ("str", "id of the passage or of the code; empty for the study"),
        "coder": ("str", "who wrote it"),
        "text": ("str", "the memo as it was written last"),
        "written_at": ("str", "when that was, as ISO 8601 in UTC"),
    },
    key=("number",),
)
CHECKS: Shape[Checks] = Shape(
    "checks",
    {
        "passage": ("str", "id of a passage that was drawn at random and that people checked"),
        "area": ("str", "the place"),
        "transcript": ("str", "the interview's transcript"),
        **LABEL,
        "applied": ("bool", "whether at least half of the people who checked apply the code"),
        "score": (
            "float64",
            "the model's probability, 0 to 1, by heads that did not learn from the interview",
        ),
        "probability": ("float64", "probability of having been drawn, above 0, up to 1"),
    },
    key=("passage", "code", "stance"),
)
TOPICS: Shape[Topics] = Shape(
    "topics",
    {
        "topic": ("int32", "number of the topic; -1 gathers the passages outside every topic"),
        "words": ("str", "the words that set the topic apart"),
        "passages": ("int32", "number of passages in the topic"),
        "interviews": ("int32", "number of interviews with a passage in the topic"),
        "areas": ("int32", "number of areas with a passage in the topic"),
        "share": ("float64", "share of the passages looked at, 0 to 1"),
        "typical": ("str", "id of the passage nearest to the topic's centre"),
    },
    key=("topic",),
)
PASSAGE_TOPICS: Shape[PassageTopics] = Shape(
    "passage_topics",
    {
        "passage": ("str", "id of the passage"),
        "topic": ("int32", "number of the topic, -1 for none"),
    },
    key=("passage",),
)


def is_by_model(codings: pd.DataFrame) -> "pd.Series[bool]":
    """Say which codings are a model's.

    >>> is_by_model(pd.DataFrame({"coder": ["Ada", "model default"]})).tolist()
    [False, True]
    """
    return _starts_with(codings["coder"], MODEL)


def is_joint(codings: pd.DataFrame) -> "pd.Series[bool]":
    """Say which codings several people decided on together, after each had done so alone.

    >>> is_joint(pd.DataFrame({"coder": ["Ada", "joint Ada + Bo"]})).tolist()
    [False, True]
    """
    return _starts_with(codings["coder"], JOINT)


def name_joint(people: Collection[str]) -> str:
    """Name the coder of what people decided together.

    >>> name_joint(["Bo", "Ada"])
    'joint Ada + Bo'
    """
    return JOINT + AND.join(sorted(people))


def drop_overruled(table: Coded) -> Coded:
    """Leave out what people said alone wherever several decided together.

    ``table`` has passage, code, stance and coder; a model's rows stay. Call it where votes are
    counted, and not where coders are compared.
    """
    together = is_joint(table)
    if not together.any():
        return table
    is_near = table["passage"].isin(table.loc[together, "passage"].unique())  # few of many rows
    alone = (is_near & ~together & ~is_by_model(table)).to_numpy()
    ours, theirs = (_keys(table[rows]) for rows in (alone, together))
    stands = np.ones(len(table), dtype=bool)
    stands[alone] = ~ours.isin(theirs)
    return table[stands]


def _keys(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[_DECIDED].astype("str"))


def _starts_with(coders: "pd.Series[str]", start: str) -> "pd.Series[bool]":
    """Say which names start so: there are many rows, and few names."""
    return coders.isin([name for name in coders.unique() if name.startswith(start)])
