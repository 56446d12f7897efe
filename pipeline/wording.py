"""Put figures into words as a British report has them."""

import math
from collections.abc import Iterable, Mapping

from pipeline.codebook import Codebook, Label


def percent(share: float) -> str:
    """Write a share (0..1) as a percentage that is never rounded to none or to all.

    >>> percent(0.194), percent(0.004), percent(0.998), percent(0), percent(float("nan"))
    ('19%', '<1%', '>99%', '0%', '–')
    """
    if math.isnan(share):
        return "–"
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{share:.0%}"


def decimal(number: float) -> str:
    """Write a number from 0 to 1 with two digits and no leading zero.

    >>> decimal(0.874), decimal(1), decimal(0), decimal(float("nan"))
    ('.87', '1.00', '.00', '–')
    """
    return "–" if math.isnan(number) else f"{number:.2f}".removeprefix("0")


def counted(number: int, noun: str) -> str:
    """Write a number with its noun, in the plural where it needs one.

    >>> counted(1, "passage"), counted(3000, "passage")
    ('1 passage', '3,000 passages')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def list_counts(counts: Mapping[str, int]) -> str:
    """List what was counted by its plural name, leaving out what there is none of.

    >>> list_counts({"heading lines": 3, "fillers": 12, "marks": 0})
    '12 fillers, 3 heading lines'
    """
    return ", ".join(
        counted(count, name.removesuffix("s")) for name, count in sorted(counts.items()) if count
    )


def listed(items: Iterable[str]) -> str:
    """Join items as a sentence has them.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    *others, last = list(items) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def lowered(label: str) -> str:
    """Write a label inside a sentence.

    >>> lowered("Hierarchical power")
    'hierarchical power'
    """
    return label[:1].lower() + label[1:]


def code_title(codebook: Codebook, code: str) -> str:
    """The name of a code as people read it; the id of a code that the codebook no longer has."""
    return next((entry.label for entry in codebook.codes if entry.id == code), code)


def label_title(codebook: Codebook, label: Label) -> str:
    """The name of a code in one of its stances; a colon, as names may have commas."""
    return f"{code_title(codebook, label.code)}: {label.stance}"
