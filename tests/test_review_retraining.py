"""Retrain: the job in a process of its own, its table, and the way back."""

import json
import time
from pathlib import Path

import pytest
from reviewed_study import get, make_reviewed_study, open_page, post, words_of

from pipeline.decisions import record
from pipeline.review import job as jobs
from pipeline.review.job import Job

MODELS = Path(__file__).parents[1] / "models"


@pytest.fixture
def study(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "default").symlink_to(MODELS / "default")
    return make_reviewed_study(tmp_path)


def decide(study, passages, *, applied=True):
    row = {"coder": "Ada", "code": "trust", "stance": "lacking", "applied": applied}
    row |= {"codebook_version": "1.1.0", "selection": "chosen", "probability": None}
    row["decided_at"] = "2026-01-01T00:00:00Z"
    record(study.corpus / "coding.sqlite", [{**row, "passage": name} for name in passages])


def wait(client, seconds=60):
    end = time.monotonic() + seconds
    while get(client, "/retrain/state").json["is_running"]:
        assert time.monotonic() < end, "the job does not end"
        time.sleep(0.1)


def test_what_people_decided_and_what_is_enough_stand_on_the_page(study):
    names = [f"T{talk}-{turn:02d}" for talk in range(4) for turn in range(1, 7)]
    decide(study, names[::2])
    decide(study, names[1::2], applied=False)
    words = words_of(get(open_page(study), "/retrain/"))
    assert "One person has decided on 24 passages so far" in words
    assert "Trust and respect: lacking 12 12 4 yes" in words
    assert "Trust and respect: present 0 0 0 not yet" in words


def test_a_job_that_cannot_be_done_says_why_and_changes_nothing(study):
    client = open_page(study)
    post(client, "/retrain/start/retrain")
    wait(client)
    words = words_of(get(client, "/retrain/"))
    assert "There is too little to learn from: people have decided on 0 passages" in words
    assert not (study.root / "models" / "small").exists()


def test_a_job_goes_on_while_its_steps_are_told(study, monkeypatch):
    client = open_page(study)
    post(client, "/retrain/start/analyse")  # the study has no transcripts, so it ends in a sentence
    assert get(client, "/retrain/state").json["is_running"] in (True, False)
    wait(client)
    assert "interviews.csv" in words_of(get(client, "/retrain/"))


def test_a_process_that_is_ended_from_outside_is_told(study, monkeypatch):
    monkeypatch.setattr(jobs, "_work", _die)
    job = Job(study)
    job.start("retrain")
    end = time.monotonic() + 60
    while job.state.is_running and time.monotonic() < end:
        time.sleep(0.05)
    assert job.state.mistake == "It was ended before it was done. Start it again."


def _die(*_):
    raise SystemExit(9)


def test_one_job_at_a_time(study, monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "WORK", {"retrain": None, "analyse": None})
    monkeypatch.setattr(jobs.multiprocessing, "get_context", lambda _: _Context(started))
    job = Job(study)
    job.start("retrain")
    job.start("analyse")
    assert started == ["retrain"]
    assert job.state.kind == "retrain"


class _Context:
    """Makes processes that are never over."""

    def __init__(self, started):
        self.started = started

    def Pipe(self, duplex):  # noqa: N802 (multiprocessing calls it so)
        import multiprocessing

        self.kept = multiprocessing.Pipe(duplex=duplex)
        return self.kept[0], _Nothing()

    def Process(self, *, target, args, daemon):  # noqa: N802
        self.started.append(args[0])
        return _Nothing()


class _Nothing:
    def start(self):
        pass

    def close(self):
        pass


def test_work_that_there_is_not_is_refused(study):
    answer = post(open_page(study), "/retrain/start/delete")
    assert answer.status_code == 400


@pytest.fixture
def own(study):
    """Give the study a model of its own, and an earlier one of it."""
    folder = study.root / "models" / "small"
    for number, place in enumerate((folder, folder / "earlier" / "1")):
        place.mkdir(parents=True)
        for name in ("heads.npz", "card.json"):
            (place / name).write_bytes((MODELS / "default" / name).read_bytes())
        card = json.loads((place / "card.json").read_text())
        card["encoder"]["folder"] = "default"
        card |= {"name": "small", "date": f"2026-01-0{number + 1}", "macro_f1": {}}
        (place / "card.json").write_text(json.dumps(card))
    return folder


def test_an_earlier_model_is_put_in_use_again(study, own):
    client = open_page(study)
    words = words_of(get(client, "/retrain/"))
    assert "in use 2026-01-01" in words
    assert "earlier 1 2026-01-02" in words
    assert post(client, "/retrain/restore", data={"number": "1"}).status_code == 302
    assert json.loads((own / "card.json").read_text())["date"] == "2026-01-02"
    assert "earlier 2 2026-01-01" in words_of(get(client, "/retrain/"))


def test_a_number_that_is_none_is_refused(study, own):
    client = open_page(study)
    assert post(client, "/retrain/restore", data={"number": "../1"}).status_code == 400
    assert post(client, "/retrain/restore", data={"number": "7"}).status_code == 400
