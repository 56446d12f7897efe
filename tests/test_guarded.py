"""A document that crashes or hangs its reader is named, and the next one is read."""

import os
import shutil
import time
from pathlib import Path

import pytest

from pipeline.errors import TranscriptError
from pipeline.transcripts import guarded
from pipeline.transcripts.guarded import GuardedReader, guarded_reader

GOLDEN = Path(__file__).parent / "data" / "readers"


@pytest.fixture
def word(tmp_path):
    return Path(shutil.copy(GOLDEN / "word" / "input.docx", tmp_path / "talk.docx"))


def _serve_badly(pipe):
    """Stand in for the process: die, hang, or read, as the file's name says."""
    while True:
        path = pipe.recv()
        if "crash" in path.name:
            os._exit(9)
        if "hang" in path.name:
            time.sleep(60)
        pipe.send(guarded._read(path))


@pytest.fixture
def poisoned(tmp_path, monkeypatch):
    monkeypatch.setattr(guarded, "_serve", _serve_badly)
    monkeypatch.setattr(guarded, "SECONDS", 3.0)

    def make(name):
        (tmp_path / name).write_bytes(b"x")
        return tmp_path / name

    return make


def test_a_document_is_read_in_another_process_as_it_is_here(word):
    with guarded_reader() as reader:
        found = reader.read(word)
        assert repr(found) == repr(guarded.read_script(word))  # NaN is not itself
        child = reader._child.pid
        assert child != os.getpid()
        assert repr(reader.read(word)) == repr(found)
        assert reader._child.pid == child
    assert reader._child is None


def test_plain_text_needs_no_other_process(tmp_path):
    (tmp_path / "talk.txt").write_text("Ada: Yes.\nBo: No.\nAda: So.\nBo: Right.\n")
    reader = GuardedReader()
    assert [turn.speaker for turn in reader.read(tmp_path / "talk.txt").turns][:2] == ["Ada", "Bo"]
    assert reader._child is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("crash.docx", "crashes its reader"), ("hang.pdf", "takes far too long to read")],
)
def test_a_poisoned_document_is_named_and_the_next_one_is_read(poisoned, word, name, said):
    with guarded_reader() as reader:
        with pytest.raises(TranscriptError, match=rf"{name}: this {said}\."):
            reader.read(poisoned(name))
        assert reader.read(word).turns


def test_what_is_refused_in_the_other_process_is_told_here(tmp_path):
    (tmp_path / "talk.docx").write_bytes(b"no document at all")
    with guarded_reader() as reader, pytest.raises(TranscriptError) as told:
        reader.read(tmp_path / "talk.docx")
    with pytest.raises(TranscriptError) as same:
        guarded.read_script(tmp_path / "talk.docx")
    assert str(told.value) == str(same.value)


def test_what_a_parser_says_of_the_content_is_not_passed_on(tmp_path, monkeypatch):
    def fail(path):
        raise ValueError("Ada Quill of Mill Lane said so")

    monkeypatch.setattr(guarded, "read_script", fail)
    said = guarded._read(tmp_path / "talk.pdf")
    assert isinstance(said, TranscriptError)
    assert "Quill" not in str(said)
    assert said.__cause__ is None


def test_memory_is_limited_in_the_other_process():
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    child = context.Process(target=_take_too_much)
    child.start()
    child.join(60)
    assert child.exitcode == 3


def _take_too_much():
    guarded._limit_memory()
    try:
        bytearray(guarded.MEMORY)
    except MemoryError:
        os._exit(3)
