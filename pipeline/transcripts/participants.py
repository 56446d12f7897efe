"""Who of the speakers are the participants: by interviews.csv, by usual names, by who asks."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.errors import UserError, did_you_mean
from pipeline.transcripts.aliases import has_same_number, join_aliases
from pipeline.transcripts.interviews import Interview
from pipeline.transcripts.speakers import (
    Speaker,
    is_answering,
    is_answering_unnumbered,
    is_asking,
    is_id,
    is_same_person,
    is_unknown,
    take_apart,
    usual_form,
)
from pipeline.wording import counted, listed

# Who asks is told by questions only if one of two asks in most turns, and says far less.
_ASKS, _HARDLY_ASKS, _FEWEST_TURNS, _SAYS_LESS = 0.5, 0.25, 4, 0.5
# Of several who answer, those who say less than this share are passers-by.
_FEWEST_WORDS = 0.03
_NAMED = 8


class Cast(NamedTuple):
    """For each label of a participant, that participant's row; warnings say what was guessed.

    ``people`` gives for every label the fullest one of the same person.
    """

    rows: Mapping[str, Interview]
    people: Mapping[str, str]
    warnings: tuple[str, ...] = ()


def find_participants(
    speakers: Sequence[Speaker], interview: Interview, questions: Mapping[str, int] | None = None
) -> Cast:
    """Tell which labels are participants', and whose.

    Rows of interviews.csv come first; where the participant is empty or an id that the transcript
    does not have, the usual names tell ('Interviewer' from 'P01'), or who asks: ``questions`` are
    the turns with a question, by label. Everybody who answers an interviewer is a participant of
    their own. Raises UserError that lists the speakers where nothing tells.
    """
    people = join_aliases([speaker.name for speaker in speakers])
    if list(people) == [""]:
        return Cast({"": interview}, people)
    if interview.others:
        rows = _find_rows(speakers, people, (interview, *interview.others))
        return Cast(rows, people)
    found, warnings = _find_one(speakers, interview, people, questions or {})
    if found:
        _check_words(speakers, interview, found)
        return Cast(dict.fromkeys(found, interview), people, warnings)
    return _find_group(speakers, interview, people, questions or {})


def find_participant(speakers: Sequence[Speaker], interview: Interview) -> dict[str, bool]:
    """Tell for each speaker's label whether it is a participant's."""
    rows = find_participants(speakers, interview).rows
    return {speaker.name: speaker.name in rows for speaker in speakers}


def says_nothing(speakers: Sequence[Speaker], interview: Interview) -> UserError:
    """Say that the participant has no words."""
    given = f" '{interview.participant}'" if interview.participant else ""
    return UserError(
        f"{interview.transcript}: the participant{given} says no words.\n"
        f"{_list(speakers)}\n{_remedy(interview)}"
    )


def _find_one(
    speakers: Sequence[Speaker],
    interview: Interview,
    people: Mapping[str, str],
    questions: Mapping[str, int],
) -> tuple[set[str], tuple[str, ...]]:
    """Find the labels of the one participant, and say what was guessed."""
    names = list(people)
    found = _find_named(names, interview.participant)
    if not found and interview.participant and not is_id(interview.participant):
        raise _not_among(speakers, interview)
    found = found or _find_usual(people)
    if found:
        return _with_aliases(found, people), ()
    return _find_by_questions(speakers, people, questions)


def _find_rows(
    speakers: Sequence[Speaker], people: Mapping[str, str], interviews: Sequence[Interview]
) -> dict[str, Interview]:
    """Find the labels of each participant of a group that has a row for each."""
    rows: dict[str, Interview] = {}
    for interview in interviews:
        found = _find_named([name for name in people if name not in rows], interview.participant)
        if not found:
            raise _not_among(speakers, interview)
        for name in found:
            rows.setdefault(name, interview._replace(others=()))
    for interview in interviews:
        own = {name for name, row in rows.items() if row.participant == interview.participant}
        _check_words(speakers, interview, own)
    return rows


def _find_named(names: Sequence[str], participant: str) -> set[str]:
    found = {name for name in names if participant and is_same_person(name, participant)}
    exact = {name for name in found if take_apart(name) == take_apart(participant)}
    if exact:
        titles = take_apart(participant).titles
        found = {name for name in found if take_apart(name).titles in (titles, frozenset())}
    if not found:
        found = {name for name in names if has_same_number(name, participant)}
    if found:
        found |= {name for name in names if is_answering_unnumbered(name)}
    return found


def _with_aliases(found: set[str], people: Mapping[str, str]) -> set[str]:
    theirs = {people[name] for name in found}
    return {name for name, person in people.items() if person in theirs}


def _find_usual(people: Mapping[str, str]) -> set[str]:
    """Find the one that is left when those who ask are set aside, under all its labels."""
    asking = {name for name in people if is_asking(name)}
    left = {name for name in people if name not in asking and not is_unknown(name)}
    # Programs call voices A and B: an answer it is only beside a question.
    answering = {name for name in left if is_answering(name) and usual_form(name) != "a"}
    count = len({people[name] for name in left})
    if count == 1 and (asking or len(left) == len(people)):
        return left
    if not asking and count == 2 and len({people[name] for name in answering}) == 1:
        return answering
    return set()


def _find_by_questions(
    speakers: Sequence[Speaker], people: Mapping[str, str], questions: Mapping[str, int]
) -> tuple[set[str], tuple[str, ...]]:
    """Of two people, take the one for the interviewer who asks in most turns and says less."""
    known = [one for one in _add_up(speakers, people) if not is_unknown(one.name)]
    if len(known) != 2 or any(is_asking(one.name) for one in known):
        return set(), ()
    asked = _add_questions(people, questions)
    asker, other = sorted(known, key=lambda one: asked[one.name] / one.turns, reverse=True)
    is_clear = (
        asker.turns >= _FEWEST_TURNS
        and asked[asker.name] > _ASKS * asker.turns
        and asked[other.name] < _HARDLY_ASKS * other.turns
        and asker.words < _SAYS_LESS * other.words
    )
    if not is_clear:
        return set(), ()
    told = (
        f"'{asker.name}' asks in {asked[asker.name]} of {counted(asker.turns, 'turn')} and says "
        f"less, so '{other.name}' is taken for the participant"
    )
    return _with_aliases({other.name}, people), (told,)


def _find_group(
    speakers: Sequence[Speaker],
    interview: Interview,
    people: Mapping[str, str],
    questions: Mapping[str, int],
) -> Cast:
    """Take everybody who answers an interviewer for a participant of their own."""
    asked = _add_questions(people, questions)
    voices = [one for one in _add_up(speakers, people) if not is_unknown(one.name)]
    left = [one for one in voices if not is_asking(one.name)]
    least = _FEWEST_WORDS * sum(one.words for one in left)
    answering = [one for one in left if one.words > least]
    is_clear = all(asked[one.name] <= _ASKS * one.turns for one in answering)
    if interview.participant or len(left) == len(voices) or len(answering) < 2 or not is_clear:
        raise _cannot_tell(speakers, interview)
    chosen = {one.name for one in answering}
    rows = {
        name: interview._replace(participant=person)
        for name, person in people.items()
        if person in chosen
    }
    named = listed([*sorted(chosen)[:_NAMED], *(["others"] if len(chosen) > _NAMED else [])])
    told = f"several people answer, each a participant of their own: {named}"
    return Cast(rows, people, (told,))


def _add_up(speakers: Sequence[Speaker], people: Mapping[str, str]) -> list[Speaker]:
    """Add up what each person says under all labels."""
    sums: dict[str, Speaker] = {}
    for one in speakers:
        person = people[one.name]
        before = sums.get(person, Speaker(person, 0, 0))
        sums[person] = Speaker(person, before.turns + one.turns, before.words + one.words)
    return list(sums.values())


def _add_questions(people: Mapping[str, str], questions: Mapping[str, int]) -> dict[str, int]:
    asked = dict.fromkeys(people.values(), 0)
    for name, person in people.items():
        asked[person] += questions.get(name, 0)
    return asked


def _check_words(speakers: Sequence[Speaker], interview: Interview, found: set[str]) -> None:
    if not sum(speaker.words for speaker in speakers if speaker.name in found):
        raise says_nothing(speakers, interview)


def _not_among(speakers: Sequence[Speaker], interview: Interview) -> UserError:
    given = interview.participant
    hint = did_you_mean(given, [speaker.name for speaker in speakers])
    return UserError(
        f"{interview.transcript}: the participant '{given}' is not among its speakers.{hint}\n"
        f"{_list(speakers)}\n{_remedy(interview)}"
    )


def _cannot_tell(speakers: Sequence[Speaker], interview: Interview) -> UserError:
    return UserError(
        f"{interview.transcript}: cannot tell which of the speakers is the participant.\n"
        f"{_list(speakers)}\n{_remedy(interview)}"
    )


def _list(speakers: Sequence[Speaker]) -> str:
    most_first = sorted(speakers, key=lambda speaker: (-speaker.words, speaker.name))
    told = (
        f"{s.name} ({counted(s.turns, 'turn')}, {counted(s.words, 'word')})" for s in most_first
    )
    return f"Its speakers are: {', '.join(told) or '(none)'}."


def _remedy(interview: Interview) -> str:
    return (
        "Write the participant's name, as it stands in this list, into the participant column "
        f"of interviews.csv, in the row of {interview.transcript}."
    )
