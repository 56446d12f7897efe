import shutil
import sqlite3
from itertools import product

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check_samples import draw_check_sample, write_check_sample
from pipeline.cli import main
from pipeline.coding.anchors import make_anchors
from pipeline.decisions import open_decisions, read_decisions, record, record_moves
from pipeline.errors import NeedsAttentionError, UserError
from pipeline.joined_decisions import join_decisions
from pipeline.memos import Note, memos_table, read_versions, write_memo
from pipeline.merged_codes import BEFORE, merge_codes, try_merge
from pipeline.study import Study
from pipeline.tables import PASSAGES

NEXT = " Run 'make analyse STUDY=small' next."


@pytest.fixture
def study(make_study, make_passages):
    study = make_study({"a1.txt": "Ada Quill: It was week 1."})
    study.tables.write(PASSAGES, make_passages(interviews=5, each=10))
    return study


@pytest.fixture
def another(study, tmp_path):
    """The same study on another machine."""
    another = Study(study.root, "theirs", tmp_path / "theirs")
    another.corpus.mkdir()
    another.tables.write(PASSAGES, study.tables.read(PASSAGES))
    return another


@pytest.fixture
def other(tmp_path):
    """Where somebody else's file lies, as it came by post."""
    (tmp_path / "post").mkdir()
    return tmp_path / "post" / "bo.sqlite"


@pytest.fixture
def names(study):
    return study.tables.read(PASSAGES)["passage"].tolist()


def said(passage, applied=True, *, coder="Ada", day=1, stance="lacking", **more):
    return {
        "coder": coder,
        "passage": passage,
        "code": "trust",
        "stance": stance,
        "applied": int(applied),
        "codebook_version": "1.1.0",
        "selection": "random",
        "probability": 0.25,
        "decided_at": f"2025-03-{day:02d}T10:00:00+00:00",
        "is_withdrawn": 0,
        "request": "",
    } | more


def own(study):
    return study.corpus / "coding.sqlite"


def merge(study, path, **names):
    return merge_codes(study, path, names=names).removesuffix(NEXT)


def rows_of(path):
    """Give all rows that were ever recorded, without their numbers."""
    with open_decisions(path) as database:
        rows = database.execute("SELECT * FROM decisions ORDER BY number").fetchall()
    return [row[1:] for row in rows]


def last(path):
    """Give what stands: (coder, passage, code, stance) -> applied."""
    table = read_decisions(path)
    keys = zip(table["coder"], table["passage"], table["code"], table["stance"], strict=True)
    return dict(zip(keys, table["applied"].tolist(), strict=True))


def thousand(names, coder, day=1):
    """Make 1,000 decisions: 100 passages, 10 labels."""
    return [
        said(name, number % 3 == 0, coder=coder, day=day, stance=f"s{number}")
        for name, number in product(names, range(10))
    ]


def test_two_coders_files_become_one_in_the_order_of_each(study, other, names):
    ada, bo = thousand(names, "Ada"), thousand(names, "Bo", day=2)
    record(own(study), ada)
    record(other, bo)
    assert merge(study, other) == "100 passages by Bo: 400 labels yes, 600 no."
    assert [row[1] for row in rows_of(own(study))] == [row["passage"] for row in ada + bo]
    assert len(study.decisions) == 2000


def test_merging_again_adds_nothing(study, other, names):
    record(own(study), thousand(names, "Ada"))
    record(other, thousand(names, "Bo"))
    merge(study, other)
    before = rows_of(own(study))
    assert merge(study, other) == "nothing new; 1,000 recorded before."
    assert rows_of(own(study)) == before


def test_the_first_decisions_of_a_study_may_come_from_elsewhere(study, other, names):
    record(other, thousand(names, "Bo"))
    merge(study, other)
    assert last(own(study)) == last(other)


def test_either_into_the_other_gives_the_same(study, another, names):
    record(own(study), thousand(names, "Ada"))
    record(own(another), thousand(names, "Bo"))
    record(own(another), [said(names[0], coder="Cy", selection="chosen", probability=None)])
    shutil.copy(own(study), other := own(study).with_name("sent.sqlite"))
    merge(study, own(another))
    merge(another, other)
    assert sorted(map(repr, rows_of(own(study)))) == sorted(map(repr, rows_of(own(another))))
    assert last(own(study)) == last(own(another))
    assert len(last(own(study))) == 2001


