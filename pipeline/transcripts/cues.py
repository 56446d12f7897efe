"""Tell by the words around it that a word names a person: 'called X', 'my wife X', 'X rang'."""

import re
from collections.abc import Sequence

from pipeline.transcripts.english import function_words

# A word of letters; an apostrophe or hyphen may stand inside (O'Brien), a genitive s is left off.
TOKEN = re.compile(r"[^\W\d_]+(?:['’-](?!s\b)[^\W\d_]+)*")
Tokens = Sequence[re.Match[str]]

TITLES = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir lady lord dame baroness cllr councillor "
    "sergeant sgt pc constable inspector sister father reverend rev captain major".split()
)
_SENTENCE_END = frozenset('.?!:"“‘\n')
_STOP = re.compile(r"[.?!:;\n]")
# Titles that are no other word when they stand in small letters.
SURE_TITLES = frozenset("mr mrs ms mx dr prof cllr councillor".split())

_CALLED = frozenset("called named nicknamed christened".split())
_CALLED_BY_TWO = frozenset(
    (call, who)
    for call in ("call", "calls", "called")
    for who in ("him", "her", "me", "them", "us")
) | {
    *(("name", "is"), ("name", "s"), ("name", "was"), ("known", "as")),
    *(("me", "and"), ("thank", "you")),
}
_KIN = frozenset(
    "wife husband partner son daughter brother sister mother father nan nana nanna gran "
    "grandson granddaughter grandmother grandfather uncle aunt auntie aunty cousin niece nephew "
    "friend mate neighbour boss manager colleague supervisor carer landlord landlady girlfriend "
    "boyfriend stepson stepdaughter fiancé fiancée godson twin lad chap bloke".split()
)
_WHOSE = frozenset("my his her their our your me s".split())
_TO = {
    "to": "spoke talk talking talked speak speaking spoken wrote written listen thanks married",
    "with": "spoke sat went gone work worked works working came lives live lived dealt deal met",
    "from": "heard email letter call text note visit",
    "for": "ask asked asking",
}
_ASKED = frozenset(
    "asked told rang phoned texted emailed thanked met married visited ask tell ring phone thank "
    "trust trusted messaged invited owe miss contacted hello hi hiya thanks dear".split()
)
SAID = frozenset(
    "said says told tells asked asks rang phoned texted emailed reckons thinks thought knew knows "
    "wrote replied came comes turned left retired lives lived works worked started helped helps "
    "smiled laughed cried died moved organised runs ran gave took sorted fixed answered explained "
    "suggested agreed listened promised wanted wants signed walks kept keeps stood sat rings "
    "drove drives cooked brought passed".split()
)
_BEFORE_SUBJECT = frozenset(
    "and but so then because cos when if as that what well until since once where while after "
    "before yeah no yes said thought think know".split()
)
_NOT_AFTER_ASKED = frozenset("you we i they it there the".split())
MONTHS = frozenset("april may june august".split())  # those that are first names, too
_BEFORE_MONTHS = frozenset(
    "in since until till by last next this early late mid during of and or from to".split()
)
_NUMBER_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?(?: of)? ?\Z")
_NUMBER_BEHIND = re.compile(r",? ?(?:the )?\d")
# Before a word of the language, and never before a name.
_BEFORE_WORDS = frozenset(
    "the a an this these those some any no every each all another more most much very so too my "
    "your his her our their its to be been not i you we they he she it who which that there what "
    "people don't didn't would could should can must might do does did than".split()
)
# Of people, and no names of theirs.
_ANYBODY = frozenset(
    "people person man woman men women mum dad nan gran grandad somebody nobody everybody anybody "
    "someone anyone everyone folk kids lads council police staff nurse doctor manager management "
    "government parliament god work school housing help one two three four another today tomorrow "
    "yesterday monday tuesday wednesday thursday friday saturday sunday social children residents "
    "home back round over time things thing money health service services".split()
)


def fold(word: str) -> str:
    """Make spellings of one name equal: case and the kind of apostrophe do not matter."""
    return word.casefold().replace("’", "'")


def has_cue(text: str, tokens: Tokens, place: int, length: int = 1) -> bool:
    """Say whether the words before or behind a name say that it is a person's.

    The name is ``length`` of the text's tokens from ``place``; a stop ends what is looked at.
    """
    return is_introduced(text, tokens, place) or _is_at_work(text, tokens, place, length)


def is_introduced(text: str, tokens: Tokens, place: int) -> bool:
    """Say whether the words before a name say whose it is: Mrs X, called X, my wife X."""
    before = _before(text, tokens, place)
    if not before:
        return False
    last = before[-1]
    if last in SURE_TITLES or last in _CALLED or tuple(before) in _CALLED_BY_TWO:
        return True
    return last in _KIN and before[0] in _WHOSE


def starts_sentence(text: str, place: int) -> bool:
    """Say whether a sentence, or somebody's words within one, starts at a character."""
    before = place - 1
    while before >= 0 and text[before].isspace():
        before -= 1
    return before < 0 or text[before] in _SENTENCE_END


def may_be_name(word: str) -> bool:
    """Leave out words that cues stand before or behind all the time."""
    return (
        word not in _ANYBODY
        and word not in SAID
        and (word in ("may", "will") or word not in function_words())
    )


def is_word_here(text: str, tokens: Tokens, place: int) -> bool:
    """Say whether the words around make a word of the language of this one: the mark, in May."""
    before = _before(text, tokens, place)
    if not before or is_introduced(text, tokens, place):
        return False
    if fold(tokens[place][0]) in MONTHS and _is_dated(text, tokens, place, before[-1]):
        return True
    return before[-1] in _BEFORE_WORDS


def _is_dated(text: str, tokens: Tokens, place: int, before: str) -> bool:
    start, end = tokens[place].span()
    is_by_number = bool(_NUMBER_BEFORE.search(text, max(start - 8, 0), start))
    return before in _BEFORE_MONTHS or is_by_number or bool(_NUMBER_BEHIND.match(text, end))


def _is_at_work(text: str, tokens: Tokens, place: int, length: int) -> bool:
    """Say whether somebody does something with whoever it is, or whoever it is does something."""
    before, after = _before(text, tokens, place), _behind(text, tokens, place + length - 1)
    if after and after[0] in SAID and (not before or before[-1] in _BEFORE_SUBJECT):
        return True
    if after and after[0] in ("s", "who") and not is_word_here(text, tokens, place):
        return True  # of a genitive
    if not before:
        return False
    if before[-1] in _ASKED:
        return not after or after[0] not in _NOT_AFTER_ASKED
    return before[0] in _TO.get(before[-1], "").split()


def _before(text: str, tokens: Tokens, place: int) -> list[str]:
    """Give the two words before a token, the nearer one last, as far as no stop stands between."""
    words: list[str] = []
    for here in range(place, max(place - 2, 0), -1):
        if _STOP.search(text, tokens[here - 1].end(), tokens[here].start()):
            break
        words.insert(0, fold(tokens[here - 1][0]))
    return words


def _behind(text: str, tokens: Tokens, place: int) -> list[str]:
    """Give the word behind a token, if neither a stop nor a comma stands between."""
    if place + 1 >= len(tokens):
        return []
    between = text[tokens[place].end() : tokens[place + 1].start()]
    if "," in between or _STOP.search(between):
        return []
    return [fold(tokens[place + 1][0])]
