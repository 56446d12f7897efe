"""What people decided under an older definition of a code than the present one.

A decision under an older version of the codebook is no older definition if the code, in that
stance, had the same words then: a new example makes no decision doubtful.
"""

from collections import Counter
from collections.abc import Mapping
from sys import intern
from threading import Lock
from typing import Literal, NamedTuple

from flask import current_app

from pipeline.codebook import Code, Codebook, Label
from pipeline.codebook_changes import is_same_meaning
from pipeline.codebook_versions import read_known
from pipeline.decisions import Said, open_decisions, read_said
from pipeline.review.desk import Desk
from pipeline.tables import AND, JOINT

Age = Literal["now", "older", "unknown"]
Counted = Counter[tuple[Label, Age, bool]]  # decisions by label, age of the definition, yes or no


class Ages:
    """Says of a version and label whether the label's words are those of the present codebook."""

    def __init__(self, known: Mapping[str, Codebook], present: Codebook) -> None:
        self._codes = {name: _by_id(codebook) for name, codebook in known.items()}
        self._present = _by_id(present)
        self._told: dict[tuple[str, Label], Age] = {}

    def find_code(self, version: str, code: str) -> Code | None:
        """Give a code as it was in a version; None if nobody kept it."""
        return self._codes.get(version, {}).get(code)

    def tell(self, version: str, label: Label) -> Age:
        """Say how old the words are that a label had in a version."""
        if (version, label) not in self._told:
            self._told[version, label] = self._compare(version, label)
        return self._told[version, label]

    def _compare(self, version: str, label: Label) -> Age:
        then, now = self.find_code(version, label.code), self._present.get(label.code)
        if then is None or now is None or label.stance not in then.stances:
            return "unknown"
        return "now" if then == now or is_same_meaning(then, now, label.stance) else "older"


def read_ages(desk: Desk) -> Ages:
    """Hold all versions that are known against the codebook as it is now."""
    book = desk.codebook
    return Ages(read_known(desk.study.corpus, book), book)


class Worklist(NamedTuple):
    """What one coder may decide again, and how much there is that cannot be listed.

    ``others`` counts what others may decide again, by their names; ``gone`` is of passages that
    are not in the study any more; ``unknown`` counts decisions by versions that nobody kept.
    """

    mine: list[Said]
    others: Counter[str]
    gone: int
    unknown: Counter[str]


class Standing:
    """What stands of what everybody decided, by label; read once, and then what is new.

    ``counts`` says how many decisions stand by label, version, and yes or no.
    """

    def __init__(self) -> None:
        self.counts: Counter[tuple[Label, str, bool]] = Counter()
        self._rows: dict[Label, dict[tuple[str, str], Said]] = {}
        self._state = (0, 0)
        self._lock = Lock()

    def refresh(self, desk: Desk) -> None:
        """Take in what was decided since."""
        with self._lock:
            (last, moves), before = _find_state(desk), self._state
            if moves != before[1] or not before[0]:
                self.counts.clear()
                self._rows.clear()
                rows = read_said(desk.file)
            else:
                rows = read_said(desk.file, passages=_list_since(desk, before[0]))
            for said in rows:
                self._put(said)
            self._state = last, moves

    def list_of(self, label: Label) -> list[Said]:
        """List what stands on a label."""
        return list(self._rows.get(label, {}).values())

    def _put(self, said: Said) -> None:
        label, key = Label(intern(said.code), intern(said.stance)), (said.coder, said.passage)
        of_label = self._rows.setdefault(label, {})
        before = of_label.pop(key, None)
        if before is not None:
            self.counts[label, before.codebook_version, bool(before.applied)] -= 1
        if not said.is_withdrawn:
            version = intern(said.codebook_version)
            of_label[key] = said._replace(code=label.code, stance=label.stance)
            self.counts[label, version, bool(said.applied)] += 1


def read_standing(desk: Desk) -> Standing:
    """Give what stands now."""
    standing: Standing = current_app.extensions.setdefault("standing", Standing())
    standing.refresh(desk)
    return standing


def count_ages(standing: Standing, ages: Ages) -> Counted:
    """Count what stands by label, how old its definition is, and yes or no."""
    found: Counted = Counter()
    for (label, version, applied), number in [*standing.counts.items()]:
        found[label, ages.tell(version, label), applied] += number
    return found


def find_worklist(desk: Desk, standing: Standing, ages: Ages, coder: str) -> Worklist:
    """List what was decided under older definitions: code by code, yes before no, as it was said.

    What several decided together is on the list of each of them.
    """
    places, counts = desk.shelf.places, [*standing.counts.items()]
    told = [(label, version, ages.tell(version, label), n) for (label, version, _), n in counts]
    doubtful = {(label, version) for label, version, age, n in told if n and age == "older"}
    labels = [one for one in desk.codebook.labels if any(one == label for label, _ in doubtful)]
    older = [
        said
        for label in labels
        for said in sorted(standing.list_of(label), key=lambda said: _sort(said, places))
        if (label, said.codebook_version) in doubtful
    ]
    here = [said for said in older if said.passage in places]
    unknown: Counter[str] = Counter()
    for label, version, age, number in told:
        unknown[version] += number if age == "unknown" and label in desk.codebook.labels else 0
    return Worklist(
        [said for said in here if is_by(said.coder, coder)],
        Counter(said.coder for said in here if not is_by(said.coder, coder)),
        len({said.passage for said in older} - places.keys()),
        +unknown,
    )


def label_of(said: Said) -> Label:
    """Give the label that a decision is on."""
    return Label(said.code, said.stance)


def is_by(name: str, coder: str) -> bool:
    """Say whether a coder decided something, alone or together with others.

    >>> is_by("Ada", "Ada"), is_by("joint Ada + Bo", "Bo"), is_by("Bo", "Ada")
    (True, True, False)
    """
    return name == coder or (
        name.startswith(JOINT) and coder in name.removeprefix(JOINT).split(AND)
    )


def _by_id(codebook: Codebook) -> dict[str, Code]:
    return {code.id: code for code in codebook.codes}


def _sort(said: Said, places: Mapping[str, int]) -> tuple[str, int, int, str]:
    return said.codebook_version, -said.applied, places.get(said.passage, 0), said.coder


def _find_state(desk: Desk) -> tuple[int, int]:
    """Tell by the last decision and move whether anything was decided since."""
    query = "SELECT (SELECT max(number) FROM decisions), (SELECT count(*) FROM moves)"
    with open_decisions(desk.file) as database:
        last, moves = database.execute(query).fetchone()
    return int(last or 0), int(moves)


def _list_since(desk: Desk, number: int) -> list[str]:
    """List the passages that somebody decided on after a decision."""
    query = "SELECT DISTINCT passage FROM decisions WHERE number > ?"
    with open_decisions(desk.file) as database:
        return [passage for (passage,) in database.execute(query, (number,))]
