"""The JSON of Whisper and of the programs built around it."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from pipeline.transcripts.readers.fields import to_seconds
from pipeline.transcripts.readers.json_values import (
    Record,
    as_text,
    follow,
    records,
    seconds_of,
    speaker_of,
    text_of,
)
from pipeline.transcripts.readers.segments import Segment
from pipeline.transcripts.readers.speech import Speech, glue

_MARKS = frozenset(("avg_logprob", "no_speech_prob", "compression_ratio", "seek", "tokens"))
_TURN_MARK = "[SPEAKER_TURN]"


def read_whisper(data: Any) -> Speech | None:
    """Read the segments of Whisper, WhisperX and faster-whisper, which leave out the same keys.

    A segment without a speaker of its own has the one of most of its words.
    """
    found = data if isinstance(data, list) else follow(data, "segments")
    segments = records({"segments": found}, "segments")
    is_aligned = follow(data, "word_segments") is not None
    if not is_aligned and not any(_is_whisper(segment) for segment in segments):
        return None
    timed = sum(len(records(segment, "words")) for segment in segments)
    speech = [
        Segment(_find_speaker(each), _find_text(each), number, seconds_of(each, "start"))
        for number, each in enumerate(segments, start=1)
    ]
    name = "WhisperX" if is_aligned or any(one.speaker for one in speech) else "Whisper"
    return Speech(speech, f"{name}'s JSON (segments)", {"timed words": timed})


def read_whisper_words(data: Any) -> Speech | None:
    """Read what Whisper's service gives without segments: a text, and the times of its words."""
    text, words = as_text(follow(data, "text")), records(data, "words")
    is_spoken = words and all("word" in word and not text_of(word, "speaker") for word in words)
    if not text or records(data, "segments") or not is_spoken:
        return None
    start = seconds_of(words[0], "start")
    return Speech(
        [Segment("", text, 1, start)], "Whisper's JSON (one text)", {"timed words": len(words)}
    )


def read_whisper_cpp(data: Any) -> Speech | None:
    """Read the segments of whisper.cpp, with offsets in milliseconds."""
    found = records(data, "transcription")
    if not any("offsets" in each or "timestamps" in each for each in found):
        return None
    speech = [
        Segment(
            speaker_of(each, "speaker"),
            text_of(each, "text").replace(_TURN_MARK, ""),
            number,
            _find_offset(each),
        )
        for number, each in enumerate(found, start=1)
    ]
    marks = sum(each.get("speaker_turn_next") is True for each in found)
    warnings = ("it marks where the speaker changes, but not who speaks",) if marks else ()
    return Speech(speech, "whisper.cpp's JSON (transcription)", {"speaker marks": marks}, warnings)


def read_chunks(data: Any) -> Speech | None:
    """Read pieces with two times as a list, as 'chunks' or, with their speakers, 'speakers'."""
    for key in ("speakers", "chunks"):
        found = records(data, key)
        if any(isinstance(each.get("timestamp"), list) and "text" in each for each in found):
            speech = [
                Segment(
                    speaker_of(each, "speaker"),
                    text_of(each, "text"),
                    number,
                    to_seconds(_first(each.get("timestamp"))),
                )
                for number, each in enumerate(found, start=1)
            ]
            return Speech(speech, f"Whisper's JSON ({key} with times)")
    return None


WHISPER: tuple[Callable[[Any], Speech | None], ...] = (
    read_whisper_cpp,
    read_whisper,
    read_whisper_words,
    read_chunks,
)


def _is_whisper(segment: Record) -> bool:
    return not _MARKS.isdisjoint(segment) or any(
        "score" in word or "probability" in word for word in records(segment, "words")[:1]
    )


def _find_offset(segment: Record) -> float:
    offset = to_seconds(follow(segment, "offsets", "from"), unit=0.001)
    clock = to_seconds(follow(segment, "timestamps", "from"))
    return clock if math.isnan(offset) else offset


def _find_text(segment: Record) -> str:
    return text_of(segment, "text") or _join_words(
        text_of(word, "word", "text") for word in records(segment, "words")
    )


def _join_words(words: Iterable[str]) -> str:
    return glue(word.strip() for word in words if word.strip())


def _find_speaker(segment: Record) -> str:
    own = speaker_of(segment, "speaker_name", "speaker")
    named = Counter(speaker_of(word, "speaker") for word in records(segment, "words"))
    del named[""]
    return own or next((speaker for speaker, _ in named.most_common(1)), "")


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None
