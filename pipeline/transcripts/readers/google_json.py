"""Google's JSON of speech-to-text: results with words, speakers and channels."""

from collections.abc import Sequence
from typing import Any

from pipeline.transcripts.readers.json_values import (
    Record,
    first_record,
    follow,
    records,
    seconds_of,
    speaker_of,
    text_of,
)
from pipeline.transcripts.readers.segments import Segment
from pipeline.transcripts.readers.speech import Speech, carry_on

_GOOGLE_STARTS = ("startTime", "start_time", "startOffset", "start_offset")
_GOOGLE_SPEAKERS = ("speakerLabel", "speaker_label", "speakerTag", "speaker_tag")


def read_google(data: Any) -> Speech | None:
    """Read Google's words with their speakers, or the bare transcripts where none is told.

    With speakers, the last result has the words of all results again: it alone is read.
    """
    results = _google_results(data)
    if not results:
        return None
    told = [_google_words(result) for result in results]
    if not any(word.speaker for words in told for word in words):
        return Speech(_google_transcripts(results), "Google's JSON (transcripts)")
    whole = [told[-1]] if _stands_twice(told) else told
    words = [word for words in whole for word in words]
    left_out = {"repeated words": sum(map(len, told)) - len(words)}
    numbered = [word._replace(number=number) for number, word in enumerate(words, start=1)]
    return Speech(carry_on(numbered), "Google's JSON (words with speakers)", left_out)


def _google_results(data: Any) -> list[Record]:
    """Find the results, be they bare, in a response, or by the address of a file."""
    by_file = follow(data, "results") or follow(data, "response", "results")
    files = list(by_file.values()) if isinstance(by_file, dict) else []
    places = [(data, "results"), (data, "response", "results")]
    places += [(each, "transcript", "results") for each in files]
    places += [(each, "inlineResult", "transcript", "results") for each in files]
    return [
        result
        for place, *keys in places
        for result in records(place, *keys)
        if not {"transcript", "words"}.isdisjoint(first_record(result, "alternatives"))
    ]


def _google_words(result: Record) -> list[Segment]:
    words = records(first_record(result, "alternatives"), "words")
    return [
        Segment(_google_speaker(word), text_of(word, "word"), 0, seconds_of(word, *_GOOGLE_STARTS))
        for word in words
    ]


def _google_speaker(word: Record) -> str:
    speaker = speaker_of(word, *_GOOGLE_SPEAKERS)
    return "" if speaker == "Speaker 0" else speaker


def _google_transcripts(results: Sequence[Record]) -> list[Segment]:
    speech = []
    for number, result in enumerate(results, start=1):
        best = first_record(result, "alternatives")
        start = seconds_of(first_record(best, "words"), *_GOOGLE_STARTS)
        channel = text_of(result, "channelTag", "channel_tag")
        speech.append(Segment(channel, text_of(best, "transcript"), number, start))
    several = len({segment.speaker for segment in speech}) > 1
    return [
        one._replace(speaker=f"Channel {one.speaker}" if several and one.speaker else "")
        for one in speech
    ]


def _stands_twice(told: Sequence[Sequence[Segment]]) -> bool:
    *earlier, last = [words for words in told if words]
    if not earlier or told[-1] is not last:
        return False
    before = [word.text for words in earlier for word in words]
    return [word.text for word in last[: len(before)]] == before or not any(
        word.speaker for words in earlier for word in words
    )
