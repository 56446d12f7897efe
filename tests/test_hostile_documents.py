"""Documents made to harm are refused with a sentence, at once, and without much memory."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hostile_documents import DOCUMENTS, ZIPPED, write_all

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import read_script

PROJECT = Path(__file__).parents[1]
MOST_MEMORY = 300  # megabytes, Python and the parsers included
READ_ALL = """
import pathlib, resource, sys
from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import read_script
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        read_script(path)
    except TranscriptError:
        pass
status = pathlib.Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024)
"""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_refused_or_read_without_harm(tmp_path, name):
    (path,) = write_all(tmp_path, {name: DOCUMENTS[name]})
    started = time.process_time()
    try:
        said = f"{len(read_script(path).turns)} turns"
    except TranscriptError as error:
        said = str(error)
    taken = time.process_time() - started
    assert (DOCUMENTS[name].refusal or "turns") in said
    assert taken < (1 if name in ZIPPED else 3)


def test_a_file_that_names_a_place_outside_writes_nothing(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    slips = {name: hostile for name, hostile in ZIPPED.items() if name.startswith("slip")}
    for path in write_all(inner, slips):
        assert len(read_script(path).turns) == 4
    written = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert written == set(slips)


def test_what_stands_outside_a_document_is_not_put_into_it(tmp_path):
    (path,) = write_all(tmp_path, {"outside.docx": ZIPPED["outside.docx"]})
    with pytest.raises(TranscriptError) as refused:
        read_script(path)
    assert Path("/etc/hostname").read_text("utf-8").strip() not in str(refused.value)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the most")
def test_hostile_documents_take_little_memory(tmp_path):
    write_all(tmp_path, DOCUMENTS)
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(tmp_path)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert 0 < int(done.stdout) < MOST_MEMORY
