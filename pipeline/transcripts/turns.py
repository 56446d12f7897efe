"""Make the table of turns from one transcript: who speaks, and what they say, cleaned."""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.tables import TURNS, Turns
from pipeline.transcripts.cleaning import clean, count_taken, fold_white_space
from pipeline.transcripts.interviews import Interview
from pipeline.transcripts.participants import Cast, find_participants, says_nothing
from pipeline.transcripts.readers import RawTurn, Script
from pipeline.transcripts.speakers import Speaker, is_id, is_numbered_voice, take_apart, usual_form


class Reading(NamedTuple):
    """The turns of one transcript, and how much of what there is and was left out, by kind.

    ``warnings`` are sentences on what a researcher should look at.
    """

    turns: Turns
    notes: dict[str, int]
    warnings: tuple[str, ...] = ()


def read_turns(script: Script, interview: Interview, keep: Collection[str] = ()) -> Reading:
    """Clean the turns of one transcript and tell which are a participant's.

    Neighbouring turns of one person are joined. A turn of fillers and marks only keeps its row,
    with empty text. In a focus group each turn carries the row of who speaks, and an
    interviewer's turn the row of the first participant. ``keep`` names steps of cleaning that are
    not taken. Raises UserError where the participant cannot be told, or says nothing.
    """
    speakers = count_speakers(script.turns)
    cast = find_participants(speakers, interview, _count_questions(script.turns))
    turns = _join_neighbours(script.turns, cast)
    rows = _name_rows(turns, cast, interview)
    first = rows[next(turn.speaker for turn in turns if turn.speaker in rows)]
    table = TURNS.build(
        {
            "transcript": interview.transcript,
            "turn": number,
            "speaker": turn.speaker,
            "is_participant": turn.speaker in rows,
            "participant": row.participant,
            "area": row.area,
            "role": row.role,
            "text": clean(turn.text, keep),
            "raw_text": fold_white_space(turn.text),
            "start_seconds": turn.start_seconds,
            "first_line": turn.first_line,
            "last_line": turn.last_line,
        }
        for number, turn in enumerate(turns, start=1)
        for row in [rows.get(turn.speaker, first)]
    )
    notes = {**script.left_out, **_count(table), **_count_taken(turns, keep)}
    if not notes["participant words"]:
        raise says_nothing(speakers, interview)
    return Reading(table, notes, (*script.warnings, *cast.warnings))


def count_speakers(turns: Sequence[RawTurn]) -> list[Speaker]:
    """Count each speaker's turns and words as transcribed, in the order of their first turns."""
    spoken = Counter(turn.speaker for turn in turns)
    words: Counter[str] = Counter()
    for turn in turns:
        words[turn.speaker] += len(turn.text.split())
    return [Speaker(name, count, words[name]) for name, count in spoken.items()]


def _count_questions(turns: Sequence[RawTurn]) -> Counter[str]:
    """Count each speaker's turns that hold a question."""
    return Counter(turn.speaker for turn in turns if "?" in turn.text)


def _join_neighbours(turns: Sequence[RawTurn], cast: Cast) -> list[RawTurn]:
    """Join what one person says in a row. Paragraphs of nobody in particular stay apart."""

    def person(numbered: tuple[int, RawTurn]) -> object:
        number, turn = numbered
        if not turn.speaker:
            return number
        row = cast.rows.get(turn.speaker)
        return row or take_apart(cast.people[turn.speaker])

    runs = groupby(enumerate(turns), key=person)
    return [_join([turn for _, turn in run]) for _, run in runs]


def _join(run: Sequence[RawTurn]) -> RawTurn:
    text = "\n".join(turn.text for turn in run if turn.text)
    return run[0]._replace(text=text, last_line=run[-1].last_line)


def _name_rows(turns: Sequence[RawTurn], cast: Cast, interview: Interview) -> dict[str, Interview]:
    """Give each participant's label a row with a name: the most frequent of the person's labels.

    A name from interviews.csv is the same person in every transcript; 'P1' and 'Speaker 2', as a
    transcript has them, are somebody else in the next one.
    """
    if interview.participant:
        return dict(cast.rows)
    spoken = Counter(turn.speaker for turn in turns if turn.speaker in cast.rows)
    commonest = spoken.most_common(1)[0][0]
    return {
        label: row._replace(
            participant=_tell_apart(row.participant or commonest, interview.transcript)
        )
        for label, row in cast.rows.items()
    }


def _tell_apart(label: str, transcript: str) -> str:
    """Write 'P1 of group-2.txt' for an id that only this transcript knows."""
    stem = str(PurePosixPath(transcript).with_suffix(""))
    if not label:
        return stem if is_id(stem) else f"Participant of {transcript}"
    is_own = is_id(label) and usual_form(label) != usual_form(stem)
    return f"{label} of {transcript}" if is_own or is_numbered_voice(label) else label


def _count(turns: Turns) -> dict[str, int]:
    words = turns["text"].str.count(r"\S+")
    return {
        "turns": len(turns),
        "participant turns": int(turns["is_participant"].sum()),
        "words": int(words.sum()),
        "participant words": int(words[turns["is_participant"]].sum()),
        "empty turns": int((turns["text"] == "").sum()),
    }


def _count_taken(turns: Sequence[RawTurn], keep: Collection[str]) -> dict[str, int]:
    taken = [count_taken(turn.text, keep) for turn in turns]
    return {
        "fillers": sum(each.fillers for each in taken),
        "marks": sum(each.marks for each in taken),
    }
