"""What programs and people call the fields of a transcript, and how they write its times."""

import math
import re
from collections.abc import Sequence

# In the order in which they are believed where there are several.
SPEAKERS = tuple(
    """
    speakername speakerdisplayname displayname speaker speakerlabel speakertag speakerid
    nameofspeaker who whospeaks talker saidby name yourname fullname firstname
    author authorname person voice actor character participantrole
    channellabel sender user username role party
    """.split()
)
PEOPLE = tuple(
    """
    participant participantid participantcode participantnumber participantname participantno
    respondent respondentid respondentcode respondentnumber respondentname interviewee
    intervieweeid intervieweename person personid responseid caseid case pid userid subject
    subjectid interview interviewid
    """.split()
)
NUMBERS = ("id", "uid", "ref", "reference", "code", "no", "number")
TEXTS = tuple(
    """
    text transcript transcription transcripttext transcribedtext utterance utterances utterancetext
    content contents words spokenwords sentence body message messagetext caption captions subtitle
    speech line dialogue dialog talk said statement displaytext utf8 word punctuatedword turntext
    segmenttext response responses responsetext answer answers answertext openanswer openresponse
    comment comments quote verbatim whatwassaid
    """.split()
)
STARTS = tuple(
    """
    start starttime startts starttimestamp startoffset begin begintime beginoffset beginning from
    timestamp time timecode timestart timein tc tcin in inpoint onset offset t0 ts tstart xmin
    """.split()
)
# By these a row of names is told from talk: 'no' is an answer as well.
KNOWN = frozenset((*SPEAKERS, *PEOPLE, *NUMBERS, *TEXTS, *STARTS)) - {"no", "in", "from", "said"}
_UNITS = {"": 1.0, "s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "hhmmss": 1.0, "mmss": 1.0}
_UNITS |= {"ms": 0.001, "msec": 0.001, "millis": 0.001, "milliseconds": 0.001}
_STARTS_WITH_UNITS = tuple(start + unit for start in STARTS for unit in _UNITS)
_NOT_IN_NAME = re.compile(r"[\W_]+")
_PLAIN = re.compile(r"\d{1,15}(?:[.,]\d{1,15})?(?=s?$)")
_CLOCK = re.compile(
    r"[\[(]?(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,3}):(?P<seconds>\d{1,2}(?:[.,]\d{1,9})?)"
    r"(?:[:;]\d{1,3})?[\])]?(?=$|[\s–-])"
)
_DURATION = re.compile(
    r"PT(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,7}(?:\.\d{1,9})?)S)?$"
)
_LATEST = 1_000_000  # seconds, that is, 11 days: beyond, it is no time of a recording
# Nobody is silent for so long on average; people who speak take 0.4 seconds a word.
_MOST_SECONDS_A_WORD = 10


def fold_name(name: str) -> str:
    """Write a field's name as all are compared.

    >>> fold_name("Start_Time (ms)")
    'starttimems'
    """
    return _NOT_IN_NAME.sub("", name).casefold()


def find_field(names: Sequence[str], known: Sequence[str]) -> str:
    """Give the name that comes first among the known ones, or ''."""
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(fold_name(name), name)
    return next((folded[each] for each in known if each in folded), "")


def find_start(names: Sequence[str]) -> str:
    """Give the name of the field that says when speech starts, or ''."""
    return find_field(names, _STARTS_WITH_UNITS)


def unit_of(name: str) -> float:
    """Give how many seconds a field's unit is, as far as its name tells; 0 if it does not.

    >>> unit_of("start_ms"), unit_of("Start"), unit_of("start (seconds)")
    (0.001, 0.0, 1.0)
    """
    folded = fold_name(name)
    bases = [each for each in STARTS if folded.startswith(each) and folded[len(each) :] in _UNITS]
    if not bases or folded in STARTS:
        return 0.0
    return _UNITS[folded[len(max(bases, key=len)) :]]


def guess_unit(starts: Sequence[object], words: int) -> float:
    """Tell milliseconds, as whole numbers that are far too large for so few words, from seconds."""
    numbers = [start for start in starts if _is_whole(start)]
    latest = max((to_seconds(number, limit=math.inf) for number in numbers), default=0.0)
    is_whole = bool(numbers) and len(numbers) == len(list(filter(_is_given, starts)))
    return 0.001 if is_whole and latest > _MOST_SECONDS_A_WORD * max(words, 1) else 1.0


def to_seconds(value: object, *, unit: float = 1.0, limit: float = _LATEST) -> float:
    """Turn a time, however it is written, into seconds; NaN for what is none.

    Numbers are taken times ``unit``. Times later than ``limit`` are dates, or nonsense.

    >>> [to_seconds(time) for time in ("01:02,5", "1.5s", "PT1M2S", {"seconds": "3"}, "soon")]
    [62.5, 1.5, 62.0, 3.0, nan]
    """
    if isinstance(value, dict):
        found = _read_number(value.get("seconds", 0)) + _read_number(value.get("nanos", 0)) / 1e9
    elif isinstance(value, str):
        found = _read_time(value.strip(), unit)
    else:
        found = _read_number(value) * unit
    return round(found, 3) if found <= limit else math.nan


def is_clock(text: str) -> bool:
    """Tell whether a text is a time with a colon, as '01:02'."""
    return bool(_CLOCK.match(text.strip()))


def _read_number(value: object) -> float:
    if isinstance(value, str):
        return _read_time(value.strip(), 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    return float(value) if 0 <= value < 1e18 else math.nan


def _read_time(text: str, unit: float) -> float:
    if plain := _PLAIN.match(text):
        return float(plain[0].replace(",", ".")) * unit
    if match := _CLOCK.match(text) or (_DURATION.match(text) if len(text) > 2 else None):
        hours, minutes, seconds = (
            float((match[part] or "0").replace(",", "."))
            for part in ("hours", "minutes", "seconds")
        )
        return hours * 3600 + minutes * 60 + seconds
    return math.nan


def _is_given(start: object) -> bool:
    return start not in (None, "")


def _is_whole(start: object) -> bool:
    if isinstance(start, str):
        return start.strip().isdecimal() and len(start) < 16
    return isinstance(start, int) and not isinstance(start, bool)
