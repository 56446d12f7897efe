import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from reviewed_study import draw_sample, get, make_reviewed_study, open_page, post, words_of

from pipeline.codebook import Label
from pipeline.decisions import open_decisions, read_decisions
from pipeline.findings.checks import gather_checks
from pipeline.tables import CODINGS, PASSAGES

PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def study(tmp_path):
    return make_reviewed_study(tmp_path)


@pytest.fixture
def client(study):
    draw_sample(study)
    return open_page(study)


def next_of(client):
    return get(client, "/check/next").get_json()


def save(client, shown, *labels, request="r1", **changed):
    said = {"passage": shown["passage"], "labels": labels, "seen": shown["seen"]}
    return post(client, "/check/save", json=said | {"request": request} | changed)


def count_rows(study):
    with open_decisions(study.corpus / "coding.sqlite") as database:
        return database.execute("SELECT count(*) FROM decisions").fetchone()[0]


def test_nobody_codes_without_a_name(study):
    client = open_page(study, coder="")
    assert "Who is coding?" in words_of(get(client, "/"))
    assert get(client, "/check/").status_code == 400
    for name in ("", " ", "model default", "Joint Ada + Bo", "x" * 61, "a\nb"):
        answer = post(client, "/coder", data={"coder": name})
        assert answer.status_code == 400, name
        assert "Who is coding?" in words_of(answer)


def test_a_sample_is_drawn_once_on_the_page(study):
    client = open_page(study)
    assert "drawn at random" in words_of(get(client, "/check/"))
    assert post(client, "/check/draw", data={"size": "lots"}).status_code == 400
    post(client, "/check/draw", data={"size": "3"})
    first = (study.corpus / "check-sample.json").read_bytes()
    post(client, "/check/draw", data={"size": "5"})
    assert (study.corpus / "check-sample.json").read_bytes() == first
    assert next_of(client)["drawn"] >= 3


def test_a_passage_is_shown_blind_to_what_the_model_says(client):
    shown = next_of(client)
    assert set(shown) == {
        *("passage", "area", "transcript", "context", "text", "is_same"),
        *("labels", "seen", "done", "drawn"),
    }
    assert shown["labels"] == []
    assert "score" not in get(client, "/check/").get_data(as_text=True)


def test_what_is_saved_counts_as_a_check_for_every_label(study, client):
    shown = next_of(client)
    answer = save(client, shown, "trust.lacking").get_json()
    assert (answer["done"], answer["passage"] != shown["passage"]) == (1, True)
    decisions = study.decisions
    assert len(decisions) == len(study.codebook.labels)
    assert decisions.query("applied")[["code", "stance"]].to_numpy().tolist() == [
        ["trust", "lacking"]
    ]
    assert set(decisions["coder"]) == {"Ada"}
    checks = gather_checks(decisions, study.tables.read(PASSAGES), study.tables.read(CODINGS))
    assert set(checks["passage"]) == {shown["passage"]}
    assert checks["probability"].between(0, 1, inclusive="right").all()


def test_saving_twice_by_a_replay_changes_nothing(study, client):
    shown = next_of(client)
    first = save(client, shown, "trust.lacking").get_json()
    rows = count_rows(study)
    assert save(client, shown, "trust.lacking").get_json() == first
    assert count_rows(study) == rows


def test_a_second_tab_is_told_and_nothing_is_overwritten(study, client):
    shown = next_of(client)
    save(client, shown, "trust.lacking", request="one")
    rows = count_rows(study)
    answer = save(client, shown, "trust.present", request="two")
    assert answer.status_code == 409
    assert answer.get_json()["theirs"]["labels"] == ["trust.lacking"]
    assert count_rows(study) == rows
    again = save(client, answer.get_json()["theirs"], "trust.present", request="three")
    assert again.status_code == 200
    assert study.decisions.query("applied")["stance"].tolist() == ["present"]


def test_two_coders_of_one_passage_are_in_nobodys_way(study, client):
    shown = next_of(client)
    save(client, shown, "trust.lacking")
    other = open_page(study, coder="Bo")
    theirs = next_of(other)
    assert (theirs["passage"], theirs["labels"], theirs["seen"]) == (shown["passage"], [], 0)
    assert save(other, theirs, "trust.present", request="r2").status_code == 200
    assert study.decisions["coder"].value_counts().to_dict() == {"Ada": 48, "Bo": 48}


