"""The endings that SALT sets off from words, put on again as English spells them."""

import re

_VOWELS = "aeiou"
_SIBILANTS = ("s", "x", "z", "ch", "sh")
_DOUBLED = re.compile(r"[^aeiou]{0,6}[aeiou][^aeiouwxy]")
_SHORTENED = re.compile(r"(?:n't|n’t|['’][a-z]{1,3})", re.IGNORECASE)
_IRREGULAR = {"can": "can't", "shall": "shan't", "will": "won't"}


def join_endings(word: str) -> str:
    """Spell a word with its endings; one that was left out has a star, and other slashes stay.

    >>> " ".join(map(join_endings, "put/ing It/'s baby/s/z want/3s do/n't go/*ed and/or".split()))
    "putting It's babies' wants don't go and/or"
    """
    stem, *endings = word.split("/")
    if not stem or not all(map(_is_ending, endings)):
        return word
    for ending in endings:
        if not ending.startswith("*"):
            stem = _add(stem, ending)
    return stem


def _is_ending(ending: str) -> bool:
    known = ("s", "3s", "z", "ed", "en", "ing", "er", "est", "y")
    return ending.startswith("*") or ending in known or bool(_SHORTENED.fullmatch(ending))


def _add(stem: str, ending: str) -> str:
    if ending == "z":
        return f"{stem}'" if stem.endswith("s") else f"{stem}'s"
    if ending in ("s", "3s"):
        return _add_s(stem, is_verb=ending == "3s")
    if ending.casefold() == "n't" and stem.casefold() in _IRREGULAR:
        return stem[0] + _IRREGULAR[stem.casefold()][1:]
    if _SHORTENED.fullmatch(ending):
        return stem + ending
    return _join_vowel(stem, ending)


def _add_s(stem: str, *, is_verb: bool) -> str:
    if _ends_in_y(stem):
        return f"{stem[:-1]}ies"
    has_e = stem.endswith(_SIBILANTS) or (is_verb and stem.endswith("o"))
    return f"{stem}es" if has_e else f"{stem}s"


def _join_vowel(stem: str, ending: str) -> str:
    if _DOUBLED.fullmatch(stem.casefold()):
        return f"{stem}{stem[-1]}{ending}"
    if stem.endswith("ie") and ending == "ing":
        return f"{stem[:-2]}y{ending}"
    if _ends_in_y(stem) and ending not in ("ing", "y"):
        return f"{stem[:-1]}i{ending}"
    drops_e = stem.endswith("e") and not (ending == "ing" and stem.endswith(("ee", "oe", "ye")))
    return f"{stem[:-1]}{ending}" if drops_e else stem + ending


def _ends_in_y(stem: str) -> bool:
    return stem[-1:] == "y" and stem[-2:-1] not in ("", *_VOWELS)
