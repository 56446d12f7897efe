from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import codebook_versions
from pipeline.codebook import Code, Codebook, Example, Group, read_codebook
from pipeline.codebook_changes import Change
from pipeline.codebook_history import name_next, read_history
from pipeline.codebook_versions import (
    CodebookChangedError,
    find_kept,
    is_edited_by_hand,
    make_version,
    read_known,
    read_versions,
    take_in,
)
from pipeline.codebook_yaml import read_heading, replace_version, write_yaml
from pipeline.errors import UserError
from pipeline.study import Study

SHIPPED = read_codebook("shipped")
CSV = "code,definition\nTrust,Confidence in people\nPlace,Where one is from\n"
WHO = {"coder": "Ada", "made_at": "2026-11-24T09:00:00+00:00"}

ODD = ["yes", "0x1", "#", " ", "\n", "- ", ": ", "'", '"', "😀", "é", "|", ">", "%", "&a", "*a"]
ODD += ["{", "\t", "\x85", "\u2028", "\r", "---", "word word", "long" * 30, "\\", "~", "1.0", "\0"]
texts = st.text(max_size=60) | st.lists(st.sampled_from(ODD), max_size=14).map("".join)
meanings = st.dictionaries(texts, texts, max_size=3)
lines = st.lists(texts, max_size=3).map(tuple)
examples = st.lists(st.builds(Example, stance=texts, text=texts), max_size=3).map(tuple)
codes = st.builds(
    Code,
    id=texts,
    group=texts,
    label=texts,
    definition=texts,
    include=lines,
    exclude=lines,
    stances=meanings,
    examples=examples,
)
books = st.builds(
    Codebook,
    name=texts,
    version=texts,
    title=texts,
    groups=st.dictionaries(texts, st.builds(Group, title=texts, stances=meanings), max_size=2),
    codes=st.lists(codes, max_size=3).map(tuple),
)


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpora" / "small"
    folder.mkdir(parents=True)
    return folder


def read_present(corpus):
    return Study(corpus.parents[1], corpus.name, corpus).codebook


def with_definition(codebook, text, *, code="trust"):
    book = codebook.model_dump()
    entry = next(one for one in book["codes"] if one["id"] == code)
    entry["definition"] = text
    return Codebook.model_validate(book)


def with_example(codebook, text):
    book = codebook.model_dump()
    book["codes"][0]["examples"] += (
        {"stance": next(iter(book["codes"][0]["stances"])), "text": text},
    )
    return Codebook.model_validate(book)


def save(corpus, edited, seen=None):
    return make_version(corpus, edited, seen=(seen or read_present(corpus)).fingerprint, **WHO)


def files(corpus):
    return sorted(
        path.name for path in corpus.rglob("*") if path.is_file() and path.name != ".lock"
    )


@contextmanager
def cut_off_after(monkeypatch, steps):
    """End the process, as it were, once it has put as many files in place or away."""
    done = []

    def count(step):
        def take(path, *more, **names):
            if not path.name.endswith(".partial") or more:
                done.append(path)
                if len(done) > steps:
                    raise KeyboardInterrupt
            return step(path, *more, **names)

        return take

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", count(Path.replace))
        patch.setattr(Path, "unlink", count(Path.unlink))
        with suppress(KeyboardInterrupt):
            yield lambda: len(done) > steps


@settings(deadline=None)
@given(books)
def test_what_is_written_reads_back_identical(codebook):
    assert Codebook.model_validate(yaml.safe_load(write_yaml(codebook))) == codebook


def test_the_shipped_codebook_is_written_as_people_write(tmp_path):
    text = write_yaml(SHIPPED)
    path = tmp_path / "codebook.yaml"
    path.write_text(text, "utf-8")
    assert read_codebook(path) == SHIPPED
    assert "    definition: >\n      Power that comes from position, structure and rule: " in text
    assert "    include:\n      - someone in authority allows, directs, " in text
    assert "      - stance: enabling\n        text: " in text
    assert "\n\n  - id: solidaristic\n" in text
    assert list(yaml.safe_load(text)) == ["name", "version", "title", "groups", "codes"]
    assert not any(mark in text for mark in ("&id", "*id", "\\u", "{"))


