import numpy as np
import pytest

from pipeline.coding.bias import find_bias, name_lengths
from pipeline.coding.training import Truth


def coded():
    """Twenty interviews in two areas; whether three labels apply is as common in both."""
    interviews = np.repeat([f"T{number:02d}" for number in range(20)], 20)
    applied = np.random.default_rng(0).random((400, 3)) < 0.3
    areas = np.where(interviews < "T10", "North", "South")
    return Truth(applied, np.ones_like(applied), interviews, np.ones(400, bool)), areas


def test_an_area_that_a_model_misses_codes_in_is_found():
    truth, areas = coded()
    said = truth.applied.copy()
    said[areas == "North"] &= np.random.default_rng(1).random((200, 3)) < 0.5
    north, south = find_bias(truth, said, {"area": areas})
    assert (north["group"], north["passages"], north["interviews"]) == ("North", 200, 10)
    assert north["missed"] == pytest.approx(0.15, abs=0.04)
    assert (north["invented"], south["missed"]) == (0.0, 0.0)
    assert north["interval"][0] > 0
    assert south["difference"] == -north["difference"]


def test_errors_alike_everywhere_are_no_bias():
    truth, areas = coded()
    said = truth.applied ^ (np.random.default_rng(2).random((400, 3)) < 0.1)
    low, high = find_bias(truth, said, {"area": areas})[0]["interval"]
    assert low < 0 < high


def test_groups_of_fewer_than_five_interviews_and_no_names_are_left_out():
    truth, _ = coded()
    roles = np.full(400, "nurse", dtype="U9")
    roles[:80], roles[80:140] = "director", ""
    rows = find_bias(truth, truth.applied, {"role": roles})
    assert [row["group"] for row in rows] == ["nurse"]


def test_interviews_are_short_middling_or_long():
    interviews = np.array(["a", "a", "b", "c", "c"])
    names = name_lengths(np.array([10, 10, 50, 100, 100]), interviews)
    assert names.tolist() == ["short", "short", "middling", "long", "long"]
