import numpy as np
import pytest

from pipeline.resampling import FAR, divide, find_middle, redraw


def test_as_many_are_drawn_as_there_are_and_each_as_often_as_the_others():
    drawn = redraw(4, 20_000, np.random.default_rng(0))
    assert drawn.shape == (20_000, 4)
    assert (drawn.sum(axis=1) == 4).all()
    assert drawn.mean(axis=0) == pytest.approx(np.ones(4), abs=0.03)
    assert (drawn == 0).mean() == pytest.approx((3 / 4) ** 4, abs=0.01)  # left out of a draw


def test_the_same_seed_draws_the_same():
    one, two = (redraw(5, 10, np.random.default_rng(3)) for _ in "ab")
    assert (one == two).all()


def test_the_middle_leaves_a_fortieth_on_either_side():
    values = np.random.default_rng(0).permutation(np.arange(4001.0))
    assert find_middle(values) == (100, 3900)


def test_there_is_no_middle_if_most_draws_give_none():
    assert np.isnan(find_middle(np.array([0.5, np.nan, np.nan]))).all()
    assert find_middle(np.array([0.5, 0.5, np.nan])) == (0.5, 0.5)
    assert np.isnan(find_middle(np.empty(0))).all()


def test_nothing_is_divided_by_nought():
    parts = divide(np.array([1.0, 0.0, 3.0]), np.array([2.0, 0.0, np.nan]))
    np.testing.assert_array_equal(parts, [0.5, np.nan, np.nan])


def test_a_normal_interval_ends_1_96_standard_errors_off():
    assert round(FAR, 6) == 1.959964
