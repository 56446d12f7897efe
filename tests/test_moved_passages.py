"""Where decisions stand after moves: of those made before, and of no others."""

import pandas as pd
import pytest

from pipeline.decisions import (
    list_decided,
    read_anchors,
    read_decisions,
    read_lost,
    read_said,
    record,
    record_moves,
)
from pipeline.moved_passages import Batch, find_sources, find_stand, move_rows

WHEN = "2026-01-0{}T00:00:00+00:00"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "coding.sqlite"


def say(path, passage, applied=True, coder="Ada"):
    row = {"coder": coder, "code": "trust", "stance": "present", "codebook_version": "1"}
    row |= {"selection": "chosen", "probability": None, "decided_at": WHEN.format(1)}
    anchor = (passage, "T", f"The words of {passage}.", "", "", (), 0)
    record(path, [{**row, "passage": passage, "applied": applied}], anchors=[anchor])


def move(path, *moves, day=1):
    record_moves(path, [(*each, "ask") for each in moves], coder="x", moved_at=WHEN.format(day))


def stands(path):
    return sorted(
        zip(*[read_decisions(path)[name] for name in ("passage", "applied")], strict=True)
    )


def test_moves_that_were_recorded_together_are_no_chain(path):
    say(path, "T-1", applied=True)
    say(path, "T-2", applied=False)
    move(path, ("T-2", "T-1"), ("T-1", ""))  # the first of two that said the same was taken out
    assert stands(path) == [("T-1", False)]
    assert [anchor[0] for anchor in read_lost(path)] == []  # its id is another's now


def test_what_was_said_of_an_id_after_the_move_stays_with_it(path):
    say(path, "a")
    move(path, ("a", "b"))
    say(path, "a", applied=False)
    assert stands(path) == [("a", False), ("b", True)]
    assert [(said.passage, said.applied) for said in read_said(path, passages=["a"])] == [("a", 0)]
    assert [(said.passage, said.applied) for said in read_said(path, passages=["b"])] == [("b", 1)]
    assert list_decided(path, "Ada") == {"a", "b"}


def test_what_was_lost_can_be_placed_later_by_its_last_id(path):
    say(path, "a")
    move(path, ("a", "b"))
    move(path, ("b", ""), day=2)
    assert stands(path) == []
    assert list_decided(path, "Ada") == set()
    assert [said.passage for said in read_said(path, passages=["b"], is_lost=True)] == ["b"]
    move(path, ("b", "c"), day=3)
    assert stands(path) == [("c", True)]
    assert read_lost(path) == []


def test_two_coders_are_moved_alike(path):
    say(path, "a", coder="Ada")
    say(path, "a", coder="Bo", applied=False)
    move(path, ("a", "b"))
    assert {(said.coder, said.passage) for said in read_said(path)} == {("Ada", "b"), ("Bo", "b")}
    assert {anchor[0] for anchor in read_anchors(path)} == set()  # nobody kept the words of b


def test_the_quick_way_and_the_whole_table_say_the_same(path):
    moves = [("a", "b"), ("b", ""), ("c", "a"), ("b", "c"), ("a", "d")]
    for day, each in enumerate(moves, start=1):
        for name in "abcd":
            say(path, name, applied=day % 2 == 0, coder=f"coder {day}")
        move(path, each, day=day)
    quick = {(said.coder, said.passage, bool(said.applied)) for said in read_said(path)}
    table = read_decisions(path)[["coder", "passage", "applied"]]
    assert quick == {*table.itertuples(index=False, name=None)}
    for name in "abcd":
        one = {(said.coder, said.passage) for said in read_said(path, passages=[name])}
        assert one == {(coder, passage) for coder, passage, _ in quick if passage == name}


def test_rows_and_single_decisions_are_moved_alike():
    batches = [Batch(2, {"a": "b", "b": "a"}), Batch(3, {"a": ""}), Batch(3, {"a": "c"})]
    rows = pd.DataFrame({"number": [1, 2, 3, 4], "passage": ["a", "b", "a", "a"]})
    moved = move_rows(rows, batches)["passage"].tolist()
    assert moved == ["b", "c", "c", "a"]
    each = [find_stand(p, n, batches) for n, p in rows.itertuples(index=False)]
    assert [stand.passage for stand in each] == moved
    assert find_sources(["c"], batches) == {"a", "b", "c"}
