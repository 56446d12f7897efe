"""Write what a model's card says, which may be missing or no number, as the cells of a table."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pipeline.codebook import Codebook
from pipeline.exports.provenance import inline, plain
from pipeline.wording import code_title, decimal

NONE = "–"

Write = Callable[[float], str]


class Row(NamedTuple):
    """A code in one stance, or a group of interviews, and what the card says of it."""

    name: str
    kind: str
    cells: list[str]


class Table(NamedTuple):
    """Rows under headings, with a sentence that says what is in them; empty if nothing is."""

    sentence: str
    headings: list[str]
    rows: list[Row]


def write_label_row(row: Mapping[str, Any], cells: list[str], codebook: Codebook) -> Row:
    """Put a code's title and stance before the cells."""
    return Row(code_title(codebook, plain(row.get("code"))), plain(row.get("stance")), cells)


def write_number(value: Any, write: Write = decimal, *, otherwise: str = NONE) -> str:
    """Write a number, ``otherwise`` if there is none, and as it is what is no number."""
    if value is None or value != value:
        return otherwise
    return write(value) if is_number(value) else inline(value)


def write_interval(interval: Any, write: Write = decimal) -> str:
    """Write an interval in square brackets with a space before it, or nothing."""
    ends = find_ends(interval)
    return f" [{' to '.join(map(write, ends))}]" if ends else ""


def find_ends(interval: Any) -> tuple[float, float] | None:
    """Give both ends of an interval, or None if it is not one."""
    if not isinstance(interval, list | tuple) or len(interval) != 2:
        return None
    low, high = interval
    is_whole = all(is_number(end) and math.isfinite(end) for end in interval)
    return (low, high) if is_whole else None


def is_number(value: Any) -> bool:
    """Whether a value of the card is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(number: float) -> str:
    """Write a count.

    >>> whole(1234)
    '1,234'
    """
    return f"{number:,.0f}"


def signed(difference: float) -> str:
    """Write a difference between -1 and 1 with its sign.

    >>> signed(0.1234), signed(-0.5), signed(0.001)
    ('+.12', '−.50', '.00')
    """
    words = decimal(abs(difference))
    return words if words == ".00" else f"{'+' if difference > 0 else '−'}{words}"


def points(difference: float) -> str:
    """Write a difference of shares in percentage points.

    >>> points(0.0123), points(-0.004)
    ('+1.2', '−0.4')
    """
    return f"{100 * difference:+.1f}".replace("-", "−")


def finely(share: float) -> str:
    """Write a share of which small differences matter.

    >>> finely(0.0234)
    '2.3%'
    """
    return f"{100 * share:.1f}%"
