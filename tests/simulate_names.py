"""Invent interviews in which every identifier is known, and count how many are found.

    python tests/simulate_names.py [OUTPUT.md]

Talk, names and places are made up, in tests/data/names/. `tuned` is the set that the rules were
made with; `held_out` has other sentences, names and places, and is what the table reports.
"""

import string
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.resampling import divide, find_middle, redraw
from pipeline.transcripts.names import find_names
from pipeline.transcripts.people import Listed, build_lexicon
from pipeline.transcripts.pseudonyms import find_known

DATA = Path(__file__).parent / "data" / "names"
STUDIES, INTERVIEWS, LOWERED = 10, 20, 5  # in a study; as captions in lower case without stops
CAST, TURNS, LISTED = 60, 14, 0.9  # people in a study; turns in an interview; share on the roster
SENTENCES = {"people": 16, "places": 5, "details": 5, "plain": 14}  # in an interview
INDIRECT = ("town", "organisation")
GROUPS = {"english": 0.4, "other": 0.35, "words": 0.25}
DRAWS = 1_000


ABOUT = """# How many names are found

Made by `make bench-names`: {studies} invented studies of {interviews} interviews each, in which
every identifier is known. A study has {cast} people, some mentioned often and most a few times, of
English names, names of other languages, names that are words (Grace, May, Mark, Hope, Brown,
Banks); nicknames, initials, genitives; small places, streets, surgeries, schools and pubs; contact
data and numbers in several forms. Between them stands talk in which the same words, public bodies,
months, areas and numbers identify nobody. Captions are in lower case and without stops.

The talk is `tests/data/names/held_out.toml`: {sentences} sentences. The rules were made with other
sentences, names and places (`tuned.toml`); some names that are words (Grace, Mark, Banks) are in
both. One hand wrote the two sets. While the rules were made, the rates of this one were looked at
five times, never what was missed; when names that are words fared worse here, more of them were
put into the other set.

*Found*: none of an identifier's letters is left. *Precision*: finds that touch an identifier. *With
the roster*: names.csv lists nine of ten people by full name and nickname, and no place. *Direct
identifiers* are names of people, streets, contact data, numbers and dates of birth; places and
organisations are indirect ones. 95 % intervals by drawing sentences anew, as mistakes hang on them.

Invented talk is tidier than real talk: misheard names, dialect and names that captions split are
not in it. Where it falls short are studies of captions only, names that are words (without a
roster), and places in lower case: there, a list of names and a person's look are needed most.
"""


class Person(NamedTuple):
    """Somebody whom interviews mention; ``group`` says what kind of name it is."""

    first: str
    last: str
    nick: str
    group: str


class Piece(NamedTuple):
    """A stretch of a turn: where it is, what it is, and the sentence that it comes from."""

    start: int
    end: int
    kind: str
    group: str
    sentence: str


class Turn(NamedTuple):
    """What somebody says, with its identifiers, and its sentences one after the other."""

    text: str
    seeded: list[Piece]
    sentences: list[Piece]
    is_lowered: bool


class Invented(NamedTuple):
    """A study: its turns, who would be on its roster, its areas."""

    turns: list[Turn]
    roster: list[Listed]
    areas: list[str]


def invent(content: Mapping[str, Any], seed: int, *, lowered: int) -> Invented:
    """Make a study, of whose interviews the last ``lowered`` are captions in lower case."""
    random = np.random.default_rng([seed, 7])
    cast = [_person(content["names"], random, place) for place in range(CAST)]
    chances = 1 / np.arange(1, CAST + 1) ** 0.7  # some are mentioned often, most once or twice
    turns: list[Turn] = []
    for interview in range(INTERVIEWS):
        wanted = [
            sentence
            for kind, count in SENTENCES.items()
            for sentence in random.choice(content["talk"][kind], count, replace=False)
        ]
        random.shuffle(wanted)
        for part in np.array_split(wanted, TURNS):
            filled = [
                _fill(str(sentence), content, _draw(cast, chances, random), random)
                for sentence in part
            ]
            turns.append(_join(filled, is_lowered=interview >= INTERVIEWS - lowered))
    known = [person for person in cast if random.random() < LISTED]
    roster = [Listed(f"{person.first} {person.last}") for person in known]
    roster += [Listed(nick) for nick in sorted({person.nick for person in known if person.nick})]
    return Invented(turns, roster, content["areas"])


