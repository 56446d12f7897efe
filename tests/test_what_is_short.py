import pytest
from report_studies import Corrected, check, make_results, many

from pipeline.exports.figures import list_figures
from pipeline.exports.what_is_short import (
    MOST,
    diagnosis_sentences,
    is_sure,
    shortness_sentences,
)
from pipeline.findings import powers

SHORT = {
    ("North", "solidaristic", "lacking"): Corrected(0.3, 0.2, 0.4),
    ("North", "solidaristic", "enabling"): Corrected(0.1, 0.05, 0.2),
}
EXCESSIVE = {("North", "hierarchical", "excessive"): Corrected(0.3, 0.2, 0.4)}
WORKS = {
    ("North", power, "enabling"): Corrected(0.3, 0.2, 0.4)
    for power in ("hierarchical", "solidaristic", "individual")
}


def study(shares, **bounds):
    """Build a checked area; ``bounds`` are of solidaristic power unless there is another name."""
    return check(
        make_results(*many("North", 200)), shares, bounds={("North", "solidaristic"): bounds}
    )


def say(results):
    figures = list_figures(results)
    return shortness_sentences(results.powers, results.codebook, figures)


def diagnose(results):
    return diagnosis_sentences(results.powers, results.codebook, list_figures(results))


def test_the_rule_is_that_of_the_findings():
    assert MOST == powers.MOST


def test_a_power_is_said_to_be_short_where_its_whole_interval_is_at_half_or_more():
    results = study(WORKS | SHORT, shortness_low=0.5, shortness_high=0.9)
    assert say(results)[0] == (
        "It points to solidaristic power as short: 30% [20% to 40%] of passages say that it is "
        "lacking, 10% [5% to 20%] that it helps (shortness .75 [.50 to .90])."
    )
    assert diagnose(results)[0] == (
        "It points to solidaristic power as short: shortness .75 [.50 to .90]."
    )


@pytest.mark.parametrize(
    ("bounds", "extent", "doubt"),
    [
        ((0.49, 0.9), ".75 [.49 to .90]", "The interval reaches below .5, so this is not sure."),
        ((0.75, 0.75), ".75", "There is no interval, so how sure this is is not known."),
        ((float("nan"),) * 2, ".75", "There is no interval, so how sure this is is not known."),
    ],
)
def test_a_power_may_be_short_where_that_is_not_sure(bounds, extent, doubt):
    results = study(WORKS | SHORT, shortness_low=bounds[0], shortness_high=bounds[1])
    assert say(results)[0] == (
        "Solidaristic power may be short: 30% [20% to 40%] of passages say that it is lacking, 10% "
        f"[5% to 20%] that it helps (shortness {extent}). {doubt}"
    )
    assert diagnose(results)[0] == f"Solidaristic power may be short: shortness {extent}. {doubt}"
    (row,) = results.powers[results.powers["is_short"]].itertuples()
    assert not is_sure(row, "shortness")


@pytest.mark.parametrize(
    ("low", "start"),
    [
        (0.6, "It points to too much hierarchical power, which crowds out the others: "),
        (0.3, "There may be too much hierarchical power, which would crowd out the others: "),
    ],
)
def test_too_much_of_a_power_is_said_with_its_doubt(low, start):
    bounds = {("North", "hierarchical"): {"excess_low": low, "excess_high": 1.0}}
    results = check(make_results(*many("North", 200)), EXCESSIVE, bounds=bounds)
    assert say(results)[0].startswith(
        f"{start}30% [20% to 40%] of passages say that there is too much of it, 0% [0% to 9%] that "
        f"it helps (excess 1.00 [{f'{low:.2f}'[1:]} to 1.00])."
    )


def test_what_nobody_checked_is_said_with_counts_as_coded():
    codes = {("individual", "lacking"): 0.9}
    (sentence, *_) = say(make_results(*many("North", 40, codes=codes, every=4)))
    assert sentence == (
        "It points to individual power as short: 10 of its 10 mentions say that it is lacking, 0 "
        "that it helps (shortness 1.00 [.90 to 1.00])."
    )


def test_a_power_is_not_said_to_be_fine_where_its_interval_reaches_half():
    results = study(WORKS, shortness_low=0.0, shortness_high=0.6)
    assert say(results) == [
        "No power stands out as short, and none as too much, though it cannot be ruled out of "
        "solidaristic power."
    ]
    assert diagnose(results) == [
        "No power stands out as short, and none as too much.",
        "It cannot be ruled out that these are short: solidaristic power (shortness .00 [.00 to "
        ".60]).",
    ]
    sure = study(WORKS, shortness_low=0.0, shortness_high=0.4)
    assert say(sure) == ["No power stands out as short, and none as too much."]


def test_a_power_that_no_checked_passage_calls_lacking_is_judged_by_the_interval_of_that_share():
    little = {**WORKS, ("North", "individual", "enabling"): Corrected(0.05, 0.01, 0.1)}
    assert diagnose(study(little))[1] == (
        "It cannot be ruled out that these are short: individual power (lacking in up to 9% of "
        "passages); or too much: individual power (excessive in up to 9% of passages)."
    )
    assert diagnose(study(WORKS)) == ["No power stands out as short, and none as too much."]