SAVE = st.fixed_dictionaries(
    {
        "is_mine": st.booleans(),
        "coder": st.sampled_from(["Ada", "Bo"]),
        "passage": st.sampled_from(["p", "q"]),
        "applied": st.sampled_from([0, 1]),
        "is_withdrawn": st.sampled_from([0, 0, 0, 1]),
        "has_request": st.booleans(),
    }
)


def number_saves(saves):
    """Give saves the times of a day, and most of them a request."""
    for number, save in enumerate(saves):
        row = said(save["passage"], save["applied"], coder=save["coder"])
        yield (
            save["is_mine"],
            row
            | {
                "is_withdrawn": save["is_withdrawn"],
                "decided_at": f"2025-03-01T{number // 60:02d}:{number % 60:02d}:00+00:00",
                "request": f"r{number}" if save["has_request"] else "",
            },
        )


def to_table(rows):
    table = pd.DataFrame(rows, columns=[*said("p")])
    return table.astype({"applied": "int64", "is_withdrawn": "int64"}).assign(at=table["passage"])


def join(mine, theirs):
    """Give the rows of ``mine`` as they are after a merge."""
    joined = join_decisions(mine, theirs)
    return pd.concat([mine, joined.new, joined.again], ignore_index=True)[mine.columns]


def standing(rows):
    stands = rows.drop_duplicates(["coder", "passage", "code", "stance"], keep="last")
    return {
        *stands[stands["is_withdrawn"] == 0].drop(columns="probability").itertuples(index=False)
    }


@settings(deadline=None, max_examples=40)
@given(st.lists(SAVE, max_size=5), st.lists(SAVE, max_size=14))
def test_two_files_become_what_one_would_have_been(before, saves):
    """Both machines start from a copy of one file, and go on for themselves."""
    common = [row for _, row in number_saves(before)]
    later = [(is_mine, row) for is_mine, row in number_saves([*before, *saves])][len(before) :]
    one = to_table([*common, *(row for _, row in later)])
    mine = to_table([*common, *(row for is_mine, row in later if is_mine)])
    theirs = to_table([*common, *(row for is_mine, row in later if not is_mine)])
    here, there = join(mine, theirs), join(theirs, mine)
    assert standing(here) == standing(there) == standing(one)
    assert {*map(str, here.to_dict("records"))} == {*map(str, one.to_dict("records"))}
    pd.testing.assert_frame_equal(join(here, theirs), here)
    assert standing(join(here, there)) == standing(one)
    assert standing(join(join(theirs, here), there)) == standing(one)


@settings(deadline=None, max_examples=20)
@given(st.lists(SAVE, max_size=12), st.lists(st.integers(0, 2), min_size=12, max_size=12))
def test_three_files_become_one_in_whatever_order_they_are_merged(saves, whose):
    rows = [row for _, row in number_saves(saves)]
    one, files = (
        to_table(rows),
        [
            to_table([row for row, file in zip(rows, whose, strict=False) if file == number])
            for number in range(3)
        ],
    )
    a, b, c = files
    orders = [join(join(a, b), c), join(c, join(b, a)), join(join(c, a), join(b, a))]
    assert all(standing(order) == standing(one) for order in orders)


@settings(deadline=None, max_examples=20)
@given(st.lists(SAVE, max_size=6), st.lists(SAVE, max_size=6), st.integers(1, 3))
def test_saves_in_the_same_second_stand_in_the_same_way_in_both_files(mine, theirs, seconds):
    def at_once(saves, start):
        rows = [row for _, row in number_saves(saves)]
        return to_table(
            [
                row | {"request": f"{start}{n}", "decided_at": f"2025-03-01T00:00:0{n % seconds}Z"}
                for n, row in enumerate(rows)
            ]
        )

    here, there = at_once(mine, "a"), at_once(theirs, "b")
    assert standing(join(here, there)) == standing(join(there, here))
    pd.testing.assert_frame_equal(join(join(here, there), there), join(here, there))


def test_a_copy_that_went_on_brings_only_what_is_new(study, other, names):
    """Somebody took a copy of the file along and coded on under the same name."""
    for path in (own(study), other):
        record(path, [said(name) for name in names[:5]])
    record(other, [said(names[0], applied=False, day=3), said(names[7], day=3)])
    assert merge(study, other) == "2 passages by Ada: 1 label yes, 1 no; 5 recorded before."
    stands = last(own(study))
    assert not stands["Ada", names[0], "trust", "lacking"]
    assert len(stands) == 6


