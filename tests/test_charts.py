import pytest
from report_studies import OFTEN, Corrected, Said, check, make_results, many

from pipeline.exports.charts import GUTTER, WIDTH, draw_panels
from pipeline.exports.figures import list_areas, list_figures

WORKS = ("North", "solidaristic", "enabling")


def draw(results):
    areas, figures = list_areas(results), list_figures(results)
    return draw_panels(results.powers, areas, results.codebook, figures)


def test_all_panels_have_one_scale_and_bars_start_at_zero():
    said = [*many("North", 40, codes=OFTEN, every=4), *many("South", 80, codes=OFTEN, every=8)]
    results = make_results(*said)
    north, south = draw(results)
    wide, narrow = north.rows[1].bars[0], south.rows[1].bars[0]
    assert (wide.words, narrow.words) == ("enabling 10 · 25%", "enabling 10 · 12%")
    assert wide.width == pytest.approx(2 * narrow.width, abs=0.2)
    assert wide.x == narrow.x == north.zero == south.zero


def test_what_is_missing_or_too_much_goes_to_the_left():
    codes = {("individual", "lacking"): 0.9, ("individual", "excessive"): 0.9}
    results = make_results(*many("North", 40, codes=codes))
    (north,) = draw(results)
    enabling, lacking, excessive = north.rows[2].bars
    assert lacking.x + lacking.width == excessive.x + excessive.width == north.zero
    assert (enabling.width, lacking.anchor, enabling.anchor) == (0, "end", "start")


def test_a_small_area_does_not_stretch_the_scale_and_its_longer_bar_is_cut():
    said = [*many("North", 40, codes=OFTEN, every=10), Said("South", "P1", OFTEN)]
    results = make_results(*said)
    north, south = draw(results)
    assert north.rows[1].bars[0].width == south.rows[1].bars[0].width
    assert (north.rows[1].bars[0].is_cut, south.rows[1].bars[0].is_cut) == (False, True)
    assert south.rows[1].bars[0].words == "enabling 1"


def test_a_bar_is_the_corrected_share_and_its_whisker_the_interval():
    results = check(make_results(*many("North", 40)), {WORKS: Corrected(0.08, 0.04, 0.15)})
    (north,) = draw(results)
    bar = north.rows[1].bars[0]
    (whisker,) = bar.whisker
    ends = [(end - north.zero) / bar.width for end in whisker]
    assert ends == pytest.approx([0.04 / 0.08, 0.15 / 0.08], abs=0.01)
    assert bar.words == "enabling 8% [4 to 15]"


def test_a_whisker_to_the_left_goes_to_the_left():
    shares = {("North", "solidaristic", "lacking"): Corrected(0.08, 0.04, 0.15)}
    (north,) = draw(check(make_results(*many("North", 40)), shares))
    (whisker,) = north.rows[1].bars[1].whisker
    assert whisker.high < north.rows[1].bars[1].x < whisker.low < north.zero


def test_what_nobody_checked_has_counts_and_no_whisker():
    (north,) = draw(make_results(*many("North", 40, codes=OFTEN, every=4)))
    assert [bar.whisker for row in north.rows for bar in row.bars] == [()] * 9
    assert north.rows[1].bars[0].words == "enabling 10 · 25%"
    assert "Solidaristic power: enabling in 10, lacking in 0" in north.description


def test_words_stand_beyond_the_whisker_and_the_longest_whisker_leaves_room_for_them():
    results = check(make_results(*many("North", 40)), {WORKS: Corrected(0.3, 0.1, 0.6)})
    (north,) = draw(results)
    for bar in (bar for row in north.rows for bar in row.bars):
        ends = [end for whisker in bar.whisker for end in whisker]
        beyond = bar.words_x > max(ends) if bar.anchor == "start" else bar.words_x < min(ends)
        assert beyond
        assert GUTTER - 7 <= bar.words_x <= WIDTH - GUTTER + 7


def test_a_small_area_is_drawn_as_coded_even_if_people_checked_it():
    said = [*many("North", 40), Said("South", "P1", OFTEN)]
    shares = {("South", *WORKS[1:]): Corrected(0.5, 0.1, 0.9)}
    _, south = draw(check(make_results(*said), shares))
    assert (south.rows[1].bars[0].words, south.rows[1].bars[0].whisker) == ("enabling 1", ())
    assert "enabling in 1, lacking in 0, excessive in 0 of 1 passages" in south.description


def test_a_plot_says_corrected_shares_and_their_intervals_in_words():
    results = check(make_results(*many("North", 40)), {WORKS: Corrected(0.08, 0.04, 0.15)})
    (north,) = draw(results)
    assert (
        "Solidaristic power: enabling in 8% [4% to 15%], lacking in 0% [0% to 9%], excessive in 0% "
        "[0% to 9%] of passages, shortness .00, excess .00"
    ) in north.description
