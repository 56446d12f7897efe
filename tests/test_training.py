import numpy as np
import pytest

from pipeline.codebook import Label
from pipeline.coding.classifiers import Examples, Heads, blank_heads, classifiers, to_probability
from pipeline.coding.evaluation import (
    Cutoffs,
    answer,
    calibration_error,
    choose_doubtful,
    choose_sure,
    choose_threshold,
    draw_interviews,
    evaluate,
    interval,
    mean_f1,
    redraw_f1,
)
from pipeline.coding.training import (
    Truth,
    answer_apart,
    choose,
    choose_cutoffs,
    confirm_sure,
    deal_folds,
    fit_sigmoids,
    train,
)

LABELS = [Label("trust", "present"), Label("trust", "lacking"), Label("disorder", "present")]
BLANK = blank_heads(3, 8)


def coded(count=240, *, seed=0):
    """Make passages whose first two numbers decide on two labels; the third never applies."""
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, 8)).astype(np.float32)
    applied = np.column_stack([vectors[:, 0] > 0.5, vectors[:, 1] > 0.8, np.zeros(count, bool)])
    interviews = np.array([f"T{row % 12:02d}" for row in range(count)])
    return vectors, Truth(applied, np.ones_like(applied), interviews, np.ones(count, bool))


def train_on(vectors, truth, before=BLANK, base=None):
    trainer = classifiers["logistic"]
    return train(vectors, truth, LABELS, trainer=trainer, before=before, base=base)


def learn(vectors, truth, before=BLANK):
    return classifiers["logistic"](
        Examples(vectors, truth.applied, truth.known.astype(float)), before
    )


@pytest.mark.parametrize("seed", range(5))
def test_folds_never_split_an_interview(seed):
    interviews = np.array([f"T{row % 7}" for row in range(100)])
    applied = np.random.default_rng(seed).random((100, 4)) < 0.1
    folds = deal_folds(interviews, applied, 5, seed)
    assert set(folds) == set(range(5))
    for interview in set(interviews):
        assert len(set(folds[interviews == interview])) == 1


def test_a_rare_label_is_spread_over_the_folds():
    interviews = np.repeat([f"T{number:02d}" for number in range(30)], 10)
    applied = np.zeros((300, 2), dtype=bool)
    applied[:50:10, 0] = True  # five interviews have the rare label, once each
    applied[::2, 1] = True
    folds = deal_folds(interviews, applied, 5, 0)
    assert sorted(folds[applied[:, 0]]) == [0, 1, 2, 3, 4]
    assert np.bincount(folds).min() >= 50


def test_fewer_interviews_than_folds_make_fewer_folds():
    folds = deal_folds(np.array(["a", "a", "b"]), np.ones((3, 1), dtype=bool), 5, 0)
    assert sorted(set(folds)) == [0, 1]


def test_what_can_be_learnt_is_learnt_and_scored_out_of_fold():
    vectors, truth = coded()
    trained = train_on(vectors, truth)
    f1 = {(row["code"], row["stance"]): row["f1"] for row in trained.rows}
    assert f1["trust", "present"] > 0.85
    assert f1["disorder", "present"] is None
    again = trained.heads.score(vectors) >= trained.cutoffs.applied
    assert (again[:, 0] == truth.applied[:, 0]).mean() > 0.9
    assert not again[:, 2].any()


def test_out_of_fold_scores_are_those_of_heads_that_did_not_see_the_interview():
    vectors, truth = coded()
    trained = train_on(vectors, truth)
    for fold, heads in enumerate(trained.fold_heads):
        mine = trained.folds == fold
        order = np.argsort(heads.decide(vectors[mine])[:, 0])
        assert (np.diff(trained.answers.scores[mine, 0][order]) >= 0).all()
    noise = truth._replace(applied=np.random.default_rng(1).random(truth.applied.shape) < 0.3)
    row = train_on(np.random.default_rng(2).normal(size=(240, 200)), noise, blank_heads(3, 200))
    assert row.rows[0]["f1"] < 0.5  # heads that had seen the interviews would know them by heart


def test_the_same_seed_gives_the_same_model():
    one, two = (train_on(*coded()) for _ in "ab")
    assert np.array_equal(one.heads.weights, two.heads.weights)
    assert np.array_equal(one.cutoffs, two.cutoffs)


