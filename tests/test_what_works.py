import pytest
from report_studies import OFTEN, Corrected, check, make_results, many

from pipeline.exports.figures import list_figures
from pipeline.exports.power_shares import PowerShare
from pipeline.exports.what_works import working_sentence
from pipeline.findings.differences import Interval, subtract

AREA = many("North", 400, codes=OFTEN, every=4)


def works(results):
    return working_sentence("North", results.powers, results.codebook, list_figures(results))


def enabling(**shares):
    return {("North", power, "enabling"): share for power, share in shares.items()}


def test_what_works_is_what_was_heard_most_once_corrected_not_as_coded():
    shares = enabling(hierarchical=Corrected(0.4, 0.3, 0.5), solidaristic=Corrected(0.1, 0.05, 0.2))
    assert "points to solidaristic power as what works" in works(make_results(*AREA))
    assert works(check(make_results(*AREA), shares)) == (
        "The talk in North points to hierarchical power as what works: it is spoken of as enabling "
        "in 40% [30% to 50%] of passages."
    )


def test_powers_that_may_be_heard_as_often_are_named_with_their_intervals():
    shares = enabling(hierarchical=Corrected(0.2, 0.1, 0.3), individual=Corrected(0.15, 0.05, 0.3))
    assert works(check(make_results(*AREA), shares)).endswith(
        " That it is heard most is not sure: individual power (15% [5% to 30%]) may be heard as "
        "often."
    )


def test_corrected_shares_are_not_held_against_shares_as_coded():
    whole = check(make_results(*AREA), enabling(hierarchical=Corrected(0.4, 0.3, 0.5)))
    is_individual = whole.shares["code"] == "individual"
    whole.shares.loc[is_individual, "status"] = "unverified"
    assert works(whole) == (
        "The talk in North points to solidaristic power as what works: it is spoken of as enabling "
        "in 100 of 400 passages, 25%."
    )


def test_that_none_works_is_said_only_as_far_as_was_checked():
    assert works(check(make_results(*AREA), {})) == (
        "As far as was checked, no passage in North speaks of a power as working."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Corrected(0.2, 0.15, 0.3), Corrected(0.1, 0.05, 0.2)),
        (Corrected(0.2, 0.15, 0.3), Corrected(0.1, 0.05, 0.18)),
        (Corrected(0.17, 0.1, 0.29), Corrected(0.03, 0.002, 0.11)),
        (Corrected(0.1, 0.1, 0.1), Corrected(0.1, 0.1, 0.1)),
    ],
)
def test_two_shares_of_an_area_differ_surely_by_the_rule_for_areas(one, other):
    shares = [PowerShare("enabling", 0, 100, *share) for share in (one, other)]
    low = subtract(Interval(*one), [Interval(*other)], [1]).low
    assert shares[0].is_surely_above(shares[1]) == (low > 0)
