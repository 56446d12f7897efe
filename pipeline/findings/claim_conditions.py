"""Conditions of claims, in words.

'trust present' is a code in a stance; 'or' stands between alternatives, 'and' between what must all
hold ('or' binds more closely).
"""

from collections.abc import Sequence

from pipeline.codebook import Label

_OPPOSITE = {"present": ("lacking",), "lacking": ("present", "enabling"), "enabling": ("lacking",)}


def read_condition(words: str) -> list[list[Label]]:
    """Read a condition: all of several, each of which is any of several labels.

    >>> read_condition("trust present or trust lacking and spread present")[1]
    [Label(code='spread', stance='present')]
    """
    return [
        [Label(*label.split()) for label in part.split(" or ")]
        for part in words.split(" and ")
        if words
    ]


def oppose(labels: Sequence[Label]) -> list[Label]:
    """List the labels that say the opposite.

    >>> oppose([Label("trust", "present")])
    [Label(code='trust', stance='lacking')]
    """
    return [Label(code, other) for code, stance in labels for other in _OPPOSITE.get(stance, ())]


def spoken(words: str) -> str:
    """Write a condition as a sentence has it.

    >>> spoken("sense_of_place present")
    'sense of place present'
    """
    return words.replace("_", " ")
