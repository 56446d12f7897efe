"""JSON of speech-to-text programs: each dialect to its golden pair, and whatever else comes."""

import json
import math
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import NO_SPEAKERS, Script, read_script
from pipeline.transcripts.readers.fields import fold_name, guess_unit, to_seconds, unit_of

GOLDEN = sorted((Path(__file__).parent / "data" / "readers").glob("json_files-*/input.*"))
SEGMENT = {"speaker": "Ann Lee", "start": 1.5, "text": "We mend it."}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("json")


@pytest.fixture
def read(folder):
    def read_json(data: object, suffix: str = ".json") -> Script:
        text = data if isinstance(data, str) else json.dumps(data)
        path = folder / f"T01{suffix}"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return read_script(path)

    return read_json


def said(script: Script) -> list[tuple[str, str]]:
    return [turn[:2] for turn in script.turns]


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        ("whisper", "Whisper's JSON (segments)"),
        ("whisper_cpp", "whisper.cpp's JSON (transcription)"),
        ("whisperx", "WhisperX's JSON (segments)"),
        ("assemblyai", "AssemblyAI's JSON (utterances)"),
        ("amazon", "Amazon Transcribe's JSON (items)"),
        ("google", "Google's JSON (words with speakers)"),
        ("azure_fast", "Azure's JSON (recognised phrases)"),
        ("speechmatics", "Speechmatics' JSON (results)"),
        ("rev", "Rev's JSON (monologues)"),
        ("deepgram", "Deepgram's JSON (paragraphs)"),
        ("podcast", "a podcast's JSON (segments)"),
        (
            "list",
            "JSON with a list of objects (speaker: Speaker; words: Text; time: Time)",
        ),
    ],
)
def test_the_kind_says_whose_json_it_is_and_what_of_it_was_read(case, kind):
    (source,) = (path for path in GOLDEN if path.parent.name == f"json_files-{case}")
    assert read_script(source).kind == kind


def test_a_file_without_speakers_is_read_with_a_warning(read):
    script = read({"segments": [{"seek": 0, "text": " We mend it."}]})
    assert said(script) == [("", "We mend it.")]
    assert script.warnings == (NO_SPEAKERS,)


def test_without_speakers_a_paragraph_ends_with_a_sentence(read):
    pieces = [" we mend it"] * 14 + [" and", " paint it.", " Then", " we rest."]
    script = read({"segments": [{"seek": 0, "start": n, "text": t} for n, t in enumerate(pieces)]})
    assert [turn.text.split()[-2:] for turn in script.turns] == [["paint", "it."], ["we", "rest."]]
    assert [turn.start_seconds for turn in script.turns] == [0, 16]


def test_a_word_that_breaks_off_stays_as_it_was_said(read):
    segments = [SEGMENT | {"text": "We thi-"}, SEGMENT | {"text": "think so."}]
    assert said(read(segments)) == [("Ann Lee", "We thi- think so.")]


@pytest.mark.parametrize("nothing", ["", None, "UU", "unknown", "U_UKN", "?"])
def test_who_is_not_known_is_unknown_and_counted(read, nothing):
    script = read([SEGMENT, SEGMENT | {"speaker": nothing, "text": "Me too."}])
    assert said(script)[1] == ("Unknown speaker", "Me too.")
    assert script.warnings == ("without a speaker: 1 piece, kept as those of 'Unknown speaker'",)


def test_a_segment_without_a_speaker_has_the_one_of_most_of_its_words(read):
    words = [{"word": "We", "speaker": "S2"}, {"word": "do.", "speaker": "S2", "score": 1}]
    script = read({"segments": [{"text": "We do.", "words": words}], "word_segments": []})
    assert said(script) == [("S2", "We do.")]


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["A", "B"], ["Speaker A", "Speaker B"]),
        (["Q", "A"], ["Q", "A"]),  # question and answer
        ([0, 1], ["Speaker 0", "Speaker 1"]),
        ([101, 102], ["101", "102"]),  # ids of people
        ([{"name": "Ann"}, {"id": 2}], ["Ann", "Speaker 2"]),
        (["Ann:", " Sam\u00a0Orr "], ["Ann", "Sam Orr"]),
    ],
)
def test_letters_and_numbers_are_shown_as_speakers(read, labels, shown):
    script = read([SEGMENT | {"speaker": label} for label in labels])
    assert [turn.speaker for turn in script.turns] == shown


