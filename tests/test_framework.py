import pandas as pd
import pytest

from pipeline.codebook import Code, Codebook, Group, Label
from pipeline.findings.framework import build_matrix, pick_quotes
from pipeline.tables import CODINGS, PASSAGES


def codebook_of(**codes):
    """Build from code='stance stance'; names are the codes with a capital."""
    stances = ("enabling", "lacking", "present")
    group = Group(title="All", stances=dict.fromkeys(stances, ""))
    return Codebook(
        name="small",
        version="1",
        title="Small",
        groups={"all": group},
        codes=tuple(
            Code(
                id=code,
                group="all",
                label=code.title(),
                definition="",
                stances=dict.fromkeys(names.split(), ""),
            )
            for code, names in codes.items()
        ),
    )


CODEBOOK = codebook_of(trust="enabling lacking", austerity="present")


def passages_of(*rows):
    """Build from (transcript, area, role, passages); the first passage of T1 is T1-1."""
    columns = {"turn": 1, "start": 0, "end": 1, "words": 9, "context": ""}
    return PASSAGES.build(
        {**columns, "passage": f"{transcript}-{number}", "transcript": transcript, "area": area}
        | {"participant": f"P {transcript}", "role": role, "text": f"Words {transcript}-{number}."}
        for transcript, area, role, count in rows
        for number in range(1, count + 1)
    )


def codings_of(*rows):
    """Build from (passage, 'code stance', coder, score or answer)."""
    return CODINGS.build(
        {"passage": passage, "code": label.split()[0], "stance": label.split()[1], "coder": coder}
        | {"score": value, "applied": value >= 0.5, "decision": "yes" if value >= 0.5 else "no"}
        for passage, label, coder, value in rows
    )


def model(passage, label, score):
    return (passage, label, "model x", score)


def person(passage, label, answer, coder="Ada"):
    return (passage, label, coder, float(answer))


ONE = passages_of(("T1", "North", "warden", 4))


def cell(*rows, passages=ONE, code="trust", transcript="T1"):
    matrix = build_matrix(passages, codings_of(*rows), CODEBOOK)
    found = matrix[(matrix["code"] == code) & (matrix["transcript"] == transcript)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(
    ("rows", "status", "quote", "counts"),
    [
        ([], "not looked", "", ""),
        # scored, but neither coded nor decided on
        ([model("T1-1", "trust lacking", 0.2)], "not looked", "", ""),
        ([model("T1-1", "trust lacking", 0.7)], "coded, not confirmed", "T1-1", "lacking 1"),
        ([person("T1-1", "trust lacking", 0)], "looked in part, none", "", ""),
        ([person("T1-1", "trust lacking", 1)], "confirmed", "T1-1", "lacking 1"),
        # what people denied does not stand
        (
            [model("T1-1", "trust lacking", 0.7), person("T1-1", "trust lacking", 0)],
            *("looked in part, none", "", ""),
        ),
        # people denied one passage and did not look at the other
        (
            [model("T1-2", "trust lacking", 0.7), person("T1-1", "trust lacking", 0)],
            *("coded, not confirmed", "T1-2", "lacking 1"),
        ),
        # half of the people are enough
        (
            [person("T1-1", "trust lacking", 0), person("T1-1", "trust lacking", 1, "Bo")],
            *("confirmed", "T1-1", "lacking 1"),
        ),
        # another code tells nothing of this one
        ([person("T1-1", "austerity present", 1)], "not looked", "", ""),
    ],
)
def test_a_cell_tells_what_people_looked_at_from_what_nobody_did(rows, status, quote, counts):
    found = cell(*rows)
    assert (found.status, found.quote, found.counts) == (status, quote, counts)


def deny(label, *numbers):
    return [person(f"T1-{number}", label, 0) for number in numbers]


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        # all four passages for both stances
        ([*deny("trust lacking", 1, 2, 3, 4), *deny("trust enabling", 1, 2, 3, 4)], "looked, none"),
        # one stance was looked for on three of them, or nowhere
        (
            [*deny("trust lacking", 1, 2, 3, 4), *deny("trust enabling", 1, 2, 3)],
            "looked in part, none",
        ),
        (deny("trust lacking", 1, 2, 3, 4), "looked in part, none"),
        # searched for one stance, found in the other
        (
            [*deny("trust lacking", 1, 2, 3, 4), person("T1-1", "trust enabling", 1)],
            "confirmed",
        ),
    ],
)
def test_none_is_said_only_where_people_searched_for_every_stance(rows, status):
    assert cell(*rows).status == status


def test_of_a_long_interview_the_five_best_passages_are_enough_to_search():
    long = passages_of(("T1", "North", "warden", 20))
    scores = [model(f"T1-{number}", "austerity present", number / 50) for number in range(1, 21)]
    for numbers, status in (
        ((16, 17, 18, 19, 20), "looked, none"),
        ((1, 2, 3, 4, 5, 6), "looked in part, none"),  # as a random sample may have them
    ):
        rows = [*scores, *deny("austerity present", *numbers)]
        assert cell(*rows, passages=long, code="austerity").status == status


def test_a_confirmed_quote_goes_before_a_better_scored_one():
    rows = [
        model("T1-1", "trust lacking", 0.99),
        model("T1-2", "trust enabling", 0.3),
        model("T1-3", "trust enabling", 0.6),
        person("T1-2", "trust enabling", 1),
        person("T1-3", "trust enabling", 1),
        person("T1-4", "trust enabling", 1),  # without a score: last of the confirmed ones
    ]
    found = cell(*rows)
    assert (found.quote, found.stance) == ("T1-3", "enabling")
    assert found.counts == "enabling 3, lacking 1"


