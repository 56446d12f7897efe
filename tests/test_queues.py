"""What is asked next. Passages are places: 0 upwards, ``EACH`` of every interview in turn."""

from collections import Counter
from time import perf_counter

import numpy as np
import pytest

from pipeline.check_samples import draw_check_sample
from pipeline.codebook import read_codebook
from pipeline.coding.queues import Asked, Pool, find_rare, pick_batch, take_turns

INTERVIEWS, EACH, LABELS, SAMPLE = 12, 20, 4, 30
COUNT = INTERVIEWS * EACH
RANKED = 3  # the label without a classifier


@pytest.fixture
def pool():
    random = np.random.default_rng(5)
    scores = random.random((COUNT, LABELS)).astype(np.float32)
    cutoffs = np.array([0.5, 0.1, 0.9, np.inf])
    sample = random.permutation(COUNT)[:SAMPLE]
    probability = np.linspace(0.1, 0.4, SAMPLE)
    return Pool(scores, cutoffs, np.repeat(np.arange(INTERVIEWS), EACH), sample, probability)


def asked(*, checked=(), decided=(), rare=(RANKED,)):
    flags = np.zeros((2, COUNT), dtype=bool)
    flags[0, list(checked)] = True
    flags[1, [*checked, *decided]] = True
    return Asked(*flags, np.isin(np.arange(LABELS), rare))


def rows_of(picks, selection):
    return [pick.row for pick in picks if pick.selection == selection]


def test_half_a_batch_is_random_a_quarter_uncertain_a_quarter_rare(pool):
    for size, wanted in {20: (10, 5, 5), 10: (5, 3, 2), 4: (2, 1, 1), 3: (2, 1, 0)}.items():
        picks = pick_batch(pool, asked(), size=size, seed=1)
        kinds = Counter(pick.selection for pick in picks)
        assert (kinds["random"], kinds["uncertain"], kinds["rare"]) == wanted
        assert len({pick.row for pick in picks}) == size


def test_random_ones_and_others_take_turns(pool):
    picks = pick_batch(pool, asked(), size=12, seed=1)
    assert [pick.selection == "random" for pick in picks] == [True, False] * 6


def test_random_ones_are_the_next_of_the_sample_with_what_was_written_down(pool):
    picks = pick_batch(pool, asked(checked=pool.sample[[0, 1, 3]]), size=8, seed=1)
    drawn = [(pick.row, pick.probability) for pick in picks if pick.selection == "random"]
    places = [2, 4, 5, 6]  # whoever put off the third passage is asked it first
    assert drawn == [(pool.sample[place], pool.probability[place]) for place in places]
    others = [pick for pick in picks if pick.selection != "random"]
    assert len(others) == 4
    assert all(np.isnan(pick.probability) for pick in others)


def work_through(pool, *, batches=60, size=10):
    """Ask for batch after batch, decide on everything, and give all the picks."""
    every, checked, decided = [], set(), set()
    for _ in range(batches):
        state = asked(checked=checked, decided=decided)
        picks = pick_batch(pool, state, size=size, seed=1)
        every += picks
        checked |= set(rows_of(picks, "random"))
        decided |= {pick.row for pick in picks}
    return every


def test_the_sample_is_gone_through_in_order_and_nothing_comes_twice(pool):
    every = work_through(pool)
    assert rows_of(every, "random") == pool.sample.tolist()
    assert len({pick.row for pick in every}) == len(every) == COUNT


def test_passages_of_the_sample_are_never_asked_about_for_what_they_say(pool):
    scores = pool.scores.copy()
    scores[pool.sample, RANKED] = 1.0
    scores[pool.sample, 0] = 0.5
    picks = work_through(pool._replace(scores=scores), batches=10)
    telling = [pick.row for pick in picks if pick.selection != "random"]
    assert len(telling) == 50
    assert not set(telling) & set(pool.sample.tolist())


def test_a_passage_of_the_sample_that_was_decided_on_otherwise_comes_again_blind(pool):
    first = int(pool.sample[0])
    picks = pick_batch(pool, asked(decided=[first]), size=4, seed=1)
    assert picks[0] == (first, "random", pytest.approx(0.1), -1)
    again = pick_batch(pool, asked(checked=[first]), size=4, seed=1)
    assert first not in {pick.row for pick in again}


