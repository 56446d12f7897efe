"""Paragraphs and rows of RTF, read in one pass from start to end."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.transcripts.readers.documents import Block, Paragraph, Row

_DEEPEST = 500
_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<sign>[\s\S])|(?P<brace>[{}])|(?P<ends>[\r\n\0]+)|(?P<text>[^\\{}\r\n\0]+)"
)
_CHARACTERS = {
    "line": "\n",
    "lbr": "\n",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
_SIGNS = {"~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
_ENDS = frozenset({"par", "sect", "page"})
_FONTS = "fonttbl"
# Groups whose text is not the document's.
_BESIDE = frozenset(
    """
    fonttbl colortbl stylesheet info header headerl headerr headerf footer footerl footerr footerf
    footnote annotation pict nonshppict object listtext pntext xe tc txe nonesttables shp filetbl
    """.split()
)
_COUNTED = {"footnote": "notes", "annotation": "comments"}
_LOOKS = frozenset({"b", "v", "deleted"})
_DEFAULT = "cp1252"
_MACHINES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": _DEFAULT}
_CHARSETS = {77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5"}
_CHARSETS |= {161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256"}
_CHARSETS |= {186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}


class TooDeepError(ValueError):
    """Groups within groups without end."""


class Found(NamedTuple):
    """What an RTF file holds, and how much was left out of it."""

    blocks: Sequence[Block]
    left_out: Counter[str]


class _Group(NamedTuple):
    """What holds to the end of a group: whether its text counts, how it looks, its encoding."""

    beside: str = ""
    looks: frozenset[str] = frozenset()
    encoding: str = ""
    replaced: int = 1  # how many characters stand for one that old programs cannot show


def read_blocks(content: bytes) -> Found:
    """Read RTF. Raises TooDeepError."""
    parser = _Parser()
    # Every byte is one character here; those of text are decoded as the fonts say.
    text, place = content.decode("latin-1"), 0
    while match := _TOKEN.match(text, place):
        place = match.end() + parser.take(match)
    return parser.finish()


class _Parser:
    """Takes the tokens of a file one by one."""

    def __init__(self) -> None:
        self._group, self._stack = _Group(), list[_Group]()
        self._pieces, self._bytes = list[tuple[str, bool]](), bytearray()
        self._blocks, self._number = list[Block](), 1
        self._cells, self._cell = list[list[Paragraph]](), list[Paragraph]()
        self._in_table, self._is_starred, self._to_skip = False, False, 0
        self._default, self._font, self._fonts = _DEFAULT, 0, dict[int, str]()
        self._left_out: Counter[str] = Counter()

    def take(self, match: re.Match[str]) -> int:
        """Take a token, and say how many characters behind it are bytes of something else."""
        kind, token = match.lastgroup, match[0]
        if match["word"]:
            return self._take_word(match["word"], match["number"])
        if kind == "brace":
            self._to_skip = 0
            self._open() if token == "{" else self._shut()
        elif kind == "hex":
            self._add_bytes(bytes.fromhex(match["hex"]))
        elif kind == "text":
            self._add_bytes(token.encode("latin-1"))
        elif kind == "sign":
            self._take_sign(match["sign"])
        return 0

    def finish(self) -> Found:
        """Give what was found when the file has ended."""
        self._end_row()
        self._end_paragraph()
        return Found(self._blocks, self._left_out)

    def _open(self) -> None:
        self._flush()
        if len(self._stack) >= _DEEPEST:
            raise TooDeepError
        self._stack.append(self._group)

    def _shut(self) -> None:
        self._flush()
        self._is_starred = False
        if self._stack:
            self._group = self._stack.pop()

    def _take_word(self, word: str, number: str | None) -> int:
        value = int(number) if number else None
        if word == "u" and value is not None:
            self._add_unicode(value)
            return 0
        self._flush()
        self._to_skip = 0
        self._act(word, value)
        return max(value or 0, 0) if word == "bin" else 0

    def _act(self, word: str, value: int | None) -> None:
        if self._is_starred or word in _BESIDE:
            self._go_beside(word)
        elif self._group.beside:
            self._take_font(word, value)
        elif word in _CHARACTERS:
            self._add(_CHARACTERS[word])
        elif not self._take_end(word):
            self._take_look(word, value)

    def _go_beside(self, word: str) -> None:
        self._is_starred = False
        if word in _COUNTED and not self._group.beside:
            self._left_out[_COUNTED[word]] += 1
        self._group = self._group._replace(beside=word)

    def _take_font(self, word: str, value: int | None) -> None:
        """Learn which encoding a font has."""
        if self._group.beside == _FONTS and word == "f":
            self._font = value or 0
        elif self._group.beside == _FONTS and word == "fcharset":
            self._fonts[self._font] = _CHARSETS.get(value or 0, "")

    def _take_end(self, word: str) -> bool:
        """End a paragraph, a cell or a row."""
        if word in _ENDS:
            self._end_paragraph()
        elif word in ("cell", "nestcell"):
            self._end_paragraph(in_table=True)
            self._cells.append(self._cell)
            self._cell = []
        elif word in ("row", "nestrow"):
            self._end_row()
        elif word in ("pard", "intbl"):
            self._in_table = word == "intbl"
        else:
            return False
        return True

    def _take_look(self, word: str, value: int | None) -> None:
        looks = self._group.looks
        if word in _LOOKS:
            looks = looks - {word} if value == 0 else looks | {word}
            self._group = self._group._replace(looks=looks)
        elif word == "plain":
            self._group = self._group._replace(looks=frozenset(), encoding="")
        elif word == "f":
            self._group = self._group._replace(encoding=self._fonts.get(value or 0, ""))
        elif word == "uc":
            self._group = self._group._replace(replaced=min(max(value or 0, 0), 9))
        else:
            self._default = _find_default(word, value) or self._default

    def _take_sign(self, sign: str) -> None:
        self._flush()
        if sign == "*":
            self._is_starred = True
        elif sign in "\r\n" and not self._group.beside:
            self._end_paragraph()
        elif sign in _SIGNS:
            self._add(_SIGNS[sign])

    def _add_unicode(self, value: int) -> None:
        self._flush()
        self._add(chr(value % 0x10000))
        self._to_skip = self._group.replaced

    def _add_bytes(self, content: bytes) -> None:
        """Add what is said; bytes that stand for one character may come as several tokens."""
        skipped = min(self._to_skip, len(content))
        self._to_skip -= skipped
        if not self._group.beside:
            self._bytes += content[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            encoding = self._group.encoding or self._default
            self._add(self._bytes.decode(encoding, errors="replace"))
            self._bytes.clear()

    def _add(self, text: str) -> None:
        if self._group.beside:
            return
        if "deleted" in self._group.looks:
            self._left_out["tracked deletions"] += 1
        elif "v" in self._group.looks:
            self._left_out["hidden pieces"] += 1
        else:
            self._pieces.append((text, "b" in self._group.looks))

    def _end_paragraph(self, *, in_table: bool = False) -> None:
        self._flush()
        plain = next((place for place, (_, bold) in enumerate(self._pieces) if not bold), None)
        text, bold = (_join(some) for some in (self._pieces, self._pieces[:plain]))
        paragraph = Paragraph(self._number, text, bold)
        self._number, self._pieces = self._number + 1, []
        if in_table or self._in_table or self._cells:
            self._cell.append(paragraph)
        else:
            self._blocks.append(paragraph)

    def _end_row(self) -> None:
        """Put a row's cells together; what stands in none is taken as a paragraph."""
        if self._cells:
            self._blocks.append(Row(self._cells))
        self._blocks += self._cell
        self._cells, self._cell = [], []


def _join(pieces: Sequence[tuple[str, bool]]) -> str:
    """Join pieces; a character beyond the first 65,536 comes as two halves."""
    text = "".join(piece for piece, _ in pieces)
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", errors="replace")
    return unicodedata.normalize("NFC", whole)


def _find_default(word: str, value: int | None) -> str:
    """Give the encoding that the file says it has."""
    if word != "ansicpg":
        return _MACHINES.get(word, "")
    try:
        return codecs.lookup(f"cp{value}").name
    except LookupError:
        return ""
