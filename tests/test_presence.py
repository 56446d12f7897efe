import numpy as np
import pytest

from pipeline.codebook import Label
from pipeline.findings.presence import set_side_by_side, verify_presence
from pipeline.tables import CODINGS, PASSAGES

TRUST = Label("trust", "present")
LABELS = [TRUST, Label("trust", "lacking")]


def passages_of(**areas):
    """Build from area={transcript: number of passages}; ids such as T1-3, from 1."""
    columns = {"participant": "P", "role": "", "turn": 1, "start": 0, "end": 1, "words": 9}
    return PASSAGES.build(
        {**columns, "passage": f"{transcript}-{number + 1}", "transcript": transcript}
        | {"area": area, "context": "", "text": ""}
        for area, transcripts in areas.items()
        for transcript, count in transcripts.items()
        for number in range(count)
    )


def codings_of(*rows):
    """Build from (passage, coder, score or answer), all of trust that is present."""
    return CODINGS.build(
        {"passage": passage, "code": TRUST.code, "stance": TRUST.stance, "coder": coder}
        | {"score": value, "applied": value >= 0.5, "decision": "yes" if value >= 0.5 else "no"}
        for passage, coder, value in rows
    )


def scored(transcript, *scores):
    return [(f"{transcript}-{at}", "model x", score) for at, score in enumerate(scores, start=1)]


def said(transcript, places, *, yes=(), coder="Ada"):
    return [(f"{transcript}-{place}", coder, float(place in yes)) for place in places]


def presence(passages, *rows, area="North", label=TRUST):
    table = verify_presence(passages, codings_of(*rows), LABELS)
    return table.set_index(["area", "code", "stance"]).loc[(area, *label)]


def counts(row):
    return row.interviews, row.searched, row.looked, row.present


