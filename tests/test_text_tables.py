import pytest

from pipeline.errors import NeedsAttentionError, UserError
from pipeline.text_tables import Survey, TextTable, read_texts, survey


@pytest.fixture
def make_table(tmp_path):
    def make(content, **columns):
        path = tmp_path / "answers.csv"
        path.write_text(content, "utf-8")
        return TextTable(path, **columns)

    return make


def mistakes(table):
    with pytest.raises(NeedsAttentionError) as error:
        survey(table)
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def test_texts_come_with_their_ids_and_what_is_carried(make_table):
    table = make_table("area,Text,note,ID,interview\nNorth,It floods.,x,a7,T01.txt\n")
    (text,) = read_texts(table)
    assert (text.line, text.id, text.text) == (2, "a7", "It floods.")
    assert text.carried == {"interview": "T01.txt", "area": "North"}


def test_columns_may_have_other_names_whatever_their_capitals(make_table):
    table = make_table("Nr,What helped?\n8,The nurse.\n", ids="nr", texts="WHAT helped? ")
    assert [(text.id, text.text) for text in read_texts(table)] == [("8", "The nurse.")]


def test_rows_are_numbered_where_there_are_no_ids(make_table):
    table = make_table("text\nIt floods.\n\nNobody decides.\n")
    assert [text.id for text in read_texts(table)] == ["2", "4"]
    assert survey(table) == Survey(texts=2, empty=0, has_ids=False)


def test_empty_texts_are_counted_and_left_out(make_table):
    table = make_table("id,text\n1,It floods.\n2,\n3, \n4,Often.\n,\n")
    assert survey(table) == Survey(texts=2, empty=2, has_ids=True)
    assert [text.id for text in read_texts(table)] == ["1", "4"]


def test_what_our_own_tables_protect_is_read_as_it_was(make_table):
    table = make_table("id,text\n'=1,\"'-I mean, no\"\n2,'tis\n")
    assert [(text.id, text.text) for text in read_texts(table)] == [
        ("=1", "-I mean, no"),
        ("2", "'tis"),
    ]


def test_a_missing_column_of_texts_is_said_with_those_that_are_there(make_table):
    with pytest.raises(UserError) as error:
        survey(make_table("id,texts,area\n1,It floods.,North\n"))
    assert str(error.value).endswith(
        "answers.csv has no column 'text'. Did you mean 'texts'? "
        "Choose with --text from: id, texts, area."
    )


def test_a_missing_column_of_ids_is_said_only_if_it_was_asked_for(make_table):
    with pytest.raises(UserError, match=r"no column 'person'\. Choose with --id from: text\.$"):
        survey(make_table("text\nIt floods.\n", ids="person"))


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_file_has_no_columns(make_table, content):
    with pytest.raises(UserError, match=r"no column 'text'. Choose with --text from: \(none\)"):
        survey(make_table(content))


@pytest.mark.parametrize("content", ["id,text\n", "id,text\n1,\n2,\n"])
def test_a_table_without_texts_is_refused(make_table, content):
    with pytest.raises(UserError, match=r"answers.csv has no texts in its column 'text'\."):
        survey(make_table(content))


def test_a_column_that_is_there_twice_is_refused(make_table):
    with pytest.raises(UserError, match=r"has two columns 'text'\. Rename one of them\."):
        survey(make_table("id,text,Text\n1,It floods.,Often.\n"))


def test_an_id_that_is_there_twice_is_named_with_both_rows(make_table):
    table = make_table("id,text\na,x\nb,x\na,y\nc,x\nb,\nA,x\na,z\n")
    assert mistakes(table) == [
        "row 4: id 'a' has row 2 already.",
        "row 8: id 'a' has row 2 already.",
    ]


def test_a_text_without_an_id_is_named(make_table):
    assert mistakes(make_table("id,text\n,It floods.\n2,Often.\n ,Again.\n")) == [
        "row 2: id is empty.",
        "row 4: id is empty.",
    ]


def test_a_text_that_fell_apart_at_a_comma_is_named(make_table):
    assert mistakes(make_table("text\nWell, it floods.\nOften.\n")) == [
        "row 2: it has more cells than there are columns. "
        "Put texts with commas in them in quotation marks."
    ]


@pytest.mark.parametrize("row", [",It floods.\n", "7,It floods.\n"])
def test_at_most_twenty_mistakes_are_listed(make_table, row):
    assert len(mistakes(make_table("id,text\n" + row * 500))) == 20
