"""Words as they are compared: without capitals, accents and signs; and what may turn a meaning."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

MARK = "\ue000"  # how a pseudonym starts once folded: no keyboard types it
PSEUDONYM = re.compile(r"\[([^\W\d_]+) ?\d+\]")
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
ACCENTS = re.compile("[\u0300-\u036f'`´ʼ‘’′]")
NEGATED = re.compile(
    r"\b(ai|are|ca|could|did|does|do|had|has|have|is|might|must|need|ought|sha|should|was|were|"
    r"wo|would)n['`´ʼ‘’′]?t\b"
)
WHOLE = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
WITHIN_NUMBER = re.compile(r"(?<=\d)[.:](?=\d)")
BETWEEN = re.compile(
    r"[\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf×÷\u2000-\u2bff\u3000-\u303f،؛؟।॥]+"
)  # not \W: the vowel signs of some scripts are no letters
FILLERS = frozenset("er erm ehm uh uhh um umm hm hmm".split())

NEGATIONS = (
    "barely cannot except hardly lack lacked lacking lacks neither never no nobody none nor not "
    "nothing nowhere rarely scarcely seldom unless without"
)
NUMBERS = (
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand million billion dozen half quarter once twice double first second third"
)
DEGREES = (
    "all almost always better best both decline declined down every everybody everyone "
    "everything fall falling fell few fewer fewest good great greater high higher highest large "
    "larger late later least less little lose loses losing lost low lower lowest many more most "
    "much nearly only rise rises rising rose several small smaller sometimes too up well win "
    "won worse worst bad badly strong stronger weak weaker hard easy easier harder poor open "
    "opened closed close before after early earlier old older new newer long longer short "
    "shorter right wrong true false yes"
)
MAY = "can could may might must shall should will would"
TURNING = frozenset(f"{NEGATIONS} {NUMBERS} {DEGREES} {MAY}".split())
PREFIXES = "anti counter de dis down ex il im in ir mis non out over post pre un under up".split()
SUFFIXES = ("ful", "less")
ALIKE = 0.75  # of the letters of a word that was mended


def fold_words(text: str) -> list[str]:
    """Give the words of a text as they are compared; fillers such as 'um' are none.

    Pseudonyms lose their numbers, which change when a name is listed; '-n't' becomes 'not'.

    >>> fold_words("Um, they DON’T co-operate: 1,500 cafés, 2.5 %…")
    ['they', 'do', 'not', 'co', 'operate', '1500', 'cafes', '2p5']
    """
    plain = UNSEEN.sub("", PSEUDONYM.sub(rf" {MARK}\1 ", text)).lower()
    plain = NEGATED.sub(lambda found: f"{WHOLE.get(found[1], found[1])} not", plain)
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", ACCENTS.sub("", plain)))
    plain = WITHIN_NUMBER.sub("p", THOUSANDS.sub("", plain))
    return [word for word in BETWEEN.split(plain) if word and word not in FILLERS]


def join_letters(words: Sequence[str]) -> str:
    """Give one text for all ways to write the same words: 'any one', 'any-one', 'anyone'.

    Numbers stay apart, and words that may turn the meaning are told by themselves.

    >>> join_letters(["any", "one"]) == join_letters(["anyone"])
    True
    >>> join_letters(["not", "able"]) == join_letters(["notable"])
    False
    """
    letters = "".join(f" {word} " if _has_digit(word) else word for word in words)
    return f"{letters}|{' '.join(word for word in words if may_turn(word))}"


def may_turn(word: str) -> bool:
    """Say whether a folded word can turn what a sentence means: 'not', 'fewer', '15'."""
    return word in TURNING or _has_digit(word)


def is_turned(dropped: Sequence[str], added: Sequence[str]) -> bool:
    """Say whether the words that took the place of others may turn what is meant.

    >>> is_turned(["increased"], ["decreased"]), is_turned(["teh"], ["the"])
    (True, False)
    """
    if [word for word in dropped if may_turn(word)] != [word for word in added if may_turn(word)]:
        return True
    stems = {_stem(word) for word in dropped if word not in added}
    return any(_stem(word) in stems for word in added if word not in dropped)


@lru_cache(maxsize=100_000)
def is_mended(old: str, new: str) -> bool:
    """Say whether a folded word looks like another one with a slip of the pen in it.

    >>> is_mended("recieve", "receive"), is_mended("trust", "money"), is_mended("15", "51")
    (True, False, False)
    """
    if old == new:
        return True
    if _has_digit(old + new) or MARK in old + new or min(len(old), len(new)) < 3:
        return False
    if sorted(old) == sorted(new):
        return True
    return min(len(old), len(new)) > 3 and SequenceMatcher(None, old, new).ratio() >= ALIKE


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _stem(word: str) -> str:
    """Take off what makes a word its opposite: 'unable' and 'able', 'harmful' and 'harmless'."""
    for prefix in PREFIXES:
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            return word.removeprefix(prefix)
    for suffix in SUFFIXES:
        if word.endswith(suffix):
            return word.removesuffix(suffix)
    return word
