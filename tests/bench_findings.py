"""Time every finding on a large study that is made up in memory: `make bench-scale`.

    python tests/bench_findings.py [OUTPUT.md]

Ten thousand passages of 60 interviews in eight areas, coded by the shipped codebook: by a model
everywhere, and by two people, each on 2,000 passages drawn at random. Prints the median seconds.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.codebook import Codebook, read_codebook
from pipeline.coding.settling import add_decisions, settle
from pipeline.findings.agreement import compare_coders, compare_sets, list_disagreements
from pipeline.findings.all_findings import Coded, find_all
from pipeline.findings.bounds import bound_balances, bound_powers
from pipeline.findings.checks import gather_checks, gather_comparable
from pipeline.findings.claim_evidence import list_evidence
from pipeline.findings.corrections import correct_shares
from pipeline.findings.diagnoses import diagnose
from pipeline.findings.differences import compare_areas
from pipeline.findings.framework import build_matrix, pick_quotes
from pipeline.findings.powers import profile_powers, weigh_balance
from pipeline.findings.presence import verify_presence
from pipeline.findings.redraws import redraw_shares
from pipeline.findings.saturation import find_saturation
from pipeline.findings.shares import count_shares
from pipeline.findings.verdicts import weigh_claims
from pipeline.tables import CODINGS, DECISIONS, PASSAGES, Codings, Decisions, Passages

AREAS, INTERVIEWS, PASSAGES_MADE = 8, 60, 10_000
PEOPLE, CHECKED = ("Ada", "Bo"), 2_000  # passages that each of them codes
CODED = 0.06  # share of passages that have a code in one of its stances, on average
MISTAKES = 0.05  # share of a person's decisions that are the wrong way round
TIMES = 3
SEED = 0

Flags = NDArray[np.bool_]


def make_passages(random: np.random.Generator) -> Passages:
    """Make passages of interviews of different length, which lie in the areas in turn."""
    interview = np.sort(random.integers(0, INTERVIEWS, PASSAGES_MADE))
    transcripts = [f"T{place:02d}" for place in interview]
    names = [f"{name}-{place:05d}" for place, name in enumerate(transcripts)]
    columns = {
        "passage": names,
        "transcript": transcripts,
        "participant": [f"P{place:02d}" for place in interview],
        "area": [f"Area {place % AREAS + 1}" for place in interview],
        "role": [f"role {place % 5}" for place in interview],
        "turn": np.arange(PASSAGES_MADE),
        "text": names,
    }
    blank = {"start": 0, "end": 1, "words": 60, "context": ""}
    return PASSAGES.check(pd.DataFrame(columns).assign(**blank))


def make_truth(random: np.random.Generator, passages: Passages, labels: int) -> Flags:
    """Say which labels passages have: interviews differ in how much they show of each."""
    interview = pd.factorize(passages["transcript"])[0]
    rates = random.beta(1, 1 / CODED - 1, size=(INTERVIEWS, labels))
    return np.asarray(random.random((len(passages), labels)) < rates[interview])


def make_codings(
    random: np.random.Generator, passages: Passages, truth: Flags, codebook: Codebook
) -> Codings:
    """Let a model score all passages for all labels, right more often than not."""
    scores = np.where(truth, random.beta(5, 3, truth.shape), random.beta(1.5, 9, truth.shape))
    long = spread(passages["passage"], codebook)
    applied = scores.ravel() >= 0.5
    return CODINGS.check(
        long.assign(
            coder="model default",
            score=scores.ravel(),
            applied=applied,
            decision=np.where(applied, "ask", "no"),
        )
    )


def make_decisions(
    random: np.random.Generator, passages: Passages, truth: Flags, codebook: Codebook
) -> Decisions:
    """Let each person decide on all labels of passages of their own random sample."""
    either = 1 - (1 - CHECKED / PASSAGES_MADE) ** len(PEOPLE)  # probability of being in any sample
    sheets = []
    for coder in PEOPLE:
        rows = np.sort(random.choice(PASSAGES_MADE, CHECKED, replace=False))
        said = truth[rows] ^ (random.random((CHECKED, truth.shape[1])) < MISTAKES)
        sheet = spread(passages["passage"].iloc[rows], codebook)
        sheets.append(sheet.assign(coder=coder, applied=said.ravel()))
    blank = {"codebook_version": codebook.version, "decided_at": ""}
    whole = pd.concat(sheets, ignore_index=True).assign(**blank)
    return DECISIONS.check(
        whole.assign(number=np.arange(len(whole)), selection="random", probability=either)
    )


def spread(passages: "pd.Series[str]", codebook: Codebook) -> pd.DataFrame:
    """Give a row for each passage and label."""
    labels = pd.DataFrame(codebook.labels, columns=["code", "stance"])
    return passages.to_frame().merge(labels, how="cross")


def make_study(seed: int) -> tuple[Coded, Decisions]:
    """Make a study, with what people decided."""
    random, codebook = np.random.default_rng(seed), read_codebook("shipped")
    passages = make_passages(random)
    truth = make_truth(random, passages, len(codebook.labels))
    codings = make_codings(random, passages, truth, codebook)
    decisions = make_decisions(random, passages, truth, codebook)
    whole = add_decisions(codings, decisions, passages)
    checks = gather_checks(decisions, passages, whole)
    return Coded(passages, whole, settle(whole), checks, codebook, ()), decisions


def list_steps(study: Coded, decisions: Decisions) -> Mapping[str, Callable[[], object]]:
    """Name every finding with what makes it, given what it rests on."""
    passages, codings, settled, checks, codebook, _ = study
    labels = codebook.labels
    found = find_all(study)
    shares, powers, balances = found.shares, found.powers, found.balances
    of_powers = [label for label in labels if label.code in codebook.powers]
    redrawn = redraw_shares(passages, settled, codings, checks, of_powers)
    comparable = gather_comparable(codings, checks, passages)
    return {
        "people and model settled": lambda: settle(codings),
        "checks gathered": lambda: gather_checks(decisions, passages, codings),
        "shares counted": lambda: count_shares(passages, settled, labels),
        "shares corrected": lambda: correct_shares(shares, passages, codings, checks),
        "powers and balances": lambda: weigh_balance(profile_powers(shares, codebook.powers)),
        "interviews redrawn": lambda: redraw_shares(passages, settled, codings, checks, of_powers),
        "powers and balances bounded": lambda: (
            bound_balances(balances, powers, redrawn),
            bound_powers(powers, redrawn),
        ),
        "differences": lambda: compare_areas(shares, powers, balances),
        "diagnoses": lambda: diagnose(powers, shares, found.differences),
        "presence": lambda: verify_presence(passages, codings, labels),
        "claims": lambda: weigh_claims(passages, settled, shares, labels),
        "claim evidence": lambda: list_evidence(passages, settled, shares, labels),
        "codings made comparable": lambda: gather_comparable(codings, checks, passages),
        "agreement": lambda: compare_coders(comparable),
        "agreement on sets": lambda: compare_sets(comparable),
        "disagreements": lambda: list_disagreements(comparable),
        "saturation": lambda: find_saturation(passages, settled, seed=0),
        "framework": lambda: build_matrix(passages, codings, codebook),
        "quote bank": lambda: pick_quotes(passages, codings, labels),
        "**all findings**": lambda: find_all(study),
    }


def time_step(step: Callable[[], object]) -> float:
    """Give the median of the seconds that a step takes."""
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        step()
        taken.append(time.perf_counter() - start)
    return median(taken)


def tabulate(seed: int) -> Iterator[str]:
    """Give the lines of a Markdown table, one when it is timed."""
    study, decisions = make_study(seed)
    labels, cores = len(study.codebook.labels), os.cpu_count()
    yield f"{len(study.passages):,} passages, {labels} codes in their stances, "
    yield f"{len(study.codings):,} codings, {INTERVIEWS} interviews, {AREAS} areas; "
    yield f"Python {platform.python_version()}, {cores} cores; median of {TIMES}\n\n"
    yield "| finding | seconds |\n|---|---:|\n"
    for name, step in list_steps(study, decisions).items():
        yield f"| {name} | {time_step(step):.2f} |\n"


def main(output: str = "") -> None:
    """Print the table as it grows, and write it to a file if one is named."""
    text = ""
    for line in tabulate(SEED):
        sys.stdout.write(line)
        sys.stdout.flush()
        text += line
    if output:
        Path(output).write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
