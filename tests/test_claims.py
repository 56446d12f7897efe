import re

import numpy as np
import pandas as pd
import pytest
from claim_studies import AREAS, LABELS, MODEL, by_chance, make_study, spread_over, weigh, without

from pipeline.findings.claim_cases import Case, Confirmed
from pipeline.findings.claim_indicators import Nearby, PassageContrast, Ratio, list_labels
from pipeline.findings.claim_weighing import Weighed
from pipeline.findings.claims import THEORY, Claim
from pipeline.findings.shares import count_shares
from pipeline.findings.verdicts import judge, weigh_claims
from pipeline.tables import CLAIMS, CODINGS, PASSAGES, SHARES

C, D = "trust present", "innovation present"
TOGETHER, APART, NEITHER = [f"{C}, {D}", "", ""], [C, "", "", D], ["", "", ""]
ONLY_C, ONLY_D = [C, "", ""], ["", D, ""]
CUTS, WORK = "austerity present", "partnership_working present"
OWN, TOP = "individual enabling", "hierarchical enabling"
MAY, DARES, BOUND = "permission present", "risk_appetite present", "individual lacking"
ALONE, STOPPED = "solidaristic lacking", "innovation lacking"
MOMENT, ROOTS = "social_moment present", "trust present, sense_of_place present"
HEARD, KNOWS = "citizen_voice present", "professional_knows_best present"
THREE = AREAS[:3]


def test_there_are_23_claims_in_order_and_the_codebook_has_all_their_codes():
    assert [claim.number for claim in THEORY] == [f"C{number}" for number in range(1, 24)]
    needed = {label for claim in THEORY for each in claim.indicators for label in list_labels(each)}
    assert needed <= set(LABELS)


# Each kind of indicator: the claim, four interviews of every area that show it to be so, and four
# that show the contrary.
PLANTED = {
    "co-occurrence over interviews": ("C7", [TOGETHER, NEITHER], [ONLY_C, [D, D, D]]),
    "co-occurrence over passages": (
        "C9",
        [["solidaristic enabling", WORK, "", "", ""]] * 2,
        [["solidaristic enabling", "", "", WORK, WORK]] * 2,
    ),
    "share of passages": ("C2", [[f"{CUTS}, {WORK}", "", ""]] * 2, [[CUTS, WORK, WORK]] * 2),
    "interviews of two groups": (
        "C3",
        [[WORK, OWN, TOP], [OWN, "", ""]],
        [[WORK, OWN, ""], [TOP, OWN, ""]],
    ),
    "interviews of two groups, lower": (
        "C17",
        [[MAY, BOUND, ""], [MAY, DARES, ""]],
        [[MAY, BOUND, DARES], [MAY, "", ""]],
    ),
    "talk of two groups": (
        "C18",
        [[OWN, ALONE, STOPPED, STOPPED], [OWN, "", "", ""]],
        [[OWN, ALONE, "", ""], [OWN, "", STOPPED, STOPPED]],
    ),
    "base rate": (
        "C21",
        [[f"{MOMENT}, {ROOTS}", "passion_for_role present"], ["", ""]],
        [[MOMENT, ""], [ROOTS, "passion_for_role present"]],
    ),
    "ratio": ("C5", [[HEARD, HEARD], [HEARD, KNOWS]], [[KNOWS, KNOWS], [HEARD, KNOWS]]),
    "ratio of what is lacking": (
        "C22",
        [["spread lacking", ""], ["spread lacking", "spread present", "spread lacking"]],
        [["spread present", ""], ["spread present", "spread lacking", "spread present"]],
    ),
}


@pytest.mark.parametrize(("number", "so", "contrary"), PLANTED.values(), ids=list(PLANTED))
def test_a_planted_claim_is_supported_and_its_contrary_contradicted(number, so, contrary):
    row = weigh(spread_over(THREE, *so, *so), number)
    assert (row["verdict"], row["confirmed_areas"]) == ("supported", 3)
    is_below = number == "C17"
    assert row["high"] < row["null"] if is_below else row["low"] > row["null"]
    row = weigh(spread_over(THREE, *contrary, *contrary), number)
    assert row["verdict"] == "contradicted"
    assert row["low"] > row["null"] if is_below else row["high"] < row["null"]


