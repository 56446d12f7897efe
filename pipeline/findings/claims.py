"""The claims of the theory about partnership and innovation, as findings that can be measured.

Each claim gives its indicators in order: the first that a study can answer is weighed, the others
are told beside it.
"""

from typing import Literal, NamedTuple

from pipeline.findings.claim_indicators import (
    POWERS,
    AboveBase,
    AreaCorrelation,
    AreaShare,
    Balance,
    Indicator,
    InterviewContrast,
    Nearby,
    Net,
    PassageContrast,
    Ratio,
    TalkContrast,
)


class Claim(NamedTuple):
    """A claim, and when it is supported: if its indicator lies above (or below) the null value."""

    number: str
    sentence: str
    indicators: tuple[Indicator, ...]
    null: float = 0.0
    direction: Literal["above", "below"] = "above"


def _stands_by(what: str, where: str) -> tuple[Indicator, ...]:
    """Ask whether one stands by the other, over interviews.

    Where too few interviews are without the other (long ones show nearly all codes), over passages.
    """
    return Nearby(what, where), PassageContrast(what, where, reach=1)


THEORY: tuple[Claim, ...] = (
    Claim(
        "C1",
        "Where money is cut, the use of data and joint working suffer.",
        _stands_by(
            "data_and_evidence lacking or partnership_working lacking", where="austerity present"
        ),
    ),
    Claim(
        "C2",
        "Talk of cuts comes with more work across boundaries, not less.",
        (PassageContrast("partnership_working present", where="austerity present"),),
    ),
    Claim(
        "C3",
        "Those who work in partnership use their own judgement and have authority behind them.",
        (
            InterviewContrast(
                "individual enabling and hierarchical enabling", where="partnership_working present"
            ),
        ),
    ),
    Claim(
        "C4",
        "Partners agree where they are going and leave one another free how to get there.",
        _stands_by("partnership_working present", where="shared_outcomes present"),
    ),
    Claim(
        "C5",
        "Residents are heard more often than professionals decide for them.",
        (Ratio("citizen_voice present", "professional_knows_best present"),),
        null=0.5,
    ),
    Claim(
        "C6",
        "Belonging to a place makes people stand together.",
        _stands_by("solidaristic enabling", where="sense_of_place present"),
    ),
    Claim(
        "C7",
        "Where people trust one another, new things are tried.",
        _stands_by("innovation present", where="trust present"),
    ),
    Claim(
        "C8",
        "Where other views are let in, new things are tried.",
        _stands_by("innovation present", where="diversity_of_perspectives present"),
    ),
    Claim(
        "C9",
        "People who stand together do so across organisations.",
        _stands_by("partnership_working present", where="solidaristic enabling"),
    ),
    Claim(
        "C10",
        "Steady leadership makes new things easier.",
        (
            *_stands_by("innovation present", where="stability present"),
            AreaCorrelation(
                Net("stability present", "stability lacking"),
                Net("innovation present", "innovation lacking"),
            ),
        ),
    ),
    Claim(
        "C11",
        "Unsteady leadership stops new things, and people dare less.",
        (
            *_stands_by("innovation lacking", where="stability lacking"),
            PassageContrast("risk_appetite lacking", where="stability lacking"),
        ),
    ),
    Claim(
        "C12",
        "Where leaders let people try, people learn and question.",
        _stands_by("learning_culture present", where="permission present"),
    ),
    Claim(
        "C13",
        "Work goes step by step rather than by plan and report.",
        (Ratio("iterative_working present", "iterative_working lacking"),),
        null=0.5,
    ),
    Claim(
        "C14",
        "Where people dare to fail, new things are tried.",
        _stands_by("innovation present", where="risk_appetite present"),
    ),
    Claim(
        "C15",
        "Where power is handed on, new things are tried.",
        _stands_by("innovation present", where="power_sharing present"),
    ),
    Claim(
        "C16",
        "The more even the three powers, the more residents are heard.",
        (AreaCorrelation(Balance(), AreaShare("citizen_voice present")),),
    ),
    Claim(
        "C17",
        "People without room of their own dare less, whatever they are allowed.",
        (
            InterviewContrast(
                "risk_appetite present", where="individual lacking", among="permission present"
            ),
        ),
        direction="below",
    ),
    Claim(
        "C18",
        "Where nobody backs them, people's freedom and permission come to little.",
        (
            TalkContrast(
                "innovation lacking",
                where="solidaristic lacking",
                among="individual enabling or permission present",
            ),
        ),
    ),
    Claim(
        "C19",
        "Where authority is missing, there is disorder.",
        _stands_by("disorder present", where="hierarchical lacking"),
    ),
    Claim(
        "C20",
        "Turning points that are taken up lead to new things; those that are missed do not.",
        (
            *_stands_by("innovation present", where="social_moment present"),
            PassageContrast(
                "innovation present",
                where="social_moment present",
                others="social_moment lacking",
                reach=1,
            ),
        ),
    ),
    Claim(
        "C21",
        "Those who take up a turning point have trust, place and love of the work to build on.",
        (
            AboveBase(
                "trust present and sense_of_place present and passion_for_role present",
                where="social_moment present",
            ),
        ),
    ),
    Claim(
        "C22",
        "New practice stays with a few rather than spreading.",
        (Ratio("spread lacking", "spread present"),),
        null=0.5,
    ),
    Claim(
        "C23",
        "New practice spreads where the three powers are even.",
        (
            AreaCorrelation(Balance(), Ratio("spread present", "spread lacking")),
            PassageContrast("spread present", where=POWERS),
        ),
    ),
)