def test_equal_scores_go_by_the_passages_id_then_by_the_codebook():
    rows = [
        model(passage, f"trust {stance}", 0.75)
        for passage in ("T1-3", "T1-2")
        for stance in ("lacking", "enabling")
    ]
    for order in (rows, rows[::-1]):
        assert cell(*order)[["quote", "stance"]].tolist() == ["T1-2", "enabling"]


TWO = passages_of(("T2", "South", "mayor", 1), ("T3", "North", "nurse", 1), ("T1", "North", "", 1))


def test_interviews_stand_by_area_and_codes_as_in_the_codebook():
    matrix = build_matrix(TWO, codings_of(), CODEBOOK)
    assert matrix[["area", "transcript", "name"]].to_numpy().tolist() == [
        [area, transcript, name]
        for area, transcript in (("North", "T1"), ("North", "T3"), ("South", "T2"))
        for name in ("Trust", "Austerity")
    ]


def roles(*rows):
    matrix = build_matrix(passages_of(*rows), codings_of(), CODEBOOK)
    return dict(zip(matrix["transcript"], matrix["role"], strict=True))


def test_a_role_that_few_share_in_an_area_is_left_empty():
    three = [(f"T{number}", "North", "nurse", 2) for number in range(3)]
    others = [("T5", "North", "mayor", 9), ("T6", "South", "nurse", 9)]
    assert roles(*three, *others) == {"T0": "nurse", "T1": "nurse", "T2": "nurse"} | {
        "T5": "",
        "T6": "",
    }
    assert set(roles(*three[:2]).values()) == {""}


def test_three_interviews_with_one_person_do_not_hide_that_person():
    passages = passages_of(*((f"T{number}", "North", "nurse", 1) for number in range(3)))
    matrix = build_matrix(PASSAGES.check(passages.assign(participant="P")), codings_of(), CODEBOOK)
    assert set(matrix["role"]) == {""}


def test_a_bank_has_one_quote_an_interview_and_label_the_confirmed_ones_first():
    nurses = passages_of(*((f"T{number}", "North", "nurse", 2) for number in (1, 2, 3)))
    rows = [
        model("T1-1", "trust lacking", 0.75),
        model("T1-2", "trust lacking", 0.875),
        model("T2-1", "trust lacking", 0.25),
        person("T2-1", "trust lacking", 1),
        model("T3-1", "trust lacking", 0.9375),
        model("T3-1", "trust enabling", 0.625),
        person("T1-1", "austerity present", 0),
    ]
    bank = pick_quotes(nurses, codings_of(*rows), CODEBOOK.labels)
    columns = ["code", "stance", "transcript", "role", "passage", "score", "is_confirmed"]
    assert bank[columns].to_numpy().tolist() == [
        ["trust", "enabling", "T3", "nurse", "T3-1", 0.625, False],
        ["trust", "lacking", "T2", "nurse", "T2-1", 0.25, True],
        ["trust", "lacking", "T3", "nurse", "T3-1", 0.9375, False],
        ["trust", "lacking", "T1", "nurse", "T1-2", 0.875, False],
    ]
    assert bank["text"].tolist()[-1] == "Words T1-2."


def test_no_quote_carries_a_role_that_few_share():
    rows = [person("T2-1", "trust lacking", 1), person("T3-1", "trust lacking", 1)]
    bank = pick_quotes(TWO, codings_of(*rows), CODEBOOK.labels)
    assert bank[["area", "participant", "role"]].to_numpy().tolist() == [
        ["North", "P T3", ""],
        ["South", "P T2", ""],
    ]


def test_the_order_of_the_tables_changes_nothing():
    rows = [
        model(f"T{number}-{place}", label, 0.5 + 0.25 * (place % 2))
        for number in (1, 2, 3)
        for place in (1, 2, 3)
        for label in ("trust lacking", "trust enabling", "austerity present")
    ]
    rows += [person("T2-2", "trust lacking", 1), person("T2-3", "trust lacking", 1)]
    codings = codings_of(*rows)
    passages = passages_of(*((f"T{number}", "North", "nurse", 3) for number in (1, 2, 3)))
    mixed = [table.sample(frac=1, random_state=1) for table in (passages, codings)]
    pd.testing.assert_frame_equal(
        build_matrix(passages, codings, CODEBOOK), build_matrix(*mixed, CODEBOOK)
    )
    pd.testing.assert_frame_equal(
        pick_quotes(passages, codings, CODEBOOK.labels), pick_quotes(*mixed, CODEBOOK.labels)
    )


def test_codings_of_other_codes_and_passages_are_left_out():
    rows = [person("T1-1", "disorder present", 1), person("T9-1", "trust lacking", 1)]
    assert set(build_matrix(ONE, codings_of(*rows), CODEBOOK)["status"]) == {"not looked"}
    assert len(pick_quotes(ONE, codings_of(*rows), [Label("trust", "lacking")])) == 0


def test_empty_tables_give_empty_tables():
    nobody = passages_of()
    matrix = build_matrix(nobody, codings_of(), CODEBOOK)
    assert matrix.columns.tolist() == [
        *("area", "transcript", "participant", "role", "code", "name"),
        *("status", "counts", "quote", "stance"),
    ]
    assert len(matrix) == 0
    assert len(pick_quotes(nobody, codings_of(), CODEBOOK.labels)) == 0
    bank = pick_quotes(ONE, codings_of(), [])
    assert bank.columns.tolist()[:3] == ["area", "code", "stance"]
    assert build_matrix(ONE, codings_of(), codebook_of()).empty
