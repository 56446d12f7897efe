"""Agreement between coders: people among themselves, and each person with each model.

The tables of codings that this module takes have one row a passage, code, stance and coder, with
the columns passage, interview, code, stance, coder and applied. A row with applied False is a no;
a coder who did not look has no row. A coder whose name starts with 'model ' is a model; its
codings must be of passages that it was not trained on, which whoever calls sees to.

Only passages that two or more of the coders looked at are compared. Intervals come from bootstrap
samples of the interviews with such passages: passages of one interview say little that is new.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.findings.coefficients import (
    Flags,
    Pairs,
    Places,
    Values,
    cohens_kappa,
    draw_samples,
    gwets_ac1,
    krippendorffs_alpha,
    positive_agreement,
    raw_agreement,
    sum_between,
    sum_within,
)
from pipeline.resampling import DRAWS, Column, find_middle
from pipeline.tables import (
    AGREEMENT,
    DISAGREEMENTS,
    MODEL,
    SET_AGREEMENT,
    Agreement,
    Disagreements,
    SetAgreement,
    is_by_model,
)

FEWEST_POSITIVES = 20  # passages with a yes, below which a code is rare

_LABEL = ["code", "stance"]

Draw = Callable[[int], Column]  # the samples of so many interviews


class Sheet(NamedTuple):
    """Codings laid out by label, passage and coder, each in alphabetical order.

    ``coded`` and ``applied`` (labels x passages x coders) say who looked, and who said yes;
    ``interviews`` is the place of each passage's interview.
    """

    coded: Flags
    applied: Flags
    interviews: Places
    labels: list[tuple[str, str]]
    coders: list[str]


def compare_coders(codings: pd.DataFrame, *, draws: int = DRAWS, seed: int = 0) -> Agreement:
    """Say for every code and stance how far coders agree, a row for each group of coders.

    Groups are each two people, each person with each model, and all people if there are more than
    two. A group that has no passage of a label in common has no row for it. Alpha is the primary
    coefficient; where a code is rare (fewer than 20 positives) it says little, so nothing may hang
    on it. Positive agreement, kappa and AC1 are defined for two coders, and are empty for more.
    The end of an interval is empty if there is one interview, or if most bootstrap samples give
    none. For the coefficients see there.
    """
    sheet, draw = _lay_out(codings), cache(partial(draw_samples, draws=draws, seed=seed))
    groups = _group_coders(sheet.coders)
    rows = [
        _compare_label(sheet, label, group, draw)
        for label, group in product(range(len(sheet.labels)), groups)
    ]
    return AGREEMENT.build(row for row in rows if row["passages"])


def compare_sets(codings: pd.DataFrame, *, draws: int = DRAWS, seed: int = 0) -> SetAgreement:
    """Say how far coders agree on which labels a passage gets, a row for each group of coders.

    Krippendorff's alpha with MASI distances between sets of labels: some labels in common is
    better than none. A coder's set is what they apply; a passage counts for a coder who looked at
    it for any label, and a label that they did not look at is not in their set. Two empty sets
    agree fully. Groups as in compare_coders.
    """
    sheet, draw = _lay_out(codings), partial(draw_samples, draws=draws, seed=seed)
    rows = [_compare_sets(sheet, group, draw) for group in _group_coders(sheet.coders)]
    return SET_AGREEMENT.build(row for row in rows if row["passages"])


def list_disagreements(codings: pd.DataFrame) -> Disagreements:
    """List where people differ, to talk it through, by interview and passage."""
    keys = ["interview", "passage", *_LABEL]
    people = _as_text(codings)
    people = people[~is_by_model(people)].sort_values([*keys, "coder"])
    differ = people[people.groupby(keys)["applied"].transform("nunique") > 1]
    names = [
        rows.groupby(keys)["coder"].agg(", ".join).rename(said)
        for said, rows in (("yes", differ[differ["applied"]]), ("no", differ[~differ["applied"]]))
    ]
    return DISAGREEMENTS.check(pd.concat(names, axis=1).reset_index())


def _as_text(codings: pd.DataFrame) -> pd.DataFrame:
    """Give codings whose names are text: categories that no row has would come back as groups."""
    names = ["passage", "interview", *_LABEL, "coder"]
    return codings.astype(dict.fromkeys(names, "str") | {"applied": "bool"})


def _lay_out(codings: pd.DataFrame) -> Sheet:
    text = _as_text(codings)
    (passage, passages), (interview, _), (coder, coders) = (
        pd.factorize(text[name], sort=True) for name in ("passage", "interview", "coder")
    )
    labels = text[_LABEL].drop_duplicates().sort_values(_LABEL)
    place = text.groupby(_LABEL).ngroup().to_numpy()
    coded = np.zeros((len(labels), len(passages), len(coders)), dtype=bool)
    applied = np.zeros_like(coded)
    coded[place, passage, coder] = True
    applied[place, passage, coder] = text["applied"]
    interviews = np.zeros(len(passages), dtype=np.intp)
    interviews[passage] = interview
    names = list(labels.itertuples(index=False, name=None))
    return Sheet(coded, applied, interviews, names, list(coders))


def _group_coders(coders: Sequence[str]) -> list[list[int]]:
    """Give the places of each two people, each person and model, and all people if over two."""
    people = [place for place, name in enumerate(coders) if not name.startswith(MODEL)]
    models = [place for place, name in enumerate(coders) if name.startswith(MODEL)]
    pairs = [*combinations(people, 2), *product(people, models)]
    return [*map(list, pairs), *([people] if len(people) > 2 else [])]


def _compare_label(sheet: Sheet, label: int, group: list[int], draw: Draw) -> dict[str, Any]:
    coded, applied = sheet.coded[label][:, group], sheet.applied[label][:, group]
    shared = coded.sum(axis=1) >= 2
    coded, applied = coded[shared], applied[shared]
    names, interviews = np.unique(sheet.interviews[shared], return_inverse=True)
    weights = draw(len(names))
    yes, looked = applied.sum(axis=1), coded.sum(axis=1)
    figures = _measure_values(yes, looked, interviews, weights)
    if len(group) == 2:
        figures |= _measure_pairs(applied, interviews, weights)
    return {
        **dict(zip(_LABEL, sheet.labels[label], strict=True)),
        **_describe(sheet, group, interviews, yes > 0),
        "both_yes": int((yes == looked).sum()),
        "one_yes": int(((yes > 0) & (yes < looked)).sum()),
        "both_no": int((yes == 0).sum()),
        **_with_ends(figures),
        "is_rare": bool((yes > 0).sum() < FEWEST_POSITIVES),
    }


def _measure_values(
    yes: Places, looked: Places, interviews: Places, weights: Column
) -> dict[str, Column]:
    no = looked - yes
    yeses, noes, differing = _sum_up([yes, no, 2 * yes * no / (looked - 1)], interviews, weights)
    values = Values(yeses + noes, differing, 2 * yeses * noes)
    return {"raw": raw_agreement(values), "alpha": krippendorffs_alpha(values)}


def _measure_pairs(applied: Flags, interviews: Places, weights: Column) -> dict[str, Column]:
    first, second = applied.T
    cells = [first & second, first & ~second, ~first & second, ~first & ~second]
    pairs = Pairs(*_sum_up(cells, interviews, weights))
    return {
        "positive": positive_agreement(pairs),
        "kappa": cohens_kappa(pairs),
        "ac1": gwets_ac1(pairs),
    }


def _compare_sets(sheet: Sheet, group: list[int], draw: Draw) -> dict[str, Any]:
    looked = sheet.coded[:, :, group].sum(axis=0) > 0
    shared = looked.sum(axis=1) >= 2
    looked, sets = looked[shared], np.moveaxis(sheet.applied[:, shared][:, :, group], 0, -1)
    names, interviews = np.unique(sheet.interviews[shared], return_inverse=True)
    weights = draw(len(names))
    within = [looked.sum(axis=1), sum_within(sets, looked)]
    total, differing = _sum_up(within, interviews, weights)
    between = sum_between(sets[looked], interviews[looked.nonzero()[0]], len(names))
    values = Values(total, differing, ((weights @ between) * weights).sum(axis=1))
    return {
        **_describe(sheet, group, interviews, sets.sum(axis=(1, 2)) > 0),
        **_with_ends({"alpha": krippendorffs_alpha(values)}),
    }


def _sum_up(columns: Sequence[NDArray[Any]], interviews: Places, weights: Column) -> list[Column]:
    """Sum each column over its passages, in every sample."""
    count = weights.shape[1]
    return [weights @ np.bincount(interviews, column, count) for column in columns]


def _describe(
    sheet: Sheet, group: list[int], interviews: Places, positive: Flags
) -> dict[str, Any]:
    """Name the coders, and count the passages that they share."""
    return {
        "coders": " + ".join(sheet.coders[place] for place in group),
        "passages": len(positive),
        "interviews": len(np.unique(interviews)),
        "positives": int(positive.sum()),
    }


def _with_ends(figures: dict[str, Column]) -> dict[str, float]:
    """Give each coefficient of the first sample, and the ends of its interval from the others."""
    row: dict[str, float] = {}
    for name, values in figures.items():
        low, high = find_middle(values[1:])
        row |= {name: float(values[0]), f"{name}_low": low, f"{name}_high": high}
    return row
