import pandas as pd
import pytest
from claim_studies import (
    AREAS,
    LABELS,
    MODEL,
    by_chance,
    gather,
    make_study,
    spread_over,
    weigh,
    without,
)

from pipeline.findings.claim_evidence import list_evidence
from pipeline.findings.shares import count_shares
from pipeline.tables import CLAIM_EVIDENCE, CODINGS

C, D, BLOCKED = "trust present", "innovation present", "innovation lacking"
HEARD, KNOWS = "citizen_voice present", "professional_knows_best present"


def found(evidence, side):
    """Give passage and label of one side, in their order."""
    rows = evidence[evidence["side"] == side]
    labels = [f"{code} {stance}" for code, stance in zip(rows["code"], rows["stance"], strict=True)]
    return list(zip(rows["passage"], labels, strict=True))


def test_interviews_that_go_the_other_way_are_listed_for_a_supported_claim_too():
    talks = spread_over(AREAS[:3], *[[f"{C}, {D}", ""]] * 4, *[["", ""]] * 4)
    talks += [("North", [C, "", D]), ("South", ["", D])]  # apart, and without trust
    assert weigh(talks, "C7")["verdict"] == "supported"
    evidence = gather(talks, "C7")
    assert found(evidence, "goes against") == [("T24-0", C), ("T25-1", D)]
    assert evidence["side"].tolist() == ["supports"] * 24 + ["goes against"] * 2


def test_where_all_interviews_agree_there_are_no_negative_cases():
    evidence = gather(spread_over(AREAS[:3], [f"{C}, {D}"], [""]), "C7")
    assert set(evidence["side"]) == {"supports"}


def test_what_stands_by_it_is_shown_and_what_stands_elsewhere_is_not():
    talks = [("North", [D, "", C, D, D, "", C])] * 3 + [("South", ["", "", ""])] * 3
    evidence = gather(talks, "C7")
    mine = evidence[evidence["transcript"] == "T00"]
    assert found(mine, "supports") == [("T00-2", C), ("T00-3", D)]
    assert found(mine, "goes against") == []


def test_the_opposite_stance_is_shown_where_it_stands_by_it():
    talks = [("North", [C, BLOCKED, BLOCKED])] * 3 + [("South", [D, ""])] * 3
    mine = gather(talks, "C7").query("transcript == 'T00'")
    assert found(mine, "goes against") == [("T00-0", C), ("T00-1", BLOCKED)]


def test_what_people_confirmed_comes_first_then_the_best_scored():
    talks = [("North", [f"{C}, {D}"])] * 4 + [("South", [""])] * 3
    scores = {"T00-0": 0.6, "T01-0": 0.9, "T02-0": 0.7, "T03-0": 1.0}
    passages, settled = make_study(talks, coder=MODEL, scores=scores)
    is_theirs = settled["passage"] == "T03-0"
    settled = CODINGS.check(
        settled.assign(
            coder=settled["coder"].astype("str").mask(is_theirs, "Ada"),
            score=settled["score"].mask(is_theirs, 0.5),
        )
    )
    shares = count_shares(passages, settled, LABELS)
    evidence = list_evidence(passages, settled, shares, LABELS).query("claim == 'C7'")
    ordered = evidence.drop_duplicates("passage")
    assert ordered["passage"].tolist() == ["T03-0", "T01-0", "T02-0", "T00-0"]
    assert ordered["is_confirmed"].tolist() == [True, False, False, False]
    assert ordered["score"].tolist() == pytest.approx([0.5, 0.9, 0.7, 0.6])


def test_in_a_ratio_an_interview_is_where_more_of_its_passages_are():
    talks = [("North", [HEARD, HEARD, KNOWS]), ("North", [KNOWS, HEARD, KNOWS])]
    evidence = gather([*talks, ("South", [HEARD, KNOWS])], "C5")
    assert found(evidence, "supports") == [("T00-0", HEARD), ("T00-1", HEARD), ("T02-0", HEARD)]
    assert found(evidence, "goes against") == [("T01-0", KNOWS), ("T01-2", KNOWS), ("T02-1", KNOWS)]


def test_where_less_is_claimed_those_with_more_go_against_it():
    may, bound, dares = "permission present", "individual lacking", "risk_appetite present"
    talks = [("North", [may, bound]), ("South", [may, bound, dares]), ("West", [may, dares])]
    evidence = gather(talks, "C17")
    assert {name for name, _ in found(evidence, "goes against")} == {"T01-0", "T01-1", "T01-2"}
    assert found(evidence, "supports") == [("T00-0", may), ("T00-1", bound), ("T02-1", dares)]


def test_areas_out_of_line_go_against_a_correlation():
    top, others = "hierarchical enabling", "solidaristic enabling, individual enabling"
    talks = [
        ("North", [top, others, HEARD]),  # even, and heard
        ("South", [top, top, top]),  # neither
        ("East", [top, others, ""]),  # even, not heard much
        ("West", [top, top, HEARD]),
        ("East", [HEARD, "", "", "", "", "", ""]),
    ]
    evidence = gather(talks, "C16")
    assert set(evidence.loc[evidence["side"] == "supports", "area"]) == {"North"}
    assert set(evidence.loc[evidence["side"] == "goes against", "area"]) == {"East", "West"}


def test_an_interview_is_on_one_side_and_none_that_speaks_of_it_is_left_out():
    talks = by_chance(24, 10, 0.1, *{" ".join(label) for label in LABELS[::2]} | {C, D})
    passages, settled = make_study(talks)
    shares = count_shares(passages, settled, LABELS)
    evidence = list_evidence(passages, settled, shares, LABELS)
    one_sided = evidence[~evidence["claim"].isin(["C5", "C13", "C22"])]
    assert one_sided.groupby(["claim", "transcript"])["side"].nunique().eq(1).all()
    speaking = {
        f"T{n:02d}" for n, (_, talk) in enumerate(talks) if C in str(talk) or D in str(talk)
    }
    assert set(evidence.loc[evidence["claim"] == "C7", "transcript"]) == speaking
    assert not evidence.duplicated(["claim", "side", "passage", "code", "stance"]).any()
    applied = settled.merge(evidence, on=["passage", "code", "stance"])
    assert len(applied) == len(evidence)


def test_a_claim_that_was_not_coded_has_no_evidence():
    talks = spread_over(AREAS[:3], [f"{C}, {D}"], [C])
    assert gather(talks, "C7", coded=without(D)).empty
    passages, settled = make_study(talks)
    shares = count_shares(passages, settled, LABELS)
    nothing = list_evidence(passages, settled, shares, [])
    assert list(nothing) == list(CLAIM_EVIDENCE.columns)
    assert nothing.empty
    assert pd.api.types.is_bool_dtype(nothing["is_confirmed"])
