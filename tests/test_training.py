import numpy as np
import pytest

from pipeline.codebook import Label
from pipeline.coding.classifiers import Heads, classifiers
from pipeline.coding.evaluation import choose_threshold, evaluate, mean_f1
from pipeline.coding.training import INVENTED, Truth, calibrate, deal_folds, train

LABELS = [Label("trust", "present"), Label("trust", "lacking"), Label("disorder", "present")]
BLANK = Heads(np.zeros((3, 8)), np.zeros(3))


def coded(count=240, *, seed=0, invented=0):
    """Make passages whose first two numbers decide on two labels; the third never applies."""
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, 8)).astype(np.float32)
    applied = np.column_stack([vectors[:, 0] > 0.5, vectors[:, 1] > 0.8, np.zeros(count, bool)])
    interviews = np.array([f"T{row % 12:02d}" for row in range(count)])
    sources = np.array([INVENTED] * invented + ["a study"] * (count - invented))
    return vectors, Truth(applied, interviews, sources)


def train_on(vectors, truth, before=BLANK):
    trainer = classifiers["logistic"]
    return train(vectors, truth, LABELS, trainer=trainer, before=before, seed=0)


@pytest.mark.parametrize("seed", range(5))
def test_folds_never_split_an_interview(seed):
    interviews = np.array([f"T{row % 7}" for row in range(100)])
    folds = deal_folds(interviews, 5, seed)
    assert sum(fold.astype(int) for fold in folds).tolist() == [1] * 100
    for fold in folds:
        assert not set(interviews[fold]) & set(interviews[~fold])


def test_what_can_be_learnt_is_learnt_and_scored_out_of_fold():
    vectors, truth = coded()
    trained = train_on(vectors, truth)
    f1 = {(row["code"], row["stance"]): row["f1"] for row in trained.rows}
    assert f1["trust", "present"] > 0.9
    assert f1["disorder", "present"] is None
    again = trained.heads.score(vectors) >= trained.thresholds
    assert (again[:, 0] == truth.applied[:, 0]).mean() > 0.9
    assert not again[:, 2].any()


def test_the_same_seed_gives_the_same_model():
    one, two = (train_on(*coded()) for _ in "ab")
    assert np.array_equal(one.heads.weights, two.heads.weights)
    assert np.array_equal(one.thresholds, two.thresholds)


def test_scores_are_probabilities_that_hold():
    vectors, truth = coded(2000)
    scores = train_on(vectors, truth).scores[:, 0]
    likely = scores > 0.8
    assert truth.applied[likely, 0].mean() > 0.8
    assert truth.applied[scores < 0.2, 0].mean() < 0.2


def test_a_label_with_few_codings_keeps_its_head():
    vectors, truth = coded(40)
    truth.applied[:, 1] = False
    truth.applied[:3, 1] = True
    before = Heads(np.ones((3, 8)), np.ones(3))
    heads = classifiers["logistic"](vectors, truth.applied, before, 0)
    assert np.array_equal(heads.weights[1], before.weights[1])
    assert not np.array_equal(heads.weights[0], before.weights[0])


def test_few_codings_move_a_good_head_little():
    vectors, truth = coded(30)
    good = Heads(np.eye(3, 8) * 4, np.array([-2.0, -3.2, -9.0]))
    moved = classifiers["logistic"](vectors, truth.applied, good, 0)
    fresh, there = coded(2000, seed=1)
    said = moved.decide(fresh)[:, 0]
    assert ((said > 0) == there.applied[:, 0]).mean() > 0.85


def test_figures_are_on_real_passages_only():
    vectors, truth = coded(240, invented=100)
    rows = train_on(vectors, truth).rows
    assert rows[0]["positives"] == int(truth.applied[100:, 0].sum())


def test_calibrating_never_turns_an_order_round():
    vectors, truth = coded(100)
    wrong = -np.column_stack([vectors[:, :2], vectors[:, 2]]).astype(float)
    trained = calibrate(BLANK, wrong, truth, LABELS)
    order = np.argsort(wrong[:, 0])
    assert (np.diff(trained.scores[order, 0]) >= 0).all()


def test_at_the_threshold_as_many_get_the_label_as_have_it():
    applied = np.array([True, False, True, False, False])
    scores = np.array([0.9, 0.8, 0.4, 0.3, 0.2])
    assert (scores >= choose_threshold(applied, scores)).sum() == 2


def test_figures_are_those_of_the_confusion_table():
    truth = np.array([[1], [1], [1], [0], [0]], dtype=bool)
    scores = np.array([[0.9], [0.8], [0.1], [0.7], [0.2]])
    interviews = np.array(["a", "a", "b", "c", "c"])
    (row,) = evaluate(LABELS[:1], truth, scores, np.array([0.5]), interviews)
    assert (row["positives"], row["interviews"]) == (3, 2)
    assert (row["precision"], row["recall"], row["f1"]) == (0.6667, 0.6667, 0.6667)
    assert row["average_precision"] == pytest.approx((1 + 1 + 3 / 5) / 3, abs=1e-4)


def test_macro_f1_leaves_out_labels_with_too_few_positives():
    rows = [{"f1": 0.5, "positives": 10}, {"f1": 0.1, "positives": 2}]
    assert mean_f1(rows) == 0.5
    assert mean_f1(rows, positives=1) == 0.3
    assert mean_f1([]) == 0.0
