import math

import pytest
from evidence_results import (
    agreement_of,
    curve_of,
    curves_of,
    presence_of,
    results_of,
    saturation_of,
    section_of,
    set_agreement_of,
    shares_of,
    words_of,
)

from pipeline.exports.agreement_section import gather_agreement
from pipeline.exports.checks_section import count_checks
from pipeline.exports.presence_section import NONE_FOUND, NOT_LOOKED, PRESENT, gather_presence
from pipeline.exports.saturation_section import ALL_AREAS, REACHED, TOO_FEW, gather_saturation
from pipeline.exports.shares_section import list_shares
from pipeline.findings import presence, saturation
from pipeline.tables import DISAGREEMENTS

NORTH = [(f"T{number}", "North", 20) for number in range(3)]
SOUTH = [(f"T{number}", "South", 20) for number in range(3, 6)]
CHECK_FIRST = "three-powers check-sample harbour"
CHECKED = {
    **{"checked": 40, "status": "checked", "basis": "people and model"},
    **{"corrected_share": 0.1, "low": 0.04, "high": 0.23, "beyond_low": 0.03, "beyond_high": 0.3},
}
NAN = math.nan


def reliability(results):
    return words_of(section_of(results, "reliability"))


# What people checked


def test_a_passage_that_was_checked_for_all_codes_counts_once():
    shares = shares_of(
        *(("North", label, {"checked": 40}) for label in ("trust present", "trust lacking")),
        ("South", "trust present", {"checked": 12}),
    )
    areas = count_checks(results_of(*NORTH, *SOUTH, shares=shares))
    assert [(row.area.name, row.checked) for row in areas] == [("North", 40), ("South", 12)]


def test_people_who_coded_an_area_are_counted_and_neither_models_nor_joint_decisions_are():
    codings = [
        ("T0-1", "trust present", "Ada", True),
        ("T0-1", "trust lacking", "Ada", False),
        ("T1-1", "trust present", "Bo", False),
        ("T3-1", "trust present", "Ada", True),
        ("T3-1", "trust present", "model default", True),
        ("T3-1", "trust lacking", "joint Ada + Bo", True),
    ]
    areas = count_checks(results_of(*NORTH, *SOUTH, codings=codings))
    assert [row.coders for row in areas] == [2, 1]


# Agreement


def test_agreement_is_told_code_by_code_in_the_codebooks_order():
    agreement = agreement_of(
        ("austerity present", "Ada + Bo", 30),
        ("trust lacking", "Ada + Bo", 30),
        ("trust present", "Ada + Bo", 30),
    )
    results = results_of(*NORTH, agreement=agreement, set_agreement=set_agreement_of("Ada + Bo"))
    (group,) = gather_agreement(results).groups
    assert [(row.code, row.stance) for row in group.labels] == [
        ("Trust", "present"),
        ("Trust", "lacking"),
        ("Austerity", "present"),
    ]
    assert group.labels[0][2:] == (
        *(40, 6, 30, "50% [25% to 75%]", "50% [25% to 75%]", ".50 [.25 to .75]", False),
    )


def test_a_code_with_few_positives_is_marked_as_too_rare_for_alpha():
    agreement = agreement_of(("trust present", "Ada + Bo", 20), ("trust lacking", "Ada + Bo", 19))
    results = results_of(*NORTH, agreement=agreement, set_agreement=set_agreement_of("Ada + Bo"))
    words = reliability(results)
    assert "Trust present 40 6 20 50% [25% to 75%] 50% [25% to 75%] .50 [.25" in words
    assert "Trust lacking 40 6 19 50% [25% to 75%] 50% [25% to 75%] ◦ .50 [.25" in words
    assert "◦ too rare for alpha: fewer than 20 positives" in words


def test_each_group_of_coders_has_its_agreement_over_sets_once_and_its_own_codes():
    names = ("Ada + Bo", "Ada + model default")
    agreement = agreement_of(*(("trust present", name, 30) for name in names))
    results = results_of(*NORTH, agreement=agreement, set_agreement=set_agreement_of(*names))
    assert [len(group.labels) for group in gather_agreement(results).groups] == [1, 1]
    words = reliability(results)
    for name in names:
        assert words.count(f"{name} 40 6 30 .50 [.25 to .75]") == 1
        assert words.count(f"{name}, code by code") == 1


