"""The study's file when several use it, and when it is of an earlier version."""

import multiprocessing
import random
import sqlite3
from itertools import count

import pytest

from pipeline.decisions import check_whole, open_decisions, read_decisions, record, save

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


def save_until_killed(path, first, line):
    """Save three decisions at a time, and tell the number of each save that is done."""
    for number in count(first):
        passage = f"T01-{number}"
        rows = [{**DECISION, "passage": passage, "stance": f"s{place}"} for place in range(3)]
        anchor = (passage, "T01", "It was.", "", "", (), 0)
        save(path, rows, request=f"r{number}", seen=0, anchor=anchor)
        line.send(number)


def kill_while_saving(path, first, moment):
    """Kill a process some time after its first save; give the numbers of those it told of."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipeline.decisions"])
    line, end = context.Pipe(duplex=False)
    worker = context.Process(target=save_until_killed, args=(path, first, end))
    worker.start()
    end.close()
    told = [line.recv()]
    worker.join(moment)
    worker.kill()
    worker.join()
    assert worker.exitcode == -9
    while True:
        try:
            told.append(line.recv())
        except EOFError:
            return told


@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="no such processes here"
)
def test_a_process_that_is_killed_while_saving_loses_no_save_that_it_told_of(path):
    moments = random.Random(1)  # in seconds; a save takes some thousandths
    kills = [
        kill_while_saving(path, first * 10_000, moments.uniform(0, 0.05)) for first in range(20)
    ]
    check_whole(path)
    with open_decisions(path) as database:
        query = "SELECT request, count(*) FROM decisions GROUP BY request"
        saved = dict(database.execute(query).fetchall())
        anchors = {row[0] for row in database.execute("SELECT passage FROM anchors")}
    told = {f"r{number}" for numbers in kills for number in numbers}
    assert told <= saved.keys()
    assert len(saved) - len(told) <= len(kills)  # saved, and killed before it could be told
    assert {*saved.values()} == {3}
    assert anchors == {f"T01-{request[1:]}" for request in saved}


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
