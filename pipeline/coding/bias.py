"""Does a model err more for some areas, roles or lengths of transcript than for others?"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.coding.classifiers import Applied
from pipeline.coding.evaluation import Draws, draw_interviews, interval
from pipeline.coding.training import Truth

FEWEST = 5  # interviews in a group, to say anything of it
LENGTHS = ("short", "middling", "long")


def find_bias(
    truth: Truth, said: Applied, groups: Mapping[str, NDArray[np.str_]]
) -> list[dict[str, Any]]:
    """Give, for every group of passages, how often the model errs and which way.

    ``said`` (passages x labels) is where the model applies a label, not having learnt from the
    interview; ``groups`` gives each passage's area, role and so on. ``missed`` and ``invented``
    are shares of the decisions (a passage and a label) that are wrong, 0 to 1; ``difference`` is
    that of all errors from the other groups', with a 95 % interval over interviews.
    """
    missed = (truth.known & truth.applied & ~said).sum(axis=1)
    invented = (truth.known & ~truth.applied & said).sum(axis=1)
    decisions = truth.known.sum(axis=1)
    draws = draw_interviews(truth.interviews)
    return [
        {
            "by": by,
            "group": name,
            "passages": int(mine.sum()),
            "interviews": len(set(truth.interviews[mine])),
            "missed": round(float(missed[mine].sum() / decisions[mine].sum()), 4),
            "invented": round(float(invented[mine].sum() / decisions[mine].sum()), 4),
            **_against_others(missed + invented, decisions, mine, draws),
        }
        for by, name, mine in _groups(groups, truth.interviews)
        if decisions[mine].any() and decisions[~mine].any()
    ]


def name_lengths(words: NDArray[np.int_], interviews: NDArray[np.str_]) -> NDArray[np.str_]:
    """Say of each passage whether its interview is short, middling or long (thirds)."""
    names, rows = np.unique(interviews, return_inverse=True)
    spoken = np.bincount(rows, words)
    thirds = np.searchsorted(np.quantile(spoken, [1 / 3, 2 / 3]), spoken)
    return np.array(LENGTHS)[thirds][rows]


def _groups(
    groups: Mapping[str, NDArray[np.str_]], interviews: NDArray[np.str_]
) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    for by, names in groups.items():
        for name in np.unique(names[names != ""]):
            mine = names == name
            if not mine.all() and len(set(interviews[mine])) >= FEWEST:
                yield by, str(name), mine


def _against_others(
    errors: NDArray[np.int_], decisions: NDArray[np.int_], mine: NDArray[np.bool_], draws: Draws
) -> dict[str, Any]:
    def redraw(counts: NDArray[np.int_], rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        size = draws.weights.shape[1]
        return np.asarray(draws.weights @ np.bincount(draws.rows, counts * rows, size))

    with np.errstate(invalid="ignore"):
        differences = redraw(errors, mine) / redraw(decisions, mine) - redraw(
            errors, ~mine
        ) / redraw(decisions, ~mine)
    here, there = (errors[rows].sum() / decisions[rows].sum() for rows in (mine, ~mine))
    return {"difference": round(float(here - there), 4), "interval": interval(differences)}