def read_talk(name: str) -> dict[str, Any]:
    """Read a set's areas, names and sentences."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


def _person(names: Mapping[str, list[str]], random: np.random.Generator, place: int) -> Person:
    group = str(random.choice(list(GROUPS), p=list(GROUPS.values())))
    kinds = (group, f"{group}_last")
    if group == "words":  # one of the two is a word, or both are
        kinds = [("words", "english_last"), ("english", "words_last"), ("words", "words_last")][
            random.integers(3)
        ]
    first, last = (str(random.choice(names[kind])) for kind in kinds)
    nick = str(random.choice(names["nicknames"])) if place % 6 == 0 else ""
    return Person(first, last, nick, group)


def _draw(
    cast: Sequence[Person], chances: np.ndarray, random: np.random.Generator
) -> tuple[Person, Person, Person]:
    """Give two people, and one who has a nickname."""
    one, two = random.choice(len(cast), 2, replace=False, p=chances / chances.sum())
    nicknamed = [person for person in cast if person.nick]
    return cast[one], cast[two], nicknamed[random.integers(len(nicknamed))]


def _fill(
    sentence: str,
    content: Mapping[str, Any],
    people: tuple[Person, Person, Person],
    random: np.random.Generator,
) -> tuple[str, list[Piece]]:
    """Put names and details into a sentence's slots; the s of a genitive is no part of a name."""
    text, pieces = "", []
    for before, slot, _, _ in string.Formatter().parse(sentence):
        text += before
        if slot is None:
            continue
        said, kind, group, after = _say(slot, content, people, random)
        if kind:
            pieces.append(Piece(len(text), len(text) + len(said), kind, group, sentence))
        text += said + after
    return text, pieces


def _say(
    slot: str,
    content: Mapping[str, Any],
    people: tuple[Person, Person, Person],
    random: np.random.Generator,
) -> tuple[str, str, str, str]:
    """Give what fills a slot, its kind (none for what identifies nobody), group, what follows."""
    one, two, nicknamed = people
    names = {
        "first": (one.first, "first name", one.group, ""),
        "first2": (two.first, "first name", two.group, ""),
        "first_s": (one.first, "first name, genitive", one.group, "'s"),
        "last": (one.last, "surname", one.group, ""),
        "full": (f"{one.first} {one.last}", "full name", one.group, ""),
        "nick": (nicknamed.nick, "nickname", "", ""),
        "initial": (f"{one.first[0]}. {one.last}", "initial and surname", one.group, ""),
    }
    if slot in names:
        return names[slot]
    if slot in ("town", "street", "organisation"):
        return str(random.choice(content["names"][f"{slot}s"])), slot, "", ""
    if slot == "area":
        return str(random.choice(content["areas"])), "", "", ""
    if slot == "number":
        return str(random.integers(1, 99)), "", "", ""
    return _detail(slot, content["names"]["hosts"], random), slot, "", ""