@pytest.mark.parametrize(("number", "so", "contrary"), PLANTED.values(), ids=list(PLANTED))
def test_what_no_person_confirmed_is_never_supported_or_contradicted(number, so, contrary):
    for talk in (so, contrary):
        row = weigh(spread_over(THREE, *talk, *talk), number, coder=MODEL)
        assert (row["verdict"], row["confirmed_interviews"]) == ("mixed", 0)
        assert "People confirmed its codes in 0 interviews and 0 areas;" in row["remark"]


def test_people_must_confirm_every_code_of_a_claim_in_3_interviews_and_2_areas():
    talks = spread_over(THREE, TOGETHER, TOGETHER, NEITHER, NEITHER)

    def confirm(names):
        """Weigh the claim where a person confirmed trust everywhere, innovation in some."""
        passages, settled = make_study(talks, coder=MODEL)
        is_theirs = (settled["code"] == "trust") | settled["passage"].isin(names)
        settled = settled.assign(coder=settled["coder"].astype("str").mask(is_theirs, "Ada"))
        settled = CODINGS.check(settled)
        shares = count_shares(passages, settled, LABELS)
        return weigh_claims(passages, settled, shares, LABELS).set_index("claim").loc["C7"]

    two, three = confirm(["T00-0", "T04-0"]), confirm(["T00-0", "T01-0", "T04-0"])
    assert (two["confirmed_interviews"], two["confirmed_areas"], two["verdict"]) == (2, 2, "mixed")
    assert (three["confirmed_interviews"], three["confirmed_areas"]) == (3, 2)
    assert three["verdict"] == "supported"


def test_one_area_is_never_enough_for_a_verdict():
    row = weigh(spread_over(["North"], *[TOGETHER] * 6, *[NEITHER] * 6), "C7")
    assert (row["verdict"], row["areas"], row["confirmed_areas"]) == ("mixed", 1, 1)


def test_what_people_confirm_on_both_sides_is_mixed():
    row = weigh(spread_over(THREE, TOGETHER, ONLY_C, ONLY_D, NEITHER), "C7")
    assert row["low"] < 0 < row["high"]
    assert row["verdict"] == "mixed"


def test_an_interval_with_the_null_that_nobody_confirmed_is_not_enough_evidence():
    row = weigh(spread_over(THREE, TOGETHER, ONLY_C, ONLY_D, NEITHER), "C7", coder=MODEL)
    assert row["low"] < 0 < row["high"]
    assert row["verdict"] == "not enough evidence"


def test_too_few_interviews_with_a_code_have_no_estimate():
    row = weigh(spread_over(AREAS[:2], TOGETHER, NEITHER, NEITHER, NEITHER), "C7")
    assert row["verdict"] == "not enough evidence"
    assert row[["estimate", "low", "high", "p", "p_adjusted"]].isna().all()
    assert "2 interviews show 'innovation present'; 3 are needed." in row["remark"]


def test_what_stands_in_the_way_of_two_indicators_is_told_once():
    row = weigh(spread_over(AREAS[:2], TOGETHER, NEITHER, NEITHER, NEITHER), "C7")
    assert row["remark"].count("3 are needed") == 1


def test_what_people_confirm_counts_in_the_interviews_that_the_claim_is_about():
    asked = [[MAY, BOUND]] * 4 + [[MAY, DARES]] * 3 + [[MAY, ""]]
    talks = [(THREE[row % 3], talk) for row, talk in enumerate([*asked, *[[DARES, ""]] * 3])]
    row = weigh(talks, "C17")
    assert (row["interviews"], row["confirmed_interviews"]) == (8, 3)  # not 4: of 6, 3 were asked


def test_others_may_be_named_to_compare_passages_with():
    what = PassageContrast(D, where=MOMENT, others="social_moment lacking")
    talks = spread_over(
        THREE, [f"{MOMENT}, {D}", MOMENT], ["social_moment lacking", ""], [D, D, D], [D]
    )
    row = weigh(talks, "C20", claims=[Claim("C20", "", (what,))])
    assert row["estimate"] == 0.5  # one of two, against none of one: the rest does not count
    assert row["remark"].startswith("3 of 6 passages, against 0 of 3.")


@pytest.mark.parametrize("longer", [1, 2])
def test_it_is_told_where_one_group_talks_much_longer(longer):
    talks = spread_over(THREE, *[[WORK, OWN, TOP, ""] * longer] * 2, *[[OWN, "", "", ""]] * 2)
    is_told = "longer interviews show more of everything" in weigh(talks, "C3")["remark"]
    assert is_told == (longer == 2)