def test_no_threshold_is_drawn_and_teams_are_told_that_they_may_do_without():
    agreement = agreement_of(("trust present", "Ada + Bo", 30))
    results = results_of(*NORTH, agreement=agreement, set_agreement=set_agreement_of("Ada + Bo"))
    words = reliability(results)
    assert not [threshold for threshold in (".667", ".67", ".80", ".8 ") if threshold in words]
    assert "may not want these figures at all" in words


@pytest.mark.parametrize(
    ("coders", "told"),
    [
        (["model default"], "Nobody else coded but the model"),
        (["Ada"], "Nobody else coded what somebody did"),
        # they coded different passages
        (["Ada", "Bo"], "Nobody else coded what one of these people did"),
    ],
)
def test_without_coders_to_compare_the_reader_is_told_what_it_takes(coders, told):
    codings = [(f"T{place}-1", "trust present", coder, True) for place, coder in enumerate(coders)]
    words = reliability(results_of(*NORTH, codings=codings))
    assert told in words
    assert words.count(CHECK_FIRST) >= 2


@pytest.mark.parametrize(
    ("coders", "differ", "told"),
    [
        ("Ada + Bo", 0, "People do not differ on any passage."),
        ("Ada + Bo", 2, "People differ 2 times, on 1 passage: disagreements.csv lists each"),
        ("Ada + model default", 0, "One person coded, so people cannot be compared"),
    ],
)
def test_disagreements_between_people_are_counted_and_pointed_to(coders, differ, told):
    rows = DISAGREEMENTS.build(
        {"passage": "T0-1", "interview": "T0", "code": "trust", "stance": stance}
        | {"yes": "Ada", "no": "Bo"}
        for stance in ("present", "lacking")[:differ]
    )
    codings = [("T0-1", "trust present", coder, True) for coder in coders.split(" + ")]
    results = results_of(
        *NORTH, codings=codings, set_agreement=set_agreement_of(coders), disagreements=rows
    )
    assert told in reliability(results)


# Presence


def test_not_looked_differs_from_looked_and_none():
    rows = presence_of(
        ("North", "trust present", 6, 3, 2),
        ("North", "trust lacking", 6, 3, 0),
        ("North", "austerity present", 6, 0, 0),
    )
    found = gather_presence(results_of(*NORTH, presence=rows))
    assert [row.cells[0] for row in found.rows] == [
        ("2 of 6", "10% to 60%", PRESENT),
        ("0 of 6, looked in 3", "10% to 60%", NONE_FOUND),
        ("–", "", NOT_LOOKED),
        ("–", "", NOT_LOOKED),  # a label of the codebook that the table does not have
    ]
    assert (found.cells, found.present, found.none_found) == (4, 1, 1)


def test_an_area_of_few_interviews_has_a_count_and_no_percentages():
    rows = presence_of(("North", "trust present", 2, 2, 1))
    found = gather_presence(results_of(*NORTH[:2], presence=rows))
    assert found.rows[0].cells[0][:2] == ("1 of 2", "")


def test_codes_stand_once_beside_their_stances_and_areas_across():
    rows = presence_of(
        *((area, "trust present", 6, 6, 1) for area in ("North", "South")),
    )
    found = gather_presence(results_of(*NORTH, *SOUTH, presence=rows))
    assert [area.name for area in found.areas] == ["North", "South"]
    assert [(row.code, row.stance, row.span) for row in found.rows] == [
        ("Trust", "present", 2),
        ("Trust", "lacking", 0),
        ("Austerity", "present", 2),
        ("Austerity", "lacking", 0),
    ]


def test_the_count_of_interviews_is_called_a_lower_bound():
    rows = presence_of(("North", "trust present", 6, 3, 2))
    words = reliability(results_of(*NORTH, presence=rows))
    assert "people confirmed 1, looked for 0 and found none, and have not looked for 3" in words
    assert "Wilson’s 95% interval: a lower bound" in words
    assert "Trust present 2 of 6 [10% to 60%]" in words


def test_where_nobody_looked_there_is_no_table_but_what_to_do():
    words = reliability(
        results_of(*NORTH, presence=presence_of(("North", "trust present", 3, 0, 0)))
    )
    assert "people confirmed 0, looked for 0 and found none, and have not looked for 4" in words
    assert "Interviews with a code, by area" not in words
    assert words.count(CHECK_FIRST) >= 3


