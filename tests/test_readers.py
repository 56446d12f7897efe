"""Every reader is held to its golden pairs: tests/data/readers/MODULE[-CASE]/."""

import json
import math
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import NO_SPEAKERS, Script, read_script, readers
from pipeline.transcripts.readers.cues import split_captions
from pipeline.transcripts.readers.lines import number_lines, split_into_turns

GOLDEN = sorted((Path(__file__).parent / "data" / "readers").iterdir())
DOCUMENTS = ("odt", "pdf", "word", "old_word", "tables-workbook")  # blanks only damage them
TEXTS = [folder for folder in GOLDEN if not folder.name.startswith(DOCUMENTS)]
REMEDY = "Start the line with the speaker and a colon, as in 'P01: I like it here.'"


def as_records(script: Script) -> dict[str, object]:
    turns = [
        [*turn[:4], None if math.isnan(turn.start_seconds) else turn.start_seconds]
        for turn in script.turns
    ]
    return {"turns": turns, "left_out": script.left_out}


def read_text(text: str) -> Script:
    return split_into_turns(Path("t.txt"), number_lines(text))


def read_captions(text: str) -> Script:
    return split_captions(Path("t.vtt"), number_lines(f"WEBVTT\n\n{text}"))


def speakers(text: str) -> list[str]:
    return [turn.speaker for turn in read_text(text).turns]


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_a_reader_matches_its_golden_pair(folder):
    (source,) = folder.glob("input.*")
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    assert as_records(read_script(source)) == expected


def test_every_reader_has_a_golden_pair():
    modules = {readers[name].__module__.rpartition(".")[2] for name in readers.names()}
    assert modules == {folder.name.partition("-")[0] for folder in GOLDEN}


def test_an_unknown_suffix_is_refused_with_those_that_are_read():
    with pytest.raises(TranscriptError, match=r"T01\.pages: files of this kind") as e:
        read_script(Path("T01.pages"))
    assert f"Save the transcript as one of {', '.join(readers.names())}, or" in str(e.value)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "T01.txt"
    path.touch()
    with pytest.raises(TranscriptError, match=r"T01\.txt: the file is empty\."):
        read_script(path)


