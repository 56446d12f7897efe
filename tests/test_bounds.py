import numpy as np
import pandas as pd
import pytest

from pipeline.codebook import Label
from pipeline.coding.settling import settle
from pipeline.findings.bounds import bound_balances, bound_powers
from pipeline.findings.checks import gather_checks
from pipeline.findings.corrections import correct_shares
from pipeline.findings.powers import profile_powers, weigh_balance
from pipeline.findings.redraws import redraw_shares
from pipeline.findings.shares import count_shares
from pipeline.tables import CODINGS, DECISIONS, PASSAGES

POWERS = ("hierarchical", "solidaristic", "individual")
LABELS = [Label(power, s) for power in POWERS for s in ("enabling", "lacking", "excessive")]


def analyse(*, rates, interviews=10, size=30, truth=None, checked=0, asked=LABELS, among=None):
    """Profile one area; ``rates`` and ``truth`` give shares by label, one number an interview.

    The model says what rates say. People check the first passages of every interview by truth, for
    the labels that they are ``asked`` for; only those of the first interviews ``among`` all.
    """
    random = np.random.default_rng(0)
    names = [(f"T{i}", f"T{i}-{j}") for i in range(interviews) for j in range(size)]
    common = {"participant": "P", "role": "", "turn": 1, "start": 0, "end": 1, "words": 9}
    passages = PASSAGES.build(
        common | {"passage": p, "transcript": t, "area": "North", "context": "", "text": p}
        for t, p in names
    )

    def draw(shares, label):
        each = np.broadcast_to(shares.get(label, 0.0), interviews)
        return random.random(len(names)) < np.repeat(each, size)

    said = {label: draw(rates, label) for label in LABELS}
    codings = CODINGS.build(
        {"passage": p, "code": label.code, "stance": label.stance, "coder": "model default"}
        | {"score": float(yes), "applied": yes, "decision": "ask" if yes else "no"}
        for label in LABELS
        for (_, p), yes in zip(names, said[label].tolist(), strict=True)
    )
    told = {label: draw(truth or {}, label) for label in LABELS}
    decisions = DECISIONS.build(
        {
            "number": place * len(LABELS) + n,
            "coder": "Ada",
            "passage": p,
            "applied": told[label][place],
        }
        | {"code": label.code, "stance": label.stance, "codebook_version": "1"}
        | {"selection": "random", "probability": checked / size, "decided_at": ""}
        for place, (_, p) in enumerate(names)
        for n, label in enumerate(LABELS)
        if place % size < checked and label in asked and place // size < (among or interviews)
    )
    settled, checks = settle(codings), gather_checks(decisions, passages, codings)
    shares = correct_shares(count_shares(passages, settled, LABELS), passages, codings, checks)
    powers = profile_powers(shares, POWERS)
    redrawn = redraw_shares(passages, settled, codings, checks, LABELS)
    balances = bound_balances(weigh_balance(powers), powers, redrawn)
    return bound_powers(powers, redrawn).set_index("power"), balances.iloc[0]


EVEN = {Label(power, "enabling"): 0.3 for power in POWERS}


def test_even_powers_are_balanced_and_the_interval_says_so():
    _, balance = analyse(rates=EVEN)
    assert balance["balance"] > 0.98
    assert 0.95 < balance["balance_low"] <= balance["balance"] <= balance["balance_high"] <= 1


def test_a_power_that_every_interview_calls_short_is_surely_so():
    lacking = {Label("individual", "lacking"): 0.3, Label("individual", "enabling"): 0.05}
    powers, _ = analyse(rates=EVEN | lacking)
    row = powers.loc["individual"]
    assert row["is_short"]
    assert row["shortness_low"] > 0.5
    assert row["shortness_low"] <= row["shortness"] <= row["shortness_high"]


def test_a_power_that_one_interview_calls_short_is_not_surely_so():
    lacking = {Label("individual", "lacking"): [0.9] + [0.0] * 9}
    few = {Label("individual", "enabling"): 0.06}
    powers, _ = analyse(rates=EVEN | lacking | few)
    assert powers.loc["individual"]["shortness_low"] < 0.2


def test_what_people_checked_corrects_the_profile():
    wrong = EVEN | {Label("individual", "lacking"): 0.4}
    powers, _ = analyse(rates=wrong, truth=EVEN, checked=12)
    row = powers.loc["individual"]
    assert (row["lacking"] > 80, row["lacking_share"]) == (True, 0.0)
    assert (row["shortness"], row["is_short"], row["status"]) == (0.0, False, "checked")
    assert row["enabling_share"] == pytest.approx(0.3, abs=0.1)


def test_without_mentions_there_is_no_interval():
    powers, balance = analyse(rates={})
    assert powers[["shortness_low", "excess_high"]].isna().all(axis=None)
    assert balance["balance"] == 0
    assert balance[["balance_low", "balance_high"]].isna().all()


def test_draws_that_are_all_alike_do_not_tell_how_sure_a_figure_is():
    nobody_lacks = {Label(power, "enabling"): 0.4 for power in ("hierarchical", "individual")}
    powers, _ = analyse(rates=nobody_lacks)
    assert powers.loc["hierarchical", "shortness"] == 0
    assert powers.loc["hierarchical", ["shortness_low", "shortness_high"]].isna().all()


ENDS = ["shortness", "shortness_low", "shortness_high"]


def test_a_power_that_people_checked_in_one_stance_only_is_drawn_as_it_is_counted():
    rates = EVEN | {Label("individual", "lacking"): 0.4}
    plain, _ = analyse(rates=rates)
    partly, _ = analyse(rates=rates, truth=EVEN, checked=12, asked=[Label("individual", "lacking")])
    assert plain.loc["individual", "shortness_low"] > 0.45
    assert partly.loc["individual", ENDS].tolist() == plain.loc["individual", ENDS].tolist()


def test_draws_without_a_checked_passage_are_left_out_of_the_balance():
    # One draw in ten has neither of the two interviews that were checked.
    _, balance = analyse(rates=EVEN, truth=EVEN, interviews=8, checked=30, among=2)
    assert 0.9 < balance["balance_low"] <= balance["balance"]


def test_the_same_seed_draws_the_same_interviews():
    one, two = (analyse(rates=EVEN)[0] for _ in "ab")
    pd.testing.assert_frame_equal(one, two)


def test_a_figure_always_lies_in_its_interval():
    # Twenty interviews for each power: the study is even, and hardly any draw is as even.
    each = {p: [float(row % 3 == place) for row in range(60)] for place, p in enumerate(POWERS)}
    rates = {Label(power, "enabling"): shares for power, shares in each.items()}
    _, balance = analyse(rates=rates, interviews=60, size=2)
    assert (balance["balance"], balance["balance_high"]) == (1, 1)
    assert 0.9 < balance["balance_low"] < 0.97
