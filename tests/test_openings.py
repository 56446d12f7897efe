"""How a line may open, and lines that are made to take long."""

import pytest

from pipeline.transcripts.readers.openings import read_opening
from pipeline.transcripts.readers.rarer_openings import RARER

BLANKS = " " * 20_000


@pytest.mark.parametrize(
    ("line", "label", "words"),
    [
        ("Dawn\t It floods.", "Dawn", "It floods."),
        ("Dawn \t : It floods.", "Dawn", "It floods."),
        ("Dawn  **: It floods.", "Dawn", "It floods."),
        ("Dawn   [00:01:02]**", "Dawn", ""),
        ("Dawn   00:01:02 It floods.", "Dawn", "It floods."),
        (f"{BLANKS}Dawn: It floods.", "Dawn", "It floods."),
    ],
)
def test_a_line_opens_with_who_speaks(line, label, words):
    opening = read_opening(line)
    assert (opening.label, opening.words) == (label, words)


# Backtracking over all ways to share out the blanks would take minutes.
@pytest.mark.parametrize("start", ["Dawn", "Dawn, Ada", "| Dawn | It floods.", "00:01 Dawn", "**"])
@pytest.mark.parametrize("read", [read_opening, *RARER.values()])
def test_a_line_of_many_blanks_is_read_at_once(read, start):
    assert read(f"{start}{BLANKS}|x") is None
