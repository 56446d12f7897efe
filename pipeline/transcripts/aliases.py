"""Which of the labels in a transcript are one person's: 'Ms Lowe', 'Ana Lowe (AL)' and 'AL'."""

import re
from collections.abc import Sequence

from pipeline.transcripts.speakers import (
    is_answering,
    is_id,
    is_same_person,
    is_usual_name,
    take_apart,
    usual_form,
)

# In a file with more labels than these, most of them are something else.
_MOST_COMPARED = 150
_NUMBER = re.compile(r"0*(\d{1,3})")


def join_aliases(names: Sequence[str]) -> dict[str, str]:
    """Give for each label the fullest one of the same person.

    A label that could be two people's ('Orr' beside 'Dr Orr' and 'Ms Orr') stays on its own.

    >>> join_aliases(["Ms Lowe", "AL", "Ana Lowe", "Sam"])
    {'Ms Lowe': 'Ana Lowe', 'AL': 'Ana Lowe', 'Ana Lowe': 'Ana Lowe', 'Sam': 'Sam'}
    """
    people: dict[str, list[str]] = {}
    known = dict.fromkeys(names)
    ordered = sorted(known, key=_fullness, reverse=True)
    for name in ordered if len(known) <= _MOST_COMPARED else ():
        found = [person for person, labels in people.items() if _is_among(name, labels)]
        people.setdefault(found[0] if len(found) == 1 else name, []).append(name)
    person_of = {label: person for person, labels in people.items() for label in labels}
    return {name: person_of.get(name, name) for name in known}


def has_same_number(label: str, participant: str) -> bool:
    """Tell whether 'Participant 2' or 'P2' is meant by the id 'P02'."""
    if not (is_id(participant) and is_id(label) and is_answering(label)):
        return False
    one, other = _NUMBER.search(label), _NUMBER.search(participant)
    return bool(one and other and one[1] == other[1])


def _fullness(name: str) -> tuple[int, int]:
    one = take_apart(name)
    return len(one.tokens), len(one.titles)


def _is_among(name: str, labels: Sequence[str]) -> bool:
    """Tell whether a label fits one of a person's, and no title of theirs speaks against it."""
    titles = take_apart(name).titles
    others = (take_apart(label).titles for label in labels)
    is_fitting = all(not titles or not other or titles == other for other in others)
    return is_fitting and any(_are_same(name, label) for label in labels)


def _are_same(one: str, other: str) -> bool:
    """Compare usual words by what they say, and only names by their parts."""
    if _bare(one) == _bare(other):
        return True
    if is_usual_name(one) or is_usual_name(other) or is_id(one) or is_id(other):
        alike = one[:1].casefold() == other[:1].casefold() and is_answering(other)
        return alike and has_same_number(one, other)
    return is_same_person(one, other)


def _bare(label: str) -> str:
    return usual_form(label).removeprefix("the ")