def test_a_copy_that_fell_behind_takes_nothing_back(study, other, names):
    for path in (own(study), other):
        record(path, [said(names[0])])
    record(own(study), [said(names[0], applied=False, day=2)])
    assert merge(study, other) == "nothing new; 1 recorded before."
    assert last(own(study)) == {("Ada", names[0], "trust", "lacking"): False}


def test_order_within_a_file_is_the_counters_whatever_its_clock_said(study, other, names):
    record(other, [said(names[0], day=9), said(names[0], applied=False, day=3)])
    record(own(study), [said(names[0], day=2), said(names[1])])
    merge(study, other)
    assert last(own(study))["Ada", names[0], "trust", "lacking"] is False


def test_who_went_on_from_the_other_file_is_right_though_their_clock_was_slow(
    study, another, names
):
    for path in (own(study), own(another)):
        record(path, [said(names[0], day=9)])
    record(own(another), [said(names[0], applied=False, day=3)])
    shutil.copy(own(study), sent := own(study).with_name("sent.sqlite"))
    merge(study, own(another))
    assert merge(another, sent).startswith("nothing new; 1 recorded before.")
    assert [*last(own(study)).values()] == [*last(own(another)).values()] == [False]


@pytest.mark.parametrize("is_mine_newer", [True, False])
def test_where_a_coder_decided_otherwise_in_both_it_is_told_and_the_later_stands(
    study, other, names, is_mine_newer
):
    record(own(study), [said(names[0]), said(names[0], day=2 + 3 * is_mine_newer)])
    record(other, [said(names[0]), said(names[0], applied=False, day=4), said(names[1])])
    before = read_decisions(own(study))
    told = (
        "2 passages by Ada: 1 label yes, 1 no; 1 recorded before; on 1 passage Ada decided "
        "otherwise in the two files, and the later stands (if these are two people, merge with "
        "--rename 'Ada' and another name)."
    )
    assert try_merge(study, other, names={}) == f"Nothing is recorded yet: {told}"
    assert merge(study, other) == f"{told} The file as it was is kept as {BEFORE}."
    assert last(own(study))["Ada", names[0], "trust", "lacking"] is is_mine_newer
    assert {*rows_of(other)} <= {*rows_of(own(study))}
    assert merge(study, other) == "nothing new; 3 recorded before."
    pd.testing.assert_frame_equal(read_decisions(study.corpus / BEFORE), before)


def test_two_people_of_one_name_are_told_apart_by_renaming(study, other, names):
    record(own(study), [said(names[0])])
    record(other, [said(names[0], applied=False), said(names[0], coder="joint Ada + Bo")])
    record(other, [said(names[0], coder="Bo")])
    merge(study, other, Ada="Cy")
    assert last(own(study)) == {
        ("Ada", names[0], "trust", "lacking"): True,
        ("Cy", names[0], "trust", "lacking"): False,
        ("joint Bo + Cy", names[0], "trust", "lacking"): True,
        ("Bo", names[0], "trust", "lacking"): True,
    }


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({"Adda": "Cy"}, "There is no coder 'Adda'. Did you mean 'Ada'"),
        ({"Ada": "model x"}, "'model x' is no person's name"),
        ({"Ada": " "}, "' ' is no person's name"),
    ],
)
def test_names_that_cannot_be_given_are_refused(study, other, names, new, told):
    record(other, [said(names[0])])
    with pytest.raises(UserError, match=told):
        merge_codes(study, other, names=new)
    assert not own(study).exists()


def test_a_name_in_other_capitals_and_a_model_are_refused(study, other, names):
    record(own(study), [said(names[0])])
    record(other, [said(names[0], coder="ada"), said(names[0], coder="model m")])
    with pytest.raises(NeedsAttentionError) as error:
        merge(study, other)
    assert [line.strip() for line in str(error.value).splitlines()[1:]] == [
        "coder 'ada' is 'Ada', too. Add --rename 'ada' 'Ada'.",
        "coder 'model m' is a model. Only what people decide is merged.",
    ]
    assert len(rows_of(own(study))) == 1