def test_what_no_draw_goes_against_is_still_not_certain():
    row = weigh(spread_over(THREE, *[TOGETHER] * 6, *[NEITHER] * 6), "C7")
    assert row["p"] == pytest.approx(2 / 1001)


def test_without_interviews_to_compare_with_there_is_no_estimate():
    row = weigh(spread_over(THREE, [WORK, OWN, TOP], [WORK, "", ""]), "C3")
    assert pd.isna(row["estimate"])
    assert "on either side; one side has 0" in row["remark"]


@pytest.mark.parametrize(
    ("number", "missing"),
    [
        ("C7", "innovation present"),
        ("C1", "data_and_evidence lacking"),  # one of two alternatives
        ("C16", "solidaristic enabling"),
        ("C17", "permission present"),  # the interviews that are looked at
    ],
)
def test_without_a_label_that_was_coded_there_is_no_verdict(number, missing):
    row = weigh(spread_over(THREE, TOGETHER, NEITHER), number, coded=without(missing))
    assert row["verdict"] == "not coded"
    assert pd.isna(row["estimate"])
    assert row["remark"] == f"Not coded: '{missing.replace('_', ' ')}'."


def test_an_indicator_that_was_not_coded_leaves_the_others_of_its_claim():
    steady = ["stability present, innovation present", "", ""]
    talks = spread_over(THREE, steady, steady, NEITHER, NEITHER)
    row = weigh(talks, "C10", coded=without("innovation lacking"))
    assert row["verdict"] == "supported"
    assert "Not coded: 'innovation lacking'." in row["remark"]


def even(times):
    """Tell of all powers, two of them so many times of six, and of residents as often."""
    others = [f"solidaristic enabling, individual enabling, {HEARD}"] * times
    return [*[TOP] * 6, *others, *[""] * (6 - times)]


def test_no_correlation_is_printed_below_5_areas():
    talks = [(AREAS[row], even(row + 1)) for row in range(4) for _ in range(4)]
    row = weigh(talks, "C16")
    assert row["verdict"] == "not enough evidence"
    assert pd.isna(row["estimate"])
    assert "needs 5 areas that have both figures; there are 4" in row["remark"]


def test_a_correlation_over_6_areas_is_illustrative_and_its_p_is_exact():
    talks = [(AREAS[row], even(row + 1)) for row in range(6) for _ in range(4)]
    row = weigh(talks, "C16", claims=[claim for claim in THEORY if claim.number == "C16"])
    assert (row["estimate"], row["areas"], row["verdict"]) == (pytest.approx(1), 6, "supported")
    assert row["remark"].startswith("Illustrative only: 6 areas.")
    assert row["p"] == pytest.approx(2 / 720)  # both ways of 6! orders


def test_areas_that_go_the_other_way_contradict():
    talks = [
        (AREAS[row], [*even(row + 1), *[HEARD] * (20 - 3 * row)])
        for row in range(6)
        for _ in range(4)
    ]
    row = weigh(talks, "C16", claims=[claim for claim in THEORY if claim.number == "C16"])
    assert (row["estimate"], row["verdict"]) == (pytest.approx(-1), "contradicted")


def test_ratios_rest_on_corrected_shares_where_people_checked_the_areas():
    talks = spread_over(AREAS[:2], *[[HEARD, KNOWS]] * 4)
    passages, settled = make_study(talks)
    shares = count_shares(passages, settled, LABELS)
    corrected = {HEARD: 0.6, KNOWS: 0.2}
    names = shares["code"].astype("str") + " " + shares["stance"].astype("str")
    is_north = (shares["area"] == "North") & names.isin(corrected)
    share = names.map(corrected).where(is_north)
    checked = SHARES.check(
        shares.assign(
            corrected_share=share,
            low=share - 0.1,
            high=share + 0.1,
            status=shares["status"].mask(is_north, "checked"),
        )
    )
    row = weigh(talks, "C5", shares=checked)
    assert row["estimate"] == pytest.approx((0.6 + 0.5) / (0.6 + 0.2 + 0.5 + 0.5))
    assert "by people's checks in 1 area; as coded, unverified, in South." in row["remark"]
    assert row["low"] < row["estimate"] < row["high"]
    plain = weigh(talks, "C5")
    assert plain["estimate"] == 0.5
    assert "Shares are as coded, unverified." in plain["remark"]
    half = checked[(checked["area"] == "North") & (names == KNOWS)].index
    only_one = SHARES.check(
        checked.assign(status=checked["status"].mask(checked.index == half[0], "unverified"))
    )
    assert weigh(talks, "C5", shares=only_one)["estimate"] == 0.5  # both or neither