def test_names_listed_apart_are_put_in_for_their_ids(read):
    data = {"speakers": [{"id": "s1", "name": "Ann Lee"}], "turns": [SEGMENT | {"speaker": "s1"}]}
    assert said(read(data)) == [("Ann Lee", "We mend it.")]


def test_the_list_with_speakers_is_read_though_another_has_the_same_words(read):
    plain = {"segments": [{"text": "We mend it."}], "utterances": [SEGMENT]}
    script = read(plain)
    assert said(script) == [("Ann Lee", "We mend it.")]
    assert script.left_out == {"other objects": 1}


def test_names_before_a_colon_are_read_where_nothing_else_names_speakers(read):
    script = read(["Interviewer: Who mends it?", "P01: We do.", "Ourselves.", "Interviewer: When?"])
    assert said(script) == [
        ("Interviewer", "Who mends it?"),
        ("P01", "We do. Ourselves."),
        ("Interviewer", "When?"),
    ]


def test_speakers_of_two_channels_are_put_in_the_order_of_time(read):
    def phrase(channel: int, offset: int, text: str) -> dict[str, object]:
        best = [{"display": text}]
        return {"channel": channel, "offsetInTicks": offset * 10**7, "nBest": best}

    data = {"recognizedPhrases": [phrase(0, 1, "Who?"), phrase(0, 9, "When?"), phrase(1, 4, "I.")]}
    assert said(read(data)) == [("Channel 0", "Who?"), ("Channel 1", "I."), ("Channel 0", "When?")]


def test_words_of_google_that_stand_twice_are_read_once_only_where_they_do(read):
    def result(*words: str) -> dict[str, object]:
        tagged = [{"word": word, "speakerTag": 1} for word in words]
        return {"alternatives": [{"transcript": " ".join(words), "words": tagged}]}

    once = read({"results": [result("We", "do."), result("We", "paint.")]})
    twice = read({"results": [result("We", "do."), result("We", "do.", "So.")]})
    assert said(once) == [("Speaker 1", "We do. We paint.")]
    assert said(twice) == [("Speaker 1", "We do. So.")]
    assert twice.left_out == {"repeated words": 2}


@pytest.mark.parametrize(
    ("mark", "warning"),
    [
        ({"seek": 0}, "it holds 2 transcripts, read one after the other"),
        ({}, "it holds 2 lists 'segments', read one after the other"),
    ],
)
def test_several_transcripts_in_a_file_are_read_in_order_with_a_warning(read, mark, warning):
    script = read([{"segments": [SEGMENT | mark | {"speaker": name}]} for name in ("Ann", "Sam")])
    assert [turn.speaker for turn in script.turns] == ["Ann", "Sam"]
    assert [turn.first_line for turn in script.turns] == [1, 2]
    assert script.warnings == (warning,)


def test_sentences_have_the_speaker_that_stands_beside_their_list(read):
    paragraphs = [
        {"speaker": name, "sentences": [{"text": "One."}, {"text": "Two."}]}
        for name in ("Ann", "Sam")
    ]
    script = read({"name": "Hall", "transcript": {"paragraphs": paragraphs}})
    assert said(script) == [("Ann", "One. Two."), ("Sam", "One. Two.")]


def test_the_name_of_the_file_is_no_speaker(read):
    assert said(read({"name": "Hall", "segments": [{"text": "One."}]})) == [("", "One.")]


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_one_object_a_line_is_read_under_either_name(read, suffix):
    lines = "\n".join(json.dumps(SEGMENT | {"speaker": name}) for name in ("Ann", "Sam", "Ann"))
    assert [turn.speaker for turn in read(f"{lines}\n\n", suffix).turns] == ["Ann", "Sam", "Ann"]


