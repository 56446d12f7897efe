from report_studies import OFTEN, Corrected, check, make_results, many

from pipeline.exports.quotes import choose_quotes
from pipeline.exports.summary import summarise_areas

TRUST = ("trust", "present")


def test_the_summary_has_the_counts_of_the_tables():
    said = many("North", 40, codes=OFTEN, every=4)
    said += many("North", 10, codes={("individual", "lacking"): 0.9}, every=2)
    said += many("North", 10, codes={("hierarchical", "excessive"): 0.9}, every=5)
    results = make_results(*said)
    (north,) = summarise_areas(results)
    assert north.sentences == [
        "The talk in North points to solidaristic power as what works, besides what is short or "
        "too much: it is spoken of as enabling in 10 of 60 passages, 17%.",
        "It points to individual power as short: 5 of its 5 mentions say that it is lacking, 0 "
        "that it helps (shortness 1.00 [.90 to 1.00]). Nor can it be ruled out of hierarchical "
        "power.",
    ]
    row = results.powers.set_index("power").loc["individual"]
    assert (row["lacking"], row["enabling"]) == (5, 0)


def test_a_power_that_is_short_is_not_told_of_as_what_works():
    said = many("North", 40, codes={("individual", "enabling"): 0.9}, every=4)
    said += many("North", 40, codes={("individual", "lacking"): 0.9}, every=2)
    said += many("North", 40, codes=OFTEN, every=8)
    (north,) = summarise_areas(make_results(*said))
    assert "points to solidaristic power as what works" in north.sentences[0]
    assert "points to individual power as short" in north.sentences[1]


def test_powers_that_tie_are_both_named():
    codes = {("solidaristic", "enabling"): 0.9, ("individual", "enabling"): 0.9}
    (north,) = summarise_areas(make_results(*many("North", 40, codes=codes, every=10)))
    assert north.sentences[0] == (
        "The talk in North points to solidaristic power and individual power as what works: each "
        "is spoken of as enabling in 4 of 40 passages, 10%."
    )


def test_a_theme_that_stands_out_is_in_the_summary_and_is_quoted():
    said = [
        *many("North", 40, codes={("trust", "present"): 0.8}, every=2),
        *many("South", 40, codes={("trust", "present"): 0.8}, every=10),
    ]
    results = make_results(*said)
    north, south = summarise_areas(results)
    assert north.sentences[-1] == (
        "Heard more than in the other areas: ‘Trust: present’ (20 of 40 passages, 50%; "
        "elsewhere 10%)."
    )
    assert "Heard more" not in " ".join(south.sentences)
    assert [theme.title for theme in choose_quotes(results)[0].themes] == ["Trust: present"]


def test_a_theme_that_people_checked_has_the_interval_of_its_difference():
    said = [*many("North", 40, codes={TRUST: 0.8}, every=2), *many("South", 40)]
    wide, narrow = Corrected(0.3, 0.2, 0.45), Corrected(0.1, 0.05, 0.2)
    results = check(make_results(*said), {("North", *TRUST): wide, ("South", *TRUST): narrow})
    north, _ = summarise_areas(results)
    assert north.sentences[-1] == (
        "Heard more than in the other areas: ‘Trust: present’ (30%, elsewhere 10%: 20 points more "
        "[6 to 36])."
    )


def test_a_theme_that_may_stand_out_by_chance_is_said_to():
    said = [*many("North", 40, codes={TRUST: 0.8}, every=2), *many("South", 40)]
    high, low = Corrected(0.12, 0.02, 0.3), Corrected(0.03, 0.0, 0.17)
    results = check(make_results(*said), {("North", *TRUST): high, ("South", *TRUST): low})
    north, _ = summarise_areas(results)
    assert north.sentences[-1] == (
        "Perhaps heard more than in the other areas, though it may be chance: ‘Trust: present’ "
        "(12%, elsewhere 3%: 9 points more [−8 to 27])."
    )


def test_a_checked_summary_has_no_counts_as_coded():
    said = many("North", 400, codes=OFTEN, every=4)
    shares = {("North", *label): Corrected(0.2, 0.15, 0.3) for label in OFTEN}
    (north,) = summarise_areas(check(make_results(*said), shares))
    assert north.sentences[0] == (
        "The talk in North points to solidaristic power as what works: it is spoken of as enabling "
        "in 20% [15% to 30%] of passages."
    )
    assert "100" not in " ".join(north.sentences)