def test_nothing_stands_in_for_random_ones_that_are_not_there(pool):
    picks = pick_batch(pool, asked(checked=pool.sample[:-2]), size=12, seed=1)
    assert rows_of(picks, "random") == pool.sample[-2:].tolist()
    assert len(picks) == 2 + 6


def test_random_ones_stand_in_where_the_sample_is_all_there_is(pool):
    everything = pool._replace(sample=np.arange(COUNT), probability=np.ones(COUNT))
    picks = pick_batch(everything, asked(), size=12, seed=1)
    assert rows_of(picks, "random") == list(range(12))
    assert pick_batch(everything, asked(checked=range(COUNT)), size=12, seed=1) == []


def test_uncertain_is_what_is_nearest_to_a_labels_cutoff_in_log_odds(pool):
    scores = np.full((COUNT, LABELS), 0.999, dtype=np.float32)
    free = [row for row in range(COUNT) if row not in pool.sample]
    scores[free[0], 1] = 0.01  # the odds of the cut-off, .1, are 11 times these
    scores[free[-1], 1] = 0.3  # these are 4 times as high, though .2 away and not .09
    cutoffs = np.array([np.inf, 0.1, np.inf, np.inf])
    lone = pool._replace(scores=scores, applied_from=cutoffs)
    picks = pick_batch(lone, asked(rare=()), size=2, seed=1)
    assert (picks[1].row, picks[1].selection, picks[1].label) == (free[-1], "uncertain", 1)


def test_rare_is_what_the_model_ranks_highest(pool):
    picks = pick_batch(pool._replace(applied_from=np.full(LABELS, np.inf)), asked(), size=2, seed=1)
    free = np.setdiff1d(np.arange(COUNT), pool.sample)
    best = free[np.argmax(pool.scores[free, RANKED])]
    assert (picks[1].row, picks[1].selection, picks[1].label) == (best, "rare", RANKED)


def test_a_label_that_is_only_ranked_is_never_uncertain(pool):
    every = work_through(pool)
    assert {pick.label for pick in every if pick.selection == "uncertain"} == {0, 1, 2}
    assert {pick.label for pick in every if pick.selection == "rare"} == {RANKED}


def test_without_rare_labels_uncertain_ones_take_their_place_and_the_other_way_round(pool):
    kinds = Counter(pick[1] for pick in pick_batch(pool, asked(rare=()), size=12, seed=1))
    assert kinds == {"random": 6, "uncertain": 6}
    ranking = pool._replace(applied_from=np.full(LABELS, np.inf))
    kinds = Counter(pick[1] for pick in pick_batch(ranking, asked(), size=12, seed=1))
    assert kinds == {"random": 6, "rare": 6}


def test_labels_take_turns(pool):
    picks = pick_batch(pool, asked(rare=range(LABELS)), size=24, seed=1)
    uncertain = Counter(pick.label for pick in picks if pick.selection == "uncertain")
    rare = Counter(pick.label for pick in picks if pick.selection == "rare")
    assert uncertain == {0: 2, 1: 2, 2: 2}
    assert sorted(rare.values()) == [1, 1, 2, 2]


