import re
from collections import Counter

import pytest
from evidence_results import (
    NOTHING,
    claims_of,
    codebook_of,
    evidence_of,
    results_of,
    section_of,
    words_of,
)

from pipeline.exports.claims_section import RULE, SIGNS, gather_claims, speaks_of
from pipeline.exports.html_report import render_report
from pipeline.findings import claim_areas, claim_cases, claim_evidence, claim_remarks, verdicts

PLACES = [("T1", "North", 3), ("T2", "North", 2), ("T3", "South", 2)]
BOTH_SIDES = [
    ("supports", "T1-1", 0.9, "trust present"),
    ("goes against", "T2-1", 0.8, "austerity present"),
]


def sides_of(*rows):
    claims = claims_of(("C1", "mixed"))
    results = results_of(*PLACES, claims=claims, claim_evidence=evidence_of(*rows))
    return gather_claims(results).asked[0].sides


def quoted(side):
    return [case.passage for case in side.quotes]


def test_claims_about_another_codebook_are_one_sentence_and_no_table():
    rows = [(f"C{number}", "not coded") for number in range(1, 24)]
    section = section_of(results_of(*PLACES, codes=("wren",), claims=claims_of(*rows)), "claims")
    assert "none of its codes is in this study’s" in words_of(section)
    assert "C1" not in section
    assert "<table" not in section


def test_one_code_of_ours_is_enough_for_the_claims_to_be_shown():
    assert speaks_of(codebook_of("wren", "trust"))
    assert not speaks_of(codebook_of("wren"))


def test_claims_stand_by_verdict_and_then_by_number():
    rows = [
        *(("C1", "not enough evidence"), ("C2", "mixed"), ("C3", "supported")),
        *(("C4", "contradicted"), ("C5", "supported"), ("C6", "not coded", NOTHING)),
    ]
    claims = gather_claims(results_of(*PLACES, claims=claims_of(*rows)))
    assert [claim.number for claim in claims.asked] == ["C3", "C5", "C4", "C2", "C1"]
    assert [claim.number for claim in claims.not_coded] == ["C6"]
    assert claims.summary == (
        "2 supported, 1 contradicted, 1 mixed, 1 not enough evidence, 1 not coded"
    )


@pytest.mark.parametrize("verdict", [name for name in SIGNS if name != "not coded"])
def test_a_verdict_is_told_in_words_beside_a_sign_of_its_own(verdict):
    section = section_of(results_of(*PLACES, claims=claims_of(("C1", verdict))), "claims")
    words = words_of(section)
    assert f"C1 It is so. {SIGNS[verdict]} {verdict} .20 [.10 to .30] .00" in words
    assert len({*SIGNS.values()}) == len(SIGNS)


def test_verdicts_and_their_rule_are_as_the_findings_have_them():
    assert list(SIGNS) == [
        *(verdicts.SUPPORTED, verdicts.CONTRADICTED, verdicts.MIXED),
        *(verdicts.NOT_ENOUGH, verdicts.NOT_CODED),
    ]
    assert RULE.chance == claim_remarks.CHANCE
    assert RULE[1:3] == (claim_cases.FEWEST_CONFIRMED, claim_cases.FEWEST_CONFIRMED_AREAS)
    assert RULE[3:] == (claim_areas.FEWEST_AREAS, claim_areas.FEW_AREAS)


def test_a_claim_says_what_it_rests_on():
    words = words_of(section_of(results_of(*PLACES, claims=claims_of(("C1", "mixed"))), "claims"))
    for told in (
        "Measured by Share of so",
        "Estimate .20 [.10 to .30]; .00 would speak neither way",
        "p value .010; adjusted for all claims .040",
        "Rests on 9 interviews in 3 areas",
        "People confirmed passages in 4 interviews and 2 areas",
        "Counts and doubts 2 of 9.",
    ):
        assert told in words


def test_a_claim_that_nothing_is_known_of_has_no_figure():
    claims = claims_of(("C1", "not enough evidence", NOTHING))
    words = words_of(section_of(results_of(*PLACES, claims=claims), "claims"))
    assert "? not enough evidence – .00 – –" in words
    assert "p value –; adjusted for all claims –" in words
    assert "nan" not in words


def test_confirmed_quotes_go_first_then_the_best_scored_two_on_a_side():
    supporting, _ = sides_of(
        ("supports", "T1-1", 0.9, "trust present"),
        ("supports", "T2-1", 0.99, "trust present"),
        ("supports", "T3-1", 1.1, "trust present"),
    )
    assert quoted(supporting) == ["T3-1", "T2-1"]
    assert [case.basis for case in supporting.quotes] == [
        "confirmed by people",
        "coded, not confirmed; model’s score .99",
    ]
    assert supporting.heading == "3 interviews support it"


def test_an_interview_is_quoted_once_on_a_side():
    supporting, _ = sides_of(
        ("supports", "T1-1", 0.9, "trust present"),
        ("supports", "T1-2", 0.8, "trust present"),
        ("supports", "T2-1", 0.1, "trust present"),
    )
    assert quoted(supporting) == ["T1-1", "T2-1"]


