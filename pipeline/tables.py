"""The tables that pass between stages. Each shape is written here and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NewType, TypeVar, cast

import pandas as pd

from pipeline.errors import TableError

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
Shares = NewType("Shares", pd.DataFrame)
Powers = NewType("Powers", pd.DataFrame)
Balances = NewType("Balances", pd.DataFrame)

T = TypeVar("T", bound=pd.DataFrame)


@dataclass(frozen=True)
class Shape(Generic[T]):
    """The columns of one table, what each means, their dtypes, and the columns that identify a row.

    ``columns`` maps a column's name to its dtype and its meaning; the meaning is what the data
    dictionary of the exports prints. A private table may hold real names: it is kept in the
    study's private/ folder and never exported.
    """

    name: str
    columns: Mapping[str, tuple[str, str]]
    key: tuple[str, ...]
    is_private: bool = False

    def build(self, rows: Iterable[Mapping[str, Any]]) -> T:
        """Make a checked table from records."""
        return self.check(pd.DataFrame(list(rows), columns=list(self.columns)))

    def check(self, table: pd.DataFrame) -> T:
        """Return the table with columns ordered and cast, or say what is wrong with it."""
        missing = [column for column in self.columns if column not in table]
        if missing:
            raise TableError(f"The {self.name} table has no column {', '.join(missing)}.")
        dtypes = {column: dtype for column, (dtype, _) in self.columns.items()}
        try:
            checked = table[list(self.columns)].astype(dtypes)
        except (TypeError, ValueError) as error:
            raise TableError(
                f"The {self.name} table holds a value of the wrong kind: {error}"
            ) from error
        repeated = checked.loc[checked.duplicated(list(self.key)), list(self.key)]
        if len(repeated):
            raise TableError(
                f"The {self.name} table repeats {len(repeated)} row(s), "
                f"the first being {repeated.iloc[0].to_dict()}."
            )
        return cast(T, checked.reset_index(drop=True))


_INTERVIEW = {
    "participant": ("str", "who was interviewed: a pseudonym, the same through the study"),
    "area": ("str", "the place that the interview is about, from interviews.csv"),
    "role": ("str", "the participant's role, from interviews.csv"),
}
_TURN = {
    "transcript": ("str", "the interview's transcript"),
    "turn": ("int32", "place of the turn in the transcript, from 1"),
    "speaker": ("str", "who speaks"),
    "is_participant": ("bool", "whether the participant speaks (only they are coded)"),
    **_INTERVIEW,
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
        **_INTERVIEW,
        "turn": ("int32", "place of the turn in the transcript, from 1"),
        "start": ("int32", "first character of the passage in the cleaned turn, from 0"),
        "end": ("int32", "first character after the passage in the cleaned turn"),
        "words": ("int32", "number of words"),
        "context": ("str", "the words before: the question, or the speaker's own; never coded"),
        "text": ("str", "1 to 5 sentences of one turn: what is coded"),
    },
    key=("passage",),
)
_LABEL = {
    "code": ("category", "a code of the codebook"),
    "stance": ("category", "how the code is there: enabling, lacking, excessive; present, lacking"),
}
CODINGS: Shape[Codings] = Shape(
    "codings",
    {
        "passage": ("str", "id of the passage"),
        **_LABEL,
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
        **_LABEL,
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
FEW_INTERVIEWS, FEW_PASSAGES = 3, 30  # an area with fewer of either is small
MODEL = "model "  # how a model's name starts in the column 'coder'
UNVERIFIED, CHECKED = "unverified", "checked"
IN_PART, NOT_CODED = "coded in part", "not coded"
STATUSES = (UNVERIFIED, CHECKED, IN_PART, NOT_CODED)  # of several figures, the first holds
_SMALL = ("bool", "whether the area has too few interviews (3) or passages (30) to tell")
_CHECKED = {
    "checked": ("int32", "passages of a random sample that a person has checked"),
    "status": (
        "str",
        "unverified until people have checked a random sample, then checked; without a classifier "
        "for the code in this stance: not coded, or coded in part where people decided on some "
        "passages (unverified once they decided on all)",
    ),
}
SHARES: Shape[Shares] = Shape(
    "shares",
    {
        "area": ("str", "the place"),
        **_LABEL,
        "applied": (
            "int32",
            "passages with the code in this stance (numerator); found so far, if coded in part",
        ),
        "passages": ("int32", "passages in the area (denominator)"),
        "raw_share": (
            "float64",
            "applied / passages, 0 to 1, uncorrected; empty if not coded, or only in part",
        ),
        "interviews_with": ("int32", "interviews with at least one such passage"),
        "interviews": ("int32", "interviews in the area"),
        **_CHECKED,
        "corrected_share": ("float64", "share corrected by the checked sample; empty: unverified"),
        "low": ("float64", "lower end of the 95 % interval of the corrected share"),
        "high": ("float64", "upper end of the 95 % interval of the corrected share"),
        "basis": (
            "str",
            "what the corrected share rests on: people and model, or people, where the model's "
            "scores add nothing (lambda is 0) or fewer than 20 passages were checked; empty: "
            "unverified",
        ),
        "beyond_low": (
            "float64",
            "lower end of the interval beyond the interviewees: if these stand for others, and "
            "interviews are drawn as wholes; empty below 5 interviews",
        ),
        "beyond_high": ("float64", "upper end of the interval beyond the interviewees"),
    },
    key=("area", "code", "stance"),
)
_BEST = "corrected once people checked all three stances, until then as coded"
_REDRAWN = "from 1,000 draws of the area's interviews (bootstrap)"
STANCES = ("enabling", "lacking", "excessive")  # of a power
POWERS: Shape[Powers] = Shape(
    "powers",
    {
        "area": ("str", "the place"),
        "power": ("str", "hierarchical, solidaristic or individual"),
        "passages": ("int32", "passages in the area"),
        "enabling": ("int32", "passages where the power is there and helps"),
        "lacking": ("int32", "passages where the power is missing and that is felt"),
        "excessive": ("int32", "passages where there is too much of it"),
        "enabling_share": ("float64", f"share of passages where it helps, 0 to 1; {_BEST}"),
        "lacking_share": ("float64", f"share of passages where it is missing; {_BEST}"),
        "excessive_share": ("float64", f"share of passages where it is too much; {_BEST}"),
        "not_coded": ("str", "the stances that were not coded, or only in part; empty if none"),
        "shortness": (
            "float64",
            "lacking / (enabling + lacking + excessive), 0 to 1; empty unless enabling and lacking "
            "were coded; of the three shares",
        ),
        "shortness_low": ("float64", f"lower end of its 95 % interval, {_REDRAWN}"),
        "shortness_high": ("float64", "upper end of that interval"),
        "excess": (
            "float64",
            "excessive / (enabling + lacking + excessive), 0 to 1; empty unless enabling and "
            "excessive were coded; of the three shares",
        ),
        "excess_low": ("float64", f"lower end of its 95 % interval, {_REDRAWN}"),
        "excess_high": ("float64", "upper end of that interval"),
        "is_short": ("bool", "whether this power is short: the highest shortness, .5 or more"),
        "crowds_out": ("bool", "whether it crowds out the others: the highest excess, .5 or more"),
        "is_small": _SMALL,
        "status": _CHECKED["status"],
    },
    key=("area", "power"),
)
BALANCES: Shape[Balances] = Shape(
    "balances",
    {
        "area": ("str", "the place"),
        "balance": (
            "float64",
            "normalised entropy of the three enabling shares, 0 to 1 (even), corrected once people "
            "checked all three; empty, as are the next four, unless all three were coded",
        ),
        "balance_low": ("float64", f"lower end of its 95 % interval, {_REDRAWN}"),
        "balance_high": ("float64", "upper end of that interval"),
        "smallest_power": ("str", "the power with the smallest enabling share"),
        "smallest_share": ("float64", "that share of the area's passages, 0 to 1"),
        "short_power": ("str", "the power that is short, or empty"),
        "crowding_power": ("str", "the power that crowds out the others, or empty"),
        "is_small": _SMALL,
        "status": _CHECKED["status"],
    },
    key=("area",),
)
SHAPES: tuple[Shape[Any], ...] = (
    TURNS,
    SAFE_TURNS,
    REPLACEMENTS,
    PASSAGES,
    CODINGS,
    DECISIONS,
    TOPICS,
    PASSAGE_TOPICS,
    SHARES,
    POWERS,
    BALANCES,
)
