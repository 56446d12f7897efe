"""Invented transcripts whose every word has a hidden number, and edits that carry it along.

So it is known of each passage, after any edits, where its talk is now.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.coding.anchoring import place
from pipeline.coding.anchors import make_anchors
from pipeline.tables import SAFE_TURNS, Passages
from pipeline.transcripts.passages import Lengths, SentenceFinder, split_into_passages

HELD = 0.8  # of a passage's words that are in another, for that to be the same talk
OWN = 0.75  # of the other's words that were in the passage

SYLLABLES = "ba do fi gu ka lo me ni po ra se tu va wo za".split()
SMALL = "the a of in we they it and to that for with on our their you I is was have".split()
ANSWERS = (
    "Yes, I agree with that.",
    "No, I do not think so.",
    "That is right, yes it is.",
    "I could not tell you that.",
    "I would say so, on the whole.",
)
QUESTIONS = (
    "And how is that here?",
    "Do you agree?",
    "What happened then?",
    "Could you say more about it, please, and who else was there?",
)


class Word(NamedTuple):
    """A word and its hidden number."""

    text: str
    number: int


class Turn(NamedTuple):
    """What one speaker says, in sentences of words."""

    is_participant: bool
    sentences: tuple[tuple[Word, ...], ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def words(self) -> list[Word]:
        return [word for sentence in self.sentences for word in sentence]


Transcript = list[Turn]


class World:
    """Makes talk from a seed, and numbers words.

    ``turned`` holds the numbers of words whose meaning changed, ``copied`` those that a word
    pasted once more was copied from.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.last = 0
        self.turned: set[int] = set()
        self.copied: dict[int, int] = {}
        pick = self.random.choice
        self.words = ["".join(pick(SYLLABLES) for _ in range(pick((2, 3)))) for _ in range(900)]

    def number(self, text: str) -> tuple[Word, ...]:
        """Give the words of a sentence that nobody has said before."""
        words = text.split()
        self.last += len(words)
        return tuple(Word(w, self.last - step) for step, w in enumerate(words))

    def copy(self, sentence: Sequence[Word]) -> tuple[Word, ...]:
        """Give the words of a sentence that is like one that was said, with as many words."""
        like = self.number(self.make_like(" ".join(word.text for word in sentence)))
        for new, old in zip(like, sentence, strict=True):
            self.copied[new.number] = self.copied.get(old.number, old.number)
        return like

    def make_sentence(self) -> str:
        pick, size = self.random.choice, self.random.randint(4, 18)
        words = [
            pick(SMALL) if self.random.random() < 0.5 else pick(self.words) for _ in range(size)
        ]
        for word, chance in (("not", 0.15), (str(self.random.randint(2, 99)), 0.15)):
            if self.random.random() < chance:
                words.insert(self.random.randrange(1, size), word)
        if self.random.random() < 0.2:
            words.insert(self.random.randrange(1, size), f"[person {self.random.randint(1, 9)}]")
        return f"{' '.join(words).capitalize()}."

    def make_like(self, sentence: str) -> str:
        """Give a sentence with no, one or two words changed."""
        words = sentence.split()
        for _ in range(self.random.choice((0, 1, 1, 2))):
            words[self.random.randrange(len(words))] = self.random.choice(self.words)
        return f"{' '.join(words).rstrip('.')}."

    def make_transcript(self, turns: int) -> Transcript:
        """Make questions and answers, some of which are said again, or nearly."""
        said: list[str] = [self.make_sentence()]
        made = []
        for _ in range(turns):
            question = self.random.choice(QUESTIONS)
            if self.random.random() < 0.5:
                question = f"{self.make_sentence()} {question}"
            made.append(Turn(False, (self.number(question),)))
            answers = [self.random.choice(ANSWERS)] if self.random.random() < 0.3 else []
            for _ in range(self.random.choice((0, 1, 2, 3, 5, 8, 14)) or (not answers)):
                is_again = self.random.random() < 0.15
                said.append(
                    self.make_like(self.random.choice(said)) if is_again else self.make_sentence()
                )
                answers.append(said[-1])
            made.append(Turn(True, tuple(self.number(answer) for answer in answers)))
        return made


Edit = Callable[[World, Transcript], None]


def _change_sentence(
    world: World, talk: Transcript, change: Callable[[tuple[Word, ...]], Iterable[Sequence[Word]]]
) -> None:
    """Put what ``change`` makes of a participant's sentence in its place, if anything is left."""
    rows = [row for row, turn in enumerate(talk) if turn.is_participant]
    row = world.random.choice(rows)
    sentences = list(talk[row].sentences)
    where = world.random.randrange(len(sentences))
    sentences[where : where + 1] = [tuple(each) for each in change(sentences[where]) if each]
    if sentences:
        talk[row] = talk[row]._replace(sentences=tuple(sentences))
    else:
        del talk[row]


