import numpy as np
import pandas as pd
import pytest

from pipeline.codebook import Label
from pipeline.coding.settling import add_decisions, settle
from pipeline.findings.checks import gather_checks, gather_comparable
from pipeline.findings.corrections import correct_shares
from pipeline.findings.shares import count_shares
from pipeline.tables import CODINGS, DECISIONS, PASSAGES

TRUST, LOST = Label("trust", "present"), Label("trust", "lacking")
SIZE = 400  # passages in each of two areas, of ten interviews each


@pytest.fixture(scope="module")
def study():
    """Passages, the model's codings of them, and what is true: North has more trust than South.

    The model finds too much of it, above all in the South; of lost trust it knows nothing.
    """
    random = np.random.default_rng(0)
    area = np.repeat(["North", "South"], SIZE)
    truth = random.random(2 * SIZE) < np.where(area == "North", 0.4, 0.2)
    score = np.clip(truth * 0.5 + np.where(area == "North", 0.2, 0.4), 0, 1)
    score = np.clip(score + random.normal(0, 0.15, 2 * SIZE), 0, 1)
    names = [f"p{row:03d}" for row in range(2 * SIZE)]
    common = {"participant": "P", "role": "", "turn": 1, "start": 0, "end": 1, "words": 9}
    passages = PASSAGES.build(
        common
        | {"passage": name, "transcript": f"{a}{row % 10}", "area": a, "context": "", "text": name}
        for row, (name, a) in enumerate(zip(names, area, strict=True))
    )
    codings = CODINGS.build(
        {"passage": name, "code": label.code, "stance": label.stance, "coder": "model default"}
        | {"score": value, "applied": value >= 0.5, "decision": "ask"}
        for label, values in ((TRUST, score), (LOST, np.zeros(2 * SIZE)))
        for name, value in zip(names, values, strict=True)
    )
    return passages, codings, dict(zip(names, truth.tolist(), strict=True))


def decide(truth, names, *, selection="random", coder="Ada", labels=(TRUST, LOST), turned=()):
    return [
        {
            "coder": coder,
            "passage": name,
            "code": label.code,
            "stance": label.stance,
            "applied": label == TRUST and truth[name] != (name in turned),
            "codebook_version": "1",
            "selection": selection,
            "probability": 0.15 if selection == "random" else None,
            "decided_at": "2025-03-01T10:00:00Z",
        }
        for name in names
        for label in labels
    ]


def correct(study, rows, *, ranked=()):
    passages, codings, _ = study
    decisions = DECISIONS.build(row | {"number": n} for n, row in enumerate(rows))
    settled = settle(add_decisions(codings, decisions, passages))
    shares = count_shares(passages, settled, [TRUST, LOST], ranked=ranked)
    checks = gather_checks(decisions, passages, codings)
    return correct_shares(shares, passages, codings, checks).set_index(["area", "code", "stance"])


def drawn(seed=0, count=60):
    """Names of as many passages of each area, at random."""
    random = np.random.default_rng(seed)
    return [
        f"p{start + row:03d}" for start in (0, SIZE) for row in random.permutation(SIZE)[:count]
    ]


def test_a_check_corrects_what_the_model_gets_wrong(study):
    passages, _, truth = study
    shares = correct(study, decide(truth, drawn()))
    right = pd.Series(truth).groupby(passages.set_index("passage")["area"]).mean()
    for area in ("North", "South"):
        row = shares.loc[area, *TRUST]
        assert row["low"] <= right[area] <= row["high"]
        assert (row["checked"], row["status"], row["basis"]) == (60, "checked", "people and model")
        assert row["beyond_high"] - row["beyond_low"] > 0
    assert shares.loc["South", *TRUST]["raw_share"] > shares.loc["South", *TRUST]["high"]


def test_where_scores_tell_nothing_people_alone_are_counted(study):
    row = correct(study, decide(study[2], drawn())).loc["North", *LOST]
    assert (row["basis"], row["corrected_share"]) == ("people", 0)
    assert 0.03 < row["high"] < 0.08