def test_no_interview_gives_more_than_its_part(pool):
    scores = pool.scores.copy()
    scores[:EACH] = pool.applied_from  # all that is doubtful or likely is in the first interview
    picks = pick_batch(pool._replace(scores=scores), asked(), size=20, seed=1)
    of = [pool.interviews[pick.row] for pick in picks if pick.selection != "random"]
    assert len(of) == len(set(of)) == 10
    few = pool._replace(scores=scores, interviews=pool.interviews // 4)  # three interviews
    picks = pick_batch(few, asked(), size=20, seed=1)
    of = Counter(few.interviews[pick.row] for pick in picks if pick.selection != "random")
    assert max(of.values()) == 4


def test_the_same_decisions_and_seed_give_the_same_batch_others_another(pool):
    def labels(state, seed):
        return [pick.label for pick in pick_batch(pool, state, size=16, seed=seed)]

    one, again = (pick_batch(pool, asked(), size=16, seed=1) for _ in "ab")
    assert one == again
    assert len({tuple(labels(asked(), seed)) for seed in range(8)}) > 1
    assert len({tuple(labels(asked(decided=range(many)), 1)) for many in range(8)}) > 1


def test_a_label_is_rare_below_twenty_passages_or_five_interviews():
    yes = np.zeros((COUNT, LABELS), dtype=bool)
    interviews = np.repeat(np.arange(INTERVIEWS), EACH)
    yes[: 5 * EACH : 5, 0] = True  # 20 of 5 interviews
    yes[: 4 * EACH, 1] = True  # 80 of 4
    yes[: 19 * EACH // 2 : 10, 2] = True  # 19 of 10
    assert find_rare(yes, interviews).tolist() == [False, True, True, True]


def test_areas_take_turns_and_keep_their_order():
    areas = np.array(["b", "b", "b", "a", "c", "c"])
    assert take_turns(areas).tolist() == [3, 0, 4, 1, 5, 2]
    assert take_turns(np.array([], dtype=str)).tolist() == []


def test_what_has_been_checked_so_far_is_a_random_sample_with_the_probabilities_told(
    make_passages,
):
    """Weighed by 1 / (probability x part of the sample checked), passages add up to what there is.

    Interviews of 1 to 24 passages, so that these are drawn with probabilities that differ.
    """
    sizes, times = [1, 3, 6, 12, 24], 400
    passages, codebook = make_passages(interviews=5, each=24), read_codebook("shipped")
    wanted = [sizes[int(name[-1])] for name in passages["transcript"]]
    passages = passages[passages.groupby("transcript").cumcount() < wanted]
    totals = np.zeros((times, 2, 10))  # drawings x batches x interviews, area by area
    for seed in range(times):
        sample = draw_check_sample(passages, codebook, size=9, seed=seed).passages
        totals[seed] = list(add_up(passages, sample, batches=2))
    each = totals.reshape(times, 2, 2, 5).mean(axis=2)  # both areas are alike
    told, error = each.mean(axis=0), each.std(axis=0) / np.sqrt(times)
    assert (np.abs(told - sizes) < 3.5 * error).all()
    assert (error < 0.1 * told).all()


def add_up(passages, sample, *, batches):
    """Work through a sample; after each batch, add up the weights of what has been checked."""
    rows = {passage: row for row, passage in enumerate(passages["passage"])}
    places = np.array([rows[one.passage] for one in sample])
    areas, probability = np.array([(one.area, one.probability) for one in sample]).T
    turns = take_turns(areas)
    interviews = np.unique(passages["transcript"].to_numpy(str), return_inverse=True)[1]
    nothing, never = np.zeros((len(passages), 1), dtype=np.float32), np.full(1, np.inf)
    pool = Pool(nothing, never, interviews, places[turns], probability[turns].astype(float))
    checked = np.zeros(len(passages), dtype=bool)
    for _ in range(batches):
        state = Asked(checked, checked, np.zeros(1, dtype=bool))
        checked[[pick.row for pick in pick_batch(pool, state, size=6, seed=1)]] = True
        done = checked[pool.sample]
        part = {area: done[areas[turns] == area].mean() for area in set(areas)}
        weights = done / pool.probability / np.array([part[area] for area in areas[turns]])
        yield np.bincount(interviews[pool.sample], weights, 10)


def test_a_batch_of_a_hundred_thousand_passages_takes_less_than_a_tenth_of_a_second():
    random = np.random.default_rng(0)
    scores = random.random((100_000, 48), dtype=np.float32)
    interviews, sample = np.repeat(np.arange(500), 200), random.permutation(100_000)[:1000]
    pool = Pool(scores, np.full(48, 0.5), interviews, sample, np.full(1000, 0.01))
    none = np.zeros(100_000, dtype=bool)
    state, taken = Asked(none, none, np.ones(48, dtype=bool)), []
    for seed in range(5):
        start = perf_counter()
        assert len(pick_batch(pool, state, size=20, seed=seed)) == 20
        taken.append(perf_counter() - start)
    assert min(taken) < 0.1
