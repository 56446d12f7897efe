import numpy as np
import pandas as pd
import pytest

from pipeline.codebook import Label
from pipeline.findings.redraws import redraw_shares
from pipeline.tables import CHECKS, CODINGS, PASSAGES

LABEL = Label("individual", "lacking")
SIZE, INTERVIEWS = 40, 6


def study(*, scores, truth, checked):
    """Redraw the interviews of one area; people checked so many passages of each, at random.

    ``scores`` are what the model says of the passages in order, ``truth`` what people would. There
    is another area just like it, of which they checked all.
    """
    whole = pd.concat(
        lay_out(area, scores, truth, count) for area, count in (("North", checked), ("South", SIZE))
    )
    columns = {"participant": "P", "role": "", "turn": 1, "start": 0, "end": 1, "words": 9}
    passages = PASSAGES.check(whole.assign(**columns, context="", text=""))
    codings = CODINGS.check(
        whole.assign(coder="model x", applied=whole["score"] >= 0.5, decision="ask")
    )
    checks = CHECKS.check(whole[whole["is_checked"]].rename(columns={"truth": "applied"}))
    return redraw_shares(passages, codings, codings, checks, [LABEL]).shares["North"][0]


def lay_out(area, scores, truth, checked):
    place = np.arange(SIZE * INTERVIEWS)
    transcripts = [f"{area} {number}" for number in place // SIZE]
    return pd.DataFrame(
        {
            "passage": [f"{name}-{row}" for name, row in zip(transcripts, place, strict=True)],
            "transcript": transcripts,
            "area": area,
            "code": LABEL.code,
            "stance": LABEL.stance,
            "score": scores,
            "truth": truth,
            "is_checked": place % SIZE < checked,
            "probability": checked / SIZE,
        }
    )


def make(seed=0):
    """Make a truth, and scores of a model that finds twice too much of it."""
    random = np.random.default_rng(seed)
    truth = random.random(SIZE * INTERVIEWS) < 0.3
    return truth, np.clip(0.35 + 0.3 * truth + random.normal(0, 0.1, len(truth)), 0, 1)


def test_what_nobody_checked_is_drawn_as_it_is_coded():
    truth, scores = make()
    drawn = study(scores=scores, truth=truth, checked=0)
    assert drawn.mean() == pytest.approx((scores >= 0.5).mean(), abs=0.01)
    means = (scores >= 0.5).reshape(INTERVIEWS, SIZE).mean(axis=1)
    assert drawn.std() == pytest.approx(means.std() / np.sqrt(INTERVIEWS), rel=0.1)


def test_what_people_checked_is_drawn_as_it_is_corrected():
    truth, scores = make()
    drawn = study(scores=scores, truth=truth, checked=30)
    assert scores.mean() > truth.mean() + 0.1
    assert drawn.mean() == pytest.approx(truth.mean(), abs=0.03)


def test_below_twenty_checked_passages_people_alone_are_drawn():
    truth, scores = make()
    for checked, is_alone in ((3, True), (4, False)):  # of each of six interviews
        drawn = study(scores=scores, truth=truth, checked=checked)
        people = truth.reshape(INTERVIEWS, SIZE)[:, :checked].mean(axis=1)
        expected = people.mean(), people.std() / np.sqrt(INTERVIEWS)
        assert ((drawn.mean(), drawn.std()) == pytest.approx(expected, rel=0.1)) == is_alone


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_no_draw_has_a_share_below_none_or_above_all(is_mirrored):
    # All that was checked has the code, but in one interview; what was not checked is scored best.
    passage = np.arange(SIZE * INTERVIEWS)
    truth = passage >= SIZE
    scores = np.where(passage % SIZE < 20, np.where(truth, 0.6, 0.1), 1.0)
    if is_mirrored:
        truth, scores = ~truth, 1 - scores
    drawn = study(scores=scores, truth=truth, checked=20)
    assert 0 <= drawn.min() < drawn.max() <= 1
    assert (0 if is_mirrored else 1) in drawn
