"""Who of the speakers is the participant."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.errors import UserError, did_you_mean
from pipeline.transcripts.interviews import Interview
from pipeline.wording import counted

_NUMBER = r"(?:[\s_#.-]?\d{1,3}[a-z]?)?"
_ASKING = re.compile(
    r"(?:the )?(?:interviewer|int|intv|intvr|iv|ivr|i|researcher|moderator|mod|facilitator|chair"
    rf"|questioner|question|q|counsel(?: to the)?(?: inquiry)?|lead(?: inquiry)?){_NUMBER}"
)
_ANSWERING = re.compile(
    rf"(?:the )?(?:participant|interviewee|respondent|resp|resident|witness|answer|a|p|r){_NUMBER}"
)
_ANSWERING_UNNUMBERED = re.compile(
    r"(?:the )?(?:participant|interviewee|respondent|resp|witness|answer|a|p|r)"
)
_NEITHER = re.compile(
    r"(?:speaker|spk|s)[\s_#-]?\d{1,3}|(?:unknown|unidentified|other)(?: speaker| voice)?"
    r"|(?:fe)?male(?: speaker| voice)|(?:all|several|multiple) (?:speakers|voices)"
)
_UNKNOWN = re.compile(r"(?:unknown|unidentified|all|several|multiple)\b.*")
# Other short words before a number may be names: Ada 2, Tom1.
_ID = re.compile(
    r"(?:(?:[a-z]|id|int|iv|resp|part|ppt|pt|fg|participant|respondent|resident|interview"
    r"|interviewee|speaker|case|transcript)[\s_-]?)?\d{1,5}[a-z]?"
)
_MEN = frozenset({"mr", "sir", "lord"})
_WOMEN = frozenset({"mrs", "ms", "miss", "lady", "dame", "baroness"})
_TITLES = (
    _MEN
    | _WOMEN
    | {"mx", "dr", "doctor", "prof", "professor", "cllr", "councillor", "rev", "judge"}
)
_POST_NOMINALS = re.compile(r"(?:[kq]c|[ockmd]be|mp|mla|msp|phd|jp)")
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?\s?){2,5}")


class Speaker(NamedTuple):
    """A speaker's label, with how much it says."""

    name: str
    turns: int
    words: int


class Name(NamedTuple):
    """A name taken apart: titles in lower case, the rest in folded case."""

    titles: frozenset[str]
    tokens: tuple[str, ...]


def find_participant(speakers: Sequence[Speaker], interview: Interview) -> dict[str, bool]:
    """Tell for each speaker's label whether it is the participant's.

    The participant column of interviews.csv comes first; where it is empty or holds an id that
    the transcript does not have, the usual names tell ('Interviewer' from 'P01').
    Raises UserError that lists the speakers where neither does.
    """
    names = [speaker.name for speaker in speakers]
    found = _find_named(names, interview.participant)
    if not found and interview.participant and not is_id(interview.participant):
        raise _not_among(speakers, interview)
    found = found or _find_usual(names)
    if not found:
        raise _cannot_tell(speakers, interview)
    if not sum(speaker.words for speaker in speakers if speaker.name in found):
        raise says_nothing(speakers, interview)
    return {name: name in found for name in names}


def is_usual_name(label: str) -> bool:
    """Tell whether a label is one that transcripts use in place of a name, as 'Interviewer'."""
    usual = _usual(label)
    return any(kind.fullmatch(usual) for kind in (_ASKING, _ANSWERING, _NEITHER))


def is_id(participant: str) -> bool:
    """Tell whether a participant is written as an id.

    >>> [is_id(name) for name in ("P07", "12", "Participant 3", "Dawn", "DP")]
    [True, True, True, False, False]
    """
    return bool(_ID.fullmatch(_usual(participant)))


def has_title(label: str) -> bool:
    """Tell whether a label is a title and a name, as in 'Mr Lee'."""
    first, _, rest = label.partition(" ")
    return bool(rest) and first.strip(".").casefold() in _TITLES


def is_same_person(label: str, participant: str) -> bool:
    """Tell whether a label is another way to write a participant's name.

    >>> is_same_person("MS LOWE", "Ms Ana Lowe"), is_same_person("Ms Lowe", "Mr Ian Lowe")
    (True, False)
    >>> is_same_person("AL", "Ana Lowe")
    True
    """
    one, other = take_apart(label), take_apart(participant)
    if not one.tokens or not other.tokens or _differ_in_gender(one.titles, other.titles):
        return False
    is_part = set(one.tokens) <= set(other.tokens) or set(other.tokens) <= set(one.tokens)
    return (is_part and one.tokens[-1] == other.tokens[-1]) or _is_initials(label, other.tokens)


