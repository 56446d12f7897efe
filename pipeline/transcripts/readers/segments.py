"""Segments: what one speaker says in one go, with its time, put together to turns."""

import math
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from pipeline.transcripts.readers import RawTurn


class Segment(NamedTuple):
    """A piece of speech of a file that keeps speakers and times apart from the words.

    ``number`` counts the file's segments from 1, so that a turn can be found in it again.
    ``start_seconds`` is NaN where the file has no time.
    """

    speaker: str
    text: str
    number: int
    start_seconds: float = math.nan


def join_segments(segments: Iterable[Segment]) -> list[RawTurn]:
    """Put neighbouring segments of one speaker into a turn, a line each; leave out empty ones."""
    spoken = (segment for segment in segments if segment.text.strip())
    return [_join(list(run)) for _, run in groupby(spoken, key=lambda one: one.speaker)]


def in_order_of_time(segments: Iterable[Segment]) -> list[Segment]:
    """Sort segments of several tiers by their starts; one without a time stays after its neighbour.

    >>> [one.text for one in in_order_of_time([Segment("A", "b", 1, 2.0), Segment("B", "a", 2, 1)])]
    ['a', 'b']
    """
    last, timed = -math.inf, []
    for segment in segments:
        last = last if math.isnan(segment.start_seconds) else segment.start_seconds
        timed.append((last, segment))
    return [segment for _, segment in sorted(timed, key=lambda pair: pair[0])]


def number_segments(segments: Iterable[Segment]) -> list[Segment]:
    """Count segments from 1 in the order in which they are given; those without words are gone."""
    spoken = (segment for segment in segments if segment.text.strip())
    return [segment._replace(number=number) for number, segment in enumerate(spoken, start=1)]


def _join(run: list[Segment]) -> RawTurn:
    text = "\n".join(segment.text.strip() for segment in run)
    return RawTurn(run[0].speaker, text, run[0].number, run[-1].number, run[0].start_seconds)