def test_a_claim_whose_indicators_say_the_opposite_of_each_other_is_mixed():
    claim = Claim("C7", "", (Nearby(D, where=C), PassageContrast(D, where=C)))
    talks = spread_over(THREE, *[[C, D, D]] * 3, *[NEITHER] * 3)  # next to it, never with it
    row = weigh(talks, "C7", claims=[claim])
    assert row["low"] > 0
    assert (row["verdict"], row["confirmed_areas"]) == ("mixed", 3)
    assert "Another indicator says the opposite." in row["remark"]


@pytest.mark.parametrize(
    ("p_adjusted", "lean", "verdict"),
    [(0.05, 1, "supported"), (0.05, -1, "contradicted"), (0.051, 1, "mixed"), (0.9, 0, "mixed")],
)
def test_a_claim_must_hold_among_all_that_are_asked(p_adjusted, lean, verdict):
    weighed = Weighed(Ratio(HEARD, KNOWS), None, 0.7, 0.6, 0.8, 0.01)
    case = Case(THEORY[4], [weighed], Confirmed(3, 2, on_both_sides=True), lean, is_opposed=False)
    assert judge(case, p_adjusted) == verdict


@pytest.mark.parametrize(
    ("confirmed", "verdict"),
    [
        (Confirmed(3, 2, on_both_sides=True), "mixed"),
        (Confirmed(3, 2, on_both_sides=False), "not enough evidence"),
        (Confirmed(2, 2, on_both_sides=True), "not enough evidence"),
        (Confirmed(3, 1, on_both_sides=True), "not enough evidence"),
    ],
)
def test_an_open_claim_is_mixed_only_if_people_confirmed_either_side(confirmed, verdict):
    weighed = Weighed(Ratio(HEARD, KNOWS), None, 0.5, 0.4, 0.6, 0.9)
    case = Case(THEORY[4], [weighed], confirmed, 0, is_opposed=False)
    assert judge(case, 0.9) == verdict


def test_p_values_are_adjusted_over_the_claims_that_have_one():
    talks = by_chance(24, 12, 0.15, *{" ".join(label) for label in LABELS[:40]} - {D})
    passages, settled = make_study(talks)
    shares = count_shares(passages, settled, LABELS)
    table = weigh_claims(passages, settled, shares, LABELS).sort_values("p")
    known = table[table["p"].notna()]
    assert 5 < len(known) < 23
    raw = known["p"] * len(known) / np.arange(1, len(known) + 1)
    assert known["p_adjusted"].tolist() == pytest.approx(raw[::-1].cummin()[::-1].clip(upper=1))
    assert table.loc[table["p"].isna(), "p_adjusted"].isna().all()


def test_the_same_seed_gives_the_same_frame_whatever_the_order_of_rows():
    talks = by_chance(12, 10, 0.2, C, D, HEARD, KNOWS)
    passages, settled = make_study(talks)
    shares = count_shares(passages, settled, LABELS)
    once = weigh_claims(passages, settled, shares, LABELS, seed=3)
    shuffled = (table.sample(frac=1, random_state=1) for table in (passages, settled, shares))
    pd.testing.assert_frame_equal(once, weigh_claims(*shuffled, LABELS, seed=3))
    assert list(once) == list(CLAIMS.columns)


def test_a_study_without_passages_or_codings_has_nothing_to_weigh():
    passages, settled = make_study(spread_over(THREE, NEITHER, NEITHER))
    empty = PASSAGES.build([]), CODINGS.build([])
    for some, codings in ((passages, settled), empty, (passages, empty[1])):
        shares = count_shares(some, codings, LABELS)
        table = weigh_claims(some, codings, shares, LABELS)
        assert set(table["verdict"]) == {"not enough evidence"}
        assert len(table) == 23
        assert set(weigh_claims(some, codings, shares, [])["verdict"]) == {"not coded"}


def test_every_remark_is_made_of_whole_sentences():
    talks = by_chance(16, 12, 0.2, *{" ".join(label) for label in LABELS[:30]})
    passages, settled = make_study(talks)
    table = weigh_claims(passages, settled, count_shares(passages, settled, LABELS), LABELS)
    for remark in table["remark"]:
        assert re.fullmatch(r"[A-Z0-9].*[.]", remark)
        assert "nan" not in remark
        assert "  " not in remark