def test_no_passage_is_quoted_twice_in_a_claim():
    """An interview that is even is on both sides, and may be so by one passage."""
    supporting, opposing = sides_of(
        ("supports", "T1-1", 0.9, "trust present"),
        ("goes against", "T1-1", 0.9, "trust lacking"),
        ("goes against", "T1-2", 0.1, "trust lacking"),
    )
    assert (quoted(supporting), quoted(opposing)) == (["T1-1"], ["T1-2"])
    assert opposing.heading == "1 interview goes against it"


def test_a_quote_names_the_codes_that_put_it_on_its_side():
    supporting, _ = sides_of(
        ("supports", "T1-1", 0.9, "trust present"),
        ("supports", "T1-1", 0.8, "austerity lacking"),
        ("goes against", "T1-1", 0.8, "austerity present"),
    )
    assert supporting.quotes[0].coded == "Austerity: lacking; Trust: present"


def test_what_goes_against_a_supported_claim_is_listed_person_by_person():
    rows = [
        ("supports", "T1-1", 0.9, "trust present"),
        ("goes against", "T2-1", 0.8, "trust lacking"),
        ("goes against", "T3-1", 0.8, "trust lacking"),
    ]
    claims = claims_of(("C1", "supported"))
    results = results_of(*PLACES, claims=claims, claim_evidence=evidence_of(*rows))
    words = words_of(section_of(results, "claims"))
    assert "2 interviews go against it North: P2 and P3. Words T2-1. P2, North" in words


def test_a_side_that_nobody_is_on_is_named_too():
    supporting, opposing = sides_of(("supports", "T1-1", 0.9, "trust present"))
    assert (supporting.interviews, opposing.interviews) == (1, 0)
    assert opposing.heading == "No interview goes against it"
    assert opposing.who == opposing.quotes == []


def test_sides_are_called_as_the_findings_call_them():
    assert [side.name for side in sides_of(*BOTH_SIDES)] == [
        claim_evidence.SUPPORTS,
        claim_evidence.AGAINST,
    ]


def test_no_role_stands_beside_a_quote():
    claims = claims_of(("C1", "mixed"))
    results = results_of(*PLACES, claims=claims, claim_evidence=evidence_of(*BOTH_SIDES))
    section = section_of(results, "claims")
    assert "Words T1-1." in section
    assert "warden" not in section


def test_ids_are_given_once_and_a_passage_that_is_quoted_above_is_linked_to():
    codings = [("T1-1", "hierarchical enabling", "Ada", True)]
    evidence = evidence_of(
        ("supports", "T1-1", 0.9, "hierarchical enabling"),
        ("supports", "T2-1", 0.8, "trust present"),
    )
    claims, codes = claims_of(("C1", "mixed"), ("C2", "mixed")), ("hierarchical", "trust")
    page = render_report(
        results_of(*PLACES, codes=codes, codings=codings, claims=claims, claim_evidence=evidence)
    )
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    links = {*re.findall(r'href="#([^"]+)"', page)}
    assert [name for name, times in ids.items() if times > 1] == []
    assert links <= {*ids}
    assert {"claim-C1", "claim-C2", "passage-T1-1"} <= links
    assert "passage-T2-1" not in links


def test_claims_that_were_not_coded_are_listed_without_a_verdict_of_their_own():
    claims = claims_of(("C1", "not coded", NOTHING | {"remark": "Not coded: 'trust'."}))
    section = section_of(results_of(*PLACES, claims=claims), "claims")
    assert "1 claim not asked" in section
    assert "C1 It is so. Not coded: 'trust'." in words_of(section)
    assert "<table" not in section


@pytest.mark.parametrize(("confirmed", "is_told"), [(0, True), (1, False)])
def test_without_a_confirmed_passage_the_reader_is_told_what_to_run(confirmed, is_told):
    claims = claims_of(("C1", "mixed", {"confirmed_interviews": confirmed}))
    words = words_of(section_of(results_of(*PLACES, claims=claims), "claims"))
    assert ("none can be called supported or contradicted" in words) == is_told
    assert ("three-powers check-sample harbour" in words) == is_told
    assert ("three-powers import-codes harbour FILE" in words) == is_told


def test_it_is_said_once_that_talk_is_not_power_and_that_claims_are_one_family():
    claims = claims_of(("C1", "mixed"), ("C2", "mixed"))
    results = results_of(*PLACES, claims=claims)
    assert words_of(render_report(results)).count("Talk is not power") == 1
    words = words_of(section_of(results, "claims"))
    assert words.count("not about causes") == 1
    assert words.count("one family") == 1
    assert "None is printed below 5 areas" in words
    assert "With 5 to 8 they are illustrative" in words


def test_whatever_a_study_says_is_escaped():
    claims = claims_of(("C1", "mixed", {"remark": "<script>alert(1)</script>"}))
    section = section_of(results_of(*PLACES, claims=claims), "claims")
    assert "&lt;script&gt;alert(1)" in section
    assert "<script" not in section


def test_a_study_whose_claims_were_never_weighed_says_so():
    section = section_of(results_of(*PLACES), "claims")
    assert "No claims have been weighed." in section