def _detail(slot: str, hosts: Sequence[str], random: np.random.Generator) -> str:
    """Invent a phone number, a postcode ... as people write them, in several ways."""

    def digits(count: int) -> str:
        return "".join(map(str, random.integers(0, 10, count)))

    def letters(count: int) -> str:
        return "".join(random.choice(list("ABDEFGHJLNPRSTUWXYZ"), count))

    host, name = random.choice(hosts), f"{random.choice(list('abcdefgh'))}.{letters(6).lower()}"
    month = int(random.integers(1, 13))
    day, year = int(random.integers(1, 29)), int(random.integers(1935, 2005))
    named = pd.Timestamp(year, month, day).strftime("%B")
    forms = {
        "phone": [
            f"07700 900{digits(3)}",
            f"0770 090 0{digits(3)}",
            f"+44 7700 900{digits(3)}",
            f"(01632) 960{digits(3)}",
            f"01632-960-{digits(3)}",
            f"020 7946 0{digits(3)}",
        ],
        "email": [f"{name}@{host}", f"{name.replace('.', '_')}{digits(2)}@example.org"],
        "postcode": [
            f"{letters(2)}{random.integers(1, 30)} {digits(1)}{letters(2)}",
            f"{letters(1)}{random.integers(1, 10)}{digits(1)}{letters(2)}",
        ],
        "nhs": [_nhs_number(digits, "{} {} {}"), _nhs_number(digits, "{}{}{}")],
        "ni": [
            f"AB {digits(2)} {digits(2)} {digits(2)} C",
            f"JG{digits(6)}A",
            f"SH {digits(6)} D",
        ],
        "plate": [f"{letters(2)}{digits(2)} {letters(3)}", f"{letters(2)}{digits(2)}{letters(3)}"],
        "url": [f"https://www.{host}/news", f"www.{host}", f"{host}/plans-{digits(2)}"],
        "handle": [f"@{name.replace('.', '_')}", f"@{name.replace('.', '')}{digits(2)}"],
        "birth": [
            f"{day:02}/{month:02}/{year}",
            f"{day}.{month}.{year % 100:02}",
            f"{day} {named} {year}",
            f"the {_ordinal(day)} of {named} {year}",
        ],
    }
    return str(random.choice(forms[slot]))


def _nhs_number(digits: Any, form: str) -> str:
    """Make a number of ten digits whose last one checks the others (modulo 11)."""
    while True:
        nine = "9" + digits(8)  # numbers from 990 on are given to nobody
        check = -sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            return form.format(nine[:3], nine[3:6], f"{nine[6:]}{check}")


def _ordinal(day: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}
    return f"{day}{endings.get(day, 'th')}"


def _join(filled: Sequence[tuple[str, list[Piece]]], *, is_lowered: bool) -> Turn:
    text, seeded, sentences = "", [], []
    for said, pieces in filled:
        if is_lowered:
            said, pieces = _lower(said, pieces)
        start = len(text) + bool(text)
        text = f"{text} {said}".strip()
        sentence = pieces[0].sentence if pieces else said
        sentences.append(Piece(start, len(text), "", "", sentence))
        seeded += [one._replace(start=one.start + start, end=one.end + start) for one in pieces]
    return Turn(text, seeded, sentences, is_lowered)


def _lower(said: str, pieces: Sequence[Piece]) -> tuple[str, list[Piece]]:
    """Take off capitals and the stops between words, as captions come; not those in an address."""
    kept = [
        not (char in ",?!" or (char == "." and (place + 1 == len(said) or said[place + 1] == " ")))
        for place, char in enumerate(said)
    ]
    before = np.concatenate([[0], np.cumsum(kept)])
    moved = [
        piece._replace(start=int(before[piece.start]), end=int(before[piece.end]))
        for piece in pieces
    ]
    text = "".join(char for char, is_kept in zip(said, kept, strict=True) if is_kept)
    return text.lower(), moved