def test_only_the_version_is_replaced_in_what_was_written_by_hand():
    text = "# ours\nname: x\nversion: 1.0.0 # soon 2\ntitle: 'version: 3'\n"
    assert (
        replace_version(text, "1.1.0") == "# ours\nname: x\nversion: 1.1.0\ntitle: 'version: 3'\n"
    )
    assert replace_version(text, r"a\1") == text.replace("1.0.0 # soon 2", r"a\1")


def test_the_comments_on_top_stay():
    assert read_heading(b"\xef\xbb\xbf# one\n# two\nname: x\n# three\n") == "# one\n# two\n"


@pytest.mark.parametrize(
    ("version", "what", "taken", "name"),
    [
        ("1.1.0", "definition", (), "1.2.0"),
        ("1.1.3", "code", (), "1.2.0"),
        ("1.1.3", "example", (), "1.1.4"),
        ("1.1.3", "name", ("1.1.4",), "1.1.5"),
        ("1.9.0", "include", ("1.10.0",), "1.11.0"),
        ("3fa94c1e", "definition", (), "3fa94c1e+1"),
        ("3fa94c1e+9", "example", (), "3fa94c1e+10"),
        ("2026", "meaning", ("2026+1",), "2026+2"),
        ("1.0", "example", (), "1.0+1"),
        ("a+b", "example", (), "a+b+1"),
    ],
)
def test_a_version_says_whether_the_meaning_changed(version, what, taken, name):
    assert name_next(version, [Change("trust", "Trust", what, "", "a", "b")], taken) == name


def test_the_first_edit_makes_the_shipped_codebook_the_studys_own(corpus):
    made = save(corpus, with_definition(SHIPPED, "Faith."))
    assert (made.version, made.name) == ("1.2.0", SHIPPED.name)
    assert read_present(corpus) == made
    assert read_versions(corpus) == {"1.1.0": SHIPPED, "1.2.0": made}
    shipped = Path(codebook_versions.__file__).parent / "codebooks" / "three_powers.yaml"
    assert find_kept(corpus, "1.1.0").read_bytes() == shipped.read_bytes()
    assert (corpus / "codebook.yaml").read_text().startswith("# The three powers codebook: ")


def test_the_history_says_who_changed_what_and_when(corpus):
    save(corpus, with_definition(SHIPPED, "Faith."))
    save(corpus, with_example(read_present(corpus), "=1+1, he said"))
    rows = read_history(corpus / "codebooks" / "history.csv")
    assert [tuple(row) for row in rows] == [
        ("1.2.0", "1.1.0", WHO["made_at"], "Ada", "Trust and respect: definition edited"),
        (
            *("1.2.1", "1.2.0", WHO["made_at"], "Ada"),
            "Hierarchical power: example of 'enabling' added",
        ),
    ]


def test_nothing_is_saved_over_what_another_made_meanwhile(corpus):
    save(corpus, with_definition(SHIPPED, "Faith."))
    before = files(corpus), (corpus / "codebook.yaml").read_bytes()
    with pytest.raises(CodebookChangedError):
        save(corpus, with_definition(SHIPPED, "Belief."), seen=SHIPPED)
    assert (files(corpus), (corpus / "codebook.yaml").read_bytes()) == before


def test_a_table_becomes_yaml_and_stays_as_it_was(corpus):
    (corpus / "codebook.csv").write_text(CSV)
    before = read_present(corpus)
    made = save(corpus, with_definition(before, "Faith."))
    assert made.version == f"{before.version}+1"
    assert made.name == before.name == "codebook"
    assert files(corpus) == sorted(
        [
            *("codebook.yaml", "history.csv", f"{made.version}.yaml"),
            *(f"{before.version}.csv", f"{before.version}.yaml"),
        ]
    )
    assert (corpus / "codebooks" / f"{before.version}.csv").read_text() == CSV
    assert read_versions(corpus) == {before.version: before, made.version: made}


@pytest.mark.parametrize("steps", range(7))
@pytest.mark.parametrize("kind", ["shipped", "table", "own"])
def test_a_save_that_is_cut_off_anywhere_loses_nothing(corpus, monkeypatch, kind, steps):
    if kind == "table":
        (corpus / "codebook.csv").write_text(CSV)
    if kind == "own":
        (corpus / "codebook.yaml").write_text("# ours\n" + write_yaml(SHIPPED))
    before = read_present(corpus)
    edited = with_definition(before, "Faith.")
    with cut_off_after(monkeypatch, steps) as is_cut_off:
        save(corpus, edited, seen=before)
    assert is_cut_off() == (steps < (6 if kind == "table" else 5))
    if (corpus / "codebook.csv").exists() and (corpus / "codebook.yaml").exists():
        with pytest.raises(UserError, match="one codebook"):
            read_present(corpus)
        (corpus / "codebook.csv").unlink()  # as the sentence says
    present = read_present(corpus)
    assert present.codes in (before.codes, edited.codes)
    assert before in (present, *read_versions(corpus).values())
    made = save(corpus, with_definition(present, "Belief."), seen=present)
    assert {before.version, present.version, made.version} <= {*read_versions(corpus)}


