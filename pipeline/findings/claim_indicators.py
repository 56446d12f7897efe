"""The kinds of indicators that measure a claim, as records that say what they compare.

Conditions are written in words (see claim_conditions).
"""

from dataclasses import dataclass, fields

from pipeline.codebook import Label
from pipeline.findings.claim_conditions import read_condition, spoken

POWERS = "hierarchical enabling and solidaristic enabling and individual enabling"


@dataclass(frozen=True)
class Nearby:
    """Co-occurrence over interviews: does 'what' stand by 'where' (see claim_measures)?"""

    what: str
    where: str

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return (
            f"share of interviews with '{spoken(self.where)}' that have '{spoken(self.what)}' in "
            "the same or the next passage, minus the share that interviews without it would show "
            "at as many places drawn at random"
        )


@dataclass(frozen=True)
class PassageContrast:
    """Share of passages with 'what' (up to ``reach`` passages on) where 'where' holds, or not.

    Without 'others' the comparison is with all passages where 'where' does not hold.
    """

    what: str
    where: str
    others: str = ""
    reach: int = 0

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        there = "in the same or the next passage" if self.reach else "in the same passage"
        return (
            f"share of passages with '{spoken(self.where)}' that have '{spoken(self.what)}' "
            f"{there}, minus the share of {_passages(self.others)}"
        )


@dataclass(frozen=True)
class InterviewContrast:
    """Share of interviews that show 'what', among those that show 'where', minus the rest."""

    what: str
    where: str
    among: str = ""

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return (
            f"share of interviews that show '{spoken(self.what)}'{_among(self.among)}: those with "
            f"'{spoken(self.where)}' minus those without"
        )


@dataclass(frozen=True)
class TalkContrast:
    """Share of passages with 'what' in interviews that show 'where', minus that in the rest."""

    what: str
    where: str
    among: str = ""

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return (
            f"share of passages with '{spoken(self.what)}'{_among(self.among)}: interviews with "
            f"'{spoken(self.where)}' minus those without"
        )


@dataclass(frozen=True)
class AboveBase:
    """Share of the interviews with 'where' that show 'what', minus that of all interviews."""

    what: str
    where: str

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return (
            f"share of interviews with '{spoken(self.where)}' that also show "
            f"'{spoken(self.what)}', minus the base rate (all interviews)"
        )


@dataclass(frozen=True)
class Ratio:
    """Share of passages with one label / that share and the share with another, 0 to 1."""

    what: str
    against: str

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return f"'{spoken(self.what)}' / ('{spoken(self.what)}' + '{spoken(self.against)}')"


@dataclass(frozen=True)
class Balance:
    """How even an area's three powers are: normalised entropy of their enabling shares, 0 to 1."""

    powers: str = POWERS

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return "balance of the three powers"


@dataclass(frozen=True)
class AreaShare:
    """Share of an area's passages with a label, 0 to 1."""

    what: str

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return f"share of '{spoken(self.what)}'"


@dataclass(frozen=True)
class Net:
    """An area's share of passages with one label minus that with another, -1 to 1."""

    what: str
    against: str

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return f"'{spoken(self.what)}' less '{spoken(self.against)}'"


Figure = Balance | AreaShare | Net | Ratio


@dataclass(frozen=True)
class AreaCorrelation:
    """Rank correlation (Spearman) of two figures over areas, -1 to 1."""

    first: Figure
    second: Figure

    @property
    def words(self) -> str:
        """What is measured, for readers."""
        return f"rank correlation over areas: {self.first.words}, with {self.second.words}"


Indicator = (
    Nearby
    | PassageContrast
    | InterviewContrast
    | TalkContrast
    | AboveBase
    | Ratio
    | AreaCorrelation
)


def list_parts(indicator: Indicator) -> list[list[Label]]:
    """List what an indicator is about: each part is labels of which any will do.

    A ratio is one part, as both of its sides are about the same; so is a figure of an area.
    """
    if isinstance(indicator, AreaCorrelation):
        return [_gather(indicator.first), _gather(indicator.second)]
    if isinstance(indicator, Ratio):
        return [_gather(indicator)]
    return [part for words in _conditions(indicator) for part in read_condition(words)]


def list_labels(indicator: Indicator) -> list[Label]:
    """List the labels that an indicator needs, each once, in the order of its parts."""
    return [*dict.fromkeys(label for part in list_parts(indicator) for label in part)]


def _gather(record: Figure) -> list[Label]:
    return [
        label for words in _conditions(record) for part in read_condition(words) for label in part
    ]


def _conditions(record: Figure | Indicator) -> list[str]:
    values = (getattr(record, field.name) for field in fields(record))
    return [value for value in values if isinstance(value, str)]


def _among(words: str) -> str:
    return f", among interviews with '{spoken(words)}'" if words else ""


def _passages(words: str) -> str:
    return f"passages with '{spoken(words)}'" if words else "the other passages"