SEVEN = passages_of(North={"T1": 7})
RISING = scored("T1", 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


def test_an_interview_is_searched_once_its_five_best_passages_are_decided():
    row = presence(SEVEN, *RISING, *said("T1", (3, 4, 5, 6, 7)))
    assert counts(row) == (1, 1, 1, 0)
    assert (row.share, row.status) == (0, "looked, none")
    worst_too = presence(SEVEN, *RISING, *said("T1", (1, 2, 3, 4, 5, 6)))
    assert counts(worst_too) == (1, 0, 0, 0)
    assert worst_too.status == "not looked"
    assert np.isnan([worst_too.share, worst_too.low, worst_too.high]).all()


def test_of_a_short_interview_every_passage_is_looked_at():
    short = passages_of(North={"T1": 2})
    rows = scored("T1", 0.9, 0.1)
    assert counts(presence(short, *rows, *said("T1", (1,)))) == (1, 0, 0, 0)
    assert counts(presence(short, *rows, *said("T1", (1, 2)))) == (1, 1, 1, 0)


def test_equal_scores_go_by_the_passages_id():
    level = scored("T1", *[0.5] * 7)
    for passages in (SEVEN, PASSAGES.check(SEVEN[::-1])):
        assert counts(presence(passages, *level, *said("T1", (1, 2, 3, 4, 5)))) == (1, 1, 1, 0)
        assert counts(presence(passages, *level, *said("T1", (2, 3, 4, 5, 6)))) == (1, 0, 0, 0)


def test_a_yes_anywhere_is_a_look_but_no_search():
    row = presence(SEVEN, *RISING, *said("T1", (1,), yes=(1,)))
    assert counts(row) == (1, 0, 1, 1)
    assert (row.share, row.status) == (1, "present")


def test_where_people_differ_half_of_them_are_enough():
    yes = said("T1", (1,), yes=(1,), coder="Ada")
    bo, cy = (said("T1", (1,), coder=coder) for coder in ("Bo", "Cy"))
    assert presence(SEVEN, *yes, *bo).present == 1
    assert presence(SEVEN, *yes, *bo, *cy).present == 0


def test_what_people_decided_together_goes_before_what_they_said_alone():
    alone = [*said("T1", (1,)), *said("T1", (1,), coder="Bo")]
    together = said("T1", (1,), yes=(1,), coder="joint Ada + Bo")
    assert presence(SEVEN, *alone, *together).present == 1


def test_lonely_yeses_on_different_passages_do_not_add_up():
    answers = {"Ada": (1,), "Bo": (2,), "Cy": ()}
    rows = [
        row for coder, yes in answers.items() for row in said("T1", (1, 2), yes=yes, coder=coder)
    ]
    assert presence(SEVEN, *rows).present == 0


def test_without_scores_every_passage_is_to_be_looked_at():
    assert counts(presence(SEVEN, *said("T1", range(1, 7)))) == (1, 0, 0, 0)
    assert counts(presence(SEVEN, *said("T1", range(1, 8)))) == (1, 1, 1, 0)


def test_where_few_passages_have_a_score_every_one_is_to_be_looked_at():
    few = scored("T1", 0.9, 0.8, 0.7)
    assert counts(presence(SEVEN, *few, *said("T1", (1, 2, 3)))) == (1, 0, 0, 0)
    assert counts(presence(SEVEN, *few, *said("T1", range(1, 8)))) == (1, 1, 1, 0)


def test_what_the_model_applies_is_no_presence():
    assert counts(presence(SEVEN, *scored("T1", *[0.99] * 7))) == (1, 0, 0, 0)


def test_none_of_eight_still_allows_a_third():
    names = [f"T{number}" for number in range(8)]
    passages = passages_of(North=dict.fromkeys(names, 1))
    row = presence(passages, *(row for name in names for row in said(name, (1,))))
    assert counts(row) == (8, 8, 8, 0)
    assert (row.share, row.low) == (0, 0)
    assert row.high == pytest.approx(0.324, abs=0.001)


def test_the_interval_is_wilsons():
    names = [f"T{number}" for number in range(10)]
    passages = passages_of(North=dict.fromkeys(names, 1))
    answers = (said(name, (1,), yes=(1,) if name < "T3" else ()) for name in names)
    row = presence(passages, *(row for rows in answers for row in rows))
    assert (row.share, row.low, row.high) == pytest.approx((0.3, 0.1078, 0.6032), abs=1e-4)


def test_every_area_and_label_has_a_row_in_the_order_of_the_labels():
    passages = passages_of(South={"T2": 1}, North={"T1": 1})
    table = verify_presence(passages, codings_of(*said("T1", (1,), yes=(1,))), LABELS)
    assert table[["area", "stance", "interviews", "present"]].to_numpy().tolist() == [
        ["North", "present", 1, 1],
        ["North", "lacking", 1, 0],
        ["South", "present", 1, 0],
        ["South", "lacking", 1, 0],
    ]


def test_codings_of_other_labels_and_passages_are_left_out():
    rows = said("T9", (1,), yes=(1,))
    assert presence(SEVEN, *rows).present == 0
    assert verify_presence(SEVEN, codings_of(*rows), [])["area"].tolist() == []


def test_empty_tables_give_an_empty_table():
    table = verify_presence(passages_of(), codings_of(), LABELS)
    assert table.columns[:3].tolist() == ["area", "code", "stance"]
    assert len(table) == 0
    assert presence(SEVEN).status == "not looked"


def test_the_model_and_people_stand_side_by_side():
    passages = passages_of(North={"T1": 3})
    rows = [*scored("T1", 0.75), *said("T1", (1,), yes=(1,)), *said("T1", (1,), coder="Bo")]
    rows += [*said("T1", (2,)), *said("T9", (1,), yes=(1,))]
    sides = set_side_by_side(passages, codings_of(*rows), LABELS)
    assert sides.passages["passage"].tolist() == ["T1-1", "T1-2", "T1-3"]
    nothing = [np.nan] * 3  # of the label that nobody spoke of
    np.testing.assert_array_equal(sides.score.T, [[0.75, np.nan, np.nan], nothing])
    np.testing.assert_array_equal(sides.yes.T, [[0.5, 0, np.nan], nothing])
    assert sides.coded.T.tolist() == [[True, False, False], [False] * 3]
