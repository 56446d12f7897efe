import numpy as np
import pandas as pd
import pytest

from pipeline.codebook import Label
from pipeline.findings.grids import spread

LABELS = [Label("trust", "present"), Label("voice", "lacking"), Label("trust", "lacking")]


def codings_of(*rows, dtype="category"):
    """Build from (passage, 'code stance', score)."""
    table = pd.DataFrame(
        [(passage, *label.split(), score, score >= 0.5) for passage, label, score in rows],
        columns=["passage", "code", "stance", "score", "applied"],
    )
    return table.astype({"code": dtype, "stance": dtype})


ROWS = [
    ("b", "trust lacking", 0.75),
    ("a", "voice lacking", 0.25),
    ("b", "trust present", 0.5),
    ("b", "voice present", 0.9),  # a label that was not asked for
    ("z", "trust present", 0.9),  # nor this passage
]


@pytest.mark.parametrize("dtype", ["category", "str"])
def test_every_coding_stands_at_its_passage_and_label(dtype):
    codings, passages = codings_of(*ROWS, dtype=dtype), pd.Series(["c", "b", "a"])
    scores, applied = spread(codings, ["score", "applied"], passages, LABELS)
    assert scores.tolist() == [[0, 0, 0], [0.5, 0, 0.75], [0, 0.25, 0]]
    assert applied.tolist() == [[0, 0, 0], [1, 0, 1], [0, 0, 0]]


def test_where_there_is_no_coding_it_is_left_blank():
    (scores,) = spread(codings_of(ROWS[1]), ["score"], pd.Series(["a"]), LABELS, blank=np.nan)
    np.testing.assert_array_equal(scores, [[np.nan, 0.25, np.nan]])


@pytest.mark.parametrize(
    ("rows", "passages", "labels", "shape"),
    [([], ["a"], LABELS, (1, 3)), (ROWS, [], LABELS, (0, 3)), (ROWS, ["a", "b"], [], (2, 0))],
)
def test_of_nothing_there_is_nothing(rows, passages, labels, shape):
    (scores,) = spread(codings_of(*rows), ["score"], pd.Series(passages, dtype="str"), labels)
    assert scores.shape == shape
    assert not scores.any()
