import numpy as np
import pytest

from pipeline.codebook import Label
from pipeline.coding.card import CLASSIFIED, RANKED
from pipeline.coding.classifiers import Heads
from pipeline.coding.evaluation import Cutoffs
from pipeline.coding.joining import join
from pipeline.coding.model import Folds, Model, mark_interview
from pipeline.coding.training import Trained

LABELS = (Label("water", "present"), Label("water", "lacking"))
ROWS = [{**label._asdict(), "mode": RANKED, "f1": None} for label in LABELS]
VECTORS = np.zeros((4, 3), dtype=np.float32)
INTERVIEWS = ["both", "new", "old", "neither"]  # which model learnt from it


def heads_of(*log_odds):
    """Make heads that say the same of every passage, so that a score tells whose it is."""
    return Heads(np.zeros((2, 3)), np.array(log_odds))


@pytest.fixture
def old():
    """A model of which one fold left out both interviews, one of these for the first label only."""
    marks = [mark_interview(name) for name in ("both", "old")]
    folds = Folds(
        [heads_of(1.0, 1.2)], np.array(marks), np.array([[0, 0], [0, -1]], dtype=np.int16)
    )
    cutoffs = Cutoffs(*np.full((3, 2), 0.5))
    return Model(heads_of(0.1, 0.2), cutoffs, LABELS, {"labels": ROWS}, folds)


@pytest.fixture
def new():
    """What was trained on two interviews, each left out by a fold."""
    return Trained(
        heads=heads_of(2.0, 2.2),
        cutoffs=Cutoffs(*np.full((3, 2), 0.7)),
        answers=None,
        rows=[{**row, "f1": 0.8} for row in ROWS],
        fold_heads=[heads_of(-1.0, -1.2), heads_of(-2.0, -2.2)],
        folds=np.array([0, 1, 1]),
    )


def log_odds(model):
    """Give what is said of a passage of every interview, label by label."""
    scores = model.score(VECTORS, INTERVIEWS)
    return np.log(scores / (1 - scores)).round(3).tolist()


def joined(old, new, *taken):
    return join(old, new, np.array(taken), np.array(["both", "new", "new"]))


def test_no_interview_is_scored_by_heads_that_learnt_from_it(old, new):
    assert log_odds(old) == [[1.0, 1.2], [0.1, 0.2], [1.0, 0.2], [0.1, 0.2]]
    assert log_odds(joined(old, new, True, False)) == [
        [-1.0, 1.2],  # each label by its own model's fold
        [-2.0, 0.2],
        [2.0, 0.2],  # the new head of the first label has not seen what the old one learnt from
        [2.0, 0.2],
    ]


def test_a_model_that_is_joined_twice_still_knows_what_its_heads_learnt_from(old, new):
    again = join(joined(old, new, True, False), new, np.array([False, True]), np.array(["old"] * 3))
    assert log_odds(again) == [[-1.0, 2.2], [-2.0, 2.2], [2.0, -1.2], [2.0, 2.2]]


def test_heads_that_score_no_interview_any_more_are_left_out(old, new):
    whole = joined(old, new, True, True)
    assert log_odds(whole) == [[-1.0, -1.2], [-2.0, -2.2], [2.0, 2.2], [2.0, 2.2]]
    assert [heads.intercepts[0] for heads in whole.folds.heads] == [-1.0, -2.0]


def test_cut_offs_and_figures_are_those_of_the_head_in_use(old, new):
    model = joined(old, new, True, False)
    assert [part.tolist() for part in model.cutoffs] == [[0.7, 0.5]] * 3
    modes = [(row["mode"], row["f1"]) for row in model.card["labels"]]
    assert modes == [(CLASSIFIED, 0.8), (RANKED, None)]
    assert old.card["labels"] == ROWS
