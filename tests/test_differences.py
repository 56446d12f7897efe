import math

import numpy as np
import pytest

from pipeline.findings.diagnoses import diagnose
from pipeline.findings.differences import Interval, compare_areas, subtract
from pipeline.tables import BALANCES, CHECKED, POWERS, SHARES, UNVERIFIED


def share(area, value, low, high, **columns):
    return {
        "area": area,
        "code": "disorder",
        "stance": "present",
        "applied": 30,
        "passages": 300,
        "raw_share": 0.1,
        "interviews_with": 3,
        "interviews": 6,
        "checked": 40,
        "status": CHECKED,
        "corrected_share": value,
        "low": low,
        "high": high,
        "basis": "people",
        "beyond_low": low - 0.1,
        "beyond_high": high + 0.1,
        **columns,
    }


def power(area, **columns):
    return {
        **dict.fromkeys(POWERS.columns, 0),
        "area": area,
        "power": "hierarchical",
        "passages": 300,
        "not_coded": "",
        "shortness": 0.7,
        "shortness_low": 0.6,
        "shortness_high": 0.8,
        "excess": 0.1,
        "excess_low": 0.0,
        "excess_high": 0.2,
        "is_short": True,
        "status": CHECKED,
        **columns,
    }


def balance(area, value=0.9, **columns):
    return {
        **dict.fromkeys(BALANCES.columns, 0),
        "area": area,
        "balance": value,
        "balance_low": value - 0.2,
        "balance_high": value + 0.1,
        "smallest_power": "individual",
        "short_power": "",
        "crowding_power": "",
        "status": CHECKED,
        **columns,
    }


def compare(shares, powers=(), balances=()):
    return compare_areas(SHARES.build(shares), POWERS.build(powers), BALANCES.build(balances))


THREE = [
    share("North", 0.50, 0.40, 0.60),
    share("South", 0.20, 0.15, 0.30),
    share("West", 0.30, 0.20, 0.45, passages=100),
]


def wilson(count, total):
    z = 1.959964
    p = count / total
    centre = (p + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * math.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
    return Interval(p, centre - half, centre + half)


def test_the_interval_of_a_difference_is_newcombes():
    # Newcombe (1998), method 10, his example (a): 56/70 against 48/80 gives .0524 to .3339
    found = subtract(wilson(56, 70), [wilson(48, 80)], [1])
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_intervals_of_differences_hold_the_truth():
    counts = np.random.default_rng(1).binomial(120, [0.3, 0.2, 0.1], size=(2000, 3))
    found = [
        subtract(wilson(here, 120), [wilson(count, 120) for count in others], [1, 1])
        for here, *others in counts.tolist()
    ]
    assert 0.94 <= np.mean([low <= 0.15 <= high for _, low, high in found]) <= 0.96


def test_every_pair_of_areas_is_held_against_each_other_and_each_against_the_rest():
    table = compare(THREE)
    pairs = [tuple(pair) for pair in table[["area", "other_area"]].to_numpy()]
    rest = "all other areas"
    assert pairs == [
        *[("North", "South"), ("North", "West"), ("South", "West")],
        *[("North", rest), ("South", rest), ("West", rest)],
    ]
    # the rest of North is South and West by their passages: (300 * .2 + 100 * .3) / 400
    assert table["difference"].tolist()[3] == pytest.approx(0.5 - 0.225)
    assert ((table["low"] <= table["difference"]) & (table["difference"] <= table["high"])).all()
    assert (table["beyond_low"] < table["low"]).all()


def test_nothing_is_compared_that_nobody_checked_or_that_is_small():
    rows = [*THREE[:2], share("West", 0.3, 0.2, 0.4, status=UNVERIFIED)]
    assert set(compare(rows)["area"]) == {"North", "South"}
    small = [balance("North"), balance("South"), balance("West", is_small=True)]
    assert "West" not in set(compare(THREE, [], small)[["area", "other_area"]].to_numpy().ravel())


def test_powers_and_balances_are_compared_with_the_weaker_status():
    powers = [power("North"), power("South", shortness=0.2, shortness_low=0.1, status=UNVERIFIED)]
    table = compare([], powers, [balance("North"), balance("South", 0.5)]).set_index("measure")
    assert table.loc["shortness", "difference"] == pytest.approx(0.5)
    assert table.loc["shortness", "status"] == UNVERIFIED
    assert table.loc["balance", "difference"] == pytest.approx(0.4)
    assert table.loc["balance", "code"] == ""


def diagnose_north(*rows, powers=()):
    shares = SHARES.build(rows)
    powers = POWERS.build(powers or [power("North"), power("South", is_short=False)])
    table = diagnose(powers, shares, compare_areas(shares, powers, BALANCES.build([])))
    assert len(table) == 1
    return table.iloc[0]


@pytest.mark.parametrize(
    ("north", "heard"),
    [
        (share("North", 0.50, 0.40, 0.60), "more than elsewhere"),
        (share("North", 0.05, 0.02, 0.10), "less than elsewhere"),
        (share("North", 0.25, 0.10, 0.40), "as much as elsewhere or unclear"),
        (share("North", math.nan, math.nan, math.nan, status=UNVERIFIED), "unverified"),
        (share("North", math.nan, 0, 0, status="not coded", raw_share=math.nan), "not known"),
    ],
)
def test_a_short_power_is_held_against_what_the_theory_expects(north, heard):
    row = diagnose_north(north, share("South", 0.25, 0.20, 0.30))
    assert (row["area"], row["problem"], row["expected_code"]) == ("North", "short", "disorder")
    assert row["heard"] == heard


@pytest.mark.parametrize(
    "others", [[], [share("South", math.nan, math.nan, math.nan, status=UNVERIFIED)]]
)
def test_where_this_area_alone_was_checked_nothing_is_said_of_elsewhere(others):
    assert diagnose_north(share("North", 0.5, 0.4, 0.6), *others)["heard"] == "not known"


def test_a_power_that_crowds_out_has_no_expected_consequence():
    powers = [power("North", is_short=False, crowds_out=True, excess=0.6)]
    row = diagnose_north(*THREE, powers=powers)
    assert (row["problem"], row["extent"], row["expected_code"]) == ("too much", 0.6, "")
    assert row["heard"] == "not known"
