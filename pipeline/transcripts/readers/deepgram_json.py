"""Deepgram's JSON: paragraphs, utterances, words or a bare transcript, by channel."""

from collections.abc import Callable, Iterable
from typing import Any

from pipeline.transcripts.readers.json_values import (
    Record,
    first_record,
    records,
    seconds_of,
    speaker_of,
    text_of,
)
from pipeline.transcripts.readers.segments import Segment, in_order_of_time
from pipeline.transcripts.readers.speech import Speech, carry_on, join_words


def read_deepgram(data: Any) -> Speech | None:
    """Read Deepgram's paragraphs, else its utterances, else its words or its bare transcript."""
    channels = records(data, "results", "channels")
    utterances = records(data, "results", "utterances")
    if not any("alternatives" in channel for channel in channels) and not utterances:
        return None
    read = {"utterances": _utterances(utterances, len(channels))}
    read |= {part: _read_channels(channels, find) for part, find in _DEEPGRAM.items()}
    part = next((part for part in _PARTS if any(one.text for one in read[part])), "transcript")
    numbered = (one._replace(number=number) for number, one in enumerate(read[part], start=1))
    left_out = {"timed words": _count_words(part, channels)}
    return Speech(in_order_of_time(numbered), f"Deepgram's JSON ({part})", left_out)


def _read_channels(
    channels: list[Record], find: Callable[[Record, str], Iterable[Segment]]
) -> list[Segment]:
    return [
        segment
        for number, channel in enumerate(channels)
        for segment in find(first_record(channel, "alternatives"), _channel(number, len(channels)))
    ]


def _paragraphs(best: Record, channel: str) -> Iterable[Segment]:
    for each in records(best, "paragraphs", "paragraphs"):
        text = " ".join(text_of(sentence, "text") for sentence in records(each, "sentences"))
        yield Segment(_voice(each, channel), text, 0, seconds_of(each, "start"))


def _utterances(utterances: Iterable[Record], channels: int) -> list[Segment]:
    return [
        Segment(
            _voice(each, _channel(each.get("channel"), channels)),
            text_of(each, "transcript"),
            0,
            seconds_of(each, "start"),
        )
        for each in utterances
    ]


def _words(best: Record, channel: str) -> Iterable[Segment]:
    words = carry_on(
        Segment(
            _voice(word, channel),
            text_of(word, "punctuated_word", "word"),
            0,
            seconds_of(word, "start"),
        )
        for word in records(best, "words")
    )
    return join_words(words) if channel else words


def _bare(best: Record, channel: str) -> Iterable[Segment]:
    yield Segment(channel, text_of(best, "transcript"), 0)


_PARTS = ("paragraphs", "utterances", "words", "transcript")
_DEEPGRAM: dict[str, Callable[[Record, str], Iterable[Segment]]] = {
    "paragraphs": _paragraphs,
    "words": _words,
    "transcript": _bare,
}


def _channel(number: object, channels: int) -> str:
    return f"Channel {number + 1}" if isinstance(number, int) and channels > 1 else ""


def _voice(record: Record, channel: str) -> str:
    return ", ".join(filter(None, (channel, speaker_of(record, "speaker"))))


def _count_words(part: str, channels: list[Record]) -> int:
    if part == "words":
        return 0
    return sum(len(records(first_record(each, "alternatives"), "words")) for each in channels)