def _change_word(world: World, talk: Transcript, change: Callable[[Word], Iterable[Word]]) -> None:
    def change_one(sentence: tuple[Word, ...]) -> Iterable[Sequence[Word]]:
        where = world.random.randrange(len(sentence))
        changed = [*change(sentence[where])]
        if _can_turn(sentence[where]) != any(map(_can_turn, changed)) or (
            _can_turn(sentence[where]) and changed[-1] != sentence[where]
        ):
            world.turned |= {word.number for word in sentence}
        yield [*sentence[:where], *changed, *sentence[where + 1 :]]

    _change_sentence(world, talk, change_one)


def _can_turn(word: Word) -> bool:
    plain = word.text.lower().strip(".,")
    return plain in ("not", "no", "yes") or plain.isdigit()


def slip(world: World, talk: Transcript) -> None:
    """Swap two letters of a word."""

    def swap(word: Word) -> Iterable[Word]:
        text = word.text
        if len(text) < 4 or not text.isalpha():
            return [word]
        cut = world.random.randrange(len(text) - 1)
        return [word._replace(text=f"{text[:cut]}{text[cut + 1]}{text[cut]}{text[cut + 2 :]}")]

    _change_word(world, talk, swap)


def replace_word(world: World, talk: Transcript) -> None:
    _change_word(world, talk, lambda word: [word._replace(text=world.random.choice(world.words))])


def strike_word(world: World, talk: Transcript) -> None:
    _change_word(world, talk, lambda _: [])


def strike_name(world: World, talk: Transcript) -> None:
    _change_word(world, talk, lambda word: [word._replace(text="[person"), *world.number("31]")])


def add_filler(world: World, talk: Transcript) -> None:
    fillers = world.random.choice(("um,", "you know,", "I mean", "so"))
    _change_word(world, talk, lambda word: [*world.number(fillers), word])


def add_sentence(world: World, talk: Transcript) -> None:
    new = world.make_sentence()
    _change_sentence(world, talk, lambda sentence: [world.number(new), sentence])


def add_like_sentence(world: World, talk: Transcript) -> None:
    """Say a sentence again elsewhere, or nearly: that is other talk."""
    said = [s for turn in talk if turn.is_participant for s in turn.sentences]
    like = world.copy(world.random.choice(said))
    _change_sentence(world, talk, lambda sentence: [sentence, like])


def strike_sentence(world: World, talk: Transcript) -> None:
    _change_sentence(world, talk, lambda _: [])


def strike_turn(world: World, talk: Transcript) -> None:
    del talk[world.random.randrange(len(talk))]


def strike_exchange(world: World, talk: Transcript) -> None:
    row = world.random.randrange(len(talk) - 1)
    del talk[row : row + 2]


def repeat_turn(world: World, talk: Transcript) -> None:
    """Say a whole turn again elsewhere, or nearly: that is other talk."""
    turn = world.random.choice([turn for turn in talk if turn.is_participant])
    like = [world.copy(sentence) for sentence in turn.sentences]
    talk.insert(world.random.randrange(len(talk)), Turn(True, tuple(like)))


def split_turn(world: World, talk: Transcript) -> None:
    long = [row for row, turn in enumerate(talk) if turn.is_participant and len(turn.sentences) > 1]
    if not long:
        return
    row = world.random.choice(long)
    sentences = talk[row].sentences
    cut = world.random.randrange(1, len(sentences))
    between = [Turn(False, (world.number("Mm-hm."),))] if world.random.random() < 0.5 else []
    talk[row : row + 1] = [Turn(True, sentences[:cut]), *between, Turn(True, sentences[cut:])]


def merge_turns(world: World, talk: Transcript) -> None:
    row = world.random.randrange(len(talk) - 2)
    if talk[row].is_participant and talk[row + 2].is_participant:
        joined = (*talk[row].sentences, *talk[row + 2].sentences)
        talk[row : row + 3] = [Turn(True, joined)]


def move_turns(world: World, talk: Transcript) -> None:
    start = world.random.randrange(len(talk) - 3)
    size = world.random.choice((1, 2, 3))
    moved = talk[start : start + size]
    del talk[start : start + size]
    where = world.random.randrange(len(talk) + 1)
    talk[where:where] = moved


def relabel_speaker(world: World, talk: Transcript) -> None:
    row = world.random.randrange(len(talk))
    talk[row] = talk[row]._replace(is_participant=not talk[row].is_participant)
    if not any(turn.is_participant for turn in talk):
        talk[row] = talk[row]._replace(is_participant=True)


def number_names_anew(world: World, talk: Transcript) -> None:
    shift = str(world.random.randint(1, 5))
    for row, turn in enumerate(talk):
        sentences = []
        for sentence in turn.sentences:
            words = list(sentence)
            for step, word in enumerate(words[1:], start=1):
                if words[step - 1].text.lower() == "[person":
                    words[step] = word._replace(text=f"{shift}{word.text}")
            sentences.append(tuple(words))
        talk[row] = turn._replace(sentences=tuple(sentences))


def restyle(world: World, talk: Transcript) -> None:
    """Write everything with other signs and capitals."""
    del world
    for row, turn in enumerate(talk):
        talk[row] = turn._replace(
            sentences=tuple(
                tuple(word._replace(text=word.text.replace(",", "…").title()) for word in sentence)
                for sentence in turn.sentences
            )
        )


