"""What people and the model say of passages, as it stands beside them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.codebook import Label
from pipeline.decisions import Said, read_said
from pipeline.findings.checks import RANDOM
from pipeline.imported_codes import CHOSEN
from pipeline.review.desk import Desk
from pipeline.tables import JOINT
from pipeline.wording import decimal, label_title


class Entry(NamedTuple):
    """A label that somebody applies: who does, who says no to it, and what the reader says.

    ``yes`` has names as they are in tables, ``said`` and ``refused`` as they are shown.
    """

    label: Label
    name: str
    yes: tuple[str, ...]
    said: tuple[str, ...]
    refused: tuple[str, ...]
    mine: str  # 'yes', 'no', or nothing yet


class Margin(NamedTuple):
    """What stands beside a passage.

    ``waits`` is whether it is in the check sample and the reader has not checked it: then nobody
    else's codes are shown. ``seen`` is the number of the reader's last decision on it, ``how`` how
    the reader came by it: selection and probability.
    """

    entries: tuple[Entry, ...]
    waits: bool
    seen: int
    how: tuple[str, float | None]


class Wanted(NamedTuple):
    """What a reader looks for; empty is anything."""

    code: str = ""
    stance: str = ""
    coder: str = ""

    def fits(self, entry: Entry) -> bool:
        """Say whether somebody applies a label that is looked for."""
        code, stance = entry.label
        is_by = self.coder in entry.yes if self.coder else bool(entry.yes)
        return is_by and self.code in ("", code) and self.stance in ("", stance)


def read_margins(desk: Desk, passages: Sequence[str], coder: str) -> dict[str, Margin]:
    """Read what stands beside each of the passages, for one coder to see."""
    sample = {one.passage for one in desk.sample.passages}
    said, scored = _read_said(desk, passages), _read_scores(desk, passages)
    order = {label: place for place, label in enumerate(desk.codebook.labels)}
    margins = {}
    for passage in passages:
        stands = [one for one in said[passage] if not one.is_withdrawn]
        mine = [one for one in stands if one.coder == coder]
        waits = passage in sample and not mine
        entries = [] if waits else _list_entries(desk, stands, scored[passage], coder)
        entries.sort(key=lambda entry: order.get(entry.label, len(order)))
        numbers = [one.number for one in said[passage] if one.coder == coder]
        margins[passage] = Margin(tuple(entries), waits, max(numbers, default=0), _tell_how(mine))
    return margins


def _read_said(desk: Desk, passages: Sequence[str]) -> dict[str, list[Said]]:
    """Read what everybody decided last on passages, by the id that each has now."""
    here: dict[str, list[Said]] = {passage: [] for passage in passages}
    for said in sorted(read_said(desk.file, passages=here.keys())):
        here[said.passage].append(said)
    return here


def _read_scores(desk: Desk, passages: Sequence[str]) -> dict[str, dict[Label, float]]:
    """Give the model's scores of the labels that it applies."""
    shelf, labels = desk.shelf, desk.codebook.labels
    found = {}
    for passage in passages:
        place = shelf.places[passage]
        across = shelf.applied[place].nonzero()[0]
        found[passage] = {labels[one]: float(shelf.scores[place, one]) for one in across}
    return found


def _list_entries(
    desk: Desk, stands: Iterable[Said], scores: Mapping[Label, float], coder: str
) -> list[Entry]:
    model, codebook = desk.shelf.model, desk.codebook
    people: dict[Label, dict[str, bool]] = {label: {} for label in scores}
    for one in stands:
        people.setdefault(Label(one.code, one.stance), {})[one.coder] = bool(one.applied)
    entries = []
    for label, votes in people.items():
        yes = sorted(name for name, applied in votes.items() if applied)
        if not yes and label not in scores:
            continue
        said = [f"model {decimal(scores[label])}"] if label in scores else []
        entries.append(
            Entry(
                label,
                label_title(codebook, label),
                (*([model] if label in scores else []), *yes),
                (*said, *map(name_coder, yes)),
                tuple(name_coder(name) for name in sorted(votes.keys() - set(yes))),
                {True: "yes", False: "no", None: ""}[votes.get(coder)],
            )
        )
    return entries


def name_coder(name: str) -> str:
    """Name a person, or several who decided together, as the page does.

    >>> name_coder("Ada"), name_coder("joint Ada + Bo")
    ('Ada', 'Ada + Bo together')
    """
    return f"{name.removeprefix(JOINT)} together" if name.startswith(JOINT) else name


def _tell_how(mine: Iterable[Said]) -> tuple[str, float | None]:
    """Say how a coder came by a passage: what is in the sample stays in it."""
    drawn = [one for one in mine if one.selection == RANDOM]
    last = max(drawn, key=lambda one: one.number, default=None)
    return (CHOSEN, None) if last is None else (RANDOM, last.probability)
