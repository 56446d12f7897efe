"""Tables of talk: turns, passages, codings, decisions, topics."""

from typing import NewType

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
Checks = NewType("Checks", pd.DataFrame)  # made by findings/checks.py alone
Topics = NewType("Topics", pd.DataFrame)
PassageTopics = NewType("PassageTopics", pd.DataFrame)

MODEL = "model "  # how a model's name starts in the column 'coder'
JOINT = "joint "  # how the coder of what several people decided together starts

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
        "coder": ("category", "a person, or 'model ' and the model's name"),
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
    coders = codings["coder"]  # many rows, few names
    return coders.isin([name for name in coders.unique() if name.startswith(MODEL)])
