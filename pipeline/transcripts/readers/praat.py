"""Praat's .TextGrid: tiers of intervals, in the long, the short and the chronological form."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, read_text, readers
from pipeline.transcripts.readers.fields import to_seconds
from pipeline.transcripts.readers.praat_text import Token, read_tokens, read_tokens_by_line
from pipeline.transcripts.readers.tier_speech import read_tiers
from pipeline.transcripts.readers.tiers import Piece, Tier, name_speaker

_BINARY = b"ooBinaryFile"
_CHRONOLOGICAL = "Praat chronological TextGrid text file"
_INTERVALS, _POINTS = "IntervalTier", "TextTier"
_SILENCES = frozenset(
    ("#", "-", "<nib>", "<p>", "<p:>", "<sil>", "[silence]", "_", "pau", "sil", "silence")
    + ("silent", "sounding", "sp")
)
_TAG = re.compile(r"<(?P<empty>[A-Za-z_]{1,40})\s?/>|</?[A-Z_]{2,40}>")
_UNHEARD = re.compile(r"(?:unin|inaud|uncl|indis)", re.IGNORECASE)


class _Grid(NamedTuple):
    """The tiers of a file; ``is_whole`` if all is there that it says there is."""

    tiers: list[Tier]
    points: int
    is_whole: bool


@readers.register(".textgrid")
def read_praat(path: Path) -> Script:
    """Read the interval tiers that hold what is said; tiers of words, sounds or points beside
    them are left out.

    Raises TranscriptError for files that are no text, or no TextGrid.
    """
    with path.open("rb") as content:
        if content.read(len(_BINARY)) == _BINARY:
            raise _refuse(path, "it is in Praat's binary form.")
    grid = _read_grid(path, read_text(path).replace("\r\n", "\n").replace("\r", "\n"))
    left_out: Counter[str] = Counter({"point tiers": grid.points})
    tiers = [tier._replace(pieces=_tidy(tier.pieces, left_out)) for tier in grid.tiers]
    script = read_tiers(path, tiers, "tiers of Praat", left_out)
    if grid.is_whole:
        return script
    warning = "it does not hold as many intervals as it says; it may be cut off"
    return script._replace(warnings=(*script.warnings, warning))


def _read_grid(path: Path, text: str) -> _Grid:
    """Read a file as Praat does; if that fails, with quotation marks that are not doubled."""
    grid = _find_tiers(read_tokens(text))
    if not grid.is_whole:
        by_line = _find_tiers(read_tokens_by_line(text))
        grid = by_line if _count(by_line) > _count(grid) else grid
    if not grid.tiers and not grid.points:
        raise _refuse(path, "there are no tiers in it.")
    return grid


def _find_tiers(tokens: Sequence[Token]) -> _Grid:
    if _CHRONOLOGICAL in tokens[:1]:
        return _find_by_time(tokens)
    tiers, points, is_whole, place = [], 0, True, 0
    while place < len(tokens):
        is_tier = tokens[place] in (_INTERVALS, _POINTS)
        if not is_tier or not _is_shape(tokens[place : place + 5], "ssnnn"):
            place += 1
            continue
        is_points = tokens[place] == _POINTS
        name, size = str(tokens[place + 1]), tokens[place + 4]
        pieces, place = _read_pieces(tokens, place + 5, "ns" if is_points else "nns")
        is_whole = is_whole and len(pieces) == size
        points += is_points
        if not is_points:
            tiers.append(Tier(name, name_speaker(name), pieces))
    return _Grid(tiers, points, is_whole)


def _read_pieces(tokens: Sequence[Token], place: int, shape: str) -> tuple[list[Piece], int]:
    """Read labels while there are any, whatever their number is said to be."""
    pieces = []
    while _is_shape(tokens[place : place + len(shape)], shape):
        pieces.append(_piece(tokens[place : place + len(shape)]))
        place += len(shape)
    return pieces, place


def _find_by_time(tokens: Sequence[Token]) -> _Grid:
    """Read the form in which the tiers come first and their labels follow in order of time."""
    place = next((place for place in range(1, len(tokens)) if _is_text(tokens[place])), 1)
    names: list[tuple[str, str]] = []
    while _is_shape(tokens[place : place + 4], "ssnn"):
        names.append((str(tokens[place]), str(tokens[place + 1])))
        place += 4
    shapes = {float(n): "nns" if kind == _INTERVALS else "ns" for n, (kind, _) in enumerate(names)}
    pieces: list[list[Piece]] = [[] for _ in names]
    while place < len(tokens) and (shape := shapes.get(_number(tokens[place]) - 1)):
        record = tokens[place + 1 : place + 1 + len(shape)]
        if not _is_shape(record, shape):
            break
        pieces[int(_number(tokens[place])) - 1].append(_piece(record))
        place += 1 + len(shape)
    tiers = [
        Tier(name, name_speaker(name), own)
        for (kind, name), own in zip(names, pieces, strict=True)
        if kind == _INTERVALS
    ]
    return _Grid(tiers, len(names) - len(tiers), place >= len(tokens))


def _piece(record: Sequence[Token]) -> Piece:
    times = [to_seconds(_number(token)) for token in record[:-1]]
    return Piece(str(record[-1]), times[0], times[-1])


def _number(token: Token) -> float:
    return math.nan if isinstance(token, str) else token


def _is_text(token: Token) -> bool:
    return isinstance(token, str)


def _is_shape(tokens: Sequence[Token], shape: str) -> bool:
    """Tell whether tokens are strings and numbers in the order of the letters 's' and 'n'."""
    return len(tokens) == len(shape) and all(
        _is_text(token) == (letter == "s") for token, letter in zip(tokens, shape, strict=True)
    )


def _count(grid: _Grid) -> int:
    return sum(len(tier.pieces) for tier in grid.tiers)


def _tidy(pieces: Sequence[Piece], left_out: Counter[str]) -> list[Piece]:
    """Leave out intervals without words, and tags around words."""
    kept = []
    for piece in pieces:
        text = " ".join(_TAG.sub(_mark_unheard, piece.text).split())
        if text.casefold() in _SILENCES:
            left_out["silent intervals"] += 1
        elif text:
            kept.append(piece._replace(text=text))
    return kept


def _mark_unheard(tag: re.Match[str]) -> str:
    return "[inaudible]" if tag["empty"] and _UNHEARD.match(tag["empty"]) else ""


def _refuse(path: Path, problem: str) -> TranscriptError:
    remedy = "In Praat, save the TextGrid again with 'Save as text file...'."
    return TranscriptError(path, 0, problem, remedy=remedy)
