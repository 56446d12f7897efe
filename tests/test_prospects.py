import numpy as np
import pytest
from simulate_findings import draw, make_area

from pipeline.findings.estimation import NO_TRUST, Sample, estimate_collected, weigh_model
from pipeline.findings.prospects import Area, expect_half_widths, guess_shares, look_ahead

AREAS, INTERVIEWS = 8, 10


def area(checked, collected, *shares, explained=0.0):
    return Area(checked, collected, np.array(shares), np.full(len(shares), explained))


def half_width(estimate):
    return 50 * (estimate.high - estimate.low)


def by_hand(found, checked, collected):
    applied = (np.arange(checked) < found).astype(float)
    sample = Sample(applied, np.zeros(checked), np.ones(checked), np.full(checked, "T1"))
    return half_width(estimate_collected(np.zeros(collected), sample, NO_TRUST))


@pytest.mark.parametrize(("checked", "collected", "having"), [(6, 20, 3), (20, 90, 9), (30, 31, 2)])
def test_without_a_model_it_is_the_mean_of_what_the_estimator_gives(checked, collected, having):
    truth = np.arange(collected) < having
    random = np.random.default_rng(0)
    found = [truth[random.permutation(collected)[:checked]].sum() for _ in range(4000)]
    width = {number: by_hand(number, checked, collected) for number in set(found)}
    (told,) = expect_half_widths(area(checked, collected, having / collected))
    assert told == pytest.approx(np.mean([width[number] for number in found]), rel=0.02)


def test_a_label_that_nobody_has_is_as_wide_as_the_estimator_says():
    (never, always) = expect_half_widths(area(40, 400, 0.0, 1.0))
    assert never == pytest.approx(always) == pytest.approx(by_hand(0, 40, 400))


@pytest.mark.parametrize("prevalence", [0.05, 0.25])
@pytest.mark.parametrize("wanted", [20, 40, 60, 100])
def test_a_forecast_is_within_15_percent_of_what_comes_true(prevalence, wanted):
    """Samples of 10 passages an area foretell the mean half width of samples of the wanted size."""
    random = np.random.default_rng([4, round(prevalence * 100), wanted])
    realised, known, foretold = [], [], []
    for _ in range(12):
        areas = [make_area(random, prevalence, INTERVIEWS) for _ in range(AREAS)]
        before = [draw(random, one, 10) for one in areas]
        after = [draw(random, one, wanted) for one in areas]
        first, trust = weigh_model(before), weigh_model(after)
        for one, early, late in zip(areas, before, after, strict=True):
            checked, collected = len(late.applied), len(one.scores)
            realised.append(half_width(estimate_collected(one.scores, late, trust)))
            state = area(checked, collected, one.applied.mean(), explained=trust.explained)
            known += expect_half_widths(state).tolist()
            seen = estimate_collected(one.scores, early, first).share
            guess = guess_shares(
                np.array([seen]), len(early.applied), np.array([one.scores.mean()])
            )
            state = area(checked, collected, *guess, explained=first.explained)
            foretold += expect_half_widths(state).tolist()
    assert np.mean(known) == pytest.approx(np.mean(realised), rel=0.1)
    assert np.mean(foretold) == pytest.approx(np.mean(realised), rel=0.15)


def test_more_checks_and_a_better_model_make_it_narrower():
    ahead = look_ahead(area(20, 500, 0.25))
    assert [one.checked for one in ahead] == [20, 30, 40, 60]
    widths = [one.half_width for one in ahead]
    assert sorted(widths, reverse=True) == widths
    assert widths[0] > 1.6 * widths[-1]
    (helped,) = look_ahead(area(60, 500, 0.25, explained=0.4), [0])
    assert helped.half_width < 0.85 * widths[-1]


def test_60_checked_passages_give_8_to_11_points_at_a_quarter():
    (alone,), (helped,) = (
        look_ahead(area(60, 375, 0.25, explained=explained), [0]) for explained in (0, 0.3)
    )
    assert 8 < helped.half_width < alone.half_width < 11


def test_below_twenty_checked_the_model_is_left_out_as_the_estimator_leaves_it_out():
    helped, alone = area(19, 300, 0.3, explained=0.5), area(19, 300, 0.3)
    assert look_ahead(helped, [0]) == look_ahead(alone, [0])
    assert look_ahead(helped, [1])[0].half_width < look_ahead(alone, [1])[0].half_width


def test_it_is_the_median_over_labels():
    rare, common, middle = (look_ahead(area(30, 300, one), [0])[0] for one in (0.02, 0.5, 0.2))
    assert rare.half_width < middle.half_width < common.half_width
    (both,) = look_ahead(area(30, 300, 0.02, 0.5, 0.2), [0])
    assert both.half_width == pytest.approx(middle.half_width)


def test_no_more_is_checked_than_there_is_and_then_all_is_known():
    assert look_ahead(area(30, 36, 0.2), [0, 10, 40])[1:] == [(36, 0.0)] * 2


def test_nothing_is_foretold_of_fewer_than_two():
    nothing, one, two = look_ahead(area(0, 50, 0.2), [0, 1, 2])
    assert np.isnan([nothing.half_width, one.half_width]).all()
    assert two.half_width > 25


def test_a_perfect_model_is_worth_what_was_checked():
    whole, almost = (
        look_ahead(area(40, 400, 0.25, explained=explained), [0])[0] for explained in (1, 0.99)
    )
    assert np.isfinite(whole.half_width)
    assert almost.half_width < 3


def test_a_first_guess_counts_as_two_passages():
    seen, priors = np.array([0.0, 0.5, np.nan]), np.array([0.1, 0.1, 0.1])
    assert guess_shares(seen, 8, priors) == pytest.approx([0.02, 0.42, 0.1])
    assert guess_shares(seen, 0, priors) == pytest.approx([0.1, 0.1, 0.1])