def test_an_edit_by_hand_without_a_version_is_seen_and_gets_one(corpus):
    save(corpus, with_definition(SHIPPED, "Faith."))
    own = corpus / "codebook.yaml"
    assert not is_edited_by_hand(corpus, read_present(corpus))
    own.write_text(own.read_text().replace("Faith.", "Belief.  # not a comment") + "# mine\n")
    present = read_present(corpus)
    assert is_edited_by_hand(corpus, present)
    assert take_in(corpus, seen=present.fingerprint, **WHO).version == "1.3.0"
    versions = read_versions(corpus)
    definitions = {
        name: next(code.definition for code in one.codes if code.id == "trust")
        for name, one in versions.items()
    }
    assert definitions["1.2.0"] == "Faith."
    assert definitions["1.3.0"].startswith("Belief.")
    assert own.read_text().endswith("# mine\n")
    assert not is_edited_by_hand(corpus, read_present(corpus))


def test_a_copy_of_the_shipped_codebook_that_was_edited_is_seen_too(corpus):
    (corpus / "codebook.yaml").write_text(write_yaml(with_definition(SHIPPED, "Faith.")))
    present = read_present(corpus)
    assert is_edited_by_hand(corpus, present)
    assert read_known(corpus, present) == {"1.1.0": SHIPPED}
    made = save(corpus, with_example(present, "As he said."))
    assert made.version == "1.2.1"
    assert read_versions(corpus)["1.1.0"] == SHIPPED
    assert with_definition(SHIPPED, "Faith.").codes == read_versions(corpus)["1.2.0"].codes


def test_a_version_that_was_made_by_hand_has_its_place_in_the_history(corpus):
    made = save(corpus, with_definition(SHIPPED, "Faith."))
    own = corpus / "codebook.yaml"
    own.write_text(replace_version(write_yaml(with_definition(made, "Belief.")), "2.0.0"))
    assert save(corpus, with_example(read_present(corpus), "As he said.")).version == "2.0.1"
    rows = read_history(corpus / "codebooks" / "history.csv")
    assert [(row.version, row.before, row.coder) for row in rows] == [
        ("1.2.0", "1.1.0", "Ada"),
        ("2.0.0", "1.2.0", ""),
        ("2.0.1", "2.0.0", "Ada"),
    ]


def test_a_name_that_was_given_is_not_given_again(corpus):
    save(corpus, with_definition(SHIPPED, "Faith."))
    (corpus / "codebook.yaml").write_bytes(find_kept(corpus, "1.1.0").read_bytes())
    assert save(corpus, with_definition(SHIPPED, "Belief.")).version == "1.3.0"


@pytest.mark.parametrize("version", ["../../away", "1/2", "a:b", "..", "ä"])
def test_a_version_of_any_name_stays_in_its_folder(corpus, version):
    own = Codebook.model_validate(SHIPPED.model_dump() | {"version": version, "name": "ours"})
    (corpus / "codebook.yaml").write_text(write_yaml(own))
    made = save(corpus, with_definition(own, "Faith."))
    assert find_kept(corpus, version).parent == corpus / "codebooks"
    assert set(read_versions(corpus)) == {version, made.version}
    assert len(files(corpus.parents[1])) == 4


def test_a_kept_version_that_was_damaged_is_named(corpus):
    save(corpus, with_definition(SHIPPED, "Faith."))
    find_kept(corpus, "1.1.0").write_text("name: [")
    with pytest.raises(UserError, match="1.1.0.yaml"):
        read_versions(corpus)


def test_two_codebooks_are_refused(corpus):
    (corpus / "codebook.yaml").write_text(write_yaml(SHIPPED))
    (corpus / "codebook.csv").write_text(CSV)
    with pytest.raises(UserError, match="one codebook"):
        make_version(corpus, SHIPPED, seen=SHIPPED.fingerprint, **WHO)
