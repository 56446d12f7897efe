"""Praat's text files: numbers and quoted strings; everything else is there for people."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'"(?P<string>[^"]*(?:""[^"]*)*)"|(?:(?<=\s)|^)!.*'
    r'|(?<!\S)(?P<number>-?\d{1,30}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,3})?)(?=\s|$)|[^\s"]+',
    re.MULTILINE,
)

Token = str | float


def read_tokens(text: str) -> list[Token]:
    """Give the strings and numbers of a text. A quotation mark within a string is doubled.

    >>> read_tokens('xmin = 0.5 ! start\\ntext = "so ""they"" said"')
    [0.5, 'so "they" said']
    """
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        if match["string"] is not None:
            tokens.append(match["string"].replace('""', '"'))
        elif match["number"]:
            tokens.append(float(match["number"]))
    return tokens


def read_tokens_by_line(text: str) -> list[Token]:
    """Give the tokens of a text whose strings end with their lines, and have bare marks within."""
    tokens: list[Token] = []
    open_string: list[str] = []
    for line in text.split("\n"):
        before, mark, after = ("", '"', line) if open_string else line.partition('"')
        tokens += _numbers(before)
        if not mark:
            continue
        is_closed = after.rstrip().endswith('"')
        open_string.append(after.rstrip().removesuffix('"') if is_closed else after)
        if is_closed:
            tokens.append("\n".join(open_string).replace('""', '"'))
            open_string = []
    return tokens


def _numbers(text: str) -> Iterator[float]:
    return (float(match["number"]) for match in _TOKEN.finditer(text) if match["number"])
