"""What the page asks about next, and what it says of a model's suggestion."""

from collections.abc import Mapping
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Codebook
from pipeline.coding.encoders import Vectors
from pipeline.coding.model import encoder_name, load_encoder
from pipeline.coding.neighbours import Sayings, embed_sayings, find_neighbours, find_saying
from pipeline.coding.queues import Asked, Pick, Pool, find_rare, pick_batch, take_turns
from pipeline.coding.vectors import look_up, read_cache
from pipeline.decisions import open_decisions
from pipeline.findings.checks import RANDOM
from pipeline.review.desk import Desk, Shelf
from pipeline.study import Study
from pipeline.study_model import find_model
from pipeline.typed_labels import write_label
from pipeline.wording import label_title

BATCH = 4  # half of it random
MOST_SUGGESTED = 6
LIKELY = 0.5  # of a label's cut-off, for a suggestion

_LAST = (
    "SELECT passage, coder, code, stance, applied, selection, is_withdrawn, max(number) "
    "FROM decisions GROUP BY passage, coder, code, stance"
)


class Known(NamedTuple):
    """What stays the same until the next analysis, or the next change of the codebook."""

    shelf: Shelf
    codebook: Codebook
    applied_from: NDArray[np.float64]
    interviews: NDArray[np.intp]
    vectors: Vectors
    sayings: Sayings


class Decided(NamedTuple):
    """What was decided last: where people say yes (passages x labels), what a coder checked in the
    sample, and what they decided on in any way.
    """

    yes: NDArray[np.bool_]
    checked: NDArray[np.bool_]
    decided: NDArray[np.bool_]


class Adviser:
    """Picks passages and explains suggestions; what it needs is read when it is first asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = Lock()
        self._known: Known | None = None

    def pick(self, coder: str) -> Pick | None:
        """Pick the passage to ask a coder about next; None if there is none left."""
        known, decided = self._look(), self._read(coder)
        drawn = {one.passage: one.probability for one in self._desk.sample.passages}
        places = known.shelf.places
        here = [(places[name], odds) for name, odds in drawn.items() if name in places]
        areas = known.shelf.passages["area"].to_numpy(str)
        rows = np.array([row for row, _ in here], dtype=np.intp)
        order = take_turns(areas[rows])
        pool = Pool(
            np.nan_to_num(known.shelf.scores),
            known.applied_from,
            known.interviews,
            rows[order],
            np.array([odds for _, odds in here], dtype=float)[order],
        )
        asked = Asked(decided.checked, decided.decided, find_rare(decided.yes, known.interviews))
        batch = pick_batch(pool, asked, size=BATCH, seed=0)
        turn = int(decided.decided.sum()) % BATCH
        return batch[min(turn, len(batch) - 1)] if batch else None

    def suggest(self, pick: Pick) -> list[dict[str, Any]]:
        """Give the labels to accept or reject in a passage, each with what to judge it by."""
        if pick.selection == RANDOM:
            return []  # blind
        known = self._look()
        scores = np.nan_to_num(known.shelf.scores[pick.row])
        likely = np.flatnonzero(scores >= LIKELY * known.applied_from)
        best = likely[np.argsort(-scores[likely])][: MOST_SUGGESTED - 1].tolist()
        asked = [pick.label] if pick.label >= 0 else []
        places = list(dict.fromkeys([*asked, *best]))
        yes = self._read("").yes
        return [self._describe(known, yes, pick.row, place) for place in places]

    def _describe(
        self, known: Known, yes: NDArray[np.bool_], row: int, place: int
    ) -> dict[str, Any]:
        label = known.codebook.labels[place]
        near = find_neighbours(known.vectors, row, yes[:, place], known.interviews, most=1)
        texts = known.shelf.passages["text"]
        like = [f"People coded so: {texts.iloc[one.row]}" for one in near]
        if not like:
            saying = find_saying(known.sayings, place, known.vectors[row])
            like = [f"From the codebook: {saying.text}"]
        return {
            "label": write_label(label),
            "name": label_title(known.codebook, label),
            "score": round(float(np.nan_to_num(known.shelf.scores[row, place])), 2),
            "like": like[0],
        }

    def _look(self) -> Known:
        shelf, codebook = self._desk.shelf, self._desk.codebook
        with self._lock:
            known = self._known
            if known is None or known.shelf is not shelf or known.codebook is not codebook:
                self._known = known = _gather(self._desk.study, shelf, codebook)
            return known

    def _read(self, coder: str) -> Decided:
        shelf, labels = self._desk.shelf, self._desk.codebook.labels
        across: Mapping[tuple[str, str], int] = {label: at for at, label in enumerate(labels)}
        yes = np.zeros((len(shelf.passages), len(labels)), dtype=bool)
        checked, decided = (np.zeros(len(shelf.passages), dtype=bool) for _ in range(2))
        with open_decisions(self._desk.file) as database:
            rows = database.execute(_LAST).fetchall()
        for passage, who, code, stance, applied, selection, is_withdrawn, _ in rows:
            row, place = shelf.places.get(passage), across.get((code, stance))
            if row is None or place is None or is_withdrawn:
                continue
            yes[row, place] |= bool(applied)
            decided[row] |= who == coder
            checked[row] |= who == coder and selection == RANDOM
        return Decided(yes, checked, decided)


def _gather(study: Study, shelf: Shelf, codebook: Codebook) -> Known:
    texts = shelf.passages["text"].tolist()
    vectors = look_up(texts, encoder_name(study.model), read_cache(study.vectors))
    cutoffs = find_model(study, vectors).cutoffs.applied
    _, interviews = np.unique(shelf.passages["transcript"].to_numpy(str), return_inverse=True)
    sayings = embed_sayings(codebook, load_encoder(study.model))
    return Known(shelf, codebook, cutoffs, interviews.astype(np.intp), vectors, sayings)
