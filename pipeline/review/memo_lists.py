"""Memos as the page shows them: looked for, told of by their targets, a hundred at a time.

What others note on a passage of the check sample is left out until the reader has checked it: it
may say what they coded.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from pipeline.memos import Version, read_memos, read_versions, search_memos
from pipeline.review.desk import Desk
from pipeline.review.margins import read_margins
from pipeline.wording import code_title

MOST = 100  # memos on a page
LONGEST = 20_000  # letters of a memo, so that a spreadsheet's cell holds it
LONGEST_QUOTE = 200  # characters of a passage


class Search(NamedTuple):
    """What a reader looks for; empty is anything. ``target`` is of one passage or code.

    ``before`` is the number of a row: only what is older is shown; 0 is from the newest on.
    """

    words: str = ""
    about: str = ""
    coder: str = ""
    target: str = ""
    before: int = 0


class Shown(NamedTuple):
    """A memo as it is shown: what it is about in words, whose it is, how it read before.

    ``is_there`` says whether its passage or code is still in the study.
    """

    memo: Version
    target: str
    is_there: bool
    is_mine: bool
    when: str
    earlier: tuple[tuple[str, str], ...]  # when and text


class Found(NamedTuple):
    """A page of memos: ``older`` is what to ask for those before it, 0 if there are none.

    ``matches`` and ``total`` are how many were found, of how many; ``withheld`` how many wait until
    their passages are checked.
    """

    shown: tuple[Shown, ...]
    matches: int
    total: int
    older: int
    withheld: int
    coders: tuple[str, ...]


def find_memos(desk: Desk, search: Search, coder: str) -> Found:
    """Find the memos that a reader looks for, the newest first."""
    every = read_memos(desk.file)
    waiting = _find_waiting(desk, every, coder)
    open_ones = [one for one in every if one.coder == coder or one.target not in waiting]
    found = _look_for(desk, open_ones, search)
    later = [one for one in found if not search.before or one.number < search.before]
    page = later[:MOST]
    return Found(
        _describe(desk, page, coder),
        len(found),
        len(open_ones),
        page[-1].number if len(later) > MOST else 0,
        len(every) - len(open_ones),
        tuple(sorted({one.coder for one in every})),
    )


def group_memos(
    desk: Desk, passages: Collection[str], waiting: Collection[str], coder: str
) -> dict[str, list[Shown]]:
    """Give the memos on each of some passages; of those that wait, the reader's own alone."""
    here = {*passages}
    mine = [
        one
        for one in read_memos(desk.file)
        if one.about == "passage"
        and one.target in here
        and (one.coder == coder or one.target not in waiting)
    ]
    grouped = defaultdict(list)
    for shown in _describe(desk, mine, coder):
        grouped[shown.memo.target].append(shown)
    return grouped


def quote(text: str) -> str:
    """Cut a passage where it gets long, between words if there are any.

    >>> quote("It floods. " * 40)[-15:], len(quote("x" * 500))
    ('It floods. It …', 202)
    """
    if len(text) <= LONGEST_QUOTE:
        return text
    whole, _, _ = text[: LONGEST_QUOTE + 1].rpartition(" ")
    return f"{whole or text[:LONGEST_QUOTE]} …"


def tell_time(written_at: str) -> str:
    """Say when something was written, by this machine's clock."""
    when = datetime.fromisoformat(written_at).astimezone()
    return f"{when.day} {when:%B %Y, %H:%M}"


def _find_waiting(desk: Desk, memos: Iterable[Version], coder: str) -> set[str]:
    """Give the passages of the check sample that have memos and that the reader has to check."""
    noted = {one.target for one in memos if one.about == "passage" and one.coder != coder}
    drawn = noted & {one.passage for one in desk.sample.passages} & desk.shelf.places.keys()
    margins = read_margins(desk, sorted(drawn), coder) if drawn else {}
    return {passage for passage, margin in margins.items() if margin.waits}


def _look_for(desk: Desk, memos: Sequence[Version], search: Search) -> list[Version]:
    """Give the memos that fit; a code is found by its name, too."""
    fit = [
        one
        for one in memos
        if search.about in ("", one.about)
        and search.coder in ("", one.coder)
        and search.target in ("", one.target)
    ]
    names = {code.id: f"{code.id} {code.label}" for code in desk.codebook.codes}
    named = (one._replace(target=names.get(one.target, one.target)) for one in fit)
    numbers = {one.number for one in search_memos(named, search.words)}
    return [one for one in fit if one.number in numbers]


def _describe(desk: Desk, memos: Sequence[Version], coder: str) -> tuple[Shown, ...]:
    before = _read_earlier(desk, memos) if memos else {}
    return tuple(
        Shown(
            one,
            *_tell_target(desk, one),
            one.coder == coder,
            tell_time(one.written_at),
            tuple(before[one.memo]),
        )
        for one in memos
    )


def _read_earlier(desk: Desk, memos: Sequence[Version]) -> dict[int, list[tuple[str, str]]]:
    """Read when and how memos were written before, the latest first; '' is for deleted."""
    last = {one.memo: one.number for one in memos}
    earlier: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in reversed(read_versions(desk.file)):
        if one.number < last.get(one.memo, 0):
            earlier[one.memo].append((tell_time(one.written_at), one.text))
    return earlier


def _tell_target(desk: Desk, memo: Version) -> tuple[str, bool]:
    """Say what a memo is about in words, and whether that is there still."""
    if memo.about == "passage":
        place = desk.shelf.places.get(memo.target)
        if place is None:
            return memo.target, False
        return quote(str(desk.shelf.passages["text"].iloc[place])), True
    if memo.about == "code":
        is_there = any(code.id == memo.target for code in desk.codebook.codes)
        return code_title(desk.codebook, memo.target), is_there
    return "the study", True
