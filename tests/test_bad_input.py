"""What a researcher may get wrong: one clear sentence, exit code 1, and nothing is lost."""

import hashlib
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.tables import PASSAGES

GOLDEN = Path(__file__).parent / "data" / "readers"

TALK = """\
Interviewer: How is it here, on the whole?

Ada Quill: The director stood up in March and told us to try it, she would take the blame herself.
"""


@pytest.fixture
def analyse(tmp_path):
    def analyse():
        return CliRunner().invoke(main, ["--root", str(tmp_path), "analyse", "small"])

    return analyse


def lose_the_list(study):
    (study.corpus / "interviews.csv").unlink()


def add(name, content):
    def damage(study):
        (study.corpus / "transcripts" / name).write_bytes(content)
        if name != "b1.txt":
            list_it(name)(study)

    return damage


def list_it(name, row="{name},Ada Quill,North,,"):
    def damage(study):
        path = study.corpus / "interviews.csv"
        path.write_text(path.read_text() + row.format(name=name) + "\n")

    return damage


def write_settings(content):
    return lambda study: (study.corpus / "study.toml").write_text(content)


def replace_in_list(old, new):
    def damage(study):
        path = study.corpus / "interviews.csv"
        path.write_text(path.read_text().replace(old, new))

    return damage


def write_names(content):
    def damage(study):
        study.private.mkdir()
        study.names.write_bytes(content)

    return damage


def take_outputs(study):
    study.outputs.mkdir(parents=True)
    (study.outputs / ".study").write_text(str(study.root))


def block_outputs(study):
    (study.root / "outputs").write_text("a file where the folder should be")