def take_apart(label: str) -> Name:
    """Split a name into titles and what is left without letters after the name."""
    tokens = _TOKEN.findall(label.casefold())
    titles = frozenset(token for token in tokens if token in _TITLES)
    rest = tuple(t for t in tokens if t not in _TITLES and not _POST_NOMINALS.fullmatch(t))
    return Name(titles, rest)


def says_nothing(speakers: Sequence[Speaker], interview: Interview) -> UserError:
    """Say that the participant has no words."""
    given = f" '{interview.participant}'" if interview.participant else ""
    return UserError(
        f"{interview.transcript}: the participant{given} says no words.\n"
        f"{_list(speakers)}\n{_remedy(interview)}"
    )


def _find_named(names: Sequence[str], participant: str) -> set[str]:
    found = {name for name in names if participant and is_same_person(name, participant)}
    exact = {name for name in found if take_apart(name) == take_apart(participant)}
    if exact:
        titles = take_apart(participant).titles
        found = {name for name in found if take_apart(name).titles in (titles, frozenset())}
    if not found:
        found = {name for name in names if _has_same_number(name, participant)}
    if found:
        found |= {name for name in names if _ANSWERING_UNNUMBERED.fullmatch(_usual(name))}
    return found


def _find_usual(names: Sequence[str]) -> set[str]:
    """Find the one that is left when those who ask are set aside, under all its labels."""
    asking = {name for name in names if _ASKING.fullmatch(_usual(name))}
    left = {n for n in names if n not in asking and not _UNKNOWN.fullmatch(_usual(n))}
    answering = {name for name in left if _ANSWERING.fullmatch(_usual(name))}
    if asking and _count_people(left) == 1:
        return left
    if not asking and _count_people(answering) == 1 and _count_people(left) == 2:
        return answering
    return set()


def _count_people(names: Iterable[str]) -> int:
    return len({_usual(name).removeprefix("the ") for name in names})


def _has_same_number(label: str, participant: str) -> bool:
    """Tell whether 'Participant 2' or 'P2' is meant by the id 'P02'."""
    if not (is_id(participant) and is_id(label) and _ANSWERING.fullmatch(_usual(label))):
        return False
    one, other = re.search(r"\d+", label), re.search(r"\d+", participant)
    return bool(one and other and int(one[0]) == int(other[0]))


def _is_initials(label: str, tokens: Sequence[str]) -> bool:
    letters = [character for character in label if character.isalpha()]
    return (
        len(tokens) > 1
        and bool(_INITIALS.fullmatch(label))
        and label.isupper()
        and "".join(letters).casefold() == "".join(token[0] for token in tokens)
    )


def _differ_in_gender(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool((one & _MEN and other & _WOMEN) or (one & _WOMEN and other & _MEN))


def _usual(label: str) -> str:
    return " ".join(label.casefold().replace(".", "").split())


def _not_among(speakers: Sequence[Speaker], interview: Interview) -> UserError:
    given = interview.participant
    hint = did_you_mean(given, [speaker.name for speaker in speakers])
    return UserError(
        f"{interview.transcript}: the participant '{given}' is not among its speakers.{hint}\n"
        f"{_list(speakers)}\n{_remedy(interview)}"
    )


def _cannot_tell(speakers: Sequence[Speaker], interview: Interview) -> UserError:
    return UserError(
        f"{interview.transcript}: cannot tell which of the speakers is the participant.\n"
        f"{_list(speakers)}\n{_remedy(interview)}"
    )


def _list(speakers: Sequence[Speaker]) -> str:
    most_first = sorted(speakers, key=lambda speaker: (-speaker.words, speaker.name))
    listed = (
        f"{s.name} ({counted(s.turns, 'turn')}, {counted(s.words, 'word')})" for s in most_first
    )
    return f"Its speakers are: {', '.join(listed) or '(none)'}."


def _remedy(interview: Interview) -> str:
    return (
        "Write the participant's name, as it stands in this list, into the participant column "
        f"of interviews.csv, in the row of {interview.transcript}."
    )
