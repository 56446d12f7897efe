from pathlib import Path

import pytest
from reviewed_study import draw_sample, get, make_reviewed_study, open_page, post

from pipeline import stages

PROJECT = Path(__file__).parents[1]
TALK = {
    "T1": [
        "We trust each other after many years of working together on the estate.",
        "The money was cut again, so three posts on the estate have gone.",
        "Nobody decides anything here and it all drifts.",
        "I had lunch by the river and then it rained.",
    ],
    "T2": [
        "They do not trust us and never have, so nothing is shared.",
        "We tried something new with the housing association and kept what worked.",
        "The director signed it off at once and told us to go ahead.",
        "It is a long road and there are two bridges on it.",
    ],
}


@pytest.fixture
def study(tmp_path):
    made = make_reviewed_study(tmp_path, texts=TALK)
    (tmp_path / "models").symlink_to(PROJECT / "models")
    stages.embed(made)
    return made


def next_of(client):
    return get(client, "/ask/next").get_json()


def save(client, shown, *labels, request="r1"):
    said = {name: shown[name] for name in ("passage", "seen", "selection")}
    suggested = [one["label"] for one in shown["suggestions"]]
    return post(
        client,
        "/ask/save",
        json=said | {"labels": labels, "suggested": suggested, "request": request},
    )


def test_without_a_sample_only_what_teaches_the_model_is_asked(study):
    shown = next_of(open_page(study))
    assert shown["selection"] in ("uncertain", "rare")
    assert 1 <= len(shown["suggestions"]) <= 6
    first = shown["suggestions"][0]
    assert first["like"].startswith("From the codebook: ")
    assert 0 <= first["score"] <= 1


def test_what_is_suggested_is_decided_and_nothing_else(study):
    client = open_page(study)
    shown = next_of(client)
    accepted = shown["suggestions"][0]["label"]
    after = save(client, shown, accepted, "spread.present").get_json()
    assert after["passage"] != shown["passage"]
    decisions = study.decisions
    said = decisions["code"] + "." + decisions["stance"]
    assert set(said) == {one["label"] for one in shown["suggestions"]} | {"spread.present"}
    assert set(said[decisions["applied"]]) == {accepted, "spread.present"}
    assert set(decisions["selection"]) == {shown["selection"]}
    assert decisions["probability"].isna().all()


def test_half_of_what_is_asked_is_the_random_sample_shown_blind(study):
    sample = {one.passage: one.probability for one in draw_sample(study, size=4).passages}
    client, seen = open_page(study), []
    for number in range(6):
        shown = next_of(client)
        seen.append(shown["selection"] == "random")
        if shown["selection"] == "random":
            assert shown["suggestions"] == []
            assert shown["passage"] in sample
        else:
            assert shown["passage"] not in sample
        assert save(client, shown, "trust.present", request=f"r{number}").status_code == 200
    assert sum(seen) >= 3
    checks = study.decisions.query("selection == 'random'")
    assert (checks.groupby("passage").size() == len(study.codebook.labels)).all()
    assert checks["probability"].tolist() == [sample[passage] for passage in checks["passage"]]


def test_what_people_coded_is_shown_as_the_reason(study):
    client = open_page(study)
    for passage in ("T1-01", "T2-02"):
        form = {"label": "trust.present", "applied": "yes", "seen": "0", "request": passage}
        post(client, f"/read/passage/{passage}", data=form)
    reasons = []
    for number in range(6):
        shown = next_of(client)
        reasons += [one for one in shown["suggestions"] if one["label"] == "trust.present"]
        save(client, shown, request=f"r{number}")
    assert all(one["like"].startswith("People coded so: ") for one in reasons)
    assert reasons


def test_undo_gives_the_passage_again_with_its_labels(study):
    client = open_page(study)
    shown = next_of(client)
    accepted = shown["suggestions"][0]["label"]
    save(client, shown, accepted)
    back = post(client, "/ask/undo", json={"request": "u"}).get_json()
    assert (back["passage"], back["labels"]) == (shown["passage"], [accepted])
    assert study.decisions.empty
    assert post(client, "/ask/undo", json={"request": "u2"}).status_code == 400


def test_a_second_tab_and_a_replay_change_nothing(study):
    client = open_page(study)
    shown = next_of(client)
    save(client, shown, "trust.present")
    rows = len(study.decisions)
    assert save(client, shown, "trust.present").status_code == 200
    assert save(client, shown, "trust.lacking", request="r2").status_code == 409
    assert len(study.decisions) == rows


def test_a_passage_of_the_sample_cannot_be_slipped_in_as_another(study):
    client = open_page(study)
    shown = next_of(client) | {"selection": "random"}
    assert save(client, shown, "trust.present").status_code == 400
    assert save(client, shown | {"passage": "nowhere"}, "trust.present").status_code == 400
    assert study.decisions.empty