def turn_meaning(world: World, talk: Transcript) -> None:
    _change_word(world, talk, lambda word: [*world.number("not"), word])


def change_number(world: World, talk: Transcript) -> None:
    """Put another number in the place of one, if one is met in a few tries."""
    for _ in range(20):
        row = world.random.choice([row for row, turn in enumerate(talk) if turn.is_participant])
        sentences = list(talk[row].sentences)
        where = world.random.randrange(len(sentences))
        words = list(sentences[where])
        found = [step for step, word in enumerate(words) if word.text.strip(".").isdigit()]
        if found:
            words[found[0]] = words[found[0]]._replace(text="50")
            world.turned |= {word.number for word in words}
            sentences[where] = tuple(words)
            talk[row] = talk[row]._replace(sentences=tuple(sentences))
            return


MENDS: tuple[Edit, ...] = (slip, replace_word, strike_word, strike_name, add_filler)
SENTENCES: tuple[Edit, ...] = (add_sentence, add_like_sentence, strike_sentence)
TURNS: tuple[Edit, ...] = (
    strike_turn,
    strike_exchange,
    repeat_turn,
    split_turn,
    merge_turns,
    move_turns,
    relabel_speaker,
)
WHOLES: tuple[Edit, ...] = (number_names_anew, restyle)
TURNING: tuple[Edit, ...] = (turn_meaning, change_number)
EDITS = MENDS + SENTENCES + TURNS + WHOLES + TURNING


class Study(NamedTuple):
    """Passages, and the hidden numbers of each one's words."""

    passages: Passages
    numbers: Mapping[str, frozenset[int]]

    @property
    def texts(self) -> Mapping[str, str]:
        return dict(zip(self.passages["passage"], self.passages["text"], strict=True))


def edit(world: World, talk: Transcript, times: int, edits: Sequence[Edit] = EDITS) -> Transcript:
    """Give a transcript with some edits of any kind."""
    edited = list(talk)
    for _ in range(times):
        if len(edited) > 4 and any(turn.is_participant for turn in edited):
            world.random.choice(edits)(world, edited)
    return edited


def split_study(
    talks: Mapping[str, Transcript], find_sentences: SentenceFinder, lengths: Lengths
) -> Study:
    """Cut transcripts into passages as the pipeline does."""
    turns = SAFE_TURNS.build(
        {
            "transcript": name,
            "turn": row,
            "speaker": "P01" if turn.is_participant else "Interviewer",
            "is_participant": turn.is_participant,
            "participant": "P01",
            "area": "North",
            "role": "warden",
            "text": turn.text,
            "start_seconds": float("nan"),
            "first_line": row,
            "last_line": row,
        }
        for name, talk in talks.items()
        for row, turn in enumerate(talk, start=1)
    )
    passages = split_into_passages(turns, find_sentences, lengths=lengths, shortest=5, context=40)
    numbers = {}
    columns = ["passage", "transcript", "turn", "start", "words"]
    for name, transcript, row, start, count in passages[columns].itertuples(index=False):
        turn = talks[transcript][row - 1]
        first = len(turn.text[:start].split())
        numbers[name] = frozenset(word.number for word in turn.words[first : first + count])
    return Study(passages, numbers)


def find_at_full_stops(texts: Sequence[str]) -> list[list[int]]:
    """Find sentence starts where a full stop ends one."""
    return [[0, *(i + 2 for i, letter in enumerate(text) if letter == ".")] for text in texts]


class Outcome(NamedTuple):
    """What became of a coded passage; ``is_same`` says whether it was put on its own talk."""

    passage: str
    now: str
    how: str
    why: str
    is_same: bool
    had_place: bool


def follow(before: Study, after: Study, coded: Sequence[str], world: World) -> list[Outcome]:
    """Place coded passages in the edited study, and hold that against the truth."""
    placed = place(make_anchors(before.passages, coded), after.passages)
    holding: dict[int, set[str]] = {}
    for name, numbers in after.numbers.items():
        for number in numbers:
            holding.setdefault(number, set()).add(name)
    outcomes = []
    for each in placed:
        numbers = before.numbers[each.passage]
        homes = set().union(*(holding.get(number, ()) for number in numbers))
        fitting = {home for home in homes if _holds(before, each.passage, after, home, world)}
        outcomes.append(
            Outcome(each.passage, each.now, each.how, each.why, each.now in fitting, bool(fitting))
        )
    return outcomes


def _holds(before: Study, old: str, after: Study, new: str, world: World) -> bool:
    said, now = before.numbers[old], after.numbers[new]
    shared = said & now
    is_turned = bool(shared & world.turned) and before.texts[old] != after.texts[new]
    return len(shared) >= HELD * len(said) and len(shared) >= OWN * len(now) and not is_turned


def is_pasted(before: Study, after: Study, outcome: Outcome, world: World) -> bool:
    """Say whether a passage whose talk was struck went to what had been pasted from it before."""
    said = before.numbers[outcome.passage]
    now = frozenset(world.copied.get(number, number) for number in after.numbers[outcome.now])
    return not outcome.had_place and len(said & now) >= HELD * len(said)
