import math

import pytest

from pipeline.codebook import Label
from pipeline.exports.contrasts import find_contrasts, find_gaps
from pipeline.exports.figures import Area, Figure, pool

TRUST = Label("trust", "present")


@pytest.mark.parametrize(
    ("here", "interviews_with", "elsewhere", "stands_out"),
    [
        (10, 3, 4, True),
        (10, 2, 4, False),  # heard from two people only, however often
        (6, 3, 4, False),  # 2 points more: too close
        (15, 3, 11, False),  # 4 points more, but not one and a half times as much
        (0, 0, 10, False),
    ],
)
def test_a_theme_stands_out_by_size_by_ratio_and_by_people(
    here, interviews_with, elsewhere, stands_out
):
    label = Label("trust", "present")
    figures = {
        ("North", label): Figure("North", label, here, 100, interviews_with, 5, here / 100),
        ("South", label): Figure("South", label, elsewhere, 100, 5, 5, elsewhere / 100),
    }
    assert bool(find_contrasts("North", [label], figures)) == stands_out


def test_raw_and_corrected_shares_are_never_compared_with_one_another():
    label = Label("trust", "present")
    checked = {"status": "checked", "checked": 40, "corrected": 0.5}
    figures = {
        ("North", label): Figure("North", label, 10, 100, 5, 5, 0.1, **checked),
        ("South", label): Figure("South", label, 10, 100, 5, 5, 0.1),
    }
    assert find_contrasts("North", [label], figures) == []
    assert not pool(list(figures.values())).is_corrected


def test_a_label_without_a_classifier_is_compared_by_what_people_checked_or_not_at_all():
    checked = {"status": "checked", "checked": 40}
    areas = [Area("North", 5, 100), Area("South", 5, 100)]
    north = Figure("North", TRUST, 3, 100, 3, 5, math.nan, corrected=0.3, **checked)
    south = Figure("South", TRUST, 0, 100, 3, 5, math.nan, corrected=0.1, **checked)
    raw = Figure("South", TRUST, 10, 100, 5, 5, 0.1)
    (gap,) = find_gaps(areas, [TRUST], {("North", TRUST): north, ("South", TRUST): south})
    assert (gap.most.area, gap.points) == ("North", pytest.approx(0.2))
    mixed = {("North", TRUST): north, ("South", TRUST): raw}
    assert find_gaps(areas, [TRUST], mixed) == find_contrasts("North", [TRUST], mixed) == []
