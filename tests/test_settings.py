import pytest

from pipeline.errors import NeedsAttentionError, UserError
from pipeline.settings import Read, Settings, describe_settings, note_coder, read_settings
from pipeline.transcripts.cleaning import STEPS


@pytest.fixture
def read(tmp_path):
    def read(content):
        path = tmp_path / "study.toml"
        path.write_text(content, "utf-8")
        return read_settings(path)

    return read


def test_a_study_without_settings_uses_the_defaults(tmp_path):
    assert read_settings(tmp_path / "study.toml") == Settings()


def test_settings_override_the_defaults_one_by_one(read):
    settings = read("[segment]\nlongest = 90\n[report]\ntitle = 'Two towns'")
    assert (settings.segment.longest, settings.segment.wanted) == (90, 60)
    assert settings.report.title == "Two towns"


def test_every_mistake_is_reported_at_once_with_the_nearest_name(read):
    with pytest.raises(NeedsAttentionError) as error:
        read("title = 'x'\n[segment]\nlongset = 90\nwanted = 'ten'\n[topic]\nseed = 1")
    assert str(error.value).splitlines()[1:] == [
        "  segment.wanted: write a whole number without quotes.",
        "  segment.longset: there is no such setting. Did you mean 'segment.longest'?",
        "  title: there is no such setting. Did you mean 'report.title'?",
        "  topic: there is no such setting. Did you mean 'topics.seed'?",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[pseudonymise]\nplaces = 'maybe'", "places: write true or false, without quotes."),
        ("[pseudonymise]\nkeep = 'Ada'", "keep: write a list of texts, as in ["),
        ("[read]\nkeep = ['ums']", "keep.0: write names that 'three-powers settings' lists"),
        ("[code]\nmodel = 3", "model: write text in quotes."),
        ("[segment]\nshortest = 200", "shortest, wanted and longest must not shrink"),
    ],
)
def test_a_value_of_the_wrong_kind_gets_a_plain_sentence(read, content, sentence):
    with pytest.raises(NeedsAttentionError) as error:
        read(content)
    assert sentence in str(error.value)


def test_what_is_no_toml_is_said_so(read):
    with pytest.raises(UserError, match="study.toml is not valid TOML"):
        read("[segment")


def test_every_setting_is_described():
    described = {name: text for name, _, text in describe_settings()}
    assert described["segment.longest"] == "No passage is longer."
    assert all(described.values())


def test_what_cleaning_may_leave_in_is_what_it_takes_out():
    assert Read(keep=tuple(STEPS)).keep == tuple(STEPS)
    described = {name: text for name, _, text in describe_settings()}
    assert all(step in described["read.keep"] for step in STEPS)


def test_a_coders_name_is_noted_once_and_the_rest_of_the_file_stays(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text('# Ours.\n[report]\ntitle = "Harbour"  # kept\n', "utf-8")
    note_coder(path, 'Zoë "Z" \\ Quill')
    assert path.read_text("utf-8").startswith('# Ours.\n[report]\ntitle = "Harbour"  # kept\n')
    note_coder(path, "Somebody else")
    settings = read_settings(path)
    assert (settings.review.coder, settings.report.title) == ('Zoë "Z" \\ Quill', "Harbour")


def test_a_coders_name_is_noted_in_a_study_without_settings(tmp_path):
    note_coder(tmp_path / "study.toml", "Ada")
    assert read_settings(tmp_path / "study.toml").review.coder == "Ada"
