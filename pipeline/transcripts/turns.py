"""Make the table of turns from one transcript: who speaks, and what they say, cleaned."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline.tables import TURNS, Turns
from pipeline.transcripts.cleaning import clean, count_taken, fold_white_space
from pipeline.transcripts.interviews import Interview
from pipeline.transcripts.readers import RawTurn, Script
from pipeline.transcripts.speakers import Speaker, find_participant, says_nothing, take_apart


class Reading(NamedTuple):
    """The turns of one transcript, and how much of what there is and was left out, by kind."""

    turns: Turns
    notes: dict[str, int]


def read_turns(script: Script, interview: Interview) -> Reading:
    """Clean the turns of one transcript and tell which are the participant's.

    Neighbouring turns of one person are joined. A turn of fillers and marks only keeps its row,
    with empty text. Raises UserError where the participant cannot be told, or says nothing.
    """
    speakers = count_speakers(script.turns)
    is_participant = find_participant(speakers, interview)
    turns = _join_neighbours(script.turns, is_participant)
    participant = interview.participant or _name_participant(turns, is_participant)
    table = TURNS.build(
        {
            "transcript": interview.transcript,
            "turn": number,
            "speaker": turn.speaker,
            "is_participant": is_participant[turn.speaker],
            "participant": participant,
            "area": interview.area,
            "role": interview.role,
            "text": clean(turn.text),
            "raw_text": fold_white_space(turn.text),
            "start_seconds": turn.start_seconds,
            "first_line": turn.first_line,
            "last_line": turn.last_line,
        }
        for number, turn in enumerate(turns, start=1)
    )
    notes = {**script.left_out, **_count(table), **_count_taken(turns)}
    if not notes["participant words"]:
        raise says_nothing(speakers, interview)
    return Reading(table, notes)


def count_speakers(turns: Sequence[RawTurn]) -> list[Speaker]:
    """Count each speaker's turns and words as transcribed, in the order of their first turns."""
    spoken = Counter(turn.speaker for turn in turns)
    words: Counter[str] = Counter()
    for turn in turns:
        words[turn.speaker] += len(turn.text.split())
    return [Speaker(name, count, words[name]) for name, count in spoken.items()]


def _join_neighbours(turns: Sequence[RawTurn], is_participant: dict[str, bool]) -> list[RawTurn]:
    def person(turn: RawTurn) -> object:
        return is_participant[turn.speaker] or take_apart(turn.speaker)

    return [_join(list(run)) for _, run in groupby(turns, key=person)]


def _join(run: Sequence[RawTurn]) -> RawTurn:
    text = "\n".join(turn.text for turn in run if turn.text)
    return run[0]._replace(text=text, last_line=run[-1].last_line)


def _name_participant(turns: Sequence[RawTurn], is_participant: dict[str, bool]) -> str:
    """Give the participant's label, the most frequent of them where there are several."""
    names = Counter(turn.speaker for turn in turns if is_participant[turn.speaker])
    return names.most_common(1)[0][0]


def _count(turns: Turns) -> dict[str, int]:
    words = turns["text"].str.count(r"\S+")
    return {
        "turns": len(turns),
        "participant turns": int(turns["is_participant"].sum()),
        "words": int(words.sum()),
        "participant words": int(words[turns["is_participant"]].sum()),
        "empty turns": int((turns["text"] == "").sum()),
    }


def _count_taken(turns: Sequence[RawTurn]) -> dict[str, int]:
    taken = [count_taken(turn.text) for turn in turns]
    return {
        "fillers": sum(each.fillers for each in taken),
        "marks": sum(each.marks for each in taken),
    }