def test_times_are_compared_as_times(study, other, names):
    record(own(study), [said(names[0], decided_at="2025-03-01T12:30:00+02:00")])
    record(other, [said(names[0], applied=False, decided_at="2025-03-01T11:00:00Z")])
    merge(study, other)
    assert not last(own(study))["Ada", names[0], "trust", "lacking"]


def test_what_was_taken_back_stays_so(study, other, names):
    bo = said(names[0], coder="Bo")
    record(own(study), [said(names[1]), bo])
    record(other, [bo, bo | {"is_withdrawn": 1, "decided_at": "2025-03-02T10:00:00Z"}])
    assert merge(study, other) == (
        "1 passage by Bo: 0 labels yes, 0 no, 1 taken back; 1 recorded before."
    )
    assert [*last(own(study))] == [("Ada", names[1], "trust", "lacking")]


def test_what_a_passage_is_known_by_comes_along(study, other, names):
    anchors = make_anchors(study.tables.read(PASSAGES), names[:1])
    record(other, [said(names[0])], anchors=anchors)
    merge(study, other)
    with open_decisions(own(study)) as database:
        assert database.execute("SELECT passage, text FROM anchors").fetchall() == [
            (names[0], anchors[0].text)
        ]


def test_how_likely_a_passage_was_drawn_is_this_studys_sample_to_say(study, other, names):
    passages = study.tables.read(PASSAGES)
    sample = draw_check_sample(passages, study.codebook, size=20, seed=1)
    write_check_sample(study.corpus / "check-sample.json", sample)
    drawn = {one.passage: one.probability for one in sample.passages}
    outside = next(name for name in names if name not in drawn)
    record(other, [said(sample.passages[0].passage), said(outside)])
    assert merge(study, other) == (
        "2 passages by Ada: 2 labels yes, 0 no; 1 not of this study's sample, which correct no "
        "share."
    )
    rows = study.decisions.set_index("passage")["probability"]
    assert rows[sample.passages[0].passage] == sample.passages[0].probability
    assert pd.isna(rows[outside])


def test_passages_that_the_study_does_not_have_are_counted_and_kept(study, other, names):
    record(other, [said(names[0], coder="Bo"), said("T9-x", coder="Bo")])
    assert merge(study, other) == (
        "2 passages by Bo: 2 labels yes, 0 no; 1 on passages that this study does not have, as of "
        "another version of its transcripts: they are kept, and in use nowhere."
    )
    assert {row[1] for row in rows_of(own(study))} == {names[0], "T9-x"}


def test_decisions_on_a_passage_that_was_edited_here_come_where_it_stands_now(study, other, names):
    record(own(study), [said("old-1"), said(names[3])])
    moves = [("old-1", names[0], "nearly the same words")]
    record_moves(own(study), moves, coder="x", moved_at="t")
    record(own(study), [said(names[0], applied=False, day=5)])
    record(other, [said("old-1"), said("old-1", coder="Bo"), said(names[4], coder="Bo")])
    assert merge(study, other) == "2 passages by Bo: 2 labels yes, 0 no; 1 recorded before."
    assert last(own(study)) == {
        ("Ada", names[0], "trust", "lacking"): False,
        ("Ada", names[3], "trust", "lacking"): True,
        ("Bo", names[0], "trust", "lacking"): True,
        ("Bo", names[4], "trust", "lacking"): True,
    }
    assert merge(study, other) == "nothing new; 3 recorded before."


def test_decisions_on_a_passage_that_was_edited_there_are_found_again_here(study, other, names):
    """The same words have another id there, as their transcript goes on after them."""
    words = "The ferry stopped in March, and nobody at the office told us when it would come back."
    passages = study.tables.read(PASSAGES)
    texts = [words, *passages["text"][1:]]
    study.tables.write(PASSAGES, PASSAGES.check(passages.assign(text=texts)))
    edited = passages.assign(passage=["new-1", *names[1:]], text=texts)
    anchors = make_anchors(PASSAGES.check(edited), ["new-1", names[1]])
    record(other, [said("new-1", coder="Bo"), said(names[1], coder="Bo")], anchors=anchors)
    merge(study, other)
    assert [*last(own(study))] == [
        ("Bo", names[0], "trust", "lacking"),
        ("Bo", names[1], "trust", "lacking"),
    ]
    assert merge(study, other) == "nothing new; 2 recorded before."


