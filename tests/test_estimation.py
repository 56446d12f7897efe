import numpy as np
import pytest
from simulate_findings import tally

from pipeline.findings.estimation import (
    NO_TRUST,
    Sample,
    Trust,
    estimate_beyond,
    estimate_collected,
    weigh_model,
)

WHOLE = Trust(1.0, 1.0)


def sample(applied, scores=None, *, weights=None, interviews=None):
    applied = np.array(applied, dtype=float)
    count = len(applied)
    return Sample(
        applied,
        np.zeros(count) if scores is None else np.array(scores, dtype=float),
        np.ones(count) if weights is None else np.array(weights, dtype=float),
        np.array([f"T{row % 5}" for row in range(count)] if interviews is None else interviews),
    )


def test_intervals_hold_the_truth_as_often_as_they_say_and_raw_ones_do_not():
    kinds = [(0.1, 10, 60), (0.25, 30, 40), (0.5, 5, 60)]
    raw, corrected, beyond = np.mean(
        [tally(*kind, studies=25, seed=3)[:3] for kind in kinds], axis=0
    )
    assert 0.92 <= corrected <= 0.98
    assert 0.92 <= beyond <= 0.98
    assert raw < 0.6


def test_a_model_that_is_right_makes_the_interval_narrower():
    random = np.random.default_rng(0)
    truth = random.random(500) < 0.3
    scores = np.clip(truth * 0.8 + random.normal(0, 0.1, 500), 0, 1)
    checked = sample(truth[:60], scores[:60])
    trust = weigh_model([checked])
    assert trust.weight > 0.9
    helped, alone = (estimate_collected(scores, checked, given) for given in (trust, NO_TRUST))
    assert helped.high - helped.low < 0.5 * (alone.high - alone.low)
    assert helped.low <= truth.mean() <= helped.high


def test_scores_that_tell_nothing_are_left_out():
    random = np.random.default_rng(0)
    assert weigh_model([sample(random.random(60) < 0.3, random.random(60))]) == NO_TRUST
    assert weigh_model([sample([1, 0] * 9, [1, 0] * 9)]) == NO_TRUST  # fewer than 20
    assert weigh_model([sample([0] * 60, random.random(60))]) == NO_TRUST
    assert weigh_model([]) == NO_TRUST


def test_a_model_that_is_wrong_everywhere_alike_is_corrected():
    truth = np.arange(400) % 4 == 0
    scores = np.where(truth, 0.9, 0.5)  # the mean score is .6, the share .25
    estimate = estimate_collected(scores, sample(truth[:80], scores[:80]), WHOLE)
    assert estimate.share == pytest.approx(0.25, abs=0.01)


def test_a_few_checked_passages_of_an_area_are_taken_without_the_model():
    scores = np.full(100, 0.9)
    few = sample([1, 0, 0, 0] * 4, [0.9] * 16)
    assert estimate_collected(scores, few, WHOLE) == estimate_collected(scores, few, NO_TRUST)


def test_when_every_passage_is_checked_the_share_is_known():
    estimate = estimate_collected(np.zeros(40), sample([1, 0, 0, 0] * 10), NO_TRUST)
    assert estimate == (0.25, 0.25, 0.25)


def test_nothing_found_in_sixty_still_allows_some():
    share, low, high = estimate_collected(np.zeros(600), sample([0] * 60), NO_TRUST)
    assert (share, low) == (0.0, 0.0)
    assert 0.04 < high < 0.08


def test_a_passage_that_was_less_likely_to_be_drawn_counts_for_more():
    estimate = estimate_collected(
        np.zeros(900), sample([1] * 10 + [0] * 30, weights=[9] * 10 + [1] * 30), NO_TRUST
    )
    assert estimate.share == pytest.approx(90 / 120)


def test_less_can_be_said_beyond_the_interviewees():
    interviews = np.repeat([f"T{row}" for row in range(10)], 30)
    truth = np.repeat([True, False], 150)  # interviews are all of one kind
    checked = sample(truth[::5], interviews=interviews[::5])
    near = estimate_collected(np.zeros(300), checked, NO_TRUST)
    far = estimate_beyond(np.zeros(300), interviews, checked, NO_TRUST)
    assert far.share == near.share == 0.5
    assert far.high - far.low > 2 * (near.high - near.low)


def test_below_five_interviews_nothing_is_said_beyond_them():
    interviews = np.array([f"T{row % 4}" for row in range(100)])
    checked = sample([1, 0] * 20, interviews=interviews[:40])
    assert np.isnan(estimate_beyond(np.zeros(100), interviews, checked, NO_TRUST)).all()


def test_nothing_checked_nothing_said():
    assert np.isnan(estimate_collected(np.ones(50), sample([]), 0.5)).all()
    assert np.isnan(estimate_collected(np.ones(50), sample([1]), 0.5)).all()