def test_a_cut_line_is_named(read):
    with pytest.raises(TranscriptError, match=r"line 3: this is no JSON, or it is cut\."):
        read('{"text": "a"}\n{"text": "b"}\n{"text": "c', ".jsonl")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"segments": [', "line 1: this is no JSON, or it is cut"),
        ("Ann Lee: I mend it.", "this is no JSON, or it is cut"),
        (" \n", "the file is empty"),
        ("[" * 100_000, "nested far too deep"),
        ('{"a":' * 100_000, "nested far too deep"),
        ("[" * 400 + "]" * 400, r"its keys are \(none\)"),
        ('[{"start": ' + "9" * 5000 + ', "text": "a"}]', "a number in it is far too long"),
        ("null", "no talk was found"),
        ("12", "no talk was found"),
        ("[]", "no talk was found"),
        ('{"name": "x", "version": 2}', "its keys are 'name' and 'version', and read are lists"),
        ('{"segments": [{"start": 1, "speaker": "A"}]}', "no words in it, only times or speakers"),
        ('[{"speaker": "A", "text": "  "}]', "no talk was found"),
        ('{"segments": [{"seek": 1, "text": null}]}', "there are no words in it"),
        ('{"results": {"channels": [{"alternatives": []}]}}', "there are no words in it"),
    ],
)
def test_what_is_not_read_is_refused_with_a_sentence(read, text, problem):
    with pytest.raises(TranscriptError, match=problem):
        read(text)


def test_no_more_than_a_few_keys_are_quoted_and_no_words(read):
    with pytest.raises(TranscriptError) as refused:
        read({f"{number}{'k' * 90}": "secret words" for number in range(99)})
    assert "secret" not in str(refused.value)
    assert len(str(refused.value)) < 800


def test_a_file_that_is_far_too_large_is_refused_unread(folder):
    path = folder / "T02.json"
    with path.open("wb") as file:
        file.truncate(60_000_001)
    with pytest.raises(TranscriptError, match="far too large"):
        read_script(path)


def test_bytes_that_are_no_text_are_refused(folder):
    path = folder / "T03.json"
    path.write_bytes(b'{"text": "a\0"}')
    with pytest.raises(TranscriptError, match="this is not text"):
        read_script(path)


@pytest.mark.parametrize(
    ("start", "seconds"),
    [
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("00:01:02.5", 62.5),
        ("1:02", 62),
        ("[00:01:02]", 62),
        ("00:00:01,000 --> 00:00:02,000", 1),
        ("00:01:02:12", 62),  # with frames
        ("1.300s", 1.3),
        ("PT1M2.5S", 62.5),
        ({"seconds": "62", "nanos": 500_000_000}, 62.5),
        (True, math.nan),
        (None, math.nan),
        (-1, math.nan),
        (math.nan, math.nan),
        (math.inf, math.nan),
        (1e300, math.nan),
        (10**400, math.nan),
        (1_705_320_000, math.nan),  # a date, as seconds since 1970
        ("2024-01-15T10:00:00Z", math.nan),
        ({"seconds": {"seconds": {}}}, math.nan),
        ([1], math.nan),
        ("soon", math.nan),
        ("", math.nan),
    ],
)
def test_times_are_read_as_they_are_written_and_nonsense_is_none(read, start, seconds):
    assert to_seconds(start) == pytest.approx(seconds, nan_ok=True)
    turn = read([SEGMENT | {"start": start}]).turns[0]
    assert turn.start_seconds == pytest.approx(seconds, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "starts", "words", "unit"),
    [
        ("start_ms", [5], 9, 0.001),
        ("startMillis", [5], 9, 0.001),
        ("start (s)", [5000], 9, 1),
        ("start", [500, 9400], 30, 0.001),
        ("start", [0, 9], 30, 1),
        ("start", [0.5, 9400.0], 30, 1),  # Whisper's seconds have a fraction
        ("start", [], 0, 1),
    ],
)
def test_milliseconds_are_told_by_the_name_or_by_far_too_few_words(name, starts, words, unit):
    assert (unit_of(name) or guess_unit(starts, words)) == unit