def test_what_was_merged_elsewhere_where_it_stands_now_comes_back_as_the_same(study, other, names):
    record(own(study), [said("old-1")])
    record_moves(own(study), [("old-1", names[0], "nearly")], coder="x", moved_at="t")
    record(other, [said(names[0])])
    assert merge(study, other) == "nothing new; 1 recorded before."


def test_decisions_from_before_the_same_edit_come_where_both_have_the_passage(study, other, names):
    record(other, [said("old-1", coder="Bo")])
    record_moves(other, [("old-1", names[0], "nearly")], coder="x", moved_at="t")
    merge(study, other)
    assert [*last(own(study))] == [("Bo", names[0], "trust", "lacking")]
    assert merge(study, other) == "nothing new; 1 recorded before."


def test_what_was_not_found_again_there_is_not_put_on_other_words_here(study, other, names):
    record(other, [said(names[0], coder="Bo"), said(names[1], coder="Bo")])
    record_moves(other, [(names[0], "", "ask")], coder="x", moved_at="t")
    assert merge(study, other) == (
        "1 passage by Bo: 1 label yes, 0 no; 1 on passages that were edited and not clearly found "
        "again: left in the other file."
    )
    assert [*last(own(study))] == [("Bo", names[1], "trust", "lacking")]


def write(path, text, *, day, request, replaces=0, target="trust"):
    about = "code" if target == "trust" else "passage"
    note = Note(about, target, "Bo", text, replaces)
    when = f"2025-03-{day:02d}T10:00:00+00:00"
    return write_memo(path, note, request=request, written_at=when).number


def test_memos_come_with_what_replaces_them_and_once(study, other, names):
    write(own(study), "Mine.", day=1, request="m1")
    first = write(other, "Look again.", day=1, request="m2", target=names[0])
    write(other, "Looked.", day=2, request="m3", target=names[0], replaces=first)
    record(other, [said(names[0], coder="Bo")])
    assert merge(study, other).endswith("; 2 memos.")
    assert merge(study, other) == "nothing new; 1 recorded before."
    assert memos_table(own(study))["text"].tolist() == ["Mine.", "Looked."]
    assert len({one.memo for one in read_versions(own(study))}) == 2


@pytest.mark.parametrize("day", [2, 4])
def test_a_memo_that_was_changed_in_both_is_as_written_later(study, another, names, day):
    for path in (own(study), own(another)):
        write(path, "First.", day=1, request="m1")
        record(path, [said(names[0])])
    write(own(study), "Here.", day=day, request="m2", replaces=1)
    write(own(another), "There.", day=3, request="m3", replaces=1)
    sent, theirs = own(study).with_name("sent.sqlite"), own(another).with_name("sent.sqlite")
    shutil.copy(own(study), sent)
    shutil.copy(own(another), theirs)
    merge(study, theirs)
    merge(another, sent)
    stands = ["Here." if day == 4 else "There."]
    assert memos_table(own(study))["text"].tolist() == stands
    assert memos_table(own(another))["text"].tolist() == stands
    versions = read_versions(own(study))
    merge(study, theirs)
    assert read_versions(own(study)) == versions


def test_a_memo_stands_where_its_passage_stands_now(study, other, names):
    write(other, "Look again.", day=1, request="m1", target="old-1")
    record(other, [said("old-1", coder="Bo")])
    record_moves(other, [("old-1", names[0], "nearly")], coder="x", moved_at="t")
    merge(study, other)
    assert [one.target for one in read_versions(own(study))] == [names[0]]


def make_first_version(path, passage):
    with sqlite3.connect(path) as database:
        database.executescript(
            f"""CREATE TABLE decisions (number INTEGER PRIMARY KEY AUTOINCREMENT,
            coder TEXT NOT NULL, passage TEXT NOT NULL, code TEXT NOT NULL, stance TEXT NOT NULL,
            applied INTEGER NOT NULL, codebook_version TEXT NOT NULL, selection TEXT NOT NULL,
            probability REAL, decided_at TEXT NOT NULL) STRICT;
            INSERT INTO decisions VALUES (1, 'Bo', '{passage}', 'trust', 'present', 1, '1.1.0',
            'random', 0.25, '2025-03-01T10:00:00Z');
            PRAGMA application_id = 0x33505752; PRAGMA user_version = 1;"""
        )
    database.close()