def test_presence_is_called_as_the_findings_call_it():
    assert presence.NOT_LOOKED == NOT_LOOKED
    assert presence.NONE_FOUND == NONE_FOUND
    assert presence.PRESENT == PRESENT


# Saturation


def test_an_area_is_told_its_notation_and_where_stricter_thresholds_are_reached():
    rows = saturation_of(("North", 0.05, 6.0, "reached"), ("North", 0.0, NAN, "not reached"))
    (north,) = gather_saturation(results_of(*NORTH, saturation=rows)).areas
    assert north.notation == "4+2"
    assert north.sentences == [
        "34 codes heard in 8 interviews. The 2 interviews after the first 4 added no more than 5% "
        "of the 30 in the first 4.",
        "A run with no new code at all: nowhere.",
        "Of random orders of the interviews, 90% reach it.",
    ]


def test_saturation_that_is_not_reached_or_cannot_be_told_says_so():
    rows = saturation_of(
        ("North", 0.05, NAN, "not reached"),
        ("North", 0.0, NAN, "not reached"),
        ("South", 0.05, NAN, "too few interviews"),
    )
    north, south = gather_saturation(results_of(*NORTH, saturation=rows)).areas
    assert north.notation == ""
    assert (
        "Not reached: every run of 2 interviews added more than 5% of the 30"
        in (north.sentences[0])
    )
    assert south.sentences == [
        "34 codes heard in 8 interviews: too few to tell. It takes 6, 4 as a base and a run of 2."
    ]


@pytest.mark.parametrize(
    ("areas", "shown"),
    [(["North"], ["North"]), (["North", "South"], ["North", "South", ALL_AREAS])],
)
def test_all_areas_are_told_where_there_are_several_and_never_drawn(areas, shown):
    rows = saturation_of(*((area, 0.05, 6.0, "reached") for area in [*areas, ALL_AREAS]))
    curves = curves_of(*(curve_of(area, 1, 2) for area in [*areas, ALL_AREAS]))
    found = gather_saturation(results_of(*NORTH, saturation=rows, saturation_curve=curves)).areas
    assert [one.area for one in found] == shown
    assert [one.area for one in found if one.curve] == areas


def test_curves_have_one_scale_and_never_fall():
    rows = saturation_of(("North", 0.05, 6.0, "reached"), ("South", 0.05, 6.0, "reached"))
    curves = curves_of(curve_of("North", 1, 3, 3), curve_of("South", 2, 3))
    found = gather_saturation(results_of(*NORTH, saturation=rows, saturation_curve=curves))
    assert found.scale == (3, 4)  # interviews of the longest; labels of the codebook
    north, south = (one.curve for one in found.areas)
    assert north.points[1] == south.points[1]  # 3 codes in 2 interviews, wherever that is
    assert [point.y for point in north.points] == sorted(
        (point.y for point in north.points), reverse=True
    )
    assert [point.x for point in north.points] == sorted(point.x for point in north.points)
    assert north.words == "Codes heard so far in North, interview by interview: 1, 3, 3"


def test_codes_that_left_the_codebook_do_not_leave_the_plot():
    rows = saturation_of(("North", 0.05, 6.0, "reached"))
    curves = curves_of(curve_of("North", 9))
    found = gather_saturation(results_of(*NORTH, saturation=rows, saturation_curve=curves))
    (point,) = found.areas[0].curve.points
    assert found.scale.codes == 9
    assert point.y > 0


def test_the_page_draws_a_curve_an_area_and_says_what_it_does_not_tell():
    rows = saturation_of(("North", 0.05, 6.0, "reached"), ("South", 0.05, 6.0, "reached"))
    curves = curves_of(curve_of("North", 1, 3), curve_of("South", 2, 3))
    section = section_of(
        results_of(*NORTH, *SOUTH, saturation=rows, saturation_curve=curves), "reliability"
    )
    assert section.count("<polyline") == section.count('<svg role="img" aria-label="Codes') == 2
    assert "whether people have ideas that the codebook lacks" in words_of(section)


def test_saturation_is_called_as_the_findings_call_it():
    assert saturation.ALL_AREAS == ALL_AREAS
    assert saturation.REACHED == REACHED
    assert saturation.TOO_FEW == TOO_FEW


# All shares


