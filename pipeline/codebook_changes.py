"""What changed between two versions of a codebook, and whether a code still means the same."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from pipeline.codebook import Code, Codebook, Example, Group

# What a coder goes by; whatever else changes, earlier decisions stay what they were.
OF_MEANING = ("definition", "include", "exclude", "meaning")
SHOWN = {"include": "'Code it when'", "exclude": "'Not when'"}  # as the page and coders say


class Change(NamedTuple):
    """One difference: ``what`` is a part of the entry, such as 'definition' or 'example'.

    ``code`` is empty for the codebook's own parts; ``stance`` is of meanings and examples.
    ``before`` is empty for what was added, ``after`` for what was taken out.
    """

    code: str
    name: str
    what: str
    stance: str
    before: str
    after: str

    @property
    def is_of_meaning(self) -> bool:
        """Whether it is about what the code means: not its spelling, nor an example."""
        return self.what in (*OF_MEANING, "code", "group")

    @property
    def sentence(self) -> str:
        """Say it in words, without the texts themselves."""
        name = SHOWN.get(self.what, self.what)
        part = f"{name} of '{self.stance}'" if self.stance else name
        verb = "edited" if self.before and self.after else "added" if self.after else "taken out"
        return f"{self.name}: {part} {verb}"


def is_same_meaning(old: Code, new: Code, stance: str) -> bool:
    """Say whether a coder goes by the same words for a code in one stance."""
    return not any(
        change.what in OF_MEANING and change.stance in ("", stance)
        for change in compare_codes(old, new)
    )


def list_changes(old: Codebook, new: Codebook) -> list[Change]:
    """List what is not the same in two versions of a codebook, in the order of the new one."""
    title = _compare("", "The codebook", "title", "", old.title, new.title)
    return [*title, *_compare_groups(old, new), *_compare_entries(old, new)]


def compare_codes(old: Code, new: Code) -> Iterator[Change]:
    """Give what is not the same in two versions of a code."""
    named = (new.id, new.label)
    yield from _compare(*named, "name", "", old.label, new.label)
    yield from _compare(*named, "group", "", old.group, new.group)
    yield from _compare(*named, "definition", "", old.definition, new.definition)
    yield from _compare(*named, "include", "", "\n".join(old.include), "\n".join(new.include))
    yield from _compare(*named, "exclude", "", "\n".join(old.exclude), "\n".join(new.exclude))
    for stance in {**new.stances, **old.stances}:
        meanings = (old.stances.get(stance, ""), new.stances.get(stance, ""))
        yield from _compare(*named, "meaning", stance, *meanings)
    for gone in _only_in(old.examples, new.examples):
        yield Change(*named, "example", gone.stance, gone.text, "")
    for added in _only_in(new.examples, old.examples):
        yield Change(*named, "example", added.stance, "", added.text)


def mark_edits(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Cut two texts where they differ: runs of words, and whether the other has them not.

    >>> mark_edits("trust in people", "trust in bodies")
    ([('trust in ', False), ('people', True)], [('trust in ', False), ('bodies', True)])
    """
    old, new = (re.findall(r"\s+|\S+", text.strip()) for text in (before, after))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pieces = [(old[a:b], new[c:d], how != "equal") for how, a, b, c, d in blocks]
    return (
        [("".join(mine), edited) for mine, _, edited in pieces if mine],
        [("".join(its), edited) for _, its, edited in pieces if its],
    )


def fold(text: str) -> str:
    """Give a text by which it is compared: how its lines are broken makes no difference."""
    return " ".join(text.split())


def _compare_groups(old: Codebook, new: Codebook) -> Iterator[Change]:
    for name, group in {**new.groups, **old.groups}.items():
        before, after = (book.groups.get(name, Group(title="", stances={})) for book in (old, new))
        title = after.title or group.title
        yield from _compare("", title, "group", "", before.title, after.title)
        for stance in {**after.stances, **before.stances}:
            meanings = (before.stances.get(stance, ""), after.stances.get(stance, ""))
            yield from _compare("", title, "meaning", stance, *meanings)


def _compare_entries(old: Codebook, new: Codebook) -> Iterator[Change]:
    before, after = ({code.id: code for code in book.codes} for book in (old, new))
    for code in new.codes:
        if code.id not in before:
            yield Change(code.id, code.label, "code", "", "", code.definition)
            continue
        yield from compare_codes(before[code.id], code)
    for code in old.codes:
        if code.id not in after:
            yield Change(code.id, code.label, "code", "", code.definition, "")


def _compare(
    code: str, name: str, what: str, stance: str, before: str, after: str
) -> Iterator[Change]:
    if fold(before) != fold(after):
        yield Change(code, name, what, stance, before, after)


def _only_in(one: Iterable[Example], other: Iterable[Example]) -> Iterator[Example]:
    known = {(example.stance, fold(example.text)) for example in other}
    return (example for example in one if (example.stance, fold(example.text)) not in known)
