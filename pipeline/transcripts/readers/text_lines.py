"""Lines of a text, numbered as an editor numbers them."""

from typing import NamedTuple


class Line(NamedTuple):
    """One line of a text or paragraph of a document; numbers count from 1."""

    number: int
    text: str

    @property
    def is_blank(self) -> bool:
        """Tell whether there is nothing on the line."""
        return not self.text or self.text.isspace()


def number_lines(text: str) -> list[Line]:
    """Split a text at line ends of any system; str.splitlines() splits where no editor does."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [Line(number, line) for number, line in enumerate(lines, start=1)]
