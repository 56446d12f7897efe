import numpy as np
import pandas as pd
import pytest

from pipeline.codebook import Label
from pipeline.coding.settling import add_decisions, settle
from pipeline.findings.powers import evenness, profile_powers, weigh_balance
from pipeline.findings.shares import count_shares
from pipeline.tables import CODINGS, DECISIONS, PASSAGES

POWERS = ("hierarchical", "solidaristic", "individual")
LABELS = [Label(power, s) for power in POWERS for s in ("enabling", "lacking", "excessive")]


def passages_of(*rows):
    """Build from (passage, transcript, area)."""
    columns = {"participant": "P", "role": "", "turn": 1, "start": 0, "end": 1, "words": 9}
    return PASSAGES.build(
        {**columns, "passage": p, "transcript": t, "area": a, "context": "", "text": p}
        for p, t, a in rows
    )


def codings_of(*rows, coder="model default"):
    """Build from (passage, code, stance, applied)."""
    return CODINGS.build(
        {"passage": p, "code": c, "stance": s, "coder": coder, "score": 0.5, "applied": x}
        | {"decision": "ask" if x else "no"}
        for p, c, s, x in rows
    )


PASSAGES_HERE = passages_of(
    ("a", "T1", "North"), ("b", "T1", "North"), ("c", "T2", "North"), ("d", "T3", "South")
)


def share_of(shares, area, code, stance):
    rows = shares[(shares["area"] == area) & (shares["code"] == code)]
    return rows[rows["stance"] == stance].iloc[0]


def test_shares_have_numerator_and_denominator():
    codings = codings_of(
        ("a", "hierarchical", "enabling", True),
        ("b", "hierarchical", "enabling", True),
        ("c", "hierarchical", "enabling", False),
    )
    row = share_of(count_shares(PASSAGES_HERE, codings, LABELS), "North", *LABELS[0])
    assert (row.applied, row.passages, row.interviews_with, row.interviews) == (2, 3, 1, 2)
    assert row.raw_share == pytest.approx(2 / 3)


def test_what_nobody_shows_keeps_its_row():
    shares = count_shares(PASSAGES_HERE, codings_of(), LABELS)
    assert len(shares) == 2 * len(LABELS)
    assert shares["raw_share"].eq(0).all()


def test_shares_are_unverified_and_uncorrected_until_people_have_checked():
    shares = count_shares(PASSAGES_HERE, codings_of(), LABELS)
    assert set(shares["status"]) == {"unverified"}
    assert shares["checked"].eq(0).all()
    assert shares[["corrected_share", "low", "high"]].isna().all(axis=None)


def test_what_was_only_ranked_is_not_coded_and_never_0():
    codings = codings_of(*((p, *LABELS[0], False) for p in "abcd"))
    shares = count_shares(PASSAGES_HERE, codings, LABELS, ranked=LABELS[:1])
    north = share_of(shares, "North", *LABELS[0])
    assert (north.status, north.applied, north.passages) == ("not coded", 0, 3)
    assert pd.isna(north.raw_share)
    other = share_of(shares, "North", *LABELS[1])
    assert (other.status, other.raw_share) == ("unverified", 0)


def test_what_people_found_of_a_ranked_code_is_a_count_until_they_looked_everywhere():
    codings = codings_of(*((p, *LABELS[0], False) for p in "abcd"))
    decided = decisions_of(("Ada", "a", True), ("Bo", "a", True), ("Ada", "d", True))
    settled = settle(add_decisions(codings, decided, PASSAGES_HERE))
    shares = count_shares(PASSAGES_HERE, settled, LABELS, ranked=LABELS[:1])
    north, south = (share_of(shares, area, *LABELS[0]) for area in ("North", "South"))
    assert (north.status, north.applied, north.interviews_with) == ("coded in part", 1, 1)
    assert pd.isna(north.raw_share)
    # South has one passage, which Ada decided on.
    assert (south.status, south.raw_share) == ("unverified", 1.0)


def powers_from(*, interviews=4, ranked=(), **applied):
    """Profile one area of 100 passages from counts such as hierarchical_lacking=3."""
    count = {Label(*name.rsplit("_", 1)): number for name, number in applied.items()}
    passages = passages_of(*((f"p{i}", f"T{i % interviews}", "North") for i in range(100)))
    codings = codings_of(
        *((f"p{i}", *label, True) for label, number in count.items() for i in range(number))
    )
    return profile_powers(count_shares(passages, codings, LABELS, ranked=ranked), POWERS)


def test_of_what_is_said_about_a_power_most_says_it_is_short_or_too_much():
    powers = powers_from(
        hierarchical_excessive=16,
        hierarchical_enabling=4,
        individual_lacking=12,
        individual_enabling=8,
        solidaristic_enabling=9,
    ).set_index("power")
    assert powers["shortness"].to_dict() == {
        "hierarchical": 0.0,
        "solidaristic": 0.0,
        "individual": 0.6,
    }
    assert powers["excess"].to_dict() == {
        "hierarchical": 0.8,
        "solidaristic": 0.0,
        "individual": 0.0,
    }
    assert powers.index[powers["is_short"]].tolist() == ["individual"]
    assert powers.index[powers["crowds_out"]].tolist() == ["hierarchical"]


def test_only_the_power_that_is_shortest_is_called_short():
    powers = powers_from(
        hierarchical_lacking=20,
        hierarchical_enabling=10,
        individual_lacking=25,
        individual_enabling=5,
        solidaristic_excessive=30,
    ).set_index("power")
    assert powers.index[powers["is_short"]].tolist() == ["individual"]
    assert powers.index[powers["crowds_out"]].tolist() == ["solidaristic"]