def judge(study: Invented, listed: Sequence[Listed]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Say of each identifier whether it was found, and of each find whether it is one.

    An identifier is found if none of its letters is left; a find is right if it touches one.
    """
    texts = [turn.text for turn in study.turns]
    mentions = find_names(texts, listed=[entry.name for entry in listed])
    lexicon, _ = build_lexicon(texts, mentions, listed, keep=study.areas, key={})
    wanted, finds = [], []
    for turn, row in zip(study.turns, mentions, strict=True):
        condition = "lower case" if turn.is_lowered else "capitals"
        covered = np.zeros(len(turn.text) + 1, dtype=bool)
        for find in find_known(turn.text, lexicon, row):
            covered[find.start : find.end] = True
            touched = [s for s in turn.seeded if s.start < find.end and find.start < s.end]
            here = next(s for s in turn.sentences if s.start <= find.start < s.end)
            finds.append((condition, here.sentence, bool(touched), find.words, turn.text))
        for one in turn.seeded:
            said = turn.text[one.start : one.end]
            skipped = len(said) - len(said.removeprefix("the "))
            is_found = all(
                covered[place] or not turn.text[place].isalnum()
                for place in range(one.start + skipped, one.end)
            )
            wanted.append((condition, one.kind, one.group, one.sentence, is_found, said, turn.text))
    return (
        pd.DataFrame(
            wanted, columns=["condition", "kind", "group", "sentence", "right", "said", "text"]
        ),
        pd.DataFrame(finds, columns=["condition", "sentence", "right", "said", "text"]),
    )


def judge_all(name: str, *, studies: int = STUDIES) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge every study of a set, with the roster and without, mixed and in lower case only."""
    content = read_talk(name)
    wanted, finds = [], []
    for captions, lowered in (("mixed", LOWERED), ("captions only", INTERVIEWS)):
        for seed in range(studies):
            study = invent(content, seed, lowered=lowered)
            for roster, listed in (("with", study.roster), ("without", [])):
                told = {"study": captions, "roster": roster, "seed": seed}
                for tables, table in zip((wanted, finds), judge(study, listed), strict=True):
                    tables.append(table.assign(**told))
    return pd.concat(wanted, ignore_index=True), pd.concat(finds, ignore_index=True)


def rate(rows: pd.DataFrame) -> tuple[float, float, float]:
    """Give the share that is right with its 95 % interval; sentences are drawn anew as clusters."""
    by = rows.groupby("sentence")["right"].agg(["sum", "count"])
    drawn = redraw(len(by), DRAWS, np.random.default_rng(0))
    shares = divide(drawn @ by["sum"].to_numpy(float), drawn @ by["count"].to_numpy(float))
    return float(rows["right"].mean()), *find_middle(shares)


def _cells(rows: pd.DataFrame) -> Iterator[str]:
    """Give how many there are, and the rates with the roster and without."""
    yield f"{int((rows['roster'] == 'with').sum()):,}"
    for roster in ("with", "without"):
        share, low, high = rate(rows[rows["roster"] == roster])
        yield f"{share:.3f} ({low:.3f} to {high:.3f})"


def _line(title: str, rows: pd.DataFrame) -> str:
    return f"| {title} | {' | '.join(_cells(rows))} |\n"


def tabulate(name: str) -> Iterator[str]:
    """Give the tables of a set, line by line."""
    wanted, finds = judge_all(name)
    wanted["direct"] = ~wanted["kind"].isin(INDIRECT)
    titles = {
        "mixed": f"Studies in which {LOWERED} of {INTERVIEWS} interviews are captions",
        "captions only": "Studies of captions only",
    }
    for study, title in titles.items():
        mine, found = wanted[wanted["study"] == study], finds[finds["study"] == study]
        yield f"\n## {title}\n"
        yield from _summarise(mine, found)
        for column, heading in (("kind", "kind"), ("group", "kind of name")):
            yield _head(f"recall by {heading}", "mentions")
            for value, rows in mine[mine[column] != ""].groupby(column, sort=True):
                yield _line(str(value), rows)


def _summarise(wanted: pd.DataFrame, finds: pd.DataFrame) -> Iterator[str]:
    direct = wanted[wanted["direct"]]
    yield _head("recall", "mentions")
    yield _line("**direct identifiers**", direct)
    yield from _by_condition(direct)
    yield _line("places and organisations", wanted[~wanted["direct"]])
    yield _head("precision", "finds")
    yield _line("**all finds**", finds)
    yield from _by_condition(finds)


def _by_condition(rows: pd.DataFrame) -> Iterator[str]:
    conditions = rows["condition"].unique().tolist()
    for condition in conditions if len(conditions) > 1 else []:
        yield _line(f"in {condition}", rows[rows["condition"] == condition])


def _head(title: str, count: str) -> str:
    return f"\n| {title} | {count} | with the roster | without |\n|---|---:|---:|---:|\n"


def main(output: str = "") -> None:
    """Print the tables, and write them to a file if one is named."""
    talk = read_talk("held_out")["talk"]
    about = {
        "studies": STUDIES,
        "interviews": INTERVIEWS,
        "cast": CAST,
        "sentences": sum(map(len, talk.values())),
    }
    text = ABOUT.format(**about) + "".join(tabulate("held_out"))
    sys.stdout.write(text)
    if output:
        Path(output).write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
