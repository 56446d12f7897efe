"""Correct the shares of areas by the passages that people checked."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook import Label
from pipeline.findings.estimation import (
    FEWEST_CHECKED,
    UNKNOWN,
    Estimate,
    Sample,
    Trust,
    estimate_beyond,
    estimate_collected,
    weigh_model,
)
from pipeline.findings.grids import spread
from pipeline.tables import CHECKED, SHARES, Checks, Codings, Passages, Shares, is_by_model

Samples = dict[Label, dict[str, Sample]]  # of every area
BOTH, PEOPLE = "people and model", "people"


class Correction(NamedTuple):
    """What a check says of a label in an area."""

    checked: int
    basis: str
    collected: Estimate
    beyond: Estimate


NONE = Correction(0, "", UNKNOWN, UNKNOWN)


def correct_shares(shares: Shares, passages: Passages, codings: Codings, checks: Checks) -> Shares:
    """Fill in checked, corrected_share, its intervals, basis and status.

    ``codings`` hold the model's score for every passage and label. A label is corrected in an area
    as soon as people checked two passages for it there.
    """
    found = _correct(passages, codings, checks)
    keys = zip(shares["area"], shares["code"], shares["stance"], strict=True)
    each = [found.get(key, NONE) for key in keys]
    done = np.array([not np.isnan(one.collected.share) for one in each], dtype=bool)
    return SHARES.check(
        shares.assign(
            checked=[one.checked for one in each],
            basis=[one.basis for one in each],
            corrected_share=[one.collected.share for one in each],
            low=[one.collected.low for one in each],
            high=[one.collected.high for one in each],
            beyond_low=[one.beyond.low for one in each],
            beyond_high=[one.beyond.high for one in each],
            status=shares["status"].mask(done, CHECKED),
        )
    )


def gather_samples(checks: Checks) -> Samples:
    """Give what people checked: for each label, the sample of every area."""
    return {
        Label(str(code), str(stance)): {
            str(area): Sample.of(mine) for area, mine in rows.groupby("area")
        }
        for (code, stance), rows in checks.groupby(["code", "stance"], observed=True)
    }


def _correct(
    passages: Passages, codings: Codings, checks: Checks
) -> dict[tuple[str, str, str], Correction]:
    """Give a correction for every area, code and stance that anybody checked."""
    samples, model = gather_samples(checks), codings[is_by_model(codings)]
    (scores,) = spread(model, ["score"], passages["passage"], [*samples], blank=np.nan)
    areas, interviews = (passages[name].to_numpy(str) for name in ("area", "transcript"))
    found = {}
    for column, (label, of_area) in zip(scores.T, samples.items(), strict=True):
        trust = weigh_model([*of_area.values()])
        for area, sample in of_area.items():
            here = areas == area
            found[area, *label] = _correct_one(column[here], interviews[here], sample, trust)
    return found


def _correct_one(
    scores: NDArray[np.float64], interviews: NDArray[np.str_], sample: Sample, trust: Trust
) -> Correction:
    checked = len(sample.applied)
    has_model = trust.weight > 0 and checked >= FEWEST_CHECKED
    collected = estimate_collected(scores, sample, trust)
    if np.isnan(collected.share):
        return NONE._replace(checked=checked)
    beyond = estimate_beyond(scores, interviews, sample, trust)
    return Correction(checked, BOTH if has_model else PEOPLE, collected, beyond)
