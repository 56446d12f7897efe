"""Find contact data and numbers that identify a person, by pattern, each linear in the text.

Captions have them in small letters, and spell addresses out: 'jo dot ash at example dot org'.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_TOPS = r"(?:com|org|net|info|uk|co\.uk|org\.uk|gov\.uk|ac\.uk|nhs\.uk|io|eu|scot|wales|cymru|ie)"
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:the )?\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:19|20)?\d\d|\d{{4}}-\d\d-\d\d"
    rf"|{_DAY}(?: of)? {_MONTHS}(?:,? (?:19|20)\d\d)?"
    rf"|{_MONTHS} {_DAY}(?:,? (?:19|20)\d\d)?)"
)
_DIGIT = r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|treble|triple)"
_BARE_STATE = re.compile(r"(?:https?://)?(?:www\.)?(?:gov\.uk|nhs\.uk)(?:/\S*)?", re.IGNORECASE)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)\Z")


class Mention(NamedTuple):
    """A name or a contact detail in a text: its place in characters and its kind."""

    start: int
    end: int
    kind: str


class Pattern(NamedTuple):
    """A kind of detail: how it is written, which group of that it is, and what else must hold."""

    kind: str
    pattern: re.Pattern[str]
    group: int = 0
    holds: Callable[[str], bool] = bool


def _has_check_digit(number: str) -> bool:
    """Say whether the last digit of an NHS number checks the others (modulo 11).

    >>> _has_check_digit("943 476 5919"), _has_check_digit("9434765918")
    (True, False)
    """
    digits = [int(char) for char in number if char.isdigit()]
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return -total % 11 == digits[-1]


def _is_no_ordinal(words: str) -> bool:
    """Tell the postcode 'g4 4ht' from 'b12 4th', which only captions have."""
    return not (words.islower() and _ORDINAL.search(words))


def _is_of_somebody(address: str) -> bool:
    """Leave the state's own front doors: they are the same for everybody."""
    return not _BARE_STATE.fullmatch(address)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# Kinds are the words that stand in the brackets afterwards; the first kind that fits wins.
PATTERNS = (
    Pattern("email", _pattern(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    Pattern(
        "email",
        _pattern(
            r"\b[\w-]{1,40}(?: dot [\w-]{1,40}){0,3} at [\w-]{1,40}(?: dot [\w-]{1,20}){1,3}\b"
        ),
    ),
    Pattern(
        "web address",
        _pattern(r"\b(?:https?://|www\.)[^\s<>\"]{1,2000}(?<![.,;:!?)])"),
        holds=_is_of_somebody,
    ),
    Pattern(
        "web address",
        _pattern(
            rf"(?<![\w@.-])[a-z0-9][\w-]{{1,62}}(?:\.[\w-]{{1,63}}){{0,3}}\.{_TOPS}\b(?:/[^\s<>\",]{{0,500}}(?<![.,;:!?)]))?"
        ),
        holds=_is_of_somebody,
    ),
    Pattern(
        "web address",
        _pattern(r"\b(?:w{3} dot )?[\w-]{2,40} dot (?:com|org|net|co|uk)(?: dot uk)?\b"),
    ),
    Pattern(
        "date of birth",
        _pattern(rf"\b(?:born|birth(?:day)?|d\.?o\.?b\.?)\b[^.?!\d]{{0,25}}?\b({_DATE})(?!\d)"),
        group=1,
    ),
    Pattern(
        "NI number",
        _pattern(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d\d){3} ?[A-D]\b"),
    ),
    Pattern("NHS number", re.compile(r"(?<![\d+])[1-9]\d{2}[ -]\d{3}[ -]\d{4}\b")),
    Pattern("NHS number", re.compile(r"(?<![\d+])[1-9]\d{9}\b"), holds=_has_check_digit),
    Pattern(
        "NHS number",
        _pattern(r"\bNHS number\b[^.?!\d]{0,25}?\b(\d{3}[ -]?\d{3}[ -]?\d{4})\b"),
        group=1,
    ),
    Pattern(
        "phone number",
        re.compile(r"(?<![\w+])(?:\+44 ?\(?0?\)?|0044 ?|\(?0)(?:[ \-()]{0,2}\d){9,10}\b"),
    ),
    Pattern("phone number", _pattern(rf"\b{_DIGIT}(?:[ -]{_DIGIT}){{7,20}}\b")),
    Pattern(
        "postcode",
        _pattern(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b"),
        holds=_is_no_ordinal,
    ),
    Pattern("number plate", _pattern(r"\b[A-Z]{2}\d\d ?[A-Z]{3}\b")),
    Pattern("number plate", re.compile(r"\b[A-HJ-NPR-TV-Y]\d{1,3} [A-HJ-PR-Y]{3}\b")),
    Pattern(
        "account number", _pattern(r"\bsort code\b[^.?!\d]{0,25}?\b(\d\d[ -]?\d\d[ -]?\d\d)\b"), 1
    ),
    Pattern("account number", _pattern(r"\baccount\b[^.?!\d]{0,25}?\b(\d{8})\b"), group=1),
    Pattern("handle", re.compile(r"(?<![\w.@])@[A-Za-z_][\w.]{1,29}(?<!\.)")),
)
DETAILS = tuple(dict.fromkeys(pattern.kind for pattern in PATTERNS))


def find_details(text: str) -> list[Mention]:
    """Find contact data, numbers and dates of birth, the first kind that fits winning."""
    taken: list[Mention] = []
    for mention in _candidates(text):
        if all(mention.end <= one.start or mention.start >= one.end for one in taken):
            taken.append(mention)
    return sorted(taken)


def _candidates(text: str) -> Iterator[Mention]:
    for kind, pattern, group, holds in PATTERNS:
        for match in pattern.finditer(text):
            if holds(match[group]):
                yield Mention(match.start(group), match.end(group), kind)
