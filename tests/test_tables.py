import pandas as pd
import pytest

from pipeline.errors import TableError, UserError
from pipeline.store import Store
from pipeline.tables import CODINGS, REPLACEMENTS, SHAPES, is_by_model

ROW = {
    "passage": "a",
    "code": "x",
    "stance": "y",
    "coder": "m",
    "score": 0.5,
    "applied": True,
    "decision": "yes",
}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [{"passage": "a"}],
            "codings table has no column code, stance, coder, score, applied, decision",
        ),
        ([{**ROW, "score": "high"}], "codings table holds a value of the wrong kind: .*high"),
        ([ROW, ROW], "codings table repeats 1 row"),
    ],
)
def test_a_wrong_table_is_described(rows, message):
    with pytest.raises(TableError, match=message):
        CODINGS.check(pd.DataFrame(rows))


def test_checking_orders_columns_and_leaves_the_given_table_alone():
    given = pd.DataFrame([{**dict(reversed(ROW.items())), "more": 1}])
    assert list(CODINGS.check(given).columns) == list(CODINGS.columns)
    assert "more" in given


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_table_has_a_key_and_says_what_its_columns_mean(shape):
    assert set(shape.key) <= set(shape.columns)
    assert all(meaning for _, meaning in shape.columns.values())


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "outputs", tmp_path / "private")


def test_a_table_comes_back_as_it_was(store):
    table = CODINGS.build([ROW])
    store.write(CODINGS, table)
    pd.testing.assert_frame_equal(store.read(CODINGS), table)


def test_tables_with_real_names_are_kept_in_private(store, tmp_path):
    store.write(REPLACEMENTS, REPLACEMENTS.build([]))
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["replacements.parquet"]
    assert (tmp_path / "private" / "replacements.parquet").exists()


def test_a_missing_table_says_what_to_run(store):
    with pytest.raises(UserError, match="is not there yet. Run 'make analyse STUDY=outputs'"):
        store.read(CODINGS)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not a table at all"])
def test_a_damaged_table_says_what_to_run(store, content):
    store.write(CODINGS, CODINGS.build([ROW]))
    store.path(CODINGS).write_bytes(content)
    with pytest.raises(UserError, match="is damaged. Run 'make analyse STUDY=outputs'"):
        store.read(CODINGS)


def test_a_table_that_cannot_be_written_leaves_the_old_one(store):
    store.write(CODINGS, CODINGS.build([ROW]))
    before = store.path(CODINGS).read_bytes()
    (store.folder / "codings.parquet.partial").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        store.write(CODINGS, CODINGS.build([]))
    assert store.path(CODINGS).read_bytes() == before


@pytest.mark.parametrize("dtype", ["str", pd.CategoricalDtype(["model x", "Nobody", "A model"])])
def test_a_coder_is_a_model_by_the_start_of_the_name(dtype):
    coders = pd.Series(["A model", "model x", "A model"], index=[3, 1, 2]).astype(dtype)
    assert is_by_model(coders.to_frame("coder")).to_dict() == {3: False, 1: True, 2: False}
    assert is_by_model(coders[:0].to_frame("coder")).tolist() == []
