import numpy as np
import pytest

from pipeline.codebook import Label
from pipeline.coding.comparison import compare, judge
from pipeline.coding.training import Truth

LABEL = Label("trust", "present")


def truth(count=400):
    applied = np.random.default_rng(0).random((count, 1)) < 0.3
    interviews = np.array([f"T{row % 20:02d}" for row in range(count)])
    return Truth(applied, np.ones_like(applied), interviews, np.ones(count, bool))


def spoil(applied, share, seed=1):
    """Turn a share of the answers round."""
    return applied ^ (np.random.default_rng(seed).random(applied.shape) < share)


def change(old, new, given=None):
    given = given or truth()
    (one,) = compare(given, [(0, LABEL)], old, new)
    return one


def test_a_better_head_is_taken():
    applied = truth().applied
    one = change(spoil(applied, 0.3), spoil(applied, 0.05))
    assert one.is_taken
    assert one.difference == pytest.approx(one.new - one.old)
    assert one.interval[0] > 0


def test_a_head_that_is_surely_worse_is_not_taken():
    applied = truth().applied
    one = change(spoil(applied, 0.05), spoil(applied, 0.3))
    assert one.interval[1] < 0
    assert not one.is_taken
    assert not judge([one]).is_better


def test_a_head_that_may_as_well_be_no_worse_is_taken():
    applied = truth().applied
    one = change(spoil(applied, 0.1, seed=1), spoil(applied, 0.1, seed=2))
    assert one.interval[0] < 0 < one.interval[1]
    assert one.is_taken


def test_heads_that_are_not_taken_cost_nothing():
    applied = truth().applied
    better = change(spoil(applied, 0.3), spoil(applied, 0.05))
    worse = change(spoil(applied, 0.05), spoil(applied, 0.4))
    verdict = judge([better, worse])
    assert verdict.is_better
    assert verdict.new == pytest.approx((better.new + worse.old) / 2, abs=1e-4)


def test_many_small_falls_are_refused_together():
    fall = change(truth().applied, truth().applied)._replace(old=0.5, new=0.45)
    assert fall.is_taken
    assert not judge([fall] * 8).is_better
    assert judge([fall._replace(new=0.49)] * 8).is_better


def test_only_passages_that_people_decided_on_count():
    given = truth()
    wrong = ~given.applied
    given.known[200:] = False
    wrong[:200] = given.applied[:200]
    assert change(wrong, wrong, given).old == 1.0
