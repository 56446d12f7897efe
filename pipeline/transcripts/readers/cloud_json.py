"""The JSON of speech-to-text services that give whole phrases."""

import math
from collections.abc import Callable
from typing import Any

from pipeline.transcripts.readers.deepgram_json import read_deepgram
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
from pipeline.transcripts.readers.speech import Speech, carry_on

_ASSEMBLY_MARKS = frozenset(
    (
        "audio_url",
        "acoustic_model",
        "language_model",
        "audio_duration",
        "speech_model",
        "webhook_url",
    )
)
_TICKS = 1e-7
_OTTER_SAMPLES = 1 / 16_000


def read_assembly(data: Any) -> Speech | None:
    """Read AssemblyAI's utterances or, without any, its words; times are in milliseconds."""
    if not isinstance(data, dict) or _ASSEMBLY_MARKS.isdisjoint(data):
        return None
    utterances, words = records(data, "utterances"), records(data, "words")
    if not utterances and not words:
        return None
    speech = [
        Segment(
            speaker_of(each, "speaker"),
            text_of(each, "text"),
            number,
            seconds_of(each, "start", unit=0.001),
        )
        for number, each in enumerate(utterances or words, start=1)
    ]
    if not utterances:
        return Speech(carry_on(speech), "AssemblyAI's JSON (words)")
    return Speech(speech, "AssemblyAI's JSON (utterances)", {"timed words": len(words)})


def read_azure(data: Any) -> Speech | None:
    """Read Azure's phrases: of a batch, of a fast transcription, or one result or more."""
    phrases = records(data, "recognizedPhrases") or records(data, "phrases")
    if not phrases:
        phrases = records({"results": data if isinstance(data, list) else [data]}, "results")
    if not any(_is_azure(phrase) for phrase in phrases):
        return None
    channels = {phrase.get("channel") for phrase in phrases if _is_number(phrase.get("channel"))}
    spoken = [phrase for phrase in phrases if _azure_text(phrase)]
    speech = [
        Segment(
            _azure_speaker(phrase, len(channels)), _azure_text(phrase), number, _azure_start(phrase)
        )
        for number, phrase in enumerate(spoken, start=1)
    ]
    left_out = {"unrecognised phrases": len(phrases) - len(spoken)}
    return Speech(in_order_of_time(speech), "Azure's JSON (recognised phrases)", left_out)


def read_rev(data: Any) -> Speech | None:
    """Read Rev's monologues: words and points, whose texts have their own blanks."""
    monologues = records(data, "monologues")
    if not any("elements" in each for each in monologues):
        return None
    names = speaker_names(data)
    speech, marks = [], 0
    for number, each in enumerate(monologues, start=1):
        elements = records(each, "elements")
        spoken = [element for element in elements if not _is_mark(element)]
        marks += len(elements) - len(spoken)
        text = "".join(str(element.get("value") or "") for element in spoken)
        starts = (seconds_of(element, "ts", "timestamp") for element in spoken)
        start = next((time for time in starts if not math.isnan(time)), math.nan)
        speaker = speaker_of(each, "speaker_name", "speaker", names=names)
        speech.append(Segment(speaker, text, number, start))
    return Speech(speech, "Rev's JSON (monologues)", {"sound marks": marks})


def read_otter(data: Any) -> Speech | None:
    """Read what Otter's own pages load; offsets count samples of sound."""
    inside = follow(data, "speech") or data
    found = records(inside, "transcripts")
    if not any("start_offset" in each and "transcript" in each for each in found):
        return None
    names = speaker_names(inside)
    speech = [
        Segment(
            speaker_of(each, "speaker_name", "label", "speaker_id", names=names),
            text_of(each, "transcript"),
            number,
            seconds_of(each, "start_offset", unit=_OTTER_SAMPLES),
        )
        for number, each in enumerate(found, start=1)
    ]
    return Speech(speech, "Otter's JSON (transcripts)")


def read_video_indexer(data: Any) -> Speech | None:
    """Read the lines of Azure's Video Indexer, whose speakers are named apart from them."""
    insights = follow(first_record(data, "videos"), "insights") or follow(data, "insights") or data
    lines = records(insights, "transcript")
    if not any("instances" in line for line in lines):
        return None
    names = speaker_names(insights)
    speech = [
        Segment(
            speaker_of(line, "speakerId", names=names),
            text_of(line, "text"),
            number,
            seconds_of(first_record(line, "instances"), "start", "adjustedStart"),
        )
        for number, line in enumerate(lines, start=1)
    ]
    return Speech(speech, "Video Indexer's JSON (transcript)")


CLOUD: tuple[Callable[[Any], Speech | None], ...] = (
    read_assembly,
    read_azure,
    read_deepgram,
    read_rev,
    read_otter,
    read_video_indexer,
)


def _is_azure(phrase: Record) -> bool:
    return any(key in phrase for key in ("nBest", "NBest", "DisplayText", "offsetInTicks")) or (
        "offsetMilliseconds" in phrase and "text" in phrase
    )


def _azure_text(phrase: Record) -> str:
    best = first_record(phrase, "nBest") or first_record(phrase, "NBest")
    own = text_of(phrase, "text", "DisplayText", "displayText")
    return text_of(best, "display", "Display", "lexical", "Lexical") or own


def _azure_speaker(phrase: Record, channels: int) -> str:
    speaker = speaker_of(phrase, "speaker", "speakerId", "SpeakerId")
    if speaker or channels < 2:
        return speaker
    return f"Channel {text_of(phrase, 'channel')}"


def _azure_start(phrase: Record) -> float:
    """Read the offset by its name: a whole number without a unit counts ticks of 100 ns."""
    named = seconds_of(phrase, "offsetMilliseconds", unit=0.001)
    named = seconds_of(phrase, "offsetInTicks", unit=_TICKS) if math.isnan(named) else named
    return seconds_of(phrase, "offset", "Offset", unit=_TICKS) if math.isnan(named) else named


def _is_mark(element: Record) -> bool:
    value = text_of(element, "value").strip()
    return element.get("type") not in ("text", "punct") and value[:1] + value[-1:] == "<>"


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
