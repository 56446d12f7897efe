"""Simulate studies whose truth is known, and count how often intervals hold it.

    python tests/simulate_findings.py [OUTPUT.md]

Every study has eight areas. Interviews are clusters: each has its own rate of a code, from a beta
distribution around its area's. The model finds a code where it is with probability .70 and keeps
from it where it is not with .92, both different in every area; its score says so with noise.
"""

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.findings.estimation import (
    NO_TRUST,
    Estimate,
    Sample,
    Trust,
    estimate_beyond,
    estimate_collected,
    weigh_model,
)
from pipeline.findings.sampling import draw_sample

AREAS = 8
LIKENESS = 0.1  # within an interview (intraclass correlation)
SENSITIVITY, SPECIFICITY = 0.70, 0.92
PREVALENCES, INTERVIEWS, CHECKED = (0.05, 0.1, 0.25, 0.5), (5, 10, 30), (40, 60, 100)
STUDIES = 250

ABOUT = """# How often intervals hold the truth

Made by `make bench-findings`: simulated studies of {areas} areas, {studies} of each kind.
Interviews are clusters (intraclass correlation {likeness}) of 15 to 60 passages. The model's
sensitivity is about {sensitivity} and its specificity about {specificity}, different in every
area. All intervals are meant to hold the truth in 95 % of cases. *Raw*: the model's share with
Wilson's interval, as if it were never wrong. *Corrected*: the difference estimator, for the
passages that were collected. *Beyond*: the same for more interviews of the kind, with interviews
as clusters. *Half width* is the mean of the corrected interval, in percentage points; *people
only* is that of the checked passages without the model.
"""


class Area(NamedTuple):
    """What is true of an area's passages, and what the model says."""

    rate: float
    applied: NDArray[np.bool_]
    scores: NDArray[np.float64]
    interviews: NDArray[np.str_]


class Tally(NamedTuple):
    """How often intervals held the truth, and how wide they were on average (percentage points)."""

    raw: float
    corrected: float
    beyond: float
    half_width: float
    people_only: float


def make_area(random: np.random.Generator, prevalence: float, interviews: int) -> Area:
    """Make an area whose rate lies around a prevalence."""
    rate = float(np.clip(prevalence * random.uniform(0.6, 1.4), 0.01, 0.9))
    spread = 1 / LIKENESS - 1
    rates = random.beta(rate * spread, (1 - rate) * spread, interviews)
    of = np.repeat(np.arange(interviews), random.integers(15, 61, interviews))
    applied = random.random(len(of)) < rates[of]
    found = np.clip(SENSITIVITY + random.normal(0, 0.08), 0.4, 0.95)
    spared = np.clip(SPECIFICITY + random.normal(0, 0.03), 0.8, 0.99)
    said = np.where(applied, random.random(len(of)) < found, random.random(len(of)) > spared)
    scores = np.where(said, random.beta(6, 3, len(of)), random.beta(1.5, 8, len(of)))
    return Area(rate, applied, scores, of.astype(str))


def draw(random: np.random.Generator, area: Area, checked: int) -> Sample:
    """Let people check a random sample, without a mistake."""
    drawn = draw_sample(area.interviews, checked, seed=int(random.integers(1 << 31)))
    rows = drawn["row"].to_numpy()
    weights = 1 / drawn["probability"].to_numpy()
    applied = area.applied[rows].astype(float)
    return Sample(applied, area.scores[rows], weights, area.interviews[rows])


def tally(prevalence: float, interviews: int, checked: int, *, studies: int, seed: int) -> Tally:
    """Simulate studies of one kind."""
    random = np.random.default_rng([seed, round(prevalence * 100), interviews, checked])
    held: list[tuple[bool, bool, bool, float, float]] = []
    for _ in range(studies):
        areas = [make_area(random, prevalence, interviews) for _ in range(AREAS)]
        samples = [draw(random, area, checked) for area in areas]
        trust = weigh_model(samples)
        held += [_judge(area, sample, trust) for area, sample in zip(areas, samples, strict=True)]
    return Tally(*np.mean(held, axis=0))


def _judge(area: Area, sample: Sample, trust: Trust) -> tuple[bool, bool, bool, float, float]:
    truth = float(area.applied.mean())
    corrected = estimate_collected(area.scores, sample, trust)
    people = estimate_collected(area.scores, sample, NO_TRUST)
    beyond = estimate_beyond(area.scores, area.interviews, sample, trust)
    raw = _as_if_never_wrong(area)
    return (
        _holds(raw, truth),
        _holds(corrected, truth),
        _holds(beyond, area.rate),
        50 * (corrected.high - corrected.low),
        50 * (people.high - people.low),
    )


def _as_if_never_wrong(area: Area) -> Estimate:
    """Give the raw share with Wilson's interval, by its textbook formula."""
    count, share, z = len(area.scores), float((area.scores >= 0.5).mean()), 1.96
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + (z / count / 2) ** 2)
    return Estimate(share, centre - half, centre + half)


def _holds(estimate: Estimate, truth: float) -> bool:
    return estimate.low - 1e-9 <= truth <= estimate.high + 1e-9


def tabulate(studies: int) -> Iterator[str]:
    """Give the table's lines, and what holds over all kinds of study."""
    yield "| prevalence | interviews an area | checked an area | raw | corrected | beyond "
    yield "| half width | people only |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    tallies = []
    for prevalence, interviews, checked in product(PREVALENCES, INTERVIEWS, CHECKED):
        one = tally(prevalence, interviews, checked, studies=studies, seed=0)
        tallies.append(one)
        yield (
            f"| {prevalence:.2f} | {interviews} | {checked} | {one.raw:.1%} | {one.corrected:.1%} "
            f"| {one.beyond:.1%} | {one.half_width:.1f} | {one.people_only:.1f} |\n"
        )
    mean, low, high = (Tally(*reduce(tallies, axis=0)) for reduce in (np.mean, np.min, np.max))
    yield (
        f"\nOver all: raw {mean.raw:.1%} ({low.raw:.1%} to {high.raw:.1%}), corrected "
        f"{mean.corrected:.1%} ({low.corrected:.1%} to {high.corrected:.1%}), beyond "
        f"{mean.beyond:.1%} ({low.beyond:.1%} to {high.beyond:.1%}).\n"
    )


def main(output: str = "") -> None:
    """Print the table as it grows, and write it to a file if one is named."""
    text = ABOUT.format(
        areas=AREAS,
        studies=STUDIES,
        likeness=LIKENESS,
        sensitivity=SENSITIVITY,
        specificity=SPECIFICITY,
    )
    text += "\n"
    for line in tabulate(STUDIES):
        sys.stdout.write(line)
        sys.stdout.flush()
        text += line
    if output:
        Path(output).write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
