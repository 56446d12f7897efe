"""Find streets and the houses where people live, learn, worship and are treated, by their endings;
know counties, boroughs and towns by name.

Bodies of public service are no such places: they are what a study is about, and its areas are
known anyway (docs/decisions/pseudonyms.md).
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from pipeline.transcripts.cues import TOKEN, fold
from pipeline.transcripts.details import Mention
from pipeline.transcripts.english import function_words

_CAPITALISED = r"[A-Z][^\W\d_]*(?:['’-][^\W\d_]+)*"
_STREET = (
    r"(?:Street|Road|Lane|Close|Avenue|Row|Estate|Crescent|Terrace|Drive|Grove|Gardens|Piece|Mews"
    r"|Way|Walk|Parade|Villas)"
)
_HOUSE = (
    r"(?:Surgery|Practice|Medical Centre|Health Centre|Dental Practice|Clinic|Infirmary|Hospice"
    r"|(?:(?:Primary|Infant|Infants|Junior|High|Secondary|Grammar|Special|Church) )?School|Academy"
    r"|Nursery|Playgroup|Care Home|Nursing Home|House|Lodge|Court|Manor|Grange"
    r"|Church|Chapel|Cathedral|Mosque|Temple|Gurdwara|Synagogue|Arms|Inn|Tavern|Hotel|Pharmacy"
    r"|(?:Community|Day|Resource|Leisure|Children’s|Children's|Family|Youth) Centre|Hall|Tower"
    r"|Farm|Library|Café|Foodbank)"
)
STREETS = re.compile(rf"\b{_CAPITALISED}(?: {_CAPITALISED})? {_STREET}\b")
HOUSES = re.compile(rf"\b((?:St\.? )?{_CAPITALISED}(?: {_CAPITALISED}){{0,2}}) {_HOUSE}\b")
# What such a place is, and not what it is called: the Town Hall, a Children's Centre.
_GENERIC = frozenset(
    "the a an this that our my your every each town village parish city county church school "
    "community day health medical care nursing primary high secondary junior infant infants "
    "public central local general family children children's leisure resource youth new old "
    "main council guest country sure start job jobcentre business call shopping civic sports "
    "one stop hub social private crown magistrates supreme appeal of common full royal "
    "courts power white best good big small nearby different same nice research governance "
    "joint data command contact vaccination test testing little own proper single particular "
    "large residential individual other another any independent dental nurse standard "
    "clinical safe".split()
)
_SIGNS = re.compile(
    r"\b(?:Red|White|Black|Golden|Green|Blue|Old|New|Royal|King's|Queen's|King’s|Queen’s|Two"
    r"|Three|Four|Five|Six|Seven) (?:Lion|Lions|Hart|Horse|Horses|Horseshoes|Swan|Swans|Bull|Dragon"
    r"|Ship|Oak|Oaks|Bell|Bells|Crown|Crowns|Fleece|Boar|Cow|Dog|Fox|Hare|Hares|Head|Tuns|Feathers"
    r"|Herons|Star|Stars|Anchor|Castle|Duck|Cock|Ball|Plough|Barrel|Barrels)\b"
)
_SIGN = (
    r"(?:Fox|Hounds?|Dog|Duck|Partridge|Pheasant|Rose|Crown|Horse|Horses|Groom|Coach|Hare|Bull|Bush"
    r"|Star|Garter|George|Dragon|Lamb|Flag|Eagle|Swan|Anchor|Plough|Harrow|Cat|Fiddle|Hart|Goat"
    r"|Compasses|Bell|Bottle|Elephant|Castle|Ship|Whistle|Sun|Moon|Wheatsheaf|Cow|Pig|Bear|Hen)"
)
_TWO_SIGNS = re.compile(rf"\b(?:{_SIGN} and [A-Z][a-z]+|[A-Z][a-z]+ and {_SIGN})\b(?! [A-Z])")
_SMALL_STREETS = re.compile(
    r"\b(?:\d+[a-z]?|on|in|down|along|off|up|near|of) ((?:[a-z']+ )?([a-z']+) "
    r"(?:street|road|lane|avenue|crescent|terrace|close|row|drive))\b"
)
_SMALL_HOUSES = re.compile(
    r"\b((?:[a-z'’]+ )?[a-z'’]+) (?:medical centre|health centre|primary school|high school"
    r"|infant school|junior school|grammar school|academy|care home|nursing home|nursery"
    r"|community centre|chapel|arms)\b"
)
_KINDS_OF_STREET = frozenset(
    "high main side back ring dirt next same other slip wrong right".split()
)


def is_place_name(said: str) -> bool:
    """Tell the name of a county, borough, district or larger town.

    >>> [is_place_name(said) for said in ("Kent", "Stoke-on-Trent", "Kenton")]
    [True, True, False]
    """
    return _fold_all(said) in _place_names()


def find_places(text: str) -> Iterator[Mention]:
    """Give streets, and houses that are called something."""
    for match in STREETS.finditer(text):
        yield Mention(_start(match), match.end(), "street")
    for match in HOUSES.finditer(text):
        if not set(match[1].lower().replace("’", "'").split()) <= _GENERIC | function_words():
            yield Mention(_start(match), match.end(), "house")
    for pattern in (_SIGNS, _TWO_SIGNS):
        for match in pattern.finditer(text):
            yield Mention(match.start(), match.end(), "house")


def find_small_places(text: str) -> Iterator[Mention]:
    """Give streets and houses in a text without capitals."""
    for match in _SMALL_HOUSES.finditer(text):
        words = [word for word in match[1].split() if word not in function_words() | _GENERIC]
        if words == match[1].split()[-len(words) :] and words:
            yield Mention(match.start(1) + match[1].index(words[0]), match.end(), "house")
    for match in _SMALL_STREETS.finditer(text):
        if match[2] not in function_words() | _KINDS_OF_STREET:
            yield Mention(match.start(2), match.end(1), "street")


@cache
def _place_names() -> frozenset[tuple[str, ...]]:
    content = (resources.files("pipeline.transcripts") / "place_names.txt").read_text("utf-8")
    lines = " ".join(line for line in content.splitlines() if not line.startswith("#"))
    return frozenset(map(_fold_all, lines.split(",")))


def _fold_all(said: str) -> tuple[str, ...]:
    return tuple(map(fold, TOKEN.findall(said)))


def _start(match: re.Match[str]) -> int:
    """Leave out a word that only opens the sentence: At Tansy Wood Surgery."""
    first, _, rest = match[0].partition(" ")
    opens = first.lower() in function_words() and " " in rest
    return match.start() + (len(first) + 1 if opens else 0)
