"""What people's checks of a real study make of its shares.

160 passages of 24 interviews in 4 areas, drawn at random, were read and coded by the codebook; they
are kept as ids, hashes and codes, and the model's scores of all passages as numbers. The study's
words are not needed and not here.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.codebook import Label, read_codebook
from pipeline.findings.all_findings import Coded, find_all
from pipeline.tables import CHECKS, CODINGS, PASSAGES
from pipeline.typed_labels import read_labels

DATA = Path(__file__).parent / "data"
LABELS = read_codebook("shipped").labels
AREAS = ["England", "Northern Ireland", "Scotland", "Wales"]


@pytest.fixture(scope="module")
def checked():
    """The decisions: passage, area, probability and the labels that apply."""
    table = pd.read_csv(DATA / "resilience_checked.csv", keep_default_na=False)
    return table.assign(labels=[read_labels(codes, LABELS).labels for codes in table["codes"]])


@pytest.fixture(scope="module")
def findings(checked):
    scores = np.load(DATA / "resilience_scores.npz")
    names = ("passage", "transcript", "area", "turn", "start")
    given = pd.DataFrame({name: scores[name] for name in names})
    passages = PASSAGES.check(
        given.assign(participant=given["transcript"], role="", context="", text="").assign(
            end=given["start"] + 1, words=1
        )
    )
    labels = [Label(*label.split(".")) for label in scores["label"]]
    long = pd.MultiIndex.from_product([given["passage"], labels]).to_frame(False, ["passage", "l"])
    applied = np.unpackbits(scores["applied"], axis=1)[:, : len(labels)].astype(bool)
    codings = CODINGS.check(
        long.assign(
            code=[label.code for label in long["l"]],
            stance=[label.stance for label in long["l"]],
            coder="model default",
            score=scores["score"].ravel() / 255,
            applied=applied.ravel(),
            decision=np.where(applied.ravel(), "ask", "no"),
        )
    )
    rows = checked[["passage", "probability", "labels"]].merge(codings, on="passage")
    pairs = zip(rows["code"], rows["stance"], strict=True)
    found = [Label(*pair) in labels for pair, labels in zip(pairs, rows["labels"], strict=True)]
    placed = rows.assign(applied=found).merge(given[["passage", "area", "transcript"]])
    return find_all(
        Coded(passages, codings, codings, CHECKS.check(placed), read_codebook("shipped"), ())
    )


def test_forty_passages_of_every_area_were_checked_for_every_label(checked, findings):
    assert checked["area"].value_counts().to_dict() == dict.fromkeys(AREAS, 40)
    assert checked["passage"].is_unique
    assert (findings.shares["checked"] == 40).all()
    assert (findings.shares["status"] == "checked").all()


def test_every_share_lies_in_its_interval_and_the_wider_one_beyond(findings):
    shares = findings.shares
    assert (shares["low"] <= shares["corrected_share"] + 1e-12).all()
    assert (shares["corrected_share"] <= shares["high"] + 1e-12).all()
    width, beyond = shares["high"] - shares["low"], shares["beyond_high"] - shares["beyond_low"]
    assert beyond.mean() > width.mean()


def test_shares_of_people_alone_are_what_they_counted(checked, findings):
    alone = findings.shares[findings.shares["basis"] == "people"]
    assert len(alone) > 20
    for row in alone.itertuples():
        here = checked[checked["area"] == row.area]
        has = [Label(row.code, row.stance) in labels for labels in here["labels"]]
        weights = 1 / here["probability"]
        assert row.corrected_share == pytest.approx((weights * has).sum() / weights.sum())


def test_the_raw_share_is_wrong_where_people_say_so(findings):
    """Were raw shares right, about ten of the 192 would lie outside a 95 % interval by chance."""
    shares = findings.shares
    is_out = (shares["raw_share"] < shares["low"]) | (shares["raw_share"] > shares["high"])
    assert is_out.sum() == 22


def test_the_powers_of_the_four_areas(findings):
    shown = findings.powers.pivot_table("shortness", "power", "area", observed=True).round(2)
    assert shown.to_dict("list") == {
        "England": [0.36, 0.0, 0.04],  # hierarchical, individual, solidaristic
        "Northern Ireland": [0.49, 0.0, 0.52],
        "Scotland": [0.0, 0.0, 0.29],
        "Wales": [0.0, 0.0, 0.0],
    }
    assert findings.diagnoses[["area", "power", "problem", "heard"]].to_numpy().tolist() == [
        ["Northern Ireland", "solidaristic", "short", "as much as elsewhere or unclear"]
    ]


def test_few_checks_leave_most_claims_without_a_verdict(findings):
    """Nobody confirmed enough: the codings here are the model's alone."""
    verdicts = set(findings.claims["verdict"])
    assert verdicts <= {"mixed", "not enough evidence"}