def test_shares_stand_in_the_codebooks_order_then_by_area():
    shares = shares_of(
        *(
            (area, label)
            for area in ("South", "North")
            for label in ("austerity present", "trust lacking", "trust present")
        )
    )
    blocks = list_shares(results_of(*SOUTH, *NORTH, shares=shares))
    assert [(block.code, block.stance) for block in blocks] == [
        ("Trust", "present"),
        ("Trust", "lacking"),
        ("Austerity", "present"),
    ]
    assert [row.area for row in blocks[0].rows] == ["North", "South"]


@pytest.mark.parametrize(
    ("others", "row"),
    [
        ({}, ("3 of 60", "5%", 0, "", "", "", "unverified")),
        (
            CHECKED,
            (
                *("3 of 60", "5%", 40, "10% [4% to 23%]", "people and model", "3% to 30%"),
                "checked",
            ),
        ),
        # too few interviews for those beyond them
        (
            CHECKED | {"beyond_low": NAN, "beyond_high": NAN},
            ("3 of 60", "5%", 40, "10% [4% to 23%]", "people and model", "–", "checked"),
        ),
        # no classifier: people decided on some, or on a random sample, or nobody did
        (
            {"raw_share": NAN, "status": "coded in part"},
            ("3+", "–", 0, *("", "", ""), "coded in part"),
        ),
        (
            CHECKED | {"raw_share": NAN, "basis": "people"},
            ("3+", "–", 40, "10% [4% to 23%]", "people", "3% to 30%", "checked"),
        ),
        ({"raw_share": NAN, "status": "not coded"}, ("–", "–", 0, *("", "", ""), "not coded")),
    ],
)
def test_a_share_stands_with_what_it_rests_on(others, row):
    shares = shares_of(("North", "trust present", others))
    (block,) = list_shares(results_of(*NORTH, shares=shares))
    assert block.rows[0][1:] == row


def test_a_small_area_has_counts_and_no_percentages():
    shares = shares_of(("North", "trust present", CHECKED | {"applied": 1, "passages": 20}))
    (block,) = list_shares(results_of(("T0", "North", 20), shares=shares))
    assert block.rows[0][1:] == (
        *("1 of 20", "", 40, "", "people and model", "", "checked, small counts"),
    )


def test_the_page_has_one_table_of_all_shares():
    shares = shares_of(("North", "trust present", CHECKED), ("South", "trust present"))
    section = section_of(results_of(*NORTH, *SOUTH, shares=shares), "reliability")
    assert section.count('id="shares"') == 1
    assert (
        "Trust present North 3 of 60 5% 40 10% [4% to 23%] people and model 3% to 30% checked "
        "South 3 of 60 5% 0 unverified"
    ) in words_of(section)


def test_nothing_checked_says_what_to_run_and_something_checked_does_not():
    unverified = shares_of(("North", "trust present"))
    assert "No person has checked a passage that was drawn at random" in reliability(
        results_of(*NORTH, shares=unverified)
    )
    checked = results_of(
        *NORTH,
        shares=shares_of(("North", "trust present", CHECKED)),
        set_agreement=set_agreement_of("Ada + Bo"),
        presence=presence_of(("North", "trust present", 3, 3, 1)),
        saturation=saturation_of(("North", 0.05, 6.0, "reached")),
    )
    assert "three-powers" not in reliability(checked)


def test_a_study_without_passages_has_nothing_to_rely_on_and_does_not_fail():
    words = reliability(results_of())
    assert "No interviews have been looked through." in words
    assert "There are no interviews yet." in words
    assert "nan" not in words


def test_a_study_that_is_only_ranked_has_no_figures_and_says_what_to_run():
    ranked = {"raw_share": NAN, "applied": 0, "interviews_with": 0, "status": "not coded"}
    labels = [
        {"code": "wren", "stance": stance, "mode": "ranked"} for stance in ("present", "lacking")
    ]
    results = results_of(
        *NORTH,
        codes=("wren",),
        card={"labels": labels},
        shares=shares_of(*(("North", f"wren {row['stance']}", ranked) for row in labels)),
        presence=presence_of(("North", "wren present", 3, 0, 0)),
        saturation=saturation_of(("North", 0.05, NAN, "too few interviews")),
    )
    words = reliability(results)
    assert "Wren present North – – 0 not coded" in words
    assert "Nobody else coded but the model" in words
    assert words.count(CHECK_FIRST) == 4
