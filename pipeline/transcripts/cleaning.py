"""Take out of a turn what is no speech: times, marks, fillers and stutters.

Words are only ever removed, never changed or moved.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

Step = Callable[[str], str]
# What stands in one another's way, as a mark within a mark, goes in the next round.
_MOST_ROUNDS = 4

# Words that go on without a comma; the second group only if no new start follows.
_JOINING = re.compile(r"(?:and|because|but|if|or|so|than|when|which|who)", re.IGNORECASE)
_LEADING_ON = re.compile(
    r"(?:an?|as|at|by|for|from|in|into|my|of|on|our|the|their|to|with|your)", re.IGNORECASE
)
_NEW_START = re.compile(r"\s*(?:I|he|it|she|that|there|they|we|you)\b", re.IGNORECASE)
# First halves that keep their hyphen when a line ends after it.
_KEEPS_HYPHEN = r"(?:anti|co|cross|ex|full|half|high|long|low|multi|non|part|self|short|well)"
_BROKEN_LINE = re.compile(r"(?<=[^\W\d_])-[ \t]*\n[ \t]*(?=[^\W\d_])")
_KEPT_HYPHEN = re.compile(rf"(?<![^\W_]){_KEEPS_HYPHEN}$", re.IGNORECASE)
_CLOCK = r"\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?"
_TIME = re.compile(
    rf"\[(?:\d{{1,2}}:)?\d{{1,3}}:\d{{2}}(?:[.,]\d{{1,3}})?\]|\({_CLOCK}\)|(?<![\w:.,])\d{_CLOCK}(?![\w:])"
)
_MARK_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        applause background beep bleep chuckle chuckles chuckling clap claps clapping cough coughing
        coughs cries cross-talk crosstalk crying gesture gestures gesturing giggles inaudible
        indecipherable indistinct interruption laugh laughing laughs laughter music nod nodded
        nodding nods noise overlap overlapping overspeaking overtalking pause paused pauses rings
        sigh sighing sighs silence smiles sniffs sobs talkover unclear undecipherable
        unintelligible whispers
        """,
    )
)
_MARK = re.compile(r"\[[^\[\]]{1,60}\]|\([^()]{1,60}\)")
_LONGEST_MARK = {"[": 6, "(": 4}
_DOTS = re.compile(r"[.\s]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FILLER = (
    r"(?:[Uu]m{1,5}|[Uu]h{1,4}m{0,3}|[Ee]r|[Ee]rm{1,4}|(?<!\d )[Mm]m{1,5}|[Hh]m{1,5}"
    r"|[Aa]h{1,4}(?! (?!Ah|Er|Hm|Mm|Uh|Um)[A-Z][a-z]))(?![\w'’])(?!-\w)"
)
# Not \b: 'er' also follows an apostrophe ("saw 'er") or a hyphen. 'Ms Ah' is a person.
_FILLERS = re.compile(
    r"(?<![\w'’&/])(?<!\w-)(?<!Mr )(?<!Ms )(?<!Mrs )(?<!Miss )(?<!Dr )(?<!Sir )(?<!Lady )"
    rf"{_FILLER}(?:(?:,|\.{{3}}|…)? {_FILLER})*"
)
_POINTS = re.compile(r"\s*(?P<points>,|…|[.?!]{1,4}(?![\w.]))")
_SENTENCE_ENDS = tuple(".?!…")
_OPENERS = ("-", "–", "—", ":", ";", "(", "[", '"', "“", "‘")
# How many characters before a gap are enough to mend it.
_LOOK_BACK = 40
_LOOK_AHEAD = 12
_STUTTER = re.compile(
    r"(?<![\w'’-])(?:"
    r"(?i:(?P<start>the|an|and|but|we|they|he|she|i|my|our|their)(?:,? (?P=start))+)"
    # With a comma in between, these may belong to two phrases: 'the one we went to, to see it'.
    r"|(?i:(?P<link>of|if|to|from|with|because)(?: (?P=link))+)"
    # Not 'A a': that could be a grade.
    r"|(?P<article>a)(?:,? a)+"
    r")(?![\w'’-])"
)
_SPOKEN = re.compile(r"[^\W_]")
_DASHES = re.compile(r"(?P<dash>--|[–—])(?: (?:--|[–—]))+")
_LEADING = re.compile(r"(?:[\s,;:]|\.(?![.\w]))+")


class Taken(NamedTuple):
    """How much cleaning took out of a text."""

    fillers: int
    marks: int


def clean(text: str, keep: Collection[str] = ()) -> str:
    """Join and fold the lines, then apply every step in order until nothing changes.

    Cleaning twice is the same as cleaning once. ``keep`` names steps that are not taken.

    >>> clean("[00:14:02] We, um, we went to the the hall [laughs] on, er, Tuesday.")
    'We went to the hall on Tuesday.'
    """
    text = fold_white_space(join_broken_lines(text))
    steps = [*(step for name, step in STEPS.items() if name not in keep), mend_ends]
    for _ in range(_MOST_ROUNDS):
        before = text
        for step in steps:
            text = step(text)
        if text == before:
            break
    return text


