from itertools import combinations

import numpy as np
import pytest
from claim_studies import LABELS, by_chance, make_study, weigh

from pipeline.findings.claim_conditions import read_condition
from pipeline.findings.claim_indicators import Nearby, list_parts
from pipeline.findings.claim_layout import draw_within_areas, lay_out
from pipeline.findings.claim_measures import expect_hits
from pipeline.findings.claims import Claim

C, D = "trust present", "innovation present"
BY = [Claim("C7", "", (Nearby(D, where=C),))]


@pytest.mark.parametrize(
    ("talk", "stands_by"),
    [
        ([f"{C}, {D}", ""], True),
        ([C, D], True),
        ([D, C], False),  # the passage before
        ([C, "", D], False),
        ([C, "", "", C, D], True),  # any of its passages
        (["", C], False),  # it is the next interview that begins with it
    ],
)
def test_next_is_the_passage_after_in_the_same_interview(talk, stands_by):
    talks = [("North", talk), ("South", [D, ""])] * 3
    row = weigh(talks, "C7", claims=BY)
    assert row["remark"].startswith(f"{3 * stands_by} of 3 interviews with it;")


def test_interviews_without_it_are_looked_at_in_as_many_places():
    talks = [("North", [f"{C}, {D}", C, "", ""])] * 3 + [("South", ["", "", D, "", "", ""])] * 3
    row = weigh(talks, "C7", claims=BY)
    # Of six passages two have it there or next: two draws miss both with probability 4/6 * 3/5.
    assert row["estimate"] == pytest.approx(1 - (1 - 4 / 6 * 3 / 5))
    assert row["remark"].startswith("3 of 3 interviews with it; 1.8 of 3 expected without it.")


def test_codes_that_have_nothing_to_do_with_each_other_differ_by_nought():
    row = weigh(by_chance(400, 30, 0.04, C, D), "C7", claims=BY)
    assert abs(row["estimate"]) < 0.05
    assert row["low"] < 0 < row["high"]


def test_none_of_few_does_not_mean_never():
    talks = [("North", [f"{C}, {D}"])] * 3 + [("South", [""])] * 3
    row = weigh(talks, "C7", claims=BY)
    assert (row["estimate"], row["high"]) == (1, 1)
    assert 0.2 < row["low"] < 0.6


@pytest.mark.parametrize(("hits", "size", "draws"), [(1, 5, 2), (3, 6, 3), (0, 4, 2), (2, 3, 9)])
def test_expected_hits_are_those_of_all_ways_to_draw(hits, size, draws):
    ways = list(combinations(range(size), min(draws, size)))
    share = sum(min(way) < hits for way in ways) / len(ways)
    found = expect_hits(*(np.array([float(number)]) for number in (hits, size, draws)))
    assert found[0, 0] == pytest.approx(share)


def test_redrawn_interviews_vary_as_much_as_interviews_do():
    area = np.repeat([0, 1, 2, 3, 4], [3, 4, 8, 1, 1])
    weights = draw_within_areas(area, draws=20_000, seed=0)
    assert (weights[0] == 1).all()
    assert weights.mean(axis=0) == pytest.approx(np.ones(17), abs=0.05)
    for here in (area == 0, area == 1, area == 2, area > 2):  # areas with one are drawn as one
        values = np.random.default_rng(1).random(here.sum())
        means = weights[1:, here] @ values / here.sum()
        assert means.var() == pytest.approx(values.var(ddof=1) / here.sum(), rel=0.05)


def test_one_interview_is_always_itself():
    assert (draw_within_areas(np.array([0]), draws=5, seed=0) == 1).all()


def test_passages_are_laid_out_in_the_order_of_talk():
    passages, settled = make_study([("North", [C, "", D]), ("South", [D])])
    labels = [label for part in read_condition(f"{C} and {D}") for label in part]
    layout = lay_out(passages.sample(frac=1, random_state=0), settled, labels)
    assert layout.passages["passage"].tolist() == ["T00-0", "T00-1", "T00-2", "T01-0"]
    assert layout.applied.tolist() == [[True, False], [False, False], [False, True], [False, True]]
    assert layout.reach(layout.applied[:, 1]).tolist() == [False, True, True, True]
    assert layout.follow(layout.applied[:, 0]).tolist() == [True, True, False, False]


def test_a_condition_with_alternatives_has_them_as_one_part():
    both = Nearby("trust present or trust lacking", where="spread present and innovation present")
    assert [len(part) for part in list_parts(both)] == [2, 1, 1]
    assert {label for part in list_parts(both) for label in part} <= set(LABELS)
