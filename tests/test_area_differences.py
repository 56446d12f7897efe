import pytest
from report_studies import OFTEN, Corrected, Said, check, make_results, many

from pipeline.exports.area_differences import WIDEST, summarise_differences

TRUST = ("trust", "present")
TWO = [*many("North", 40, codes={TRUST: 0.8}), *many("South", 40)]


def test_a_small_area_is_named_and_left_out_of_comparisons():
    said = [*many("North", 40), *many("South", 40, codes=OFTEN), Said("West", "P1", OFTEN)]
    differences = summarise_differences(make_results(*said))
    assert differences[-1] == (
        "Left out of these comparisons, because too little was heard: "
        "West (1 interview, 1 passage)."
    )
    assert "‘Solidaristic power: enabling’ is heard most in South (40 of 40 passages, 100%)" in (
        " ".join(differences[:-1])
    )
    assert "West" not in " ".join(differences[:-1])


def test_one_area_is_compared_with_nothing():
    assert summarise_differences(make_results(*many("North", 40))) == [
        "There is one area, so there is nothing to compare."
    ]


@pytest.mark.parametrize(
    ("north", "south", "words"),
    [
        (Corrected(0.12, 0.1, 0.2), Corrected(0.03, 0.01, 0.05), "[6 to 17]."),
        (
            Corrected(0.12, 0.02, 0.2),
            Corrected(0.03, 0.0, 0.15),
            "[−7 to 18], which may be chance.",
        ),
    ],
)
def test_a_gap_has_the_interval_of_the_difference_and_says_if_it_may_be_chance(north, south, words):
    shares = {("North", *TRUST): north, ("South", *TRUST): south}
    differences = summarise_differences(check(make_results(*TWO), shares))
    assert (
        "‘Trust: present’ is heard most in North (12%) and least in South (3%): 9 percentage "
        f"points apart {words}"
    ) in differences


def test_a_difference_is_the_same_whichever_area_the_table_has_first():
    said = [*many("North", 40), *many("South", 40, codes={TRUST: 0.8})]
    shares = {
        ("North", *TRUST): Corrected(0.03, 0.01, 0.05),
        ("South", *TRUST): Corrected(0.12, 0.1, 0.2),
    }
    differences = " ".join(summarise_differences(check(make_results(*said), shares)))
    assert "most in South (12%) and least in North (3%): 9 percentage points apart [6 to 17]." in (
        differences
    )


def test_what_nobody_checked_has_no_interval_of_a_difference():
    differences = " ".join(summarise_differences(make_results(*TWO)))
    assert "most in North (40 of 40 passages, 100%) and least in South (0 of 40 passages, 0%)." in (
        differences
    )
    assert "apart" not in differences
    assert "chance" not in differences


def test_that_the_widest_gaps_are_likely_to_be_exaggerated_is_said_once():
    several = {**dict.fromkeys([TRUST, ("trust", "lacking")], 0.8), **OFTEN}
    said = [*many("North", 40, codes=several), *many("South", 40)]
    assert " ".join(summarise_differences(make_results(*said))).count(WIDEST) == 1
    assert WIDEST not in summarise_differences(make_results(*many("North", 40), *many("South", 40)))


def test_of_many_differences_it_is_said_how_many_leave_out_0_and_how_many_would_by_chance():
    said = [*(one for area in "ABC" for one in many(area, 40, codes={TRUST: 0.8}))]
    apart = {"A": Corrected(0.5, 0.4, 0.6), "B": Corrected(0.1, 0.05, 0.2)}
    shares = {(area, *TRUST): share for area, share in apart.items()}
    differences = " ".join(summarise_differences(check(make_results(*said), shares)))
    # 11 labels, 3 pairs of areas; A differs from B and C, and B from C not
    assert (
        "Of 33 differences of a share between two areas, 2 have an interval that leaves out 0; "
        "about 2 would if no areas differed at all."
    ) in differences


def test_where_a_power_is_short_is_said_with_its_doubt():
    shares = {
        (area, "solidaristic", stance): Corrected(0.1, 0.05, 0.2)
        for area in ("North", "South")
        for stance in ("enabling", "lacking")
    }
    bounds = {
        ("North", "solidaristic"): {"shortness_low": 0.2, "shortness_high": 0.7},
        ("South", "solidaristic"): {"shortness_low": 0.5, "shortness_high": 0.7},
    }
    said = [*many("North", 200), *many("South", 200)]
    (where, *_) = summarise_differences(check(make_results(*said), shares, bounds=bounds))
    assert where == (
        "The power that is short: solidaristic power in North (not sure: shortness .50 [.20 to "
        ".70]) and South."
    )


def test_balance_has_its_intervals_and_that_of_the_difference():
    powers = ("hierarchical", "solidaristic", "individual")
    even = {("North", power, "enabling"): Corrected(0.1, 0.05, 0.2) for power in powers}
    one = {("South", "hierarchical", "enabling"): Corrected(0.1, 0.05, 0.2)}
    bounds = {
        ("North",): {"balance_low": 0.6, "balance_high": 1.0},
        ("South",): {"balance_low": 0.0, "balance_high": 0.7},
    }
    said = [*many("North", 200), *many("South", 200)]
    differences = summarise_differences(check(make_results(*said), even | one, bounds=bounds))
    assert (
        "The three powers are heard as working most evenly in North (balance 1.00 [.60 to 1.00]) "
        "and least evenly in South (balance .00 [.00 to .70], where solidaristic power is spoken "
        "of as enabling in 0% of passages): 1.00 apart [.19 to 1.00]. Balance looks only at what "
        "is heard to work."
    ) in differences


def test_a_corrected_balance_is_not_held_against_one_as_coded():
    results = make_results(*many("North", 40, codes=OFTEN), *many("South", 40, codes=OFTEN))
    results.balances.loc[results.balances["area"] == "North", "status"] = "checked"
    differences = summarise_differences(results)
    assert "Balance is not compared, because people have checked some of the areas only." in (
        differences
    )
    assert "evenly" not in " ".join(differences)
