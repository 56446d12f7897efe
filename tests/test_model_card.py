import numpy as np
import pytest

from pipeline.codebook import Label, read_codebook
from pipeline.coding.bias import find_bias
from pipeline.coding.comparison import Change
from pipeline.coding.evaluation import Cutoffs, answer, evaluate
from pipeline.coding.training import Truth
from pipeline.exports import coverage
from pipeline.exports.model_card import FIGURES, SHARES, read_card
from pipeline.retraining import ENOUGH, ENOUGH_INTERVIEWS

CODEBOOK = read_codebook("shipped")
TRUST = Label("trust", "present")
LEARNT = {
    "code": "trust",
    "stance": "present",
    "mode": "classified",
    "positives": 1234,
    "interviews": 87,
    "precision": 0.41,
    "recall": 0.4,
    "f1": 0.405,
    "f1_interval": [0.31, 0.488],
    "average_precision": 0.38,
    "calibration_error": 0.012,
    "applied_from": 0.3,
    "sure_from": 0.8,
    "doubtful_from": 0.1,
}
RANKED = {
    "code": "permission",
    "stance": "lacking",
    "mode": "ranked",
    "positives": 4,
    "interviews": 3,
    "precision": None,
    "f1": None,
    "applied_from": None,
    "sure_from": None,
    "doubtful_from": 0.5,
}


def card_of(*labels, **parts):
    return read_card({"labels": list(labels), **parts}, CODEBOOK)


def cells_of(table, heading):
    return [row.cells[table.headings.index(heading)] for row in table.rows]


def group(name, difference, interval):
    return {
        "by": "area",
        "group": name,
        "passages": 1102,
        "interviews": 3,
        "missed": 0.0214,
        "invented": 0.013,
        "difference": difference,
        "interval": interval,
    }


def change(difference, *, is_taken=True):
    return {
        "code": "trust",
        "stance": "present",
        "positives": 31,
        "interviews": 8,
        "old": 0.4,
        "new": 0.4 + difference,
        "difference": difference,
        "interval": [difference - 0.05, difference + 0.05],
        "is_taken": is_taken,
    }


def test_a_code_has_its_figures_with_counts_and_the_interval_of_f1():
    figures = card_of(LEARNT).figures
    (row,) = figures.rows
    assert (row.name, row.kind) == ("Trust and respect", "present")
    assert dict(zip(figures.headings, row.cells, strict=True)) == {
        "n": "1,234",
        "Interviews": "87",
        "Precision": ".41",
        "Recall": ".40",
        "F1": ".41 [.31 to .49]",
        "Average precision": ".38",
        "Calibration error": ".01",
    }


def test_a_cut_off_that_no_score_reaches_is_never_and_one_that_is_missing_a_dash():
    older = {name: value for name, value in LEARNT.items() if name != "sure_from"}
    cutoffs = card_of(LEARNT, {**LEARNT, "sure_from": None}, older).cutoffs
    assert cells_of(cutoffs, "Applies from") == [".30", ".30", ".30"]
    assert cells_of(cutoffs, "Sure from") == [".80", "never", "–"]
    assert cells_of(cutoffs, "Asked from") == [".10", ".10", ".10"]


def test_every_cut_off_is_explained_and_what_is_below_too():
    rules = dict(card_of(LEARNT).rules)
    assert list(rules) == ["Applies from", "Sure from", "Asked from", "Below that"]
    assert "at least nine in ten such passages (precision .90)" in rules["Sure from"]
    assert "a person should look" in rules["Asked from"]
    assert "says no by itself" in rules["Below that"]


def test_columns_that_no_label_has_are_left_out_with_their_meaning():
    card = card_of({"code": "trust", "stance": "present", "f1": 0.4})
    assert (card.figures.headings, card.cutoffs.rows, card.rules) == (["F1"], [], [])
    assert [pair.name for pair in card.meanings] == ["F1"]
    fuller = card_of({**LEARNT, "sure_share": 0.004, "sure_precision": None, "asked_share": 0.18})
    assert fuller.cutoffs.headings[-3:] == ["Sure", "Right when sure", "Asked"]
    assert fuller.cutoffs.rows[0].cells[-3:] == ["<1%", "–", "18%"]


def test_a_label_that_is_only_ranked_is_named_with_its_count_and_has_no_figures():
    card = card_of(LEARNT, RANKED)
    assert card.ranked == ["Permission from the top: lacking (4 passages)"]
    assert len(card.figures.rows) == len(card.cutoffs.rows) == 1


def test_how_far_f1_goes_is_said_in_a_sentence():
    labels = [
        {**LEARNT, "code": code, "f1": f1}
        for code, f1 in [("trust", 0.5), ("spread", 0.1), ("austerity", 0.3)]
    ]
    assert card_of(*labels, RANKED).figures.sentence == (
        "F1 goes from .10 (‘Spread beyond pockets: present’) to .50 (‘Trust and respect: "
        "present’); half of the 3 codes with their stances reach .30 or more."
    )
    assert card_of(*labels[:2]).figures.sentence == ""