CASES = {
    "the list is missing": (lose_the_list, ["interviews.csv is missing.", "three-powers new"]),
    "a transcript is not listed": (
        add("b1.txt", TALK.encode()),
        ["interviews.csv needs attention", "'b1.txt' is in transcripts/ and has no row."],
    ),
    "a listed transcript is missing": (
        list_it("a2.txt"),
        ["row 3: transcript 'a2.txt' is not in transcripts/."],
    ),
    "a file is empty": (add("b2.txt", b""), ["b2.txt: the file is empty."]),
    "a file is blank": (add("b2.txt", b" \n\n \n"), ["b2.txt: the file is empty."]),
    "a binary file is called .txt": (
        add("b3.txt", b"\x00\x01\x02PK\x03\x04" * 99),
        ["b3.txt: this is not text, although its name ends in '.txt'.", "Save it as plain text"],
    ),
    "a Word file is none": (
        add("b4.docx", b"not a zip"),
        ["b4.docx: this is no Word", "Open it in Word and save it again as .docx"],
    ),
    "a suffix is unknown": (
        add("b5.pages", b"Ada Quill: Yes."),
        ["b5.pages: files of this kind are not read.", "Save the transcript as one of"],
    ),
    "the participant is not among the speakers": (
        replace_in_list("Ada Quill", "Eda Quilt"),
        [
            "a1.txt: the participant 'Eda Quilt' is not among its speakers. "
            "Did you mean 'Ada Quill'?",
            "Ada Quill (1 turn, 18 words)",
            "Write the participant's name",
        ],
    ),
    "nobody can be told to be the participant": (
        add("b6.txt", b"Maud: How is it?\n\nIvo: It floods.\n\nMaud: Often?\n\nIvo: Yes, often.\n"),
        ["b6.txt: the participant 'Ada Quill' is not among its speakers."],
    ),
    "the participant says nothing": (
        add("b7.txt", b"Interviewer: Well?\n\nAda Quill: [inaudible]\n\nInterviewer: Thank you.\n"),
        ["b7.txt: the participant 'Ada Quill' says no words."],
    ),
    "an area is empty": (replace_in_list("North", ""), ["row 2: area is empty."]),
    "a setting is unknown": (
        write_settings("[segment]\nlongset = 90"),
        ["segment.longset: there is no such setting. Did you mean 'segment.longest'?"],
    ),
    "a model is unknown": (
        write_settings("[code]\nmodel = 'defualt'"),
        ["There is no model 'defualt'. Did you mean 'default'?"],
    ),
    "a list of names is no list": (
        write_names(b"Ada Quill,person\n"),
        ["names.csv needs attention", "there is no column 'name'."],
    ),
    "a kind of name is unknown": (
        write_names(b"name;kind\r\nZo\xeb;persn\r\n"),
        ["row 2: kind 'persn' is none of person, place, organisation."],
    ),
    "another study has these outputs": (
        take_outputs,
        ["holds the results of another study of that name", "another name"],
    ),
    "outputs cannot be written": (block_outputs, ["cannot be written", "Results go there"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_gets_a_clear_sentence(make_study, analyse, case):
    damage, sentences = CASES[case]
    study = make_study({"a1.txt": TALK})
    damage(study)
    result = analyse()
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    for sentence in sentences:
        assert sentence in result.output


def test_text_from_an_old_word_processor_is_read(make_study, analyse):
    study = make_study({"a1.txt": ""})
    text = TALK.replace("March", "March – “at the café”")
    (study.corpus / "transcripts" / "a1.txt").write_bytes(text.encode("cp1252"))
    assert analyse().exit_code == 0
    passages = (study.outputs / "exports" / "passages.csv").read_text("utf-8-sig")
    assert "March – “at the café” and told us" in passages


def test_a_mistake_leaves_the_last_results_as_they_were(make_study, analyse):
    study = make_study({"a1.txt": TALK})
    assert analyse().exit_code == 0
    before = hash_all(study.outputs)
    replace_in_list("North", "")(study)
    assert analyse().exit_code == 1
    assert hash_all(study.outputs) == before


def test_a_transcript_that_cannot_be_read_is_set_aside_and_the_others_are_coded(
    make_study, analyse
):
    study = make_study({"a1.txt": TALK})
    add("b2.docx", b"no document")(study)
    result = analyse()
    assert result.exit_code == 1
    assert "1 transcript set aside, and in no figure." in result.output
    assert "b2.docx: this is no Word document" in result.output
    assert set(study.tables.read(PASSAGES)["area"]) == {"North"}
    page = (study.outputs / "report" / "report.html").read_text("utf-8")
    assert "1 transcript set aside" in page
    assert "b2.docx" not in page
    again = analyse()  # nothing is read anew, and it is not forgotten
    assert (again.exit_code, "b2.docx: this is no Word document" in again.output) == (1, True)
    add("b2.docx", (GOLDEN / "word" / "input.docx").read_bytes())(study)
    replace_in_list("b2.docx,Ada Quill,North,,\nb2.docx,Ada Quill", "b2.docx,Moira Fenn")(study)
    assert analyse().exit_code == 0


def test_what_to_look_at_in_a_transcript_is_told_after_the_run(make_study, analyse):
    said = "We have a hall and a lamp here, and the river comes up to the wall in March.\n\n"
    study = make_study({"a1.txt": said + said.replace("hall", "shed")})
    result = analyse()
    assert result.exit_code == 0
    assert "look at       a1.txt: it names no speakers" in result.output
    assert study.tables.read(PASSAGES)["participant"].nunique() == 1
    assert "it names no speakers" in analyse().output


def test_the_same_file_under_two_names_is_one_interview(make_study, analyse):
    study = make_study({"a1.txt": TALK, "b2.txt": TALK})
    result = analyse()
    assert result.exit_code == 1
    assert "b2.txt: this is the same file as a1.txt. Delete one, with its row." in result.output
    assert study.tables.read(PASSAGES)["transcript"].nunique() == 1


def test_two_runs_at_once_are_refused(make_study, analyse):
    from pipeline.running import hold

    study = make_study({"a1.txt": TALK})
    with hold(study):
        result = analyse()
    assert result.exit_code == 1
    assert "Another run (process " in result.output
    assert analyse().exit_code == 0


def test_every_mistaken_transcript_is_named_at_once(make_study, analyse):
    study = make_study({"a1.txt": TALK})
    add("b2.txt", b"")(study)
    add("b3.txt", b"\x00\x01")(study)
    output = analyse().output
    assert "b2.txt: the file is empty." in output
    assert "b3.txt: this is not text" in output


def hash_all(folder):
    return {
        os.path.relpath(path, folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