def test_undo_is_a_new_row_and_gives_the_passage_again(study, client):
    shown = next_of(client)
    save(client, shown, "trust.lacking")
    rows = count_rows(study)
    back = post(client, "/check/undo", json={"request": "u1"}).get_json()
    assert (back["passage"], back["labels"]) == (shown["passage"], ["trust.lacking"])
    assert count_rows(study) == 2 * rows
    assert study.decisions.empty
    assert next_of(client)["passage"] == shown["passage"]
    assert save(client, back, "trust.present", request="r2").status_code == 200
    assert study.decisions.query("applied")["stance"].tolist() == ["present"]


def test_with_nothing_to_undo_that_is_said(client):
    answer = post(client, "/check/undo", json={"request": "u1"})
    assert (answer.status_code, answer.get_json()["mistake"]) == (
        400,
        "There is nothing to take back.",
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"passage": "nowhere"}, "not in the check sample any more"),
        ({"labels": ["trust.absent"]}, "There is no such code"),
        ({"version": "1.0.0"}, "The codebook has changed"),
    ],
)
def test_what_does_not_fit_any_more_is_refused_in_a_sentence(study, client, changed, sentence):
    answer = save(client, next_of(client), **changed)
    assert answer.status_code == 400
    assert sentence in answer.get_json()["mistake"]
    assert study.decisions.empty


def test_when_all_is_checked_the_page_says_so(study, client):
    shown, saved = next_of(client), 0
    while shown.get("passage"):
        shown = save(client, shown, request=f"r{saved}").get_json()
        saved += 1
    assert saved == shown["done"] == shown["drawn"]


def test_saves_from_many_tabs_at_once_are_all_kept(study):
    sample = draw_sample(study, size=20)
    clients = [open_page(study, coder=f"Coder {place}") for place in range(4)]

    def work(client):
        shown, saved = next_of(client), 0
        while shown.get("passage"):
            shown = save(client, shown, "trust.lacking", request=f"{id(client)}-{saved}").get_json()
            saved += 1
        return saved

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, clients)) == [len(sample.passages)] * 4
    found = read_decisions(study.corpus / "coding.sqlite").query("applied")
    assert found.groupby("coder").size().to_dict() == {
        f"Coder {place}": len(sample.passages) for place in range(4)
    }


def test_whatever_comes_from_the_study_is_escaped(tmp_path):
    study = make_reviewed_study(tmp_path, texts={PAYLOAD: [PAYLOAD] * 4}, area=PAYLOAD)
    draw_sample(study)
    client = open_page(study, coder=PAYLOAD[:60])
    for path in ("/", "/check/"):
        page = get(client, path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img" not in page
    assert next_of(client)["text"] == PAYLOAD  # as text: the page's script puts it in as text


def test_the_codebook_is_at_hand(client):
    labels = get(client, "/check/codebook").get_json()["labels"]
    first = next(row for row in labels if row["label"] == "trust.lacking")
    assert first["name"] == "Trust and respect: lacking"
    assert first["include"]
    assert first["examples"]
    assert len(labels) == 48
    assert Label("trust", "lacking") in [Label(*row["label"].split(".")) for row in labels]


def test_the_page_says_how_far_intervals_will_shrink(study):
    draw_sample(study, size=16)
    client = open_page(study)
    cells = re.findall(
        r"North</th>(.*?)</tr>", get(client, "/check/outlook").get_data(as_text=True)
    )
    assert re.findall(r">([^<]+)</td>", cells[0])[:2] == ["0 of 24", "–"]
    for number in range(10):
        save(client, next_of(client), "trust.lacking", request=f"r{number}")
    cells = re.findall(
        r"North</th>(.*?)</tr>", get(client, "/check/outlook").get_data(as_text=True)
    )
    checked, *widths = re.findall(r">([^<]+)</td>", cells[0])
    assert checked == "10 of 24"
    now, some, more, most = (int(width.removeprefix("±")) for width in widths)
    assert now > some > more == most
    assert most == 0  # all 24 checked