def test_a_file_of_the_first_version_is_read_and_left_as_it_is(study, other, names):
    make_first_version(other, names[0])
    before = other.read_bytes()
    assert merge(study, other) == "1 passage by Bo: 1 label yes, 0 no."
    assert other.read_bytes() == before
    assert [path.name for path in other.parent.iterdir()] == [other.name]


def test_what_stands_in_the_log_beside_the_file_is_read_and_the_file_left_as_it_is(
    study, other, names
):
    record(other, [said(names[0], coder="Bo")])
    database = sqlite3.connect(other)
    database.execute("SELECT * FROM decisions")  # open elsewhere: what follows stays in the log
    record(other, [said(names[1], coder="Bo")])
    files = {path: path.read_bytes() for path in sorted(other.parent.iterdir())}
    assert len(files) == 3
    assert merge(study, other) == "2 passages by Bo: 2 labels yes, 0 no."
    assert {path: path.read_bytes() for path in sorted(other.parent.iterdir())} == files
    database.close()


def test_a_file_that_may_not_be_written_is_read(study, other, names):
    record(other, [said(names[0], coder="Bo")])
    other.chmod(0o400)
    other.parent.chmod(0o500)
    try:
        assert merge(study, other) == "1 passage by Bo: 1 label yes, 0 no."
    finally:
        other.parent.chmod(0o700)


def damage(path):
    """Flip what follows the header of every page."""
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (damage, "is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "is damaged"),
        (lambda path: path.write_bytes(b""), "is no file of three-powers"),
        (lambda path: path.write_bytes(b"coder,passage\n" * 300), "is damaged"),
        (lambda path: path.unlink(), "There is no file"),
    ],
    ids=["flipped bytes", "cut off", "empty", "a table", "missing"],
)
def test_a_file_that_is_damaged_or_none_is_refused(study, other, names, spoil, told):
    record(other, thousand(names, "Bo"))
    spoil(other)
    with pytest.raises(UserError, match=told) as error:
        merge(study, other)
    assert str(other) in str(error.value)
    assert not own(study).exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("PRAGMA user_version = 9", "was made by a later three-powers"),
        ("PRAGMA application_id = 7", "is no file of three-powers"),
        ("DROP TABLE moves", "bo.sqlite cannot be used: no such table"),
    ],
)
def test_a_later_versions_file_and_another_programs_are_refused(study, other, names, change, told):
    record(other, [said(names[0])])
    with sqlite3.connect(other) as database:
        database.execute(change)
    database.close()
    with pytest.raises(UserError, match=told):
        merge(study, other)
    assert not own(study).exists()


def test_a_file_of_another_study_is_refused(study, other, names):
    record(own(study), [said(names[0])])
    record(other, [said("T9-x", coder="Bo"), said("T9-y", coder="Bo")])
    with pytest.raises(UserError, match="has no decision on a passage of this study"):
        merge(study, other)
    assert len(rows_of(own(study))) == 1


def test_the_studys_own_file_is_refused(study, names):
    record(own(study), [said(names[0])])
    with pytest.raises(UserError, match="is the study's own file"):
        merge(study, own(study))


def test_all_is_added_or_nothing(study, other, names):
    """A memo that cannot be added comes after the decisions."""
    record(own(study), [said(names[0])])
    record(other, [said(names[1])])
    write(other, "Look.", day=1, request="m1")
    with open_decisions(own(study)) as database:
        database.execute(
            "CREATE TRIGGER no_memos BEFORE INSERT ON memos BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(UserError, match="full. Nothing in it was changed"):
        merge(study, other)
    assert len(rows_of(own(study))) == 1


def test_the_command_may_be_tried_first(study, other, names):
    record(other, [said(names[0], coder="Bo")])
    arguments = ["--root", str(study.root), "merge-codes", "small", str(other), "--rename", "Bo"]
    tried = CliRunner().invoke(main, [*arguments, "Cy", "--dry-run"])
    assert tried.output == (
        "merge-codes   Nothing is recorded yet: 1 passage by Cy: 1 label yes, 0 no.\n"
    )
    assert not own(study).exists()
    done = CliRunner().invoke(main, [*arguments, "Cy"])
    assert done.output == f"merge-codes   1 passage by Cy: 1 label yes, 0 no.{NEXT}\n"
    assert [*last(own(study))] == [("Cy", names[0], "trust", "lacking")]
