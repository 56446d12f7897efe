"""How transcripts call their speakers: names, initials, titles, ids and usual words."""

import re
from collections.abc import Sequence
from typing import NamedTuple

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
_VOICE = re.compile(r"(?:speaker|spk|s|voice)[\s_#-]?(?:\d{1,3}|[a-z])")
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
_BRACKETED = re.compile(r"(?P<main>[^()]{1,80})\((?P<other>[^()]{1,80})\)\s*")
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


def is_asking(label: str) -> bool:
    """Tell whether a label is one of those who ask, as 'Interviewer' or 'Sam (interviewer)'."""
    return any(_ASKING.fullmatch(usual_form(one)) for one in variants(label))


def is_answering(label: str) -> bool:
    """Tell whether a label is one of those who answer, as 'P01' or 'Resident 2'."""
    return any(_ANSWERING.fullmatch(usual_form(one)) for one in variants(label))


def is_answering_unnumbered(label: str) -> bool:
    """Tell whether a label is one of somebody who answers, and not one among several."""
    return bool(_ANSWERING_UNNUMBERED.fullmatch(usual_form(label)))


def is_unknown(label: str) -> bool:
    """Tell whether a label says that it is not known who speaks."""
    return bool(_UNKNOWN.fullmatch(usual_form(label)))


def is_numbered_voice(label: str) -> bool:
    """Tell whether a label is a number that a program gave to a voice, as 'Speaker 2'.

    It is no id: another transcript's 'Speaker 2' is somebody else.
    """
    return bool(_VOICE.fullmatch(usual_form(label)))


def is_usual_name(label: str) -> bool:
    """Tell whether a label is one that transcripts use in place of a name, as 'Interviewer'."""
    usual = usual_form(label)
    return any(kind.fullmatch(usual) for kind in (_ASKING, _ANSWERING, _NEITHER))


def is_id(participant: str) -> bool:
    """Tell whether a participant is written as an id.

    >>> [is_id(name) for name in ("P07", "12", "Participant 3", "Dawn", "DP")]
    [True, True, True, False, False]
    """
    return bool(_ID.fullmatch(usual_form(participant)))


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
    first, second = variants(label), variants(participant)
    if len(first) == len(second) > 1:  # what stands in brackets may be where two people work
        return all(map(_is_same, first[1:], second[1:]))
    return any(_is_same(one, other) for one in first for other in second)


def variants(label: str) -> tuple[str, ...]:
    """Give a label and, of 'Ana Lowe (AL)', both its names as well.

    >>> variants("Ana Lowe (AL)"), variants("AL")
    (('Ana Lowe (AL)', 'Ana Lowe', 'AL'), ('AL',))
    """
    match = _BRACKETED.fullmatch(label)
    return (label, match["main"].strip(), match["other"].strip()) if match else (label,)


def _is_same(label: str, participant: str) -> bool:
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


def usual_form(label: str) -> str:
    """Fold case, dots and blanks: 'The Witness.' becomes 'the witness'."""
    return " ".join(label.casefold().replace(".", "").split())