def test_a_power_that_few_speak_of_is_not_called_short():
    powers = powers_from(individual_lacking=19, hierarchical_lacking=10, hierarchical_enabling=10)
    assert powers.set_index("power")["is_short"].to_dict() == {
        "hierarchical": True,
        "solidaristic": False,
        "individual": False,
    }


def test_in_a_small_area_no_power_is_called_short():
    powers = powers_from(individual_lacking=40, interviews=2)
    assert powers["is_small"].all()
    assert not powers["is_short"].any()


def test_no_power_is_short_where_all_are_heard_to_work():
    powers = powers_from(
        hierarchical_enabling=9,
        solidaristic_enabling=9,
        individual_enabling=9,
        individual_lacking=2,
    )
    assert not powers["is_short"].any()
    balance = weigh_balance(powers).iloc[0]
    assert (balance.balance, balance.short_power, balance.smallest_share) == (1.0, "", 0.09)


@pytest.mark.parametrize(
    ("without", "shortness", "excess"),
    [
        ("excessive", 0.6, None),  # no mentions of too much count, and none are looked for
        ("lacking", None, 0.0),
        ("enabling", None, None),  # lacking alone would always be all that is said
    ],
)
def test_without_a_stance_that_was_coded_there_is_no_shortness_or_excess(
    without, shortness, excess
):
    powers = powers_from(
        ranked=[Label("individual", without)], individual_lacking=12, individual_enabling=8
    ).set_index("power")
    row = powers.loc["individual"]
    known = [None if pd.isna(part) else part for part in (row["shortness"], row["excess"])]
    assert known == [shortness, excess]
    assert row["is_short"] == (shortness is not None)
    assert (row["not_coded"], row["status"]) == (without, "unverified")
    assert powers.loc["hierarchical", "not_coded"] == ""


def test_a_stance_that_was_checked_alone_is_not_taken_for_one_that_nobody_speaks_of():
    shares = count_shares(PASSAGES_HERE, codings_of(), LABELS, ranked=[LABELS[1]])
    is_lacking = (shares["code"] == LABELS[1].code) & (shares["stance"] == LABELS[1].stance)
    checked = shares.assign(
        status=shares["status"].mask(is_lacking, "checked"),
        corrected_share=shares["corrected_share"].mask(is_lacking, 0.5),
    )
    row = profile_powers(checked, POWERS).set_index(["area", "power"]).loc[("North", POWERS[0])]
    assert pd.isna(row["shortness"])
    assert row["not_coded"] == "lacking"


def test_a_power_that_nobody_coded_is_neither_short_nor_in_the_balance():
    powers = powers_from(ranked=LABELS)
    assert set(powers["status"]) == {"not coded"}
    assert set(powers["not_coded"]) == {"enabling, lacking, excessive"}
    assert powers[["shortness", "excess"]].isna().all(axis=None)
    assert not powers[["is_short", "crowds_out"]].any(axis=None)
    balance = weigh_balance(powers).iloc[0]
    assert (balance.smallest_power, balance.status) == ("", "not coded")
    assert pd.isna(balance.balance)
    assert pd.isna(balance.smallest_share)


def test_a_codebook_without_powers_has_none_to_profile():
    shares = count_shares(PASSAGES_HERE, codings_of(), [Label("trust", "present")])
    powers = profile_powers(shares, ())
    assert len(powers) == len(weigh_balance(powers)) == 0


def test_powers_come_in_the_codebooks_order():
    assert powers_from(individual_enabling=1)["power"].tolist() == list(POWERS)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([4, 4, 4], 1.0),
        ([9, 0, 0], 0.0),
        ([0, 0, 0], 0.0),
        ([1, 1, 0], 0.630929753571),
        ([7], 0.0),  # a codebook with one power
    ],
)
def test_evenness_is_entropy_as_part_of_the_greatest(counts, expected):
    assert evenness(np.array(counts, dtype=float)) == pytest.approx(expected)


def test_the_evenness_of_what_is_not_known_is_not_known():
    assert np.isnan(evenness(np.array([1.0, np.nan, 2.0])))


def decisions_of(*rows):
    """Build from (coder, passage, applied), all on hierarchical, enabling."""
    blank = dict.fromkeys(DECISIONS.columns, "") | {"probability": 1.0}
    return DECISIONS.build(
        {**blank, "number": n, "coder": c, "passage": p, "applied": x}
        | {"code": "hierarchical", "stance": "enabling"}
        for n, (c, p, x) in enumerate(rows)
    )


def test_people_win_over_the_model():
    codings = codings_of(
        ("a", "hierarchical", "enabling", True), ("b", "hierarchical", "enabling", True)
    )
    decided = decisions_of(("Ada", "a", False), ("Ada", "gone", True))
    settled = settle(add_decisions(codings, decided, PASSAGES_HERE)).set_index("passage")
    assert settled["applied"].to_dict() == {"a": False, "b": True}
    assert settled["coder"].to_dict() == {"a": "Ada", "b": "model default"}


def test_where_people_differ_half_is_enough():
    codings = codings_of(("a", "hierarchical", "enabling", False))
    decided = decisions_of(("Ada", "a", True), ("Bo", "a", False))
    (row,) = settle(add_decisions(codings, decided, PASSAGES_HERE)).to_dict("records")
    assert (row["applied"], row["score"], row["coder"]) == (True, 0.5, "Ada + Bo")


def test_settling_what_is_settled_changes_nothing():
    codings = codings_of(("a", "hierarchical", "enabling", False))
    pd.testing.assert_frame_equal(settle(settle(codings)), settle(codings))
