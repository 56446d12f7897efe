import numpy as np
import pytest
from claim_studies import LABELS, make_study

from pipeline.codebook import Label
from pipeline.findings.claim_grounds import draw_shares
from pipeline.findings.claim_weighing import prepare
from pipeline.findings.claims import THEORY
from pipeline.findings.shares import count_shares
from pipeline.tables import SHARES

HEARD = Label("citizen_voice", "present")


def draw(*, is_checked=True, half=0.0):
    """Draw the share of a label that half of eight interviews have in half of their passages.

    So a quarter is coded. If it was checked, people say that it is half, give or take ``half``.
    """
    talks = [("North", [" ".join(HEARD), ""] * 10)] * 4 + [("North", [""] * 20)] * 4
    passages, settled = make_study(talks)
    shares = count_shares(passages, settled, LABELS)
    is_it = is_checked & (shares["code"] == HEARD.code) & (shares["stance"] == HEARD.stance)
    shares = shares.assign(
        corrected_share=shares["corrected_share"].mask(is_it, 0.5),
        low=shares["low"].mask(is_it, 0.5 - half),
        high=shares["high"].mask(is_it, 0.5 + half),
        status=shares["status"].mask(is_it, "checked"),
    )
    grounds = prepare(passages, settled, SHARES.check(shares), THEORY, draws=2_000, seed=0)
    return draw_shares(HEARD, [HEARD], grounds)[0]


def test_a_share_that_was_not_checked_is_as_coded():
    drawn = draw(is_checked=False)
    assert drawn[0] == 0.25
    assert drawn[1:].mean() == pytest.approx(0.25, abs=0.01)


def test_where_more_is_true_than_is_coded_interviews_differ_in_proportion():
    coded, corrected = draw(is_checked=False), draw()
    assert corrected[0] == 0.5
    inside = (coded > 0) & (coded < 0.5)
    assert corrected[inside] == pytest.approx(2 * coded[inside])


def test_the_error_of_the_check_comes_on_top():
    sure, unsure = draw(), draw(half=0.196)
    assert unsure[0] == 0.5
    errors = (unsure - sure)[(unsure > 0) & (unsure < 1)]
    assert errors.std() == pytest.approx(0.1, rel=0.1)  # 1.96 of these are the interval's half
    assert ((unsure >= 0) & (unsure <= 1)).all()
    assert np.ptp(sure) > 0.3