def test_passages_picked_for_what_they_may_say_correct_nothing(study):
    rows = decide(study[2], drawn(), selection="uncertain")
    shares = correct(study, rows)
    assert shares["checked"].eq(0).all()
    assert set(shares["status"]) == {"unverified"}
    assert shares["corrected_share"].isna().all()
    sample = decide(study[2], drawn(count=30))
    others = sorted({f"p{row:03d}" for row in range(100, 140)} - {*drawn(count=30)})
    both = correct(study, [*decide(study[2], others, selection="chosen"), *sample])
    assert both["corrected_share"].equals(correct(study, sample)["corrected_share"])


def test_a_passage_of_the_sample_stays_in_it_when_somebody_comes_back_to_it(study):
    first = decide(study[2], drawn(count=30))
    later = decide(study[2], drawn(count=30)[:1], selection="chosen", labels=[TRUST])
    assert correct(study, [*first[2:], *later, first[1]]).loc["North", *TRUST]["checked"] == 30


def test_somebody_who_came_by_a_passage_otherwise_does_not_vote_on_the_sample(study):
    names = drawn(count=30)
    sample = decide(study[2], names)
    others = decide(study[2], names, selection="chosen", coder="Bo", turned=names)
    assert correct(study, [*sample, *others])["corrected_share"].equals(
        correct(study, sample)["corrected_share"]
    )


def test_where_people_differ_half_is_enough(study):
    names = drawn(count=30)
    one = decide(study[2], names)
    two = decide(study[2], names, coder="Bo", turned=names)  # says the contrary of everything
    assert correct(study, [*one, *two]).loc["North", *TRUST]["corrected_share"] == 1


def test_an_area_that_nobody_checked_stays_unverified(study):
    shares = correct(study, decide(study[2], drawn()[:60]))
    assert shares.loc["North", *TRUST]["status"] == "checked"
    assert shares.loc["South", *TRUST]["status"] == "unverified"
    assert pd.isna(shares.loc["South", *TRUST]["corrected_share"])


def test_a_code_without_a_classifier_has_a_share_once_people_checked(study):
    row = correct(study, decide(study[2], drawn()), ranked=[LOST]).loc["North", *LOST]
    assert (row["status"], row["corrected_share"]) == ("checked", 0)
    assert pd.isna(row["raw_share"])


def test_decisions_on_passages_that_are_no_longer_there_are_left_out(study):
    rows = decide(study[2] | {"gone": True}, ["gone", *drawn(count=30)])
    assert correct(study, rows).loc["North", *TRUST]["checked"] == 30


@pytest.mark.parametrize("probability", [0.0, None])
def test_without_a_probability_of_being_drawn_nothing_is_a_sample(study, probability):
    rows = [row | {"probability": probability} for row in decide(study[2], drawn())]
    assert correct(study, rows)["checked"].eq(0).all()


@pytest.mark.parametrize(("count", "basis"), [(19, "people"), (20, "people and model")])
def test_the_model_counts_from_twenty_checked_passages_of_an_area(study, count, basis):
    row = correct(study, decide(study[2], drawn(count=count))).loc["North", *TRUST]
    assert (row["checked"], row["basis"]) == (count, basis)


def test_the_model_is_compared_with_people_on_the_random_sample_alone(study):
    passages, codings, truth = study
    sample = decide(truth, ["p001", "p002"])
    others = decide(truth, ["p007"], selection="uncertain")
    rows = enumerate([*sample, *others])
    decisions = DECISIONS.build(row | {"number": number} for number, row in rows)
    checks = gather_checks(decisions, passages, codings)
    compared = gather_comparable(add_decisions(codings, decisions, passages), checks, passages)
    seen = compared.groupby("coder", observed=True)["passage"].agg(lambda names: sorted({*names}))
    assert seen.to_dict() == {"Ada": ["p001", "p002", "p007"], "model default": ["p001", "p002"]}
    assert compared.loc[compared["passage"] == "p007", "interview"].unique().tolist() == ["North7"]
