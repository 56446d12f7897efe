import sqlite3

import pytest

from pipeline.decisions import read_decisions, record
from pipeline.errors import UserError

DECISION = {
    "coder": "Ada",
    "passage": "T01-aa",
    "code": "trust",
    "stance": "present",
    "applied": True,
    "codebook_version": "1.1.0",
    "selection": "random",
    "probability": 0.25,
    "decided_at": "2025-03-01T10:00:00Z",
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "coding.sqlite"


def test_nobody_has_decided_yet(path):
    assert read_decisions(path).empty
    assert not path.exists()


def test_a_later_decision_of_the_same_coder_counts_and_both_stay(path):
    record(path, [DECISION, {**DECISION, "coder": "Bo"}])
    record(path, [{**DECISION, "applied": False}])
    decisions = read_decisions(path)
    assert dict(zip(decisions["coder"], decisions["applied"], strict=True)) == {
        "Bo": True,
        "Ada": False,
    }
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM decisions").fetchone() == (3,)


def test_all_decisions_of_a_batch_are_kept_or_none(path):
    record(path, [DECISION])
    with pytest.raises(UserError, match="Nothing in it was changed"):
        record(path, [{**DECISION, "coder": "Bo"}, {**DECISION, "coder": ""}])
    assert read_decisions(path)["coder"].tolist() == ["Ada"]


@pytest.mark.parametrize("change", ["UPDATE decisions SET applied = 0", "DELETE FROM decisions"])
def test_decisions_are_never_changed_or_deleted(path, change):
    record(path, [DECISION])
    with sqlite3.connect(path) as database, pytest.raises(sqlite3.IntegrityError, match="never"):
        database.execute(change)


def test_another_programs_file_is_refused(path):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE birds (name TEXT)")
    with pytest.raises(UserError, match="another program's file"):
        record(path, [DECISION])


def test_a_later_versions_file_is_refused(path):
    record(path, [DECISION])
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 9")
    with pytest.raises(UserError, match="made by a later three-powers"):
        read_decisions(path)


def test_a_damaged_file_is_refused(path):
    path.write_bytes(b"not a database, but long enough to be taken for one" * 30)
    with pytest.raises(UserError, match="cannot be used"):
        read_decisions(path)
