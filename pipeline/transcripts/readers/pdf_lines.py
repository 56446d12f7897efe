"""Lines of pages: which are not talk, and which go on a paragraph."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from pipeline.transcripts.readers.layouts import find_openings
from pipeline.transcripts.readers.openings import Opening, is_time
from pipeline.transcripts.readers.text_lines import Line

Page = Sequence[str]

_EDGE = 3  # lines at the top and at the bottom where furniture stands
_MOST_PAGES, _FEWEST_PAGES = 0.5, 2
_MOSTLY_AT_EDGES = 1.2
_SURE_PAGES = 3  # on which something has to come that looks like a speaker
_LONG = 0.7  # of the usual width: such a line goes on in the next one
_ALL, _MORE = 0.98, 1.2
_SPACED = 0.75  # as many blank lines are between lines that stand wide apart
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PARTED = re.compile(r"(?P<left>[^\W\d_]+)[-\xad‐]$")
_GOES_ON = re.compile(r"(?P<right>[^\W\d_]+)")


def choose_pages(plain: Sequence[Page], placed: Sequence[Page]) -> Sequence[Page]:
    """Choose between lines as they come, and lines with blanks that show where things stand.

    The second are chosen if they hold all that is said, and show names in a column of their own;
    or, in a text without names, where paragraphs end.
    """
    if _count_signs(placed) < _ALL * _count_signs(plain):
        return plain
    names, placed_names = (
        sum(map(bool, find_openings([text for page in pages for text in page])))
        for pages in (plain, placed)
    )
    if names or placed_names:
        return placed if placed_names > _MORE * names else plain
    lines = [bool(text.strip()) for page in placed for text in page]
    return placed if lines.count(False) < _SPACED * lines.count(True) else plain


def drop_furniture(pages: Sequence[Page], left_out: Counter[str]) -> list[Line]:
    """Number the lines of all pages, and leave out those at the edges that come on most pages.

    Numbers in them may differ. What stands within pages as well is none: names of speakers do.
    """
    edges = [_find_edges(page) for page in pages]
    keys = [{_key(page[place]) for place in edge} for page, edge in zip(pages, edges, strict=True)]
    at_edges = Counter(key for found in keys for key in found)
    counts = Counter(_key(text) for page in pages for text in page)
    enough = max(_FEWEST_PAGES, _MOST_PAGES * len(pages))
    furniture = {
        key
        for key, count in at_edges.items()
        if count >= enough and counts[key] <= _MOSTLY_AT_EDGES * count
    }
    openings = iter(find_openings([_clean(text) for page in pages for text in page]))
    kept: list[list[Line]] = []
    number = 0
    for page in pages:
        edge = _find_outermost(page, furniture)
        kept.append([])
        for place, text in enumerate(page):
            number += 1
            is_sure = not next(openings) or at_edges[_key(text)] >= _SURE_PAGES
            if place in edge and is_sure:
                left_out["page furniture lines"] += 1
            else:
                kept[-1].append(Line(number, _clean(text)))
    return _put_together(kept)


def _put_together(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Put pages below each other, with no blank line where a sentence goes on overleaf."""
    trimmed = [_trim(page) for page in pages]
    has_gaps = any(line.is_blank for page in trimmed for line in page)
    lines: list[Line] = []
    for page in filter(None, trimmed):
        if lines and has_gaps and not page[0].text.lstrip()[:1].islower():
            lines.append(Line(page[0].number, ""))
        lines += page
    return lines


def _trim(page: Sequence[Line]) -> Sequence[Line]:
    filled = [place for place, line in enumerate(page) if not line.is_blank]
    return page[filled[0] : filled[-1] + 1] if filled else []


def join_lines(lines: Sequence[Line]) -> list[Line]:
    """Put lines together that one paragraph was broken into; it has its first line's number."""
    openings = find_openings([line.text for line in lines])
    lengths = sorted(len(line.text) for line in lines if not line.is_blank)
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    hyphenated = _find_hyphenated(lines)
    joined: list[Line] = []
    pieces: list[str] = []
    for place, line in enumerate(lines):
        before = (lines[place - 1], openings[place - 1]) if place else None
        if not before or openings[place] or not _goes_on(*before, line, _LONG * width):
            _close(joined, pieces)
            joined.append(line)
            pieces = [line.text]
        else:
            pieces += _parts(pieces, line.text, hyphenated)
    _close(joined, pieces)
    return joined


def _count_signs(pages: Sequence[Page]) -> int:
    return sum(len("".join(text.split())) for page in pages for text in page)


def _find_edges(page: Page) -> set[int]:
    filled = [place for place, text in enumerate(page) if text.strip()]
    return {*filled[:_EDGE], *filled[-_EDGE:]}


def _find_outermost(page: Page, furniture: set[str]) -> set[int]:
    """Find furniture with nothing but furniture between it and the edge."""
    filled = [place for place, text in enumerate(page) if text.strip()]
    found: set[int] = set()
    for places in (filled[:_EDGE], filled[::-1][:_EDGE]):
        found.update(takewhile(lambda place: _key(page[place]) in furniture, places))
    return found


def _key(text: str) -> str:
    return _NUMBER.sub("#", " ".join(text.split()))


def _clean(text: str) -> str:
    """Take ligatures apart ('ﬁ'), and control signs away."""
    kept = "".join(sign for sign in text if sign == "\t" or unicodedata.category(sign) != "Cc")
    for ligature, letters in _LIGATURES.items():
        kept = kept.replace(ligature, letters)
    return unicodedata.normalize("NFC", kept).rstrip()


_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\xa0": " "}


def _goes_on(before: Line, opening: Opening | None, line: Line, long: float) -> bool:
    """Tell whether a line goes on the one before: that one was full, or stops in mid-sentence."""
    if before.is_blank or line.is_blank or is_time(before.text) or is_time(line.text):
        return False
    if opening and opening.is_own_line:
        return False
    return len(before.text) >= long or line.text.lstrip()[:1].islower()


def _find_hyphenated(lines: Sequence[Line]) -> set[str]:
    """Find words that are written with hyphens elsewhere, within a line."""
    return {word.casefold() for line in lines for word in _WORD.findall(line.text) if "-" in word}


def _parts(pieces: list[str], text: str, hyphenated: set[str]) -> Iterator[str]:
    """Give what goes on a paragraph; a word that was parted becomes one again."""
    text = text.lstrip()
    parted, rest = _PARTED.search(pieces[-1][-60:]), _GOES_ON.match(text)
    if not parted or not rest or not text[0].islower():
        yield f" {text}"
        return
    whole = f"{parted['left']}-{rest['right']}".casefold()
    if whole not in hyphenated:
        pieces[-1] = pieces[-1][:-1]
    yield text


def _close(joined: list[Line], pieces: Sequence[str]) -> None:
    if joined:
        joined[-1] = Line(joined[-1].number, "".join(pieces))
