"""The JSON of speech-to-text services that give words one by one."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pipeline.transcripts.readers.google_json import read_google
from pipeline.transcripts.readers.json_values import (
    Record,
    first_record,
    follow,
    records,
    seconds_of,
    speaker_names,
    speaker_of,
    text_of,
)
from pipeline.transcripts.readers.segments import Segment, in_order_of_time
from pipeline.transcripts.readers.speech import Speech, carry_on, join_words

_SPANS = {
    ("paragraphs",): "paragraphs, as of a digital paper edit",
    ("segmentation", "segments"): "a segmentation, as of the BBC",
    ("speakers",): "speakers, as of the first Speechmatics",
}
_SOON = 0.01  # seconds that a word may start before its paragraph


def read_amazon(data: Any) -> Speech | None:
    """Read Amazon Transcribe's audio segments, else its items."""
    results = follow(data, "results")
    items, spoken = records(results, "items"), records(results, "audio_segments")
    if not any("alternatives" in item and "type" in item for item in items) and not spoken:
        return None
    channels = records(results, "channel_labels", "channels")
    if channels:
        return Speech(_amazon_channels(channels), "Amazon Transcribe's JSON (channels)")
    if any(text_of(each, "transcript") for each in spoken):
        kind = "Amazon Transcribe's JSON (audio segments)"
        return Speech(_amazon_segments(spoken), kind, {"timed words": len(items)})
    words = _amazon_items(items, _amazon_speakers(results))
    return Speech(words, "Amazon Transcribe's JSON (items)")


def read_speechmatics(data: Any) -> Speech | None:
    """Read Speechmatics' words and points, each with its speaker."""
    results = records(data, "results")
    if not any("content" in first_record(each, "alternatives") for each in results):
        return None
    spoken = [each for each in results if records(each, "alternatives")]
    words = []
    for number, each in enumerate(spoken, start=1):
        best = first_record(each, "alternatives")
        speaker = speaker_of(best, "speaker") or speaker_of(each, "channel")
        start = seconds_of(each, "start_time")
        words.append(Segment(speaker, text_of(best, "content"), number, start))
    left_out = {"marks": len(results) - len(spoken)}
    return Speech(carry_on(words), "Speechmatics' JSON (results)", left_out)


def read_eleven_labs(data: Any) -> Speech | None:
    """Read ElevenLabs' words; what is a blank or a sound is left out."""
    found = records(data, "words")
    if not any("speaker_id" in word and "type" in word for word in found):
        return None
    spoken = [word for word in found if word.get("type") == "word"]
    words = [
        Segment(
            speaker_of(word, "speaker_id"), text_of(word, "text"), number, seconds_of(word, "start")
        )
        for number, word in enumerate(spoken, start=1)
    ]
    sounds = sum(word.get("type") == "audio_event" for word in found)
    return Speech(carry_on(words), "ElevenLabs' JSON (words)", {"sound marks": sounds})


def read_words_and_spans(data: Any) -> Speech | None:
    """Read words beside paragraphs that say from when on who speaks.

    So do digital paper edits, the BBC's own recogniser and the first Speechmatics.
    """
    found = records(data, "words") or records(data, "retval", "words")
    inside = data if records(data, "words") else follow(data, "retval")
    for keys in _SPANS:
        spans = [each for each in records(inside, *keys) if not math.isnan(_span_start(each))]
        if found and any(speaker_of(span, "speaker", "name") for span in spans):
            words = _name_by_spans(found, spans, speaker_names(inside))
            return Speech(words, f"JSON with words and {_SPANS[keys]}")
    return None


WORD_BY_WORD: tuple[Callable[[Any], Speech | None], ...] = (
    read_amazon,
    read_speechmatics,
    read_google,
    read_eleven_labs,
    read_words_and_spans,
)


def _amazon_segments(segments: Sequence[Record]) -> list[Segment]:
    return [
        Segment(
            speaker_of(each, "speaker_label"),
            text_of(each, "transcript"),
            number,
            seconds_of(each, "start_time"),
        )
        for number, each in enumerate(segments, start=1)
    ]


def _amazon_items(items: Sequence[Record], speakers: dict[str, str]) -> list[Segment]:
    return carry_on(
        Segment(
            speaker_of(item, "speaker_label") or speakers.get(text_of(item, "start_time"), ""),
            text_of(first_record(item, "alternatives"), "content"),
            number,
            seconds_of(item, "start_time"),
        )
        for number, item in enumerate(items, start=1)
    )


def _amazon_speakers(results: Any) -> dict[str, str]:
    return {
        text_of(item, "start_time"): speaker_of(item, "speaker_label")
        for segment in records(results, "speaker_labels", "segments")
        for item in records(segment, "items")
    }


def _amazon_channels(channels: Sequence[Record]) -> list[Segment]:
    sentences: list[Segment] = []
    for channel in channels:
        label = text_of(channel, "channel_label")
        items = _amazon_items(records(channel, "items"), {})
        sentences += join_words(item._replace(speaker=label) for item in items)
    return in_order_of_time(
        one._replace(number=number) for number, one in enumerate(sentences, start=1)
    )


def _span_start(span: Record) -> float:
    return seconds_of(span, "start", "time")


def _name_by_spans(
    found: Sequence[Record], spans: Sequence[Record], names: dict[str, str]
) -> list[Segment]:
    ordered = sorted(spans, key=_span_start)
    starts = [_span_start(span) for span in ordered]

    def speaker(start: float) -> str:
        place = 0 if math.isnan(start) else bisect_right(starts, start + _SOON)
        return speaker_of(ordered[place - 1], "speaker", "name", names=names) if place else ""

    return carry_on(_words_in(found, speaker))


def _words_in(found: Sequence[Record], speaker: Callable[[float], str]) -> Iterator[Segment]:
    for number, word in enumerate(found, start=1):
        start = seconds_of(word, "start", "time")
        text = text_of(word, "punct", "text", "word", "name")
        yield Segment(speaker(start), text, number, start)
