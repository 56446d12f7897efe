import numpy as np
import pytest

from pipeline.findings.sampling import draw_sample

INTERVIEWS = np.repeat(["a", "b", "c", "d"], [1, 3, 40, 60])


def test_every_interview_gives_two_passages_if_it_has_them():
    for seed in range(20):
        drawn = draw_sample(INTERVIEWS, 12, seed=seed)
        of = INTERVIEWS[drawn["row"]].tolist()
        assert [of.count(name) >= 2 for name in "bcd"] == [True] * 3
        assert of.count("a") == 1


def test_probabilities_are_those_of_the_drawing():
    times = np.zeros(len(INTERVIEWS))
    for seed in range(2000):
        times[draw_sample(INTERVIEWS, 12, seed=seed)["row"]] += 1
    drawn = draw_sample(INTERVIEWS, 104, seed=0)
    assert (drawn["probability"] == 1).all()
    one = draw_sample(INTERVIEWS, 12, seed=0)
    for name in "abcd":
        told = one.loc[INTERVIEWS[one["row"]] == name, "probability"].iloc[0]
        assert times[name == INTERVIEWS].mean() / 2000 == pytest.approx(told, abs=0.02)


def test_the_same_seed_draws_the_same_passages():
    one, two = (draw_sample(INTERVIEWS, 20, seed=7) for _ in "ab")
    assert one.equals(two)
    assert not one.equals(draw_sample(INTERVIEWS, 20, seed=8))


def test_no_more_is_drawn_than_there_is():
    assert len(draw_sample(INTERVIEWS, 500, seed=0)) == len(INTERVIEWS)
