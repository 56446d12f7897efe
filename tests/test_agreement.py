from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from pipeline.findings.agreement import compare_coders, compare_sets, list_disagreements
from pipeline.findings.coefficients import (
    Pairs,
    cohens_kappa,
    draw_samples,
    gwets_ac1,
    masi_distances,
)

COLUMNS = "passage interview code stance coder applied".split()
NAMES = "raw positive alpha kappa ac1".split()
KEY = ["code", "stance", "coders"]
LABELS = [("trust", "lacking"), ("trust", "present"), ("voice", "present")]


def codings(answers, *, each=2):
    """Build codings of one label from a line a coder: y for yes, n for no, . for did not look."""
    rows = [
        (f"{place:03}", f"T{place // each:03}", "trust", "present", coder, answer == "y")
        for coder, line in answers.items()
        for place, answer in enumerate(line)
        if answer != "."
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def set_codings(answers):
    """Build codings of the codes a, b and c from words a coder: '-' is none, '.' did not look."""
    rows = [
        (f"{place:03}", f"T{place:03}", code, "present", coder, code in word)
        for coder, words in answers.items()
        for place, word in enumerate(words.split())
        if word != "."
        for code in "abc"
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def make_codings(*coders, seed=0):
    """Make codings of 60 passages at random, where coders mostly say what is true; some lack."""
    random = np.random.default_rng(seed)
    truth = random.random((60, len(LABELS))) < [0.1, 0.3, 0.6]
    cells = list(product(coders, range(60), range(len(LABELS))))
    wrong, looked = random.random(len(cells)) < 0.2, random.random(len(cells)) < 0.7
    rows = [
        (
            f"{passage:03}",
            f"T{passage % 6}",
            *LABELS[label],
            coder,
            truth[passage, label] ^ is_wrong,
        )
        for (coder, passage, label), is_wrong, is_there in zip(cells, wrong, looked, strict=True)
        if is_there
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"applied": bool})


def spread_out(table, label):
    """Give what coders say of a label, 0 or 1: a row a passage, a column a coder."""
    mine = table[(table["code"] == label[0]) & (table["stance"] == label[1])]
    return mine.astype({"applied": float}).pivot_table(
        index="passage", columns="coder", values="applied"
    )


def repeat_interviews(table, weights):
    """Take each interview as often as a sample has it, its passages under new names."""
    times = dict(zip(sorted(table["interview"].unique()), weights.astype(int), strict=True))
    whole = table.loc[table.index.repeat(table["interview"].map(times))]
    copy = whole.groupby(COLUMNS).cumcount().astype("str")
    return whole.assign(passage=whole["passage"] + "/" + copy)


def figures(table):
    """Give a table's rows without the coders' names, in an order that does not hang on them."""
    numbers = table.drop(columns="coders")
    return numbers.sort_values(list(numbers.columns)).reset_index(drop=True)


def only(table):
    (row,) = table.to_dict("records")
    return row


few = settings(max_examples=25, deadline=None)
lines = st.lists(st.text("yn.", min_size=12, max_size=12), min_size=2, max_size=4)


def test_two_coders_by_hand():
    row = only(compare_coders(codings({"Bo": "yyynynnnnn", "Ada": "yyyynnnnnn"})))
    assert [row[name] for name in KEY] == ["trust", "present", "Ada + Bo"]
    assert (row["passages"], row["interviews"], row["positives"]) == (10, 5, 5)
    assert (row["both_yes"], row["one_yes"], row["both_no"]) == (3, 2, 5)
    assert row["raw"] == pytest.approx(8 / 10)
    assert row["positive"] == pytest.approx(6 / 8)
    assert row["alpha"] == pytest.approx(1 - 19 * 4 / (2 * 8 * 12))  # 8 yes, 12 no
    assert row["kappa"] == pytest.approx((0.80 - 0.52) / 0.48)
    assert row["ac1"] == pytest.approx((0.80 - 0.48) / 0.52)


def test_three_people_with_missing_codings_by_hand():
    table = compare_coders(codings({"Ada": "ynny.ny", "Bo": "yny.nn.", "Cy": "ynnyy.."}))
    assert list(table["coders"]) == ["Ada + Bo", "Ada + Cy", "Bo + Cy", "Ada + Bo + Cy"]
    row = table.iloc[-1]
    assert list(row[["passages", "interviews", "positives"]]) == [6, 3, 4]  # one looked at the last
    assert list(row[["both_yes", "one_yes", "both_no"]]) == [2, 2, 2]
    assert row["raw"] == pytest.approx(1 - 4 / 15)
    assert row["alpha"] == pytest.approx(1 - 14 * 4 / (2 * 7 * 8))  # 7 yes, 8 no
    assert row[["positive", "kappa", "ac1", "kappa_low", "ac1_high"]].isna().all()


def test_people_are_compared_with_each_other_and_with_each_model_but_models_are_not():
    answers = dict.fromkeys(["model b", "Ada", "model a", "Bo"], "yynn")
    names = ["Ada + Bo", "Ada + model a", "Ada + model b", "Bo + model a", "Bo + model b"]
    assert list(compare_coders(codings(answers))["coders"]) == names
    assert list(compare_sets(codings(answers))["coders"]) == names
    assert compare_coders(codings({"model a": "yn", "model b": "yn"})).empty


@pytest.mark.parametrize(
    ("answers", "undefined"),
    [
        ({"Ada": "nnnn", "Bo": "nnnn"}, {"positive", "alpha", "kappa"}),
        ({"Ada": "yyyy", "Bo": "yyyy"}, {"alpha", "kappa"}),
        ({"Ada": "yyyy", "Bo": "nnnn"}, set()),
        ({"Ada": "ynyn", "Bo": "ynyn"}, set()),
    ],
)
def test_what_cannot_be_told_is_not_a_number(answers, undefined):
    row = only(compare_coders(codings(answers)))
    assert {name for name in NAMES if np.isnan(row[name])} == undefined
    assert {name for name in NAMES if np.isnan(row[name + "_low"])} == undefined


def test_a_code_is_rare_below_twenty_passages_with_a_yes():
    for positives in (19, 20):
        table = compare_coders(codings({"Ada": "y" * positives + "n", "Bo": "n" * 21}))
        assert only(table)["positives"] == positives
        assert only(table)["is_rare"] is (positives < 20)


@pytest.mark.parametrize(
    ("cells", "ac1", "kappa"),  # by irrCAC 0.4.4 (gwet and conger)
    [
        ((40, 5, 9, 46), 0.7210043842, 0.7194388778),
        ((3, 2, 1, 194), 0.9843098286, 0.6590909091),
        ((0, 4, 3, 93), 0.9249289506, -0.0355029586),
        ((25, 0, 0, 75), 1.0, 1.0),
        ((118, 1, 2, 0), 0.9745842815, -0.0111420613),
        ((10, 40, 35, 15), -0.4962593516, -0.5),
    ],
)
def test_ac1_and_kappa_are_those_of_irrcac(cells, ac1, kappa):
    pairs = Pairs(*np.array(cells, dtype=float)[:, None])
    assert gwets_ac1(pairs) == pytest.approx(ac1, abs=1e-9)
    assert cohens_kappa(pairs) == pytest.approx(kappa, abs=1e-9)


def test_ac1_with_missing_codings_is_that_of_irrcac():
    table = compare_coders(make_codings("Ada", "Bo", "model x"), draws=0)
    # By irrCAC 0.4.4, on the passages that both coded (it lets the others into chance agreement).
    assert table["ac1"].tolist() == pytest.approx(
        [0.463806970509, 0.587817258883, 0.398663697105]
        + [0.455609756098, 0.4624, 0.475357710652]
        + [0.364438839849, 0.379310344828, 0.466666666667],
        abs=1e-9,
    )


def test_kappa_is_that_of_scikit_learn():
    whole = make_codings("Ada", "Bo", "model x")
    for row in compare_coders(whole, draws=0).to_dict("records"):
        first, second = row["coders"].split(" + ")
        both = spread_out(whole, (row["code"], row["stance"]))[[first, second]].dropna()
        assert row["passages"] == len(both)
        assert row["kappa"] == pytest.approx(cohen_kappa_score(both[first], both[second]))


def test_alpha_is_that_of_krippendorff():
    krippendorff = pytest.importorskip("krippendorff")
    whole = make_codings("Ada", "Bo", "Cy", "Di", "model x", seed=1)
    for row in compare_coders(whole, draws=0).to_dict("records"):
        said = spread_out(whole, (row["code"], row["stance"]))[row["coders"].split(" + ")]
        alpha = krippendorff.alpha(said.to_numpy().T, level_of_measurement="nominal")
        assert row["alpha"] == pytest.approx(alpha, abs=1e-9)


def test_alpha_of_sets_is_that_of_krippendorff():
    krippendorff = pytest.importorskip("krippendorff")
    whole = make_codings("Ada", "Bo", "Cy", seed=2)
    kinds = [np.array(bits) for bits in product([0.0, 1.0], repeat=3)]
    place = {tuple(bits): row for row, bits in enumerate(kinds)}
    far = [[float(masi_distances(*sizes(one, two))[0]) for two in kinds] for one in kinds]
    said = whole.astype({"applied": float}).pivot_table(
        index=["passage", "coder"], columns=["code", "stance"], values="applied", fill_value=0
    )
    for row in compare_sets(whole, draws=0).to_dict("records"):
        counts = np.zeros((60, len(kinds)))
        for (passage, coder), *bits in said.itertuples(name=None):
            counts[int(passage), place[tuple(bits)]] += coder in row["coders"].split(" + ")
        alpha = krippendorff.alpha(
            value_counts=counts.astype(int),
            level_of_measurement=lambda *_, i1, i2, **__: np.array(far)[i1, i2],
        )
        assert row["alpha"] == pytest.approx(alpha, abs=1e-9)


def sizes(one, two):
    return (one * two).sum(keepdims=True), one.sum(keepdims=True), two.sum(keepdims=True)


@pytest.mark.parametrize(
    ("left", "right", "distance"),  # by nltk 3.10.4 (masi_distance), all but the last
    [
        ("ab", "ab", 0.0),
        ("a", "ab", 0.6666666666666667),
        ("a", "abc", 0.7777777777777778),
        ("ab", "abc", 0.5555555555555556),
        ("ab", "bc", 0.8888888888888888),
        ("abc", "bcd", 0.8333333333333334),
        ("abc", "cde", 0.9333333333333333),
        ("abcd", "ade", 0.8666666666666667),
        ("ab", "cd", 1.0),
        ("a", "", 1.0),
        ("", "", 0.0),  # nltk divides by zero
    ],
)
def test_distances_of_sets_are_those_of_nltk_and_empty_sets_are_alike(left, right, distance):
    for one, two in [(left, right), (right, left)]:
        counts = len(set(one) & set(two)), len(one), len(two)
        assert masi_distances(*(np.array([count], float) for count in counts)) == distance


def test_sets_by_hand():
    row = only(compare_sets(set_codings({"Ada": "a ab - c .", "Bo": "a a - . c"})))
    # Three are a, one is ab, two are empty; a and ab are 2/3 apart, both are 1 from nothing.
    assert row["alpha"] == pytest.approx(1 - 5 * (2 * 2 / 3) / (2 * (3 * 2 / 3 + 6 + 2)))
    assert (row["coders"], row["passages"], row["interviews"]) == ("Ada + Bo", 3, 3)
    assert row["positives"] == 2


def test_a_coder_who_found_nothing_differs_from_one_who_did_not_look():
    nothing, away = (
        only(compare_sets(set_codings({"Ada": "a b c", "Bo": last}))) for last in ("a b -", "a b .")
    )
    assert (nothing["passages"], away["passages"]) == (3, 2)
    assert nothing["alpha"] < away["alpha"] == 1


def test_sets_that_are_all_alike_tell_nothing():
    assert np.isnan(only(compare_sets(set_codings({"Ada": "- -", "Bo": "- -"})))["alpha"])


def test_intervals_are_those_of_interviews_drawn_again_and_again():
    whole = make_codings("Ada", "Bo", "Cy", "model x")
    weights = draw_samples(6, draws=15, seed=7)[1:]
    drawn = pd.concat(
        [compare_coders(repeat_interviews(whole, times), draws=0) for times in weights]
    )
    low, high = (drawn.groupby(KEY)[NAMES].quantile(share) for share in (0.025, 0.975))
    table = compare_coders(whole, draws=15, seed=7).set_index(KEY).sort_index()
    for name in NAMES:
        np.testing.assert_allclose(table[f"{name}_low"], low[name])
        np.testing.assert_allclose(table[f"{name}_high"], high[name])


def test_intervals_of_sets_are_those_of_interviews_drawn_again_and_again():
    whole = make_codings("Ada", "Bo", "Cy")
    weights = draw_samples(6, draws=15, seed=7)[1:]
    drawn = pd.concat([compare_sets(repeat_interviews(whole, times), draws=0) for times in weights])
    table = compare_sets(whole, draws=15, seed=7).set_index("coders").sort_index()
    for share, end in ((0.025, "alpha_low"), (0.975, "alpha_high")):
        np.testing.assert_allclose(
            table[end], drawn.groupby("coders")["alpha"].quantile(share).sort_index()
        )


def test_one_interview_gives_no_interval():
    whole = codings({"Ada": "yynn", "Bo": "ynnn"}, each=4)
    row = only(compare_coders(whole))
    assert row["alpha"] == pytest.approx(1 - 7 * 2 / (2 * 3 * 5))
    assert np.isnan([row[name + end] for name in NAMES for end in ("_low", "_high")]).all()
    assert np.isnan(only(compare_sets(whole))["alpha_low"])


def test_interviews_that_the_coders_do_not_share_change_nothing():
    answers = {"Ada": "yynnyn", "Bo": "ynnnyy"}
    more = {"Ada": "yynnynyyyyyy", "Bo": "ynnnyy......"}
    pd.testing.assert_frame_equal(compare_coders(codings(answers)), compare_coders(codings(more)))
    pd.testing.assert_frame_equal(compare_sets(codings(answers)), compare_sets(codings(more)))


def test_the_first_sample_is_the_interviews_as_they_are():
    samples = draw_samples(4, draws=50, seed=0)
    assert samples.shape == (51, 4)
    assert (samples[0] == 1).all()
    assert (samples.sum(axis=1) == 4).all()
    assert draw_samples(0, draws=50, seed=0).shape == (1, 0)


@few
@given(lines)
def test_renaming_coders_changes_nothing_else(answers):
    named, renamed = (
        codings(dict(zip(names, answers, strict=False))) for names in (list("ABCD"), list("ZYXW"))
    )
    for compare in (compare_coders, compare_sets):
        before, after = (figures(compare(table, draws=20)) for table in (named, renamed))
        pd.testing.assert_frame_equal(before, after)


@few
@given(lines)
def test_swapping_a_pair_changes_nothing(answers):
    first, second = answers[:2]
    for compare in (compare_coders, compare_sets):
        pd.testing.assert_frame_equal(
            compare(codings({"Ada": first, "Bo": second}), draws=20),
            compare(codings({"Ada": second, "Bo": first}), draws=20),
        )


@few
@given(st.text("yn", min_size=2, max_size=20).filter(lambda line: len(set(line)) == 2))
def test_full_agreement_is_one(line):
    answers = codings(dict.fromkeys(["Ada", "Bo", "Cy"], line))
    table = compare_coders(answers, draws=20)
    pairs, whole = table.iloc[:3], table.iloc[3]
    assert (pairs[NAMES] == 1).all(axis=None)
    assert (whole[["raw", "alpha"]] == 1).all()
    assert (compare_sets(answers, draws=20)["alpha"] == 1).all()


@few
@given(lines)
def test_counts_add_up_and_figures_stay_in_range(answers):
    table = compare_coders(codings(dict(zip("ABCD", answers, strict=False))), draws=20)
    parts = table[["both_yes", "one_yes", "both_no"]].sum(axis=1)
    assert (parts == table["passages"]).all()
    assert (table["positives"] == table["both_yes"] + table["one_yes"]).all()
    for name in NAMES:
        lowest = 0 if name in ("raw", "positive") else -1
        assert table[name].dropna().between(lowest, 1).all()
        assert not (table[f"{name}_low"] > table[f"{name}_high"]).any()


def test_rows_may_come_in_any_order_and_as_categories():
    whole = make_codings("Ada", "Bo", "Cy", "model x")
    shuffled = whole.sample(frac=1, random_state=1).astype(
        {
            "code": pd.CategoricalDtype(["voice", "unused", "trust"]),
            "coder": pd.CategoricalDtype(["model x", "Nobody", "Cy", "Bo", "Ada"]),
        }
    )
    kept = shuffled.copy()
    for compare in (compare_coders, compare_sets, list_disagreements):
        pd.testing.assert_frame_equal(compare(whole), compare(shuffled))
    pd.testing.assert_frame_equal(shuffled, kept)


def test_people_talk_through_what_they_differ_on_but_not_with_models():
    answers = {"Bo": "ynyn", "Ada": "yyn.", "Cy": ".yn.", "model x": "nnyy"}
    places = {"000": "T2", "001": "T2", "002": "T1", "003": "T1"}
    whole = codings(answers).assign(interview=lambda table: table["passage"].map(places))
    assert list_disagreements(whole).to_dict("split")["data"] == [
        ["002", "T1", "trust", "present", "Bo", "Ada, Cy"],
        ["001", "T2", "trust", "present", "Ada, Cy", "Bo"],
    ]


@pytest.mark.parametrize(
    "answers",
    [
        {},  # no codings at all
        {"Ada": "ynyn"},
        {"Ada": "yn..", "Bo": "..yn"},  # nothing in common
        {"model x": "yn"},
    ],
)
def test_without_two_coders_of_a_passage_there_is_nothing_to_compare(answers):
    whole = codings(answers)
    for compare in (compare_coders, compare_sets, list_disagreements):
        table = compare(whole)
        assert table.empty
        assert list(table) == list(compare(codings({"Ada": "yn", "Bo": "ny"})))
