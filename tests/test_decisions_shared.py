"""The study's file when several use it, and when it is of an earlier version."""

import multiprocessing
import sqlite3

import pytest

from pipeline.decisions import open_decisions, read_decisions, record

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


def save_many(path, coder, times):
    for number in range(times):
        record(path, [{**DECISION, "coder": coder, "passage": f"T01-{number}"}])


def test_two_processes_lose_no_save(path):
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=save_many, args=(path, name, 300)) for name in ("Ada", "Bo")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert read_decisions(path)["coder"].value_counts().to_dict() == {"Ada": 300, "Bo": 300}


def make_first_version(path):
    with sqlite3.connect(path) as database:
        database.executescript(
            """CREATE TABLE decisions (number INTEGER PRIMARY KEY AUTOINCREMENT,
            coder TEXT NOT NULL, passage TEXT NOT NULL, code TEXT NOT NULL, stance TEXT NOT NULL,
            applied INTEGER NOT NULL, codebook_version TEXT NOT NULL, selection TEXT NOT NULL,
            probability REAL, decided_at TEXT NOT NULL) STRICT;
            INSERT INTO decisions VALUES (1, 'Ada', 'T01-aa', 'trust', 'present', 1, '1.1.0',
            'random', 0.25, '2025-03-01T10:00:00Z');
            PRAGMA application_id = 0x33505752; PRAGMA user_version = 1;"""
        )
    database.close()


def test_a_file_of_the_first_version_is_copied_and_brought_up_to_date(path):
    make_first_version(path)
    assert read_decisions(path)["coder"].tolist() == ["Ada"]
    record(path, [{**DECISION, "coder": "Bo"}])
    copy = path.with_name("coding-version-1.sqlite")
    with sqlite3.connect(copy) as before:
        assert before.execute("PRAGMA user_version").fetchone() == (1,)
        assert before.execute("SELECT coder FROM decisions").fetchall() == [("Ada",)]
    before.close()


def test_what_was_withdrawn_counts_no_more_and_stays_in_the_file(path):
    record(path, [DECISION, {**DECISION, "is_withdrawn": 1}])
    assert read_decisions(path).empty
    with open_decisions(path) as database:
        assert database.execute("SELECT count(*) FROM decisions").fetchone() == (2,)
