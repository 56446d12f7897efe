import pytest

from pipeline.errors import NeedsAttentionError, UserError
from pipeline.transcripts.interviews import Interview, read_interviews, write_interviews

HEADER = "transcript,participant,area,role,date\n"


@pytest.fixture
def read(tmp_path):
    def read(content, transcripts=("a.txt", "b.txt")):
        path = tmp_path / "interviews.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_interviews(path, transcripts)

    return read


def mistakes(read, content, **choices):
    with pytest.raises(NeedsAttentionError) as error:
        read(content, **choices)
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def test_a_missing_list_says_what_to_write(tmp_path):
    with pytest.raises(UserError, match=r"is missing.*one row a transcript.*transcript, partic"):
        read_interviews(tmp_path / "interviews.csv", [])


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "a.txt,Ada,North,warden,2025-03-01\nb.txt,Bo,South,,\n",
        "\ufeff" + HEADER + "a.txt,Ada,North,warden,2025-03-01\r\nb.txt,Bo,South,,\r\n",  # Excel
        HEADER.replace(",", ";") + "a.txt;Ada;North;warden;2025-03-01\nb.txt;Bo;South;;\n\n;;;;\n",
        (HEADER + "a.txt,Ada,North,warden,2025-03-01\nb.txt,Bo,South,,\n").encode("utf-16"),
        "sep=,\n" + HEADER + "a.txt,Ada,North,warden,2025-03-01,,,\nb.txt,Bo,South,,\n",
        "Area,Transcript , participant,date,role,note\nNorth,a.txt,Ada,2025-03-01,warden,x\n"
        "South,b.txt,Bo,,,\n",  # columns in another order, one more
    ],
)
def test_the_list_is_read_as_spreadsheets_write_it(read, content):
    assert read(content) == [
        Interview("a.txt", "Ada", "North", "warden", "2025-03-01"),
        Interview("b.txt", "Bo", "South"),
    ]


def test_accents_from_an_old_excel_survive(read):
    content = (HEADER + "a.txt,Zoë,Nørth,,\n").encode("cp1252")
    assert read(content, transcripts=["a.txt"]) == [Interview("a.txt", "Zoë", "Nørth")]


def test_every_mistake_is_listed_at_once(read):
    content = HEADER + "B.txt,Ada,,,\na.txt,Ada,North,,1.3.2025\na.txt,Ada,North,,\n"
    assert mistakes(read, content) == [
        "row 2: transcript 'B.txt' is not in transcripts/. Did you mean 'b.txt'?",
        "row 2: area is empty.",
        "row 4: transcript 'a.txt' has row 3 already. In a focus group, each row names another "
        "participant.",
        "'b.txt' is in transcripts/ and has no row. Add one, or move the file away.",
    ]


def test_rows_are_counted_as_the_spreadsheet_does(read):
    content = HEADER + "\n,,,,\na.txt,Ada,,,\n"
    assert mistakes(read, content, transcripts=["a.txt"]) == ["row 4: area is empty."]


def test_spellings_that_differ_in_capitals_only_are_pointed_out(read):
    content = HEADER + "a.txt,Ada Quill,North,,\nb.txt,ada quill,NORTH,,\n"
    assert mistakes(read, content) == [
        "row 3: area 'NORTH' is 'North' in row 2. Write both alike.",
        "row 3: participant 'ada quill' is 'Ada Quill' in row 2. Write both alike.",
    ]


def test_a_missing_column_is_named_with_what_may_be_meant(read):
    assert mistakes(read, "transcripts,participant,area\n") == [
        "there is no column 'transcript'. Rename 'transcripts' to 'transcript'."
    ]


def test_an_empty_list_is_pointed_out(read):
    assert mistakes(read, HEADER, transcripts=()) == ["it has no rows. Give each transcript a row."]


def test_what_is_written_is_read_again(tmp_path):
    interviews = [Interview("a.txt", 'Ada "Quill", Dr', "North"), Interview("b.txt", "Bo", "Süd")]
    write_interviews(tmp_path / "interviews.csv", interviews)
    assert read_interviews(tmp_path / "interviews.csv", ["a.txt", "b.txt"]) == interviews


def test_a_line_break_in_a_cell_is_kept_in_its_cell(read):
    content = HEADER + 'a.txt,Ada,North,"warden\nand more",\n'
    assert read(content, transcripts=["a.txt"])[0].role == "warden\nand more"
