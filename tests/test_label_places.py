from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports.label_places import Box, is_tangled, place_labels

CANVAS = Box(0, 0, 600, 400)
inside = st.tuples(st.floats(20, 580), st.floats(20, 380))


def place(points, words):
    return place_labels(points, words, CANVAS, mark=6)


def test_a_label_alone_stands_right_of_its_point_without_a_line():
    (label,) = place([(100, 100)], ["North"])
    assert (label.anchor, label.is_far) == ("start", False)
    assert label.x > 106
    assert label.box.top < 100 < label.box.bottom


def test_a_label_at_the_edge_stays_on_the_canvas():
    (label,) = place([(590, 100)], ["North Yorkshire"])
    assert label.box.overlap(CANVAS) == pytest.approx(label.box.size)


def boxes_overlap(labels):
    pairs = combinations([label.box for label in labels], 2)
    return any(one.overlap(other) for one, other in pairs)


def test_labels_of_points_close_together_do_not_overlap():
    points = [(300 + 3 * number, 200) for number in range(8)]
    labels = place(points, ["Northern Ireland"] * 8)
    assert not boxes_overlap(labels)
    assert any(label.is_far for label in labels)


def test_thirty_numbers_find_room_even_if_all_points_are_the_same():
    labels = place([(300, 200)] * 30, [str(number) for number in range(1, 31)])
    assert not boxes_overlap(labels)


def test_what_cannot_be_helped_is_told():
    assert is_tangled(place([(300, 200)] * 30, ["a very long name of a place"] * 30))
    assert not is_tangled(place([(100, 200), (400, 200)], ["North", "South"]))


def test_of_places_that_hide_nothing_one_is_taken_whose_line_crosses_no_label():
    points = [(300 + 20 * (number % 3), 200 + 20 * (number // 3)) for number in range(6)]
    assert not is_tangled(place(points, ["12"] * 6))


@given(st.lists(inside, min_size=1, max_size=8, unique=True))
def test_no_label_is_lost_and_the_same_points_have_the_same_labels(points):
    words = [str(number) for number in range(len(points))]
    assert len(place(points, words)) == len(points)
    assert place(points, words) == place(points, words)
