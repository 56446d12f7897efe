from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from pipeline.findings.saturation import Rule, find_saturation
from pipeline.tables import CODINGS, PASSAGES


def study_of(*interviews, area="North"):
    """Build passages and codings from the codes of each interview, as in 'a b', in order."""
    columns = {"participant": "P", "role": "", "turn": 1, "start": 0, "end": 1, "words": 9}
    names = [f"{area} {number:02}" for number in range(1, len(interviews) + 1)]
    passages = PASSAGES.build(
        {**columns, "passage": name, "transcript": name, "area": area, "context": "", "text": ""}
        for name in names
    )
    codings = CODINGS.build(
        {"passage": name, "code": code, "stance": "present", "coder": "model x", "score": 0.9}
        | {"applied": True, "decision": "yes"}
        for name, codes in zip(names, interviews, strict=True)
        for code in codes.split()
    )
    return passages, codings


def codes_of(*new):
    """Let each interview bring as many codes as the number says that were never heard before."""
    heard = np.cumsum((0, *new))
    return [" ".join(f"c{code}" for code in range(*pair)) for pair in pairwise(heard)]


def verdict(study, threshold=0.05, *, area="North", **options):
    verdicts = find_saturation(*study, seed=0, **options).verdicts
    rows = verdicts[(verdicts["area"] == area) & (verdicts["threshold"] == threshold)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_first_run_that_adds_little_is_named_by_the_interviews_before_it():
    # 37 codes in the base; runs add 7, 4 and 1: 19 %, 11 % and 3 %; then 1 and none
    study = study_of(*codes_of(20, 8, 6, 3, 4, 3, 1, 0, 1, 0, 0, 0))
    row = verdict(study)
    assert (row.base_codes, row.codes, row.interviews) == (37, 46, 12)
    assert (row.reached_at, row.notation, row.status) == (8, "6+2", "reached")
    none_new = verdict(study, 0.0)
    assert (none_new.reached_at, none_new.notation) == (11, "9+2")


def test_a_run_that_meets_the_threshold_exactly_is_enough():
    assert verdict(study_of(*codes_of(17, 1, 1, 1, 1, 0))).notation == "4+2"
    assert verdict(study_of(*codes_of(16, 1, 1, 1, 1, 0))).notation == ""


def test_base_run_and_thresholds_can_be_set():
    study = study_of(*codes_of(9, 1, 1, 0, 0, 0))
    row = verdict(study, 0.1, rule=Rule(base=2, run=1, thresholds=(0.1,)))
    assert (row.base, row.run, row.base_codes, row.notation) == (2, 1, 10, "2+1")
    with pytest.raises(ValueError, match=r"1 or more: 4\+0"):
        find_saturation(*study, seed=0, rule=Rule(run=0))


def test_what_is_heard_again_is_not_new():
    row = verdict(study_of("a b", "b", "a", "b", "a b", "b"), 0.0)
    assert (row.base_codes, row.codes, row.notation) == (2, 2, "4+2")


def test_a_code_in_another_stance_is_another_code():
    passages, codings = study_of("a", "a", "a", "a", "a", "a")
    lacking = codings["passage"] == "North 06"
    other = codings.astype({"stance": "str"}).assign(
        stance=codings["stance"].astype("str").mask(lacking, "lacking")
    )
    assert verdict((passages, CODINGS.check(other))).codes == 2


def test_only_what_applies_is_counted():
    passages, codings = study_of("a", "a", "a", "a", "b", "c")
    row = verdict((passages, codings.assign(applied=codings["code"] == "a")), 0.0)
    assert (row.codes, row.notation) == (1, "4+2")


def test_where_every_run_adds_more_it_is_not_reached():
    row = verdict(study_of(*codes_of(3, 3, 3, 3, 3, 3, 3)))
    assert np.isnan(row.reached_at)
    assert (row.notation, row.status, row.orders_reached) == ("", "not reached", 0)
    assert np.isnan([row["median"], row.low, row.high]).all()


def test_fewer_interviews_than_base_and_run_are_too_few():
    row = verdict(study_of("a", "b", "a", "b", "a"))
    assert (row.status, row.notation, row.base_codes, row.codes) == ("too few interviews", "", 2, 2)
    assert np.isnan([row.reached_at, row["median"], row.orders_reached]).all()
    assert verdict(study_of("a")).base_codes == 1


def test_a_base_without_codes_saturates_nothing():
    assert verdict(study_of("", "", "", "", "", ""), 0.0).status == "not reached"


def test_the_order_of_interviewing_can_be_given():
    study = study_of("a", "a", "a", "a", "a", "a", "b", "c")
    assert verdict(study).notation == "4+2"
    backwards = [f"North {number:02}" for number in range(8, 0, -1)]
    saturation = find_saturation(*study, seed=0, order=backwards)
    assert saturation.curve["transcript"].tolist()[:8] == backwards
    assert saturation.curve["codes_so_far"].tolist()[:8] == [1, 2, 3, 3, 3, 3, 3, 3]


def test_an_order_that_leaves_interviews_out_is_refused():
    with pytest.raises(ValueError, match="leaves out North 02"):
        find_saturation(*study_of("a", "b"), seed=0, order=["North 01", "South 01"])


def test_the_curve_has_a_row_an_interview():
    curve = find_saturation(*study_of("a b", "b", "a c"), seed=0).curve
    north = curve[curve["area"] == "North"].drop(columns="area")
    assert north.to_numpy().tolist() == [
        [1, "North 01", 2, 2],
        [2, "North 02", 0, 2],
        [3, "North 03", 1, 3],
    ]


def test_areas_stand_alone_and_together():
    north, south = study_of("a", "b", "a"), study_of("c", "d", "c", "d", area="South")
    passages, codings = (
        pd.concat(pair, ignore_index=True) for pair in zip(north, south, strict=True)
    )
    saturation = find_saturation(passages, CODINGS.check(codings), seed=0)
    verdicts = saturation.verdicts[saturation.verdicts["threshold"] == 0]
    assert verdicts[["area", "interviews", "base_codes", "codes"]].to_numpy().tolist() == [
        ["North", 3, 2, 2],
        ["South", 4, 2, 2],
        ["all areas", 7, 3, 4],
    ]
    assert saturation.curve["area"].value_counts().to_dict() == {
        "all areas": 7,
        "South": 4,
        "North": 3,
    }


def test_random_orders_say_how_far_the_verdict_rests_on_the_order():
    # Only one interview says something else: whether it is in the base is chance.
    alike = ["a b"] * 9
    early, late = (verdict(study_of(*each)) for each in (["c", *alike], [*alike, "c"]))
    for row in (early, late):
        assert (row["median"], row.low) == (6, 6)
        assert 6 < row.high <= 8
        assert row.orders_reached == 1
    last = verdict(study_of("a", "b", "c", "d", "e", "f", "a", "a"), 0.0)
    assert 0 < last.orders_reached < 1
    assert np.isnan(last.high)


def test_random_orders_hang_on_the_seed_and_not_on_the_order_that_is_given():
    study = study_of("a", "b", "a c", "d", "a b", "c", "e", "a", "b")
    names = study[0]["transcript"].tolist()
    columns = ["median", "low", "high", "orders_reached"]
    one, two = (
        find_saturation(*study, seed=3, order=order).verdicts[columns]
        for order in (names, names[::-1])
    )
    assert one.equals(two)
    assert not one.equals(find_saturation(*study, seed=4).verdicts[columns])


def test_the_same_orders_are_judged_by_every_threshold():
    study = study_of(*codes_of(15, 9, 6, 6, 4, 3, 1, 0, 1, 0, 0, 0))
    lenient, strict = verdict(study), verdict(study, 0.0)
    assert lenient.orders_reached >= strict.orders_reached
    assert lenient["median"] <= strict["median"] or np.isnan(strict["median"])


def test_empty_tables_give_empty_tables():
    verdicts, curve = find_saturation(*study_of(), seed=0)
    assert verdicts.columns.tolist()[:3] == ["area", "interviews", "base"]
    assert curve.columns.tolist() == ["area", "place", "transcript", "new_codes", "codes_so_far"]
    assert (len(verdicts), len(curve)) == (0, 0)
    silent = find_saturation(*study_of("", ""), seed=0)
    assert silent.curve["codes_so_far"].tolist() == [0, 0, 0, 0]