def test_names_of_fields_are_compared_without_capitals_and_points():
    assert {fold_name(name) for name in ("startTime", "Start_Time", "start time")} == {"starttime"}


def test_of_a_key_that_stands_twice_the_last_counts_with_a_warning(read):
    script = read('[{"speaker": "Ann", "text": "No.", "text": "Yes."}]')
    assert said(script) == [("Ann", "Yes.")]
    assert script.warnings == (
        "some of its objects have a key twice, of which the last one counts",
    )


def test_characters_that_no_file_can_hold_are_taken_out(read):
    script = read('[{"speaker": "Zoe\\u0308", "text": "a\\u0000b \\ud800 \\ud83d\\ude00"}]')
    assert said(script) == [("Zoë", "ab \ufffd 😀")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "segments results items words speakers text start speaker alternatives channels"
                " monologues elements transcription offsets utterances audio_url nBest phrases"
                " type content paragraphs data timestamp chunks transcript transcripts".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def is_read_or_refused(path: Path) -> bool:
    try:
        script = read_script(path)
    except TranscriptError:
        return True
    return all(turn.text and turn.first_line <= turn.last_line for turn in script.turns)


@given(JSON, st.sampled_from([".json", ".jsonl"]))
def test_any_json_is_read_or_refused(folder, data, suffix):
    path = folder / f"any{suffix}"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert is_read_or_refused(path)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_read_or_refused(folder, content):
    path = folder / "bytes.json"
    path.write_bytes(content)
    assert is_read_or_refused(path)


@given(st.sampled_from(GOLDEN), st.data())
def test_changed_golden_inputs_are_read_or_refused(folder, source, data):
    text = source.read_text("utf-8")
    place = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(place, len(text)))
    piece = data.draw(
        st.sampled_from(["", "null", "1e999", "-1", '"x"', "[]", "{}", text[place:end]])
    )
    path = folder / f"changed{source.suffix}"
    path.write_text(text[:place] + piece + piece + text[end:], encoding="utf-8")
    assert is_read_or_refused(path)


@given(st.sampled_from(GOLDEN), st.data())
def test_golden_inputs_with_a_value_of_another_kind_are_read_or_refused(folder, source, data):
    changed = "\n".join(
        json.dumps(_replace_one(json.loads(piece), data)) for piece in _pieces(source)
    )
    path = folder / f"other{source.suffix}"
    path.write_text(changed, encoding="utf-8")
    assert is_read_or_refused(path)


def _pieces(source: Path) -> list[str]:
    text = source.read_text("utf-8")
    return text.splitlines() if source.suffix == ".jsonl" else [text]


def _replace_one(value: object, data: st.DataObject) -> object:
    """Walk down by chance, and put something else in where the walk ends."""
    if isinstance(value, dict | list) and value and data.draw(st.integers(0, 5)):
        places = list(value) if isinstance(value, dict) else range(len(value))
        place = data.draw(st.sampled_from(places))
        value[place] = _replace_one(value[place], data)
        return value
    return data.draw(JSON)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":[' * 400 + "]}" * 400,
        "[" + '{"text":"a"},' * 20_000 + "{}]",
        '[{"text":"' + "A: " * 330_000 + '"}]',
        '[{"text":"' + "a. " * 330_000 + '"}]',
        '{"words":[' + '{"word":"a.","start":1,"speaker":"S1"},' * 25_000 + "{}]}",
        '[{"start":"' + "1:" * 400_000 + '","text":"a"}]',
        "{}\n" * 50_000,
        '{"' + "a" * 10**6 + '": 1}',
    ],
    ids=lambda text: text[:12],
)
def test_hostile_json_takes_linear_time(folder, text):
    path = folder / "hostile.json"
    path.write_text(text, encoding="utf-8")
    started = time.process_time()
    assert is_read_or_refused(path)
    assert time.process_time() - started < 1
