import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_studies import POWER_IDS, Corrected, Said, check, make_codebook, make_results, many

from pipeline.exports.figures import list_areas
from pipeline.exports.html_report import render_report
from pipeline.exports.ternary import CORNERS, FEWEST_MENTIONS, HEIGHT, WIDTH, draw_ternary, locate
from pipeline.findings import powers
from pipeline.tables import BALANCES


def study(*mixes, passages=200):
    """Build an area for each mix of enabling shares: A0, A1 and so on."""
    areas = [f"A{number}" for number in range(len(mixes))]
    shares = {
        (area, power, "enabling"): Corrected(share, share / 2, min(1, 2 * share))
        for area, mix in zip(areas, mixes, strict=True)
        for power, share in zip(POWER_IDS, mix, strict=True)
    }
    return check(make_results(*(one for area in areas for one in many(area, passages))), shares)


def draw(results):
    return draw_ternary(results, list_areas(results))


def place_of(spot):
    return spot.x, spot.y


def test_equal_shares_are_in_the_middle():
    plot = draw(study((0.1, 0.1, 0.1)))
    (spot,) = plot.spots
    assert place_of(spot) == plot.middle
    assert plot.middle == pytest.approx(
        (sum(x for x, _ in CORNERS) / 3, sum(y for _, y in CORNERS) / 3), abs=0.1
    )


@pytest.mark.parametrize("power", range(3))
def test_a_power_alone_is_at_its_corner(power):
    mix = [0.0, 0.0, 0.0]
    mix[power] = 0.2
    plot = draw(study(mix))
    corner = plot.corners[power]
    assert place_of(plot.spots[0]) == (corner.x, corner.y)
    assert corner.name == f"{POWER_IDS[power].capitalize()} power"


def test_corners_stand_in_the_order_of_the_codebook_top_left_right():
    top, left, right = draw(study((0.1, 0.1, 0.1))).corners
    assert [top.name, left.name, right.name] == [
        *("Hierarchical power", "Solidaristic power", "Individual power")
    ]
    assert top.y < left.y == right.y
    assert left.x < top.x < right.x


def test_the_triangle_has_equal_sides():
    sides = [math.dist(CORNERS[one], CORNERS[(one + 1) % 3]) for one in range(3)]
    assert sides == pytest.approx([sides[0]] * 3)


@given(st.tuples(*[st.floats(0.01, 1)] * 3))
def test_a_point_is_as_far_from_each_side_as_its_power_is_large(mix):
    parts = [share / sum(mix) for share in mix]
    x, y = locate(parts)
    height = CORNERS[1][1] - CORNERS[0][1]
    assert (CORNERS[1][1] - y) / height == pytest.approx(parts[0])
    assert 0 <= x <= WIDTH
    assert 0 <= y <= HEIGHT


def test_a_point_is_of_the_corrected_shares_and_says_its_balance():
    results = study((0.2, 0.1, 0.1))
    results.balances.loc[:, "balance_low"] = 0.5
    results.balances.loc[:, "balance_high"] = 0.99
    (spot,) = draw(results).spots
    assert spot.mix.words == ("50%", "25%", "25%")
    assert (spot.balance, spot.status) == (".95 [.50 to .99]", "checked")


def test_few_mentions_make_a_point_hollow():
    assert FEWEST_MENTIONS == powers.FEWEST
    few, many_mentions = draw(study((0.03, 0.03, 0.03), (0.04, 0.04, 0.04))).spots
    assert [few.mix.is_hollow, many_mentions.mix.is_hollow] == [True, False]  # of 200: 18 and 24


def test_a_small_area_is_hollow_and_has_counts_and_no_percentage():
    codes = {("solidaristic", "enabling"): 0.9}
    (spot,) = draw(make_results(Said("North", "P1", codes), Said("North", "P2", codes))).spots
    assert spot.mix.is_hollow
    assert spot.mix.words == ("0/2", "2/2", "0/2")


def test_an_area_where_none_is_heard_to_work_has_no_point_and_is_named():
    plot = draw(study((0.1, 0.1, 0.1), (0.0, 0.0, 0.0)))
    assert [spot.area for spot in plot.spots] == ["A0"]
    assert plot.left_out == ["A1"]


def test_without_an_area_with_all_three_powers_there_is_no_plot():
    results = make_results(*many("North", 40))
    unknown = results.balances.assign(balance=math.nan)
    results.balances.loc[:, "balance"] = BALANCES.check(unknown)["balance"]
    assert draw(results) is None
    assert draw(study((0.0, 0.0, 0.0))) is None
    assert 'id="balance"' not in render_report(results)


def test_without_three_powers_there_is_no_plot():
    whole = make_codebook()
    two = whole.model_copy(update={"codes": whole.codes[1:]})
    codes = {("solidaristic", "enabling"): 0.9}
    assert draw(make_results(*many("North", 40, codes=codes), codebook=two)) is None


def test_few_areas_are_named_and_many_numbered_with_a_legend():
    mixes = [(0.1, 0.1 + number / 100, 0.1) for number in range(30)]
    named, numbered = study(*mixes[:3]), study(*mixes, passages=30)
    assert [spot.words for spot in draw(named).spots] == ["A0", "A1", "A2"]
    assert not draw(named).is_numbered
    plot = draw(numbered)
    assert [spot.words for spot in plot.spots] == [str(number) for number in range(1, 31)]
    assert plot.is_numbered
    page = render_report(numbered)
    assert '<ol class="legend">' in page
    assert "<li>A29</li>" in page


def test_the_plot_says_in_words_what_it_shows():
    results = study((0.2, 0.1, 0.1))
    assert draw(results).description == (
        "Of what is said to work, by area. A0: Hierarchical power 50%, Solidaristic power 25% and "
        "Individual power 25%."
    )
    page = render_report(results)
    assert 'aria-labelledby="ternary-title ternary-description"' in page
    assert draw(results).description in page