def test_where_the_model_comes_from_is_told_and_hashes_stand_apart():
    card = card_of(
        name="harbour",
        made_by="three-powers 0.1.0",
        date="2025-11-23",
        codebook={"name": "three-powers", "version": "1.1.0", "fingerprint": "f1" * 32},
        encoder={"name": "small", "sha256": "e2" * 32, "made_from": "a larger one"},
        trained_on="20 passages that people decided on",
        data_sha256="d3" * 32,
        macro_f1={"this_model": 0.312, "over": "labels with 10 positives"},
    )
    assert dict(card.facts) == {
        "Model": "harbour",
        "Made by": "three-powers 0.1.0",
        "Date": "2025-11-23",
        "Codebook": "three-powers 1.1.0",
        "Trained on": "20 passages that people decided on",
        "Encoder": "small, made from a larger one",
        "Macro F1": ".31 (this model); over labels with 10 positives",
    }
    assert dict(card.hashes) == {
        "codebook": "f1" * 32,
        "encoder": "e2" * 32,
        "codings learnt from": "d3" * 32,
    }


def test_labels_that_go_by_an_older_wording_are_named():
    older = {**LEARNT, "older_wording": True}
    told = "Trust and respect: present: learnt before the codebook was edited, and not trained "
    assert dict(card_of(older).facts)["By an older wording"] == f"{told}anew since"
    assert "By an older wording" not in dict(card_of(LEARNT).facts)


def test_an_empty_card_has_nothing_to_show():
    card = read_card({}, CODEBOOK)
    assert not any((card.facts, card.figures.rows, card.ranked, card.changes.rows, card.hashes))


def test_what_was_not_tested_is_said():
    assert card_of(LEARNT).bias.sentence.startswith("Not tested: the card says nothing of errors")


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ([0.002, 0.021], "errs more"),
        ([-0.012, -0.001], "errs less"),
        ([-0.01, 0.012], "no clear difference"),
        ([0.0, 0.02], "no clear difference"),
        (None, "not known"),  # a group of too few interviews to draw again
    ],
)
def test_a_difference_is_marked_in_words_if_its_interval_leaves_out_0(interval, verdict):
    bias = card_of(LEARNT, bias=[group("Penholt", 0.0123, interval)]).bias
    assert cells_of(bias, "The model") == [verdict]


def test_errors_are_in_per_cent_and_differences_in_points_with_their_interval():
    (row,) = card_of(LEARNT, bias=[group("Penholt", -0.0123, [-0.021, -0.002])]).bias.rows
    assert (row.name, row.kind) == ("area", "Penholt")
    assert row.cells == ["1,102", "3", "2.1%", "1.3%", "−1.2 [−2.1 to −0.2]", "errs less"]


def test_the_groups_that_stand_out_are_named_in_a_sentence():
    rows = [group("A", 0.01, [0.002, 0.02]), group("B", -0.01, [-0.02, -0.01])]
    rows += [group("C", 0.0, [-0.01, 0.01])]
    assert card_of(LEARNT, bias=rows).bias.sentence == (
        "Tested by area. Compared with the other groups the model errs more for ‘A’ (area); errs "
        "less for ‘B’ (area): there the 95% interval of the difference leaves out 0. Of 3 groups, "
        "about one in ten would do so by chance alone."
    )
    assert card_of(LEARNT, bias=rows[2:]).bias.sentence == (
        "Tested by area: no group stands out, as every interval that is known takes in 0."
    )


def test_what_retraining_changed_is_told_code_by_code():
    changes = card_of(LEARNT, changes=[change(0.06), change(-0.1, is_taken=False)]).changes
    assert changes.sentence == (
        "People’s decisions were enough to train 2 classifiers anew; 1 of them did worse than the "
        "one before (the whole 95% interval lies below 0), which is kept. Both are held against "
        "the same passages, of interviews that neither had learnt from."
    )
    assert [row.cells for row in changes.rows] == [
        ["31", "8", ".40", ".46", "+.06 [+.01 to +.11]", "the new one"],
        ["31", "8", ".40", ".30", "−.10 [−.15 to −.05]", "the old one"],
    ]
    assert card_of(LEARNT, changes=[change(0.06)]).changes.sentence.startswith(
        "People’s decisions were enough to train 1 classifier anew. None did worse"
    )


def test_the_card_names_figures_as_the_page_does():
    truth = Truth(
        np.tile([[True]], (10, 1)),
        np.tile([[True]], (10, 1)),
        np.array(list("abcdefghij")),
        np.ones(10, dtype=bool),
    )
    cutoffs = Cutoffs(*np.array([[0.5], [0.8], [0.1]]))
    (row,) = evaluate(
        [TRUST], truth.applied, truth.known, answer(truth.applied * 0.9, cutoffs), truth[2]
    )
    assert {column.key for column in (*FIGURES, *SHARES)} | {"f1_interval"} <= set(row)
    bias = find_bias(truth, truth.applied, {"area": np.array(["N"] * 5 + ["S"] * 5)})
    assert set(bias[0]) == set(group("A", 0.0, None))
    made = Change(TRUST, 31, 8, 0.4, 0.5, 0.1, None, True)
    assert set(made.to_row()) == set(change(0.1))


def test_the_page_says_how_many_codings_a_classifier_needs():
    assert f"{ENOUGH} passages from {ENOUGH_INTERVIEWS} interviews" == coverage.ENOUGH
