"""Replace what identifies people by pseudonyms: the same person, the same one, everywhere.

UK Data Service guidance: pseudonyms or vaguer words, never blanks; replacements are marked (by
square brackets) and logged.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import repeat
from typing import Any, NamedTuple

import pandas as pd

from pipeline.tables import REPLACEMENTS, SAFE_TURNS, Replacements, SafeTurns, Turns
from pipeline.transcripts.candidates import is_acronym, split_name
from pipeline.transcripts.captions import is_lowered
from pipeline.transcripts.cues import (
    MONTHS,
    TITLES,
    TOKEN,
    Tokens,
    fold,
    has_cue,
    is_word_here,
    starts_sentence,
)
from pipeline.transcripts.details import Mention, find_details
from pipeline.transcripts.english import MODALS, is_english
from pipeline.transcripts.people import PEOPLE, Lexicon

INITIALS = re.compile(r"(?<![\w'’])(?:[^\W\d_](?:\. ?| )){1,3}\Z")
BETWEEN = re.compile(r" |-|\. ?")
LONGEST_SHORT = 2  # letters of what a full stop may follow within a name: J., St.


class Safe(NamedTuple):
    """Turns without real names, and the log of what was replaced."""

    turns: SafeTurns
    replacements: Replacements


def pseudonymise(
    turns: Turns,
    lexicon: Lexicon,
    labels: Mapping[tuple[str, str], str],
    mentions: Iterable[Sequence[Mention]] = repeat(()),
) -> Safe:
    """Replace every known name and contact detail in what was said, and in who said it.

    ``mentions`` are those found in each turn.
    ``labels`` gives what stands for each transcript and its participant: its keys are
    ('transcript', transcript) and ('participant', transcript); in a focus group, (transcript,
    participant).
    """
    texts, log = [], []
    said = turns[["transcript", "turn", "text"]].to_dict("records")
    for turn, row in zip(said, mentions, strict=False):
        finds = list(find_known(turn["text"], lexicon, row))
        texts.append(_replace(turn["text"], finds))
        log += [_log_row(turn, find, labels) for find in finds]
    participants = _stand_ins(turns, labels)
    others = turns["speaker"].map(
        {name: _name_speaker(name, lexicon) for name in set(turns["speaker"])}
    )
    roles = turns["role"].map(
        {role: _replace(role, list(find_known(role, lexicon))) for role in set(turns["role"])}
    )
    safe = turns.assign(
        text=texts,
        transcript=turns["transcript"].map(lambda name: labels["transcript", name]),
        participant=participants,
        role=roles,
        speaker=participants.where(turns["is_participant"], others),
    )
    return Safe(SAFE_TURNS.check(safe), REPLACEMENTS.build(log))


def _stand_ins(turns: Turns, labels: Mapping[tuple[str, str], str]) -> pd.Series:
    """Give what stands for the participant of each turn; a focus group has several."""
    people = turns[["transcript", "participant"]].itertuples(index=False, name=None)
    marks = [labels.get(person) or labels["participant", person[0]] for person in people]
    return pd.Series(marks, index=turns.index, dtype="str")


def _name_speaker(label: str, lexicon: Lexicon) -> str:
    """Give the pseudonym of a speaker; 'Interviewer' and the like stay."""
    entry = lexicon.names.get(split_name(label))
    return entry.pseudonym if entry else _replace(label, list(find_known(label, lexicon)))


class Find(NamedTuple):
    """Words to be replaced: their place in characters, kind, what stands for them."""

    start: int
    end: int
    kind: str
    pseudonym: str
    is_confirmed: bool
    words: str


def find_known(text: str, lexicon: Lexicon, mentions: Iterable[Mention] = ()) -> Iterator[Find]:
    """Give every known name and contact detail in a text, in order, never overlapping.

    ``mentions`` are those found in this text: they tell names from words where these are alike.
    Names are looked up word by word, the longest first, so the time grows with the text alone.
    """
    persons = {one.start for one in mentions if one.kind in ("person", "called", "titled")}
    details = [
        one
        for one in find_details(text)
        if lexicon.details.get(text[one.start : one.end].casefold(), one.kind)
    ]
    taken = [(detail.start, detail.end) for detail in details]
    names = (
        name
        for name in _known_names(text, lexicon, persons)
        if all(name.end <= start or name.start >= end for start, end in taken)
    )
    marked = (_detail(text, detail, lexicon) for detail in details)
    yield from sorted([*names, *marked])


def _known_names(text: str, lexicon: Lexicon, persons: Set[int]) -> Iterator[Find]:
    tokens = list(TOKEN.finditer(text))
    place = 0
    while place < len(tokens):
        length = _longest_match(text, tokens, place, lexicon, persons)
        if not length:
            place += 1
            continue
        if tuple(fold(token[0]) for token in tokens[place : place + length]) in lexicon.kept:
            place += length
            continue
        last = tokens[place + length - 1]
        entry = lexicon.names[tuple(fold(token[0]) for token in tokens[place : place + length])]
        start = _with_title(text, tokens, place)
        if entry.kind in PEOPLE:
            start = _with_initials(text, start)
        words = text[start : last.end()]
        yield Find(start, last.end(), entry.kind, entry.pseudonym, entry.is_confirmed, words)
        place += length


def _longest_match(
    text: str, tokens: Tokens, place: int, lexicon: Lexicon, persons: Set[int]
) -> int:
    """Give the number of words of the longest known name that starts at a word, or 0."""
    words: tuple[str, ...] = ()
    longest = 0
    for length, token in enumerate(tokens[place : place + lexicon.longest], start=1):
        if words and not _are_joined(text, tokens[place + length - 2], token):
            break
        words += (fold(token[0]),)
        if (
            words in lexicon.kept
            or words in lexicon.names
            and _is_meant(text, tokens, place, length, lexicon, persons)
        ):
            longest = length
    return longest


def _is_meant(
    text: str, tokens: Tokens, place: int, length: int, lexicon: Lexicon, persons: Set[int]
) -> bool:
    """Tell a name from a plain word.

    Single words count only with a capital, and short ones in capitals throughout are acronyms.
    Those that are words of the language, too (Will, Fell), count only behind a title or within
    a sentence. Names that a person listed count wherever they have a capital, and in small
    letters if they are no words of the language.
    """
    word = tokens[place]
    if word.start() in persons and is_lowered(text):
        return True
    has_capital = word[0][0].isupper()
    if length > 1:
        is_name = has_capital or fold(word[0]) not in MODALS  # will young people come
        return is_name or has_cue(text, tokens, place, length)
    if not has_capital:
        return _is_meant_in_small(text, tokens, place, lexicon)
    is_known = lexicon.names[(fold(word[0]),)].is_confirmed or _has_title(text, tokens, place)
    return is_known or _is_meant_with_capital(text, tokens, place, lexicon)


def _is_meant_with_capital(text: str, tokens: Tokens, place: int, lexicon: Lexicon) -> bool:
    word, start = fold(tokens[place][0]), tokens[place].start()
    if is_acronym(tokens[place][0]):
        return False
    if _with_initials(text, start) < start or has_cue(text, tokens, place) or not is_english(word):
        return True
    is_month = word in MONTHS and is_word_here(text, tokens, place)
    opens = word in lexicon.words and starts_sentence(text, start)
    return not (is_month or opens or _has_capitals_beside(text, tokens, place))


def _is_meant_in_small(text: str, tokens: Tokens, place: int, lexicon: Lexicon) -> bool:
    """Take a name in small letters unless it is a word as well; in captions, the cues decide."""
    word = fold(tokens[place][0])
    if word in lexicon.quiet:
        return is_lowered(text) and has_cue(text, tokens, place)
    return not is_english(word) or (is_lowered(text) and not is_word_here(text, tokens, place))


def _has_capitals_beside(text: str, tokens: Tokens, place: int) -> bool:
    """Say whether a word is part of a longer phrase in capitals, as in Green Party."""
    before, after = tokens[max(place - 1, 0)], tokens[min(place + 1, len(tokens) - 1)]
    start, end = tokens[place].span()
    if after[0][0].isupper() and text[end : after.start()] == " ":
        return not is_acronym(after[0])
    is_joined = before[0][0].isupper() and text[before.end() : start] == " "
    return is_joined and before[0] != "I" and not starts_sentence(text, before.start())


def _has_title(text: str, tokens: Tokens, place: int) -> bool:
    return bool(
        place
        and fold(tokens[place - 1][0]) in TITLES
        and _are_joined(text, tokens[place - 1], tokens[place])
    )


def _are_joined(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    between = text[word.end() : following.start()]
    if following[0] == "s" and between in ("'", "’"):  # St Bride's School
        return True
    return bool(BETWEEN.fullmatch(between)) and (
        not between.startswith(".") or len(word[0]) <= LONGEST_SHORT or fold(word[0]) in TITLES
    )


def _with_title(text: str, tokens: Tokens, place: int) -> int:
    has_title = _has_title(text, tokens, place) and tokens[place - 1][0][0].isupper()
    return tokens[place - 1 if has_title else place].start()


def _with_initials(text: str, start: int) -> int:
    """Take the initials before a surname along; A and I alone may be words."""
    match = INITIALS.search(text, max(start - 12, 0), start)
    return match.start() if match and match[0].strip() not in ("a", "i", "I", "A", "s") else start


def _detail(text: str, detail: Mention, lexicon: Lexicon) -> Find:
    words = text[detail.start : detail.end]
    decided = lexicon.details.get(words.casefold(), "")
    shown = decided or f"[{detail.kind}]"
    return Find(detail.start, detail.end, detail.kind, shown, bool(decided), words)


def _replace(text: str, finds: Sequence[Find]) -> str:
    parts, end = [], 0
    for find in finds:
        parts += [text[end : find.start], find.pseudonym]
        end = find.end
    return "".join([*parts, text[end:]])


def _log_row(
    turn: Mapping[Any, Any], find: Find, labels: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    return {
        "transcript": labels["transcript", turn["transcript"]],
        "turn": turn["turn"],
        "start": find.start,
        "kind": find.kind,
        "found": find.words,
        "pseudonym": find.pseudonym,
        "confirmed": find.is_confirmed,
    }
