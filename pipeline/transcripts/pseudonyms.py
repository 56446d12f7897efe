"""Replace what identifies people by pseudonyms: the same person, the same one, everywhere.

UK Data Service guidance: pseudonyms or vaguer words, never blanks; replacements are marked (by
square brackets) and logged.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.tables import REPLACEMENTS, SAFE_TURNS, Replacements, SafeTurns, Turns
from pipeline.transcripts.names import TITLES, TOKEN, Mention, find_details
from pipeline.transcripts.people import Lexicon, fold, is_acronym, split_name

BETWEEN = re.compile(r" |-|\. ?")
LONGEST_SHORT = 2  # letters of what a full stop may follow within a name: J., St.
SENTENCE_END = frozenset('.?!:"“‘\n')


class Safe(NamedTuple):
    """Turns without real names, and the log of what was replaced."""

    turns: SafeTurns
    replacements: Replacements


def pseudonymise(turns: Turns, lexicon: Lexicon, labels: Mapping[tuple[str, str], str]) -> Safe:
    """Replace every known name and contact detail in what was said, and in who said it.

    ``labels`` gives what stands for each transcript and its participant: its keys are
    ('transcript', transcript) and ('participant', transcript).
    """
    texts, log = [], []
    for turn in turns[["transcript", "turn", "text"]].to_dict("records"):
        finds = list(find_known(turn["text"], lexicon))
        texts.append(_replace(turn["text"], finds))
        log += [_log_row(turn, find, labels) for find in finds]
    participants = turns["transcript"].map(lambda name: labels["participant", name])
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


def find_known(text: str, lexicon: Lexicon) -> Iterator[Find]:
    """Give every known name and contact detail in a text, in order, never overlapping.

    Names are looked up word by word, the longest first, so the time grows with the text alone.
    """
    details = find_details(text)
    taken = [(detail.start, detail.end) for detail in details]
    names = (
        name
        for name in _known_names(text, lexicon)
        if all(name.end <= start or name.start >= end for start, end in taken)
    )
    marked = (_detail(text, detail) for detail in details)
    yield from sorted([*names, *marked])


def _known_names(text: str, lexicon: Lexicon) -> Iterator[Find]:
    tokens = list(TOKEN.finditer(text))
    place = 0
    while place < len(tokens):
        length = _longest_match(text, tokens, place, lexicon)
        if not length:
            place += 1
            continue
        last = tokens[place + length - 1]
        entry = lexicon.names[tuple(fold(token[0]) for token in tokens[place : place + length])]
        start = _with_title(text, tokens, place)
        words = text[start : last.end()]
        yield Find(start, last.end(), entry.kind, entry.pseudonym, entry.is_confirmed, words)
        place += length


def _longest_match(text: str, tokens: Sequence[re.Match[str]], place: int, lexicon: Lexicon) -> int:
    """Give the number of words of the longest known name that starts at a word, or 0."""
    words: tuple[str, ...] = ()
    longest = 0
    for length, token in enumerate(tokens[place : place + lexicon.longest], start=1):
        if words and not _are_joined(text, tokens[place + length - 2], token):
            break
        words += (fold(token[0]),)
        if words in lexicon.names and _is_meant(text, tokens, place, length, lexicon):
            longest = length
    return longest


def _is_meant(
    text: str, tokens: Sequence[re.Match[str]], place: int, length: int, lexicon: Lexicon
) -> bool:
    """Tell a name from a plain word.

    Single words count only with a capital, and short ones in capitals throughout are acronyms.
    Those that are words of the language, too (Will, Fell), count only behind a title or within
    a sentence. Names that a person listed count wherever they have a capital, and in small
    letters if they are no words of the language.
    """
    if length > 1:
        return True
    word = tokens[place]
    has_capital, is_plain = word[0][0].isupper(), fold(word[0]) in lexicon.words
    if lexicon.names[(fold(word[0]),)].is_confirmed:
        return has_capital or not is_plain
    if _has_title(text, tokens, place):
        return has_capital
    if not has_capital or is_acronym(word[0]):
        return False
    return not is_plain or not _starts_sentence(text, word.start())


def _starts_sentence(text: str, place: int) -> bool:
    before = place - 1
    while before >= 0 and text[before].isspace():
        before -= 1
    return before < 0 or text[before] in SENTENCE_END


def _has_title(text: str, tokens: Sequence[re.Match[str]], place: int) -> bool:
    return bool(
        place
        and fold(tokens[place - 1][0]) in TITLES
        and _are_joined(text, tokens[place - 1], tokens[place])
    )


def _are_joined(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    between = text[word.end() : following.start()]
    return bool(BETWEEN.fullmatch(between)) and (
        not between.startswith(".") or len(word[0]) <= LONGEST_SHORT or fold(word[0]) in TITLES
    )


def _with_title(text: str, tokens: Sequence[re.Match[str]], place: int) -> int:
    has_title = _has_title(text, tokens, place) and tokens[place - 1][0][0].isupper()
    return tokens[place - 1 if has_title else place].start()


def _detail(text: str, detail: Mention) -> Find:
    words = text[detail.start : detail.end]
    return Find(detail.start, detail.end, detail.kind, f"[{detail.kind}]", False, words)


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
