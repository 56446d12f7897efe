import json
import stat

import pytest

from pipeline.errors import UserError
from pipeline.pseudonym_key import plain_key, read_key, to_csv, write_key
from pipeline.sealed import PASSPHRASE, secret_places

KEY = {("person", "zoë quill"): "person 1", ("place", 'the "loom", inn'): "place 1"}


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.delenv(PASSPHRASE, raising=False)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "corpora" / "small" / "private" / "pseudonyms.key"


def test_the_key_comes_back_and_its_file_shows_nothing_of_it(path, tmp_path):
    write_key(path, tmp_path, KEY)
    assert read_key(path, tmp_path) == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_text("ascii")
    assert not any(word in content for word in ("quill", "person 1", "loom"))
    secret = tmp_path / "settings" / "three-powers" / "secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert secret.read_text() not in content


def test_the_same_key_is_not_written_again(path, tmp_path):
    write_key(path, tmp_path, KEY)
    before = path.read_bytes()
    write_key(path, tmp_path, dict(KEY))
    assert path.read_bytes() == before


def test_a_plain_key_of_old_is_taken_over_and_goes_only_then(path, tmp_path):
    plain = plain_key(path)
    plain.parent.mkdir(parents=True)
    plain.write_text(to_csv(KEY), "utf-8")
    assert read_key(path, tmp_path) == KEY
    assert plain.exists()
    write_key(path, tmp_path, KEY | {("person", "bo"): "person 2"})
    assert not plain.exists()
    assert read_key(path, tmp_path) == KEY | {("person", "bo"): "person 2"}


def test_a_passphrase_seals_and_only_it_opens(path, tmp_path, monkeypatch):
    monkeypatch.setenv(PASSPHRASE, "three green hats")
    write_key(path, tmp_path, KEY)
    assert not (tmp_path / "settings").exists()
    before = path.read_bytes()
    for given in ("three green cats", ""):
        monkeypatch.setenv(PASSPHRASE, given)
        with pytest.raises(UserError, match="opens with the passphrase that it was sealed with"):
            read_key(path, tmp_path)
    assert path.read_bytes() == before
    monkeypatch.setenv(PASSPHRASE, "three green hats")
    assert read_key(path, tmp_path) == KEY


def test_a_key_is_sealed_anew_once_there_is_a_passphrase(path, tmp_path, monkeypatch):
    write_key(path, tmp_path, KEY)
    monkeypatch.setenv(PASSPHRASE, "three green hats")
    write_key(path, tmp_path, KEY)
    assert json.loads(path.read_text())["secret"] == "passphrase"
    assert read_key(path, tmp_path) == KEY


def test_a_copied_study_does_not_open_on_another_machine(path, tmp_path, monkeypatch):
    write_key(path, tmp_path, KEY)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(UserError, match="sealed with the secret of another machine or user"):
        read_key(path, tmp_path)
    with pytest.raises(UserError, match="another machine"):
        write_key(path, tmp_path, {})


@pytest.mark.parametrize("part", ["text", "check", "salt", "n", "secret", "whole"])
def test_a_changed_key_is_refused_in_a_sentence_and_left_as_it_is(path, tmp_path, part):
    write_key(path, tmp_path, KEY)
    header = json.loads(path.read_text())
    values = {"n": 2, "secret": "none", "check": "x", "salt": "AAAAAAAAAAAAAAAAAAAAAA=="}
    text = header["text"]
    header[part] = values.get(part, text[:60] + ("A" if text[60] != "A" else "B") + text[61:])
    path.write_text("{" if part == "whole" else json.dumps(header))
    before = path.read_bytes()
    for work in (lambda: read_key(path, tmp_path), lambda: write_key(path, tmp_path, KEY)):
        with pytest.raises(UserError, match="left as it is"):
            work()
    assert path.read_bytes() == before


def test_without_a_home_the_secret_lies_beside_the_studies(path, tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "")
    monkeypatch.delenv("USERPROFILE", raising=False)
    assert secret_places(tmp_path) == [tmp_path / "corpora" / ".secret"]
    write_key(path, tmp_path, KEY)
    assert read_key(path, tmp_path) == KEY
    assert not list((tmp_path / "corpora" / "small").rglob("*secret*"))


def test_where_home_cannot_be_written_the_secret_lies_beside_the_studies(
    path, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    write_key(path, tmp_path, KEY)
    assert (tmp_path / "corpora" / ".secret").exists()
    assert read_key(path, tmp_path) == KEY