def test_a_blank_file_is_refused_as_empty(tmp_path):
    path = tmp_path / "T01.txt"
    path.write_text("\n \n\n", encoding="utf-8")
    with pytest.raises(TranscriptError, match="the file is empty"):
        read_script(path)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "T01.txt"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(TranscriptError, match=r"not text, although its name ends in '\.txt'"):
        read_script(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_the_usual_encodings_is_decoded(tmp_path, encoding):
    path = tmp_path / "T01.txt"
    path.write_bytes("Zoë: Café – “open”.\nInterviewer: Where?\n".encode(encoding))
    script = read_script(path)
    assert [turn[:2] for turn in script.turns] == [
        ("Zoë", "Café – “open”."),
        ("Interviewer", "Where?"),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(tmp_path, newline):
    path = tmp_path / "T01.txt"
    path.write_bytes(newline.join(["P01: One.", "", "INT: Two."]).encode())
    assert [turn.first_line for turn in read_script(path).turns] == [1, 3]


def test_a_file_without_speakers_is_a_turn_a_paragraph_with_a_warning(tmp_path):
    path = tmp_path / "T01.txt"
    path.write_text("\nand then we all walked home.\n\nIt was late.\n", encoding="utf-8")
    script = read_script(path)
    assert [turn[:2] for turn in script.turns] == [
        ("", "and then we all walked home."),
        ("", "It was late."),
    ]
    assert script.warnings == (NO_SPEAKERS,)


def test_a_file_that_is_mostly_before_its_first_speaker_is_refused():
    prose = "The town has a hall and a green.\n" * 5
    with pytest.raises(TranscriptError, match=r"line 1: no speaker before 'The town has"):
        read_text(f"{prose}Dr Moss: Yes.\nDr Moss: No.\n")


@pytest.mark.parametrize(
    ("line", "is_speaker"),
    [
        ("P03: I stayed.", True),  # usual
        ("interviewer: I stayed.", True),  # usual, in small letters
        ("Cllr Ade Bello: I stayed.", True),  # a title is enough, once
        ("MRS O’DOWD KC: I stayed.", True),
        ("Lead 2A: I stayed.", True),
        ("The Witness: I stayed.", True),
        ("SPEAKER_01: I stayed.", True),
        ("Ludo van Aken: I stayed.", False),  # name-like, but once in a long file
        ("You say: I stayed.", False),
        ("Item 1 says: I stayed.", False),
        ("Then you said a second time: I stayed.", False),
        ("And I wanted to ask you: I stayed.", False),
        ("Can I ask you this, Ms Bello: I stayed.", False),
        ("Secondly: I stayed.", False),
        ("Note: I stayed.", False),
        ("Ms Bello says: I stayed.", False),
        ('"Ade Bello: I stayed."', False),  # read out
        ("10:30 I stayed.", False),
        ("https://example.org: I stayed.", False),
    ],
)
def test_speakers_are_told_from_other_words_before_a_colon(line, is_speaker):
    frame = "Ann Lee: Yes.\nSam Orr: No.\n" * 5
    assert (len(speakers(f"{frame}{line}\n{frame}")) == 21) is is_speaker


@pytest.mark.parametrize("label", ["Secondly", "Note", "Item 2", "You say", "And then she goes"])
def test_what_is_no_name_is_no_speaker_however_often(label):
    turns = f"Ann Lee: Yes.\n{label}: no.\nSam Orr: No.\n" * 5
    assert label not in speakers(turns)


def test_a_name_that_occurs_twice_is_a_speaker():
    assert speakers("Ludo van Aken: Yes.\nINT: No.\n" * 9)[0] == "Ludo van Aken"


def test_labels_of_any_look_are_believed_if_nearly_every_line_has_one():
    assert set(speakers("tom_b: Yes, I do.\nana.k: No.\n" * 9)) == {"tom_b", "ana.k"}


@pytest.mark.parametrize(
    "above",
    [
        "Ann Lee",
        "Ann Lee:",
        "**Ann Lee**",
        "Ann Lee [00:03:12]",
        "Ann Lee (00:03:12)",
        "Ann Lee  3:12",
        "[00:03:12] Ann Lee",
        "00:03:12 Ann Lee",
    ],
)
def test_a_name_alone_on_its_line_speaks_the_lines_below(above):
    text = f"{above}\nWe dug it.\nOurselves.\n\nInterviewer\nWhen?\n\n" * 3
    turn = read_text(text).turns[0]
    assert turn[:4] == ("Ann Lee", "We dug it.\nOurselves.", 1, 3)
    assert math.isnan(turn.start_seconds) or turn.start_seconds == 192


def test_short_answers_alone_on_their_line_are_no_speakers_where_names_have_colons():
    text = "INT: Did you?\n\nAnn Lee: I said\n\nSunday\n\n" * 4
    assert speakers(text) == ["INT", "Ann Lee"] * 4


def test_page_furniture_is_left_out_and_counted():
    script = read_text("P01: I was\nPage 3 of 7\n- 4 -\naway.\nINT: When?")
    assert script.turns[0].text == "I was\naway."
    assert script.left_out == {"page furniture lines": 2}


def test_details_at_the_top_are_headings_though_they_name_the_interviewer():
    script = read_text("Date: 3 May\nInterviewer: Sam Orr\nParticipant: P01\n\nInterviewer: Hello.")
    assert [turn[:2] for turn in script.turns] == [("Interviewer", "Hello.")]
    assert script.left_out == {"heading lines": 3}


LABELS = st.sampled_from(["Ann Lee", "INT", "P01", "Mr Orr", "Note", "Dawn", "You say"])
WORDS = st.lists(st.from_regex(r"[a-zé']{1,6}[.,?]?", fullmatch=True), min_size=1, max_size=6)
PIECES = st.tuples(LABELS, WORDS.map(" ".join), st.sampled_from(["\n", "\n\n"]))
FORMS = st.sampled_from(
    ["{}: {}{}", "{}\n{}{}", "**{}:** {}{}", "[00:01:02] {}: {}{}", "{} 0:09\n{}{}"]
)


@given(st.lists(PIECES, max_size=12), FORMS)
def test_splitting_into_turns_loses_no_words(pieces, form):
    script = read_text("INT: hello there.\n\n" + "".join(form.format(*piece) for piece in pieces))
    kept = Counter(word for turn in script.turns for word in turn.text.split())
    kept += Counter(word for turn in script.turns for word in turn.speaker.split())
    assert Counter(word for _, words, _ in pieces for word in words.split()) <= kept


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        script = read_text(text)
    except TranscriptError:
        return
    assert script.turns


@given(st.text())
def test_any_captions_are_read_or_refused(text):
    try:
        script = read_captions(f"00:01.000 --> 00:02.000\n{text}")
    except TranscriptError:
        return
    assert script.turns


def captions(*cues: str) -> Script:
    timed = (f"00:0{n}.000 --> 00:0{n + 1}.000\n{cue}\n" for n, cue in enumerate(cues))
    return read_captions("\n".join(timed))


def test_short_repeated_answers_in_captions_are_kept():
    script = captions("INT: Was it?", "P01: Yes.", "P01: Yes.")
    assert script.turns[1].text == "Yes.\nYes."


def test_captions_that_mark_changes_but_name_no_one_are_read_with_a_warning():
    script = captions(">> Who has the key?", ">> I have.")
    assert {turn.speaker for turn in script.turns} == {""}
    assert NO_SPEAKERS in script.warnings
    assert len(script.warnings) == 2


def test_a_change_of_speaker_within_a_caption_parts_the_words():
    text = captions(">> Who has it? >> I have.").turns[0].text
    assert text.split() == ["Who", "has", "it?", "I", "have."]


def test_a_name_above_the_words_of_a_caption_speaks_them():
    script = captions("Ann Lee\nIt is ours.", "Sam Orr\nSince when?", "Ann Lee\nMay.")
    assert [turn.speaker for turn in script.turns] == ["Ann Lee", "Sam Orr", "Ann Lee"]


def test_a_file_without_captions_is_refused(tmp_path):
    path = tmp_path / "T01.srt"
    path.write_text("P01: Hello.\n", encoding="utf-8")
    with pytest.raises(TranscriptError, match="there are no captions"):
        read_script(path)


@pytest.fixture
def word_file(tmp_path):
    from docx import Document

    path = tmp_path / "T01.docx"
    document = Document()
    document.add_paragraph("Interviewer: Who mends it?")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Ann Lee", "I do."
    document.sections[0].header.paragraphs[0].text = "Ann Lee: not this"
    document.save(str(path))
    return path


def test_word_paragraphs_and_tables_are_read_in_order(word_file):
    script = read_script(word_file)
    assert [turn[:2] for turn in script.turns] == [
        ("Interviewer", "Who mends it?"),
        ("Ann Lee", "I do."),
    ]


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_a_cut_word_file_is_refused(word_file, keep):
    content = word_file.read_bytes()
    word_file.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(TranscriptError, match="this is no Word document, or it is damaged"):
        read_script(word_file)


def test_text_named_docx_is_refused(tmp_path):
    path = tmp_path / "T01.docx"
    path.write_text("P01: Hello.", encoding="utf-8")
    with pytest.raises(TranscriptError, match="save it again as .docx"):
        read_script(path)


def test_a_word_file_that_unpacks_to_far_too_much_is_refused(tmp_path):
    path = tmp_path / "T01.docx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 50_000_000)
    with pytest.raises(TranscriptError, match="far too large"):
        read_script(path)


@pytest.mark.parametrize(
    "text",
    [
        "A" * 10**6,
        "A: " * 300_000,
        "MS A" * 250_000,
        "[00:00] " * 120_000,
        "P01: x " + "MR A, " * 160_000,
        "* " * 500_000,
        "A\t" * 500_000,
        " " * 10**6,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_text_takes_linear_time(text):
    started = time.process_time()
    test_any_text_is_read_or_refused.hypothesis.inner_test(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("blanks", [" ", "\t", "\xa0", "\n"], ids=["blank", "tab", "fixed", "end"])
@pytest.mark.parametrize("folder", TEXTS, ids=lambda folder: folder.name)
def test_endless_blanks_take_linear_time(tmp_path, folder, blanks):
    golden = next(folder.glob("input.*"))
    content = golden.read_bytes()
    middle = len(content) // 2
    path = tmp_path / golden.name
    path.write_bytes(content[:middle] + (blanks * 200_000).encode() + content[middle:])
    started = time.process_time()
    with suppress(TranscriptError):
        read_script(path)
    assert time.process_time() - started < 5  # what is not linear takes minutes
