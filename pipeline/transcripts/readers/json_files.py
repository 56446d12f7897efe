"""JSON, as speech-to-text programs write it: one object, a list of them, or one a line."""

from collections import Counter
from collections.abc import Callable, Iterable
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script, read_text, readers
from pipeline.transcripts.readers.cloud_json import CLOUD
from pipeline.transcripts.readers.json_values import records
from pipeline.transcripts.readers.object_lists import (
    read_lone_text,
    read_object_list,
    read_strings,
)
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.whisper_json import WHISPER
from pipeline.transcripts.readers.word_json import WORD_BY_WORD
from pipeline.wording import counted, listed

Dialect = Callable[[Any], Speech | None]
# The first that knows its keys reads.
_DIALECTS: tuple[Dialect, ...] = (*WORD_BY_WORD, *CLOUD, *WHISPER)
_MOST_TRANSCRIPTS = 500
_LARGEST = 60_000_000  # bytes; a day's talk with a time for every word is about 20 MB
_MOST_OBJECTS = 2_000_000
_MOST_KEYS, _LONGEST_KEY = 8, 30
_REMEDY = "Export the transcript again, or as captions (.vtt) or a text with its speakers."


@readers.register(".json", ".jsonl")
def read_json(path: Path) -> Script:
    """Read the speech in a file by the keys that the file has.

    Raises TranscriptError for what is no JSON, far too large or too deep, or has no known talk.
    """
    doubles: list[str] = []
    data = _load(path, _read(path), doubles)
    speech = _read_any(data)
    if speech is None:
        raise _refused(path, f"no talk was found in it: {_describe(data)}.")
    warnings = (*speech.warnings, *_warn_of_doubles(doubles))
    return make_script(path, speech._replace(warnings=warnings))


def _read(path: Path) -> str:
    is_too_large = path.stat().st_size > _LARGEST
    text = "" if is_too_large else read_text(path)
    if is_too_large or text.count("{") + text.count("[") > _MOST_OBJECTS:
        raise _refused(path, "it is far too large for the words of one transcript.")
    if not text.strip():
        raise TranscriptError(path, 0, "the file is empty.", remedy="Put the transcript in again.")
    return text


def _load(path: Path, text: str, doubles: list[str]) -> Any:
    """Load the JSON; what ends early may be one object a line."""

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            doubles.extend(built)
        return built

    decoder = JSONDecoder(object_pairs_hook=build)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > 1 and _is_whole(lines[0][1]) and _is_whole(lines[1][1]):
        return [_decode(path, number, line, decoder) for number, line in lines]
    return _decode(path, 0, text, decoder)


def _decode(path: Path, number: int, piece: str, decoder: JSONDecoder) -> Any:
    try:
        return decoder.decode(piece)
    except JSONDecodeError as error:
        line = number or error.lineno
        problem = "this is no JSON, or it is cut."
        raise TranscriptError(path, line, problem, remedy=_REMEDY) from error
    except RecursionError as error:
        raise _refused(path, "its objects are nested far too deep.") from error
    except ValueError as error:
        raise _refused(path, "a number in it is far too long.") from error


def _is_whole(line: str) -> bool:
    """Tell whether a line looks like an object or list of its own."""
    ends = line.strip()[:1] + line.strip()[-1:]
    return len(line.strip()) > 1 and ends in ("{}", "[]")


def _read_any(data: Any) -> Speech | None:
    if isinstance(data, list) and data and all(isinstance(each, str) for each in data):
        return read_strings(data)
    ways: tuple[Dialect, ...] = (_read_known, _read_each, read_object_list, read_lone_text)
    return _first(ways, data)


def _first(ways: Iterable[Dialect], data: Any) -> Speech | None:
    return next((speech for way in ways if (speech := way(data)) is not None), None)


def _read_known(data: Any) -> Speech | None:
    return _first(_DIALECTS, data)


def _read_each(data: Any) -> Speech | None:
    """Read a list of whole transcripts one after the other."""
    transcripts = records({"list": data}, "list")[:_MOST_TRANSCRIPTS]
    found = [speech for each in transcripts if (speech := _read_known(each)) is not None]
    if not found or len(found) < len(data):
        return None
    segments = [segment for speech in found for segment in speech.segments]
    left_out = sum((Counter(speech.left_out) for speech in found), Counter[str]())
    warnings = dict.fromkeys(warning for speech in found for warning in speech.warnings)
    return Speech(
        [segment._replace(number=number) for number, segment in enumerate(segments, start=1)],
        found[0].kind,
        left_out,
        (*warnings, f"it holds {counted(len(found), 'transcript')}, read one after the other"),
    )


def _describe(data: Any) -> str:
    """Say which keys there are, and which are looked for."""
    if isinstance(data, list):
        data = next((each for each in data if isinstance(each, dict)), {})
    keys = (
        [f"'{key[:_LONGEST_KEY]}'" for key in data][:_MOST_KEYS] if isinstance(data, dict) else []
    )
    return (
        f"its keys are {listed(keys) or '(none)'}, and read are lists as under 'segments', "
        "'utterances', 'results', 'monologues', 'words' or 'transcription', or of any objects "
        "with a key such as 'text', 'transcript' or 'body'"
    )


def _warn_of_doubles(doubles: list[str]) -> tuple[str, ...]:
    if not doubles:
        return ()
    return ("some of its objects have a key twice, of which the last one counts",)


def _refused(path: Path, problem: str) -> TranscriptError:
    return TranscriptError(path, 0, problem, remedy=_REMEDY)