def test_scores_are_probabilities_that_hold():
    vectors, truth = coded(2000)
    trained = train_on(vectors, truth)
    assert trained.rows[0]["calibration_error"] < 0.05
    likely = trained.answers.scores[:, 0] > 0.8
    assert truth.applied[likely, 0].mean() > 0.8


def test_a_label_that_nobody_decided_on_keeps_its_head():
    vectors, truth = coded(40)
    truth.known[:, 1] = False
    before = Heads(np.ones((3, 8)), np.ones(3))
    heads = learn(vectors, truth, before)
    assert np.allclose(heads.weights[1], 1)
    assert heads.intercepts[1] == pytest.approx(1)
    assert not np.allclose(heads.weights[0], 1, atol=0.1)


def test_passages_that_nobody_decided_on_teach_nothing():
    vectors, truth = coded(200)
    half = learn(vectors[:100], truth.pick(np.arange(200) < 100))
    truth.known[100:] = False
    assert np.allclose(learn(vectors, truth).weights, half.weights, atol=1e-3)


def test_few_codings_move_a_good_head_little():
    vectors, truth = coded(30)
    good = Heads(np.eye(3, 8) * 4, np.array([-2.0, -3.2, -9.0]))
    fresh, there = coded(2000, seed=1)
    said = learn(vectors, truth, good).decide(fresh)[:, 0]
    assert ((said > 0) == there.applied[:, 0]).mean() > 0.9


def test_shipped_codings_help_where_a_study_has_few():
    vectors, truth = coded(30)
    more, there = coded(1000, seed=1)
    base = Examples(more, there.applied, there.known.astype(float))
    fresh, known = coded(2000, seed=2)
    alone, helped = (train_on(vectors, truth, base=given).heads for given in (None, base))
    right = [((h.decide(fresh)[:, 0] > 0) == known.applied[:, 0]).mean() for h in (alone, helped)]
    assert right[1] > right[0] + 0.02


def test_cut_offs_are_chosen_on_passages_drawn_at_random_if_enough_have_the_label():
    vectors, truth = coded(400)
    drawn = np.arange(400) < 200
    truth = truth._replace(applied=truth.applied | ~drawn[:, np.newaxis], is_drawn=drawn)
    odds = vectors[:, :3].astype(float)
    (mended, cutoffs), (alone, own) = choose(odds, truth), choose(odds[drawn], truth.pick(drawn))
    assert mended.offsets[0] == pytest.approx(alone.offsets[0])
    assert cutoffs.applied[0] == own.applied[0]
    assert own.applied[2] == np.inf  # no passage that was drawn has this label
    assert cutoffs.applied[2] < 1


def test_an_automatic_yes_that_other_folds_do_not_bear_out_is_none():
    known = np.ones((40, 2), dtype=bool)
    applied = known.copy()
    applied[:20, 1] = False  # the second label is right for half of the passages
    truth = Truth(applied, known, np.array(["T"] * 40), known[:, 0])
    cutoffs = Cutoffs(*np.full((3, 2), 0.5))
    answers = answer(np.full((40, 2), 0.9), cutoffs)
    kept, told = confirm_sure(cutoffs, answers, truth)
    assert kept.sure.tolist() == [0.5, np.inf]
    assert (told.sure.sum(axis=0).tolist(), told.asked.sum(axis=0).tolist()) == ([40, 0], [0, 40])


def test_no_passage_is_answered_for_by_cut_offs_that_know_it():
    vectors, truth = coded(300)
    odds, folds = vectors[:, :3].astype(float), np.arange(300) % 3
    before = answer_apart(odds, truth, folds)
    turned = truth.applied ^ (folds == 1)[:, np.newaxis]
    after = answer_apart(odds, truth._replace(applied=turned), folds)
    assert np.array_equal(before.applied[folds == 1], after.applied[folds == 1])
    assert not np.array_equal(before.applied[folds == 0], after.applied[folds == 0])


def test_calibrating_never_turns_an_order_round():
    vectors, truth = coded(100)
    wrong = -np.column_stack([vectors[:, :2], vectors[:, 2]]).astype(float)
    assert (fit_sigmoids(wrong, truth).slopes > 0).all()


