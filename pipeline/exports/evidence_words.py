"""Figures of evidence in words: signed numbers, chances, intervals in square brackets."""

import math
from collections.abc import Callable

from pipeline.wording import decimal


def signed(number: float) -> str:
    """Write a number from -1 to 1 with two digits and no leading zero.

    >>> signed(-0.054), signed(0.14), signed(-0.001), signed(float("nan"))
    ('−.05', '.14', '.00', '–')
    """
    if number >= 0 or math.isnan(number) or round(number, 2) == 0:
        return decimal(abs(number))
    return f"−{decimal(-number)}"


def chance(p: float) -> str:
    """Write a p value with three digits.

    >>> chance(0.0479), chance(0.0004), chance(float("nan"))
    ('.048', 'under .001', '–')
    """
    if math.isnan(p):
        return "–"
    return "under .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def with_interval(
    number: float, low: float, high: float, write: Callable[[float], str] = signed
) -> str:
    """Write a number with its interval in square brackets, if there is one.

    >>> with_interval(0.1, -0.2, 0.4), with_interval(0.1, float("nan"), float("nan"))
    ('.10 [−.20 to .40]', '.10')
    """
    if math.isnan(low) or math.isnan(high):
        return write(number)
    return f"{write(number)} [{write(low)} to {write(high)}]"
