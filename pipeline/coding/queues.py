"""Which passages to ask a person about next: half of every batch at random, the rest for its use.

**The random half is the check sample.** It is no second sample that is drawn batch by batch: it is
the next passages of the sample that the study drew once (check_samples.py), in the order in which
they were drawn up, with the probability that was written down then. So what is checked on the page
and what is checked in the spreadsheet is one sample. Whoever shows a batch must show these passages
without what the model says of them: people who see it agree with it.

- *What has been checked at any moment is a random sample, too.* An area's sample S stands in random
  order, so its first m passages were drawn from it with m / size of S, and each passage from the
  area with its own probability times that. The factor is the same for all, and estimation.py
  weighs by 1 / probability in parts of one: it cancels. (S differs a little in size from drawing to
  drawing. That takes nothing away: probability in S times m / size of S is the weight of two-phase
  sampling, which is right on average; the test simulates it.) This holds while nobody skips: a
  passage that was put off stays first in its area's line.
- *Passages of the sample are asked about in no other way.* Those that a model finds doubtful or
  likely would be missing from the sample, or be known before they come up blind.
- *One exception to "what was decided does not come again":* a passage of the sample on which the
  coder decided otherwise than blind (they came by it, or the sample was enlarged by it later) is
  asked again, blind. To leave it out would take out of the sample just those with most codes in
  them; to count it as it is would take over what the model said.
- *Nothing else fills the random half.* When the sample is at its end a batch is shorter, until a
  larger one is drawn: the larger one holds the smaller. What its passages are worth then depends
  on how far it was checked, so probabilities must be taken from it, not from the decisions.

An *uncertain* passage is the nearest to a label's cut-off, in log odds: a label that applies from
.1 on is not sure of .2. A *rare* one is the likeliest to have a label that people found too seldom
for a classifier. Both go from label to label and from interview to interview.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice, zip_longest
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.classifiers import Applied

ENOUGH, ENOUGH_INTERVIEWS = 20, 5  # passages that have it, for a label not to be rare any more
SMALLEST = 1e-6  # of a score, and as far from 1: it keeps log odds finite

Selection = Literal["random", "uncertain", "rare"]
Flags = NDArray[np.bool_]
Column = NDArray[np.float64]
Places = NDArray[np.intp]
Numbers = NDArray[np.floating[Any]]
T = TypeVar("T")


class Pool(NamedTuple):
    """A study's passages, as far as it matters for asking.

    ``scores`` are passages x labels, 0 to 1; ``applied_from`` is each label's cut-off, infinite
    for one that is only ranked. ``interviews`` numbers each passage's interview from 0.
    ``sample`` gives the places of the check sample's passages, in the order to check them in (see
    :func:`take_turns`), and ``probability`` that of each to have been drawn.
    """

    scores: Numbers
    applied_from: Column
    interviews: Places
    sample: Places
    probability: Column


class Asked(NamedTuple):
    """What people have decided so far.

    ``checked`` are the passages that the coder decided on as part of the sample, ``decided`` those
    that they decided on in any way (or anybody, in a team that shares the work out). ``rare`` are
    the labels that too few passages have: see :func:`find_rare`.
    """

    checked: Flags
    decided: Flags
    rare: Flags


class Pick(NamedTuple):
    """A passage to ask about: its place, and the place of the label that it was picked for.

    Only what is random has a ``probability`` (of having been drawn), and it has no label: -1.
    """

    row: int
    selection: Selection
    probability: float = float("nan")
    label: int = -1


def pick_batch(pool: Pool, asked: Asked, *, size: int, seed: int) -> list[Pick]:
    """Pick the next passages: random ones, and between them uncertain and rare ones in turn.

    Where nothing uncertain or rare is left, random ones take its place. The same decisions and
    seed give the same batch. It is empty when everything has been asked.
    """
    random = np.random.default_rng([seed, int(asked.decided.sum())])
    telling = list(_pick_telling(pool, asked, size // 2, random))
    waiting = np.flatnonzero(~asked.checked[pool.sample])[: size - len(telling)].tolist()
    drawn = [
        Pick(int(pool.sample[place]), "random", float(pool.probability[place])) for place in waiting
    ]
    return list(_alternate(drawn, telling))


def find_rare(yes: Applied, interviews: Places) -> Flags:
    """Say of each label whether people found it in too few passages or interviews to learn it.

    ``yes`` is passages x labels: where people say that it applies.
    """
    rows, labels = np.nonzero(yes)
    pairs = np.unique(np.column_stack([labels, interviews[rows]]), axis=0)
    found, having = (np.bincount(each, minlength=yes.shape[1]) for each in (labels, pairs[:, 0]))
    return np.asarray((found < ENOUGH) | (having < ENOUGH_INTERVIEWS))


def take_turns(areas: NDArray[np.str_]) -> Places:
    """Order a sample so that areas come in turn, and the passages of each as they stood.

    >>> take_turns(np.array(["North", "North", "North", "South", "South"])).tolist()
    [0, 3, 1, 4, 2]
    """
    names, of = np.unique(areas, return_inverse=True)
    turns = np.zeros(len(areas), dtype=np.intp)
    for name in range(len(names)):
        turns[of == name] = np.arange((of == name).sum())
    return np.lexsort((of, turns))


def _pick_telling(
    pool: Pool, asked: Asked, wanted: int, random: np.random.Generator
) -> Iterator[Pick]:
    """Pick uncertain and rare passages in turn, from outside the sample.

    No interview gives more than its part of the batch: what else it has is asked about later.
    """
    free = ~asked.decided
    free[pool.sample] = False
    most = 1 + wanted // max(len(np.flatnonzero(np.bincount(pool.interviews[free]))), 1)
    given: Counter[int] = Counter()
    labels = np.isfinite(pool.applied_from), asked.rare
    for selection, label in islice(_go_round(*labels, random), wanted):
        rows = np.flatnonzero(free)
        if not len(rows):
            return
        row = int(rows[np.argmin(_DISTANCES[selection](pool, rows, label))])
        yield Pick(row, selection, label=label)
        interview = int(pool.interviews[row])
        given[interview] += 1
        free[row] = False
        if given[interview] == most:
            free[pool.interviews == interview] = False


def _go_round(
    uncertain: Flags, rare: Flags, random: np.random.Generator
) -> Iterator[tuple[Selection, int]]:
    """Give a label to be asked about as uncertain, then one as rare, and so on for ever."""
    one, other = (
        random.permutation(np.flatnonzero(labels)).tolist() for labels in (uncertain, rare)
    )
    return _alternate(
        (("uncertain", label) for label in cycle(one)), (("rare", label) for label in cycle(other))
    )


def _measure_doubt(pool: Pool, rows: Places, label: int) -> Numbers:
    doubt = _log_odds(pool.scores[rows, label]) - _log_odds(pool.applied_from[[label]])
    return np.asarray(np.abs(doubt))


def _measure_unlikeness(pool: Pool, rows: Places, label: int) -> Numbers:
    return np.asarray(-pool.scores[rows, label])


# How little passages are to be asked about for a label: the nearest comes first.
_DISTANCES: dict[Selection, Callable[[Pool, Places, int], Numbers]] = {
    "uncertain": _measure_doubt,
    "rare": _measure_unlikeness,
}


def _alternate(*kinds: Iterable[T]) -> Iterator[T]:
    """Give one of each kind in turn, and go on with those that are left."""
    for turn in zip_longest(*kinds):
        yield from (one for one in turn if one is not None)


def _log_odds(scores: Numbers) -> Numbers:
    inside = np.clip(scores, SMALLEST, 1 - SMALLEST)
    return np.asarray(np.log(inside / (1 - inside)))