def test_calibrating_mends_odds_that_are_too_bold():
    odds = np.random.default_rng(0).normal(size=(4000, 1))
    applied = np.random.default_rng(1).random(odds.shape) < to_probability(odds)
    every = np.ones_like(applied)
    truth = Truth(applied, every, np.array(["T"] * 4000), every[:, 0])
    slopes, offsets = fit_sigmoids(odds * 3 + 1, truth)
    assert slopes[0] == pytest.approx(1 / 3, abs=0.05)
    assert offsets[0] == pytest.approx(-1 / 3, abs=0.1)


def test_at_the_threshold_as_many_get_the_label_as_have_it():
    applied = np.array([True, False, True, False, False])
    scores = np.array([0.9, 0.8, 0.4, 0.3, 0.2])
    assert (scores >= choose_threshold(applied, scores)).sum() == 2
    assert choose_threshold(np.zeros(5, dtype=bool), scores) == np.inf


def test_an_automatic_yes_is_right_nine_times_in_ten():
    scores = np.linspace(1, 0, 100)
    applied = np.zeros(100, dtype=bool)
    applied[:38] = True
    applied[[3, 60]] = False, True
    sure = choose_sure(applied, scores)
    said = scores >= sure
    assert said.sum() == 41
    assert applied[said].mean() >= 0.9


def test_without_thirty_passages_there_is_no_automatic_yes():
    applied = np.array([True] * 26 + [False] * 50)
    assert choose_sure(applied, np.linspace(1, 0, 76)) == np.inf


def test_scores_that_tie_are_taken_together_or_not_at_all():
    applied = np.array([True] * 30 + [False] * 30)
    assert choose_sure(applied, np.full(60, 0.7)) == np.inf


def test_an_automatic_no_loses_one_in_ten_at_most():
    random = np.random.default_rng(0)
    scores, applied = random.random(500), random.random(500) < 0.2
    assert (scores[applied] >= choose_doubtful(applied, scores)).mean() >= 0.9


def test_cut_offs_stand_in_order():
    vectors, truth = coded(300)
    cutoffs = choose_cutoffs(to_probability(vectors[:, :3].astype(float)), truth)
    assert (cutoffs.sure >= cutoffs.applied).all()
    assert (cutoffs.doubtful <= cutoffs.applied).all()


def test_calibration_error_is_the_mean_gap_of_scores_and_shares():
    applied = np.array([True, False] * 50)
    assert calibration_error(applied, np.full(100, 0.5)) == pytest.approx(0)
    assert calibration_error(applied, np.full(100, 0.8)) == pytest.approx(0.3)


def test_intervals_are_over_interviews_not_passages():
    applied = np.tile([True, False], 200)
    said = np.repeat([True, False], 200)  # right about half, but the same way within an interview
    said[::2] = np.repeat([True, False], 100)
    few = interval(redraw_f1(applied, said, draw_interviews(np.repeat(["a", "b"], 200))))
    many = interval(redraw_f1(applied, said, draw_interviews(np.arange(400).astype(str))))
    assert few[1] - few[0] > 3 * (many[1] - many[0])


def test_figures_are_those_of_the_confusion_table():
    truth = np.array([[1], [1], [1], [0], [0]], dtype=bool)
    scores = np.array([[0.9], [0.8], [0.1], [0.7], [0.2]])
    interviews = np.array(["a", "a", "b", "c", "c"])
    cutoffs = Cutoffs(*np.array([[0.5], [0.8], [0.1]]))
    (row,) = evaluate(LABELS[:1], truth, np.ones_like(truth), answer(scores, cutoffs), interviews)
    assert (row["positives"], row["interviews"]) == (3, 2)
    assert (row["precision"], row["recall"], row["f1"]) == (0.6667, 0.6667, 0.6667)
    assert (row["sure_share"], row["sure_precision"], row["asked_share"]) == (0.4, 1.0, 0.6)
    assert row["average_precision"] == pytest.approx((1 + 1 + 3 / 5) / 3, abs=1e-4)


def test_macro_f1_leaves_out_labels_with_too_few_positives():
    rows = [{"f1": 0.5, "positives": 10}, {"f1": 0.1, "positives": 2}]
    assert mean_f1(rows) == 0.5
    assert mean_f1(rows, positives=1) == 0.3
    assert mean_f1([]) == 0.0