def count_taken(text: str, keep: Collection[str] = ()) -> Taken:
    """Count the fillers and marks that cleaning takes out of a text."""
    text = fold_white_space(text)
    before = text if "times" in keep else drop_times(text)
    spoken = before if "marks" in keep else drop_marks(before)
    marks = sum(is_mark(match[0]) for match in _MARK.finditer(before))
    fillers = sum(len(match[0].split()) for match in _FILLERS.finditer(spoken))
    return Taken(0 if "fillers" in keep else fillers, 0 if "marks" in keep else marks)


def join_broken_lines(text: str) -> str:
    """Join words that a hyphen breaks at the end of a line.

    >>> join_broken_lines("the commu-\\nnity feels self-\\nreliant")
    'the community feels self-reliant'
    """
    if "-" not in text or "\n" not in text:
        return text

    def joined(match: re.Match[str]) -> str:
        if not text[match.end()].islower():
            return match[0]
        first_half = text[max(0, match.start() - 12) : match.start()]
        return "-" if _KEPT_HYPHEN.search(first_half) else ""

    return _BROKEN_LINE.sub(joined, text)


def fold_white_space(text: str) -> str:
    """Make every run of white space one blank."""
    return " ".join(text.split())


def drop_times(text: str) -> str:
    """Drop times of the recording. A time of day ('at 10:30') stays."""
    return _drop(_TIME, text) if ":" in text else text


def drop_marks(text: str) -> str:
    """Drop what a transcriber notes: [inaudible 00:14:02], [laughs], (pause), (Witness nodded).

    Other words in brackets stay: they belong to the sentence.
    """
    return _drop(_MARK, text, is_mark) if "[" in text or "(" in text else text


def is_mark(bracketed: str) -> bool:
    """Tell a transcriber's mark from other words in brackets.

    >>> is_mark("[laughs]"), is_mark("[the council]"), is_mark("(..)")
    (True, False, True)
    """
    inside = bracketed[1:-1].strip()
    words = _WORD.findall(inside.casefold())
    if not words:
        return not inside or bool(_DOTS.fullmatch(inside))
    return len(words) <= _LONGEST_MARK[bracketed[0]] and not _MARK_WORDS.isdisjoint(words)


def drop_fillers(text: str) -> str:
    """Drop um, er, erm, uh, uhm, ah, mm and hmm, and mend the commas around them."""
    return _drop(_FILLERS, text)


def drop_stutters(text: str) -> str:
    """Drop repeated function words ('the the'). 'Very very' and 'had had' stay."""
    return _STUTTER.sub(lambda match: match[match.lastgroup or 0], text)


def mend_ends(text: str) -> str:
    """Take away dashes left side by side, and points left at the start or without words."""
    text = _DASHES.sub(r"\g<dash>", text)
    text = _LEADING.sub("", text, count=1) if _LEADING.match(text) else text
    return text if _SPOKEN.search(text) else ""


STEPS: Mapping[str, Step] = {
    "times": drop_times,
    "marks": drop_marks,
    "fillers": drop_fillers,
    "stutters": drop_stutters,
}


def _drop(pattern: re.Pattern[str], text: str, is_meant: Callable[[str], bool] = bool) -> str:
    """Take out what the pattern finds, and mend the points and blanks around each gap."""
    pieces: list[str] = []
    pending, end = "", 0
    for match in pattern.finditer(text):
        if is_meant(match[0]) and match.start() >= end:
            pending += text[end : match.start()]
            pieces.append(pending[:-_LOOK_BACK])
            points, end = _take_points(text, match.end())
            pending = _mend(pending[-_LOOK_BACK:], points, text[end : end + _LOOK_AHEAD])
            end += text[end : end + 1].isspace()
    return "".join([*pieces, pending, text[end:]]).strip()


def _take_points(text: str, end: int) -> tuple[str, int]:
    """Give the points after a gap, and where the text goes on."""
    match = _POINTS.match(text, end)
    return (match["points"], match.end()) if match else ("", end)


def _mend(before: str, points: str, following: str) -> str:
    """Close a gap: give what stands before it the points and the blank that go on from there."""
    kept = before.rstrip()
    bare = kept.removesuffix(",").rstrip()
    if not bare or bare.endswith(_SENTENCE_ENDS):
        return f"{bare} "
    if bare.endswith(_OPENERS):
        return f"{before}{points.removeprefix(',')}"
    if points not in ("", ","):
        return f"{bare}{points} "
    if following and not following[0].isalnum() and not following[0].isspace():
        return bare
    has_comma = points == "," or kept != bare
    return f"{bare}, " if has_comma and not (points and _runs_on(bare, following)) else f"{bare} "


def _runs_on(before: str, following: str) -> bool:
    """Tell whether no comma belongs between the two, as after 'and' or in 'on Tuesday'."""
    word = before.rpartition(" ")[2]
    if _JOINING.fullmatch(word):
        return True
    return bool(_LEADING_ON.fullmatch(word)) and not _NEW_START.match(following)
