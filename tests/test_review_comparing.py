import re

import pytest
from reviewed_study import draw_sample, get, make_reviewed_study, open_page, post, words_of

from pipeline.coding.settling import add_decisions, settle
from pipeline.tables import CODINGS, PASSAGES


@pytest.fixture
def study(tmp_path):
    made = make_reviewed_study(tmp_path)
    draw_sample(made, size=6)
    return made


def check_all(study, coder, labels_of, *, most=99):
    """Check the sample as a coder who gives the labels that a function says of a place."""
    client, place = open_page(study, coder=coder), 0
    shown = get(client, "/check/next").get_json()
    while shown.get("passage") and place < most:
        said = {"passage": shown["passage"], "labels": labels_of(place), "seen": shown["seen"]}
        shown = post(client, "/check/save", json=said | {"request": f"{coder}{place}"}).get_json()
        place += 1
    return client


@pytest.fixture
def client(study):
    check_all(study, "Bo", lambda place: ["trust.lacking"] if place % 2 else [])
    return check_all(study, "Ada", lambda place: ["trust.lacking"] if place < 4 else [])


BOTH = "?first=Ada&second=Bo"


def differences_of(client, query=BOTH):
    page = get(client, f"/compare/{query}").get_data(as_text=True)
    return re.findall(r'<article class="difference([^"]*)" id="([^"]+)"', page)


def decide(client, passage, applied="yes", *, seen="0", request="j1", **more):
    form = {"first": "Ada", "second": "Bo", "passage": passage, "label": "trust.lacking"}
    form |= {"applied": applied, "seen": seen, "request": request}
    return post(client, "/compare/decide", data=form | more)


def test_agreement_is_shown_code_by_code(client):
    words = words_of(get(client, f"/compare/{BOTH}"))
    passages = len(get(client, "/check/next").get_json()) and int(
        re.search(r"Trust and respect: lacking (\d+)", words).group(1)
    )
    yes, one, no = map(
        int, re.search(r"Trust and respect: lacking \d+ (\d+) (\d+) (\d+)", words).groups()
    )
    assert yes + one + no == passages
    assert (yes, one) == (2, len(differences_of(client)))


def test_a_joint_decision_stands_and_both_originals_stay(study, client):
    passage = differences_of(client)[0][1].partition(".")[0]
    assert decide(client, passage).status_code == 302
    rows = study.decisions.query("passage == @passage and code == 'trust' and stance == 'lacking'")
    said = dict(zip(rows["coder"], rows["applied"], strict=True))
    assert said["joint Ada + Bo"]
    assert sorted([said["Ada"], said["Bo"]]) == [False, True]
    joint = rows.set_index("coder").loc["joint Ada + Bo"]
    assert joint["selection"] == "random"
    assert differences_of(client)[0][0] == " done"
    codings = add_decisions(
        study.tables.read(CODINGS), study.decisions, study.tables.read(PASSAGES)
    )
    settled = settle(codings).query(
        "passage == @passage and code == 'trust' and stance == 'lacking'"
    )
    assert settled["applied"].tolist() == [True]


def test_deciding_twice_or_from_an_old_page_changes_nothing(study, client):
    passage = differences_of(client)[0][1].partition(".")[0]
    decide(client, passage)
    rows = len(study.decisions)
    assert decide(client, passage).status_code == 302
    assert decide(client, passage, "no", request="j2").status_code == 409
    assert len(study.decisions) == rows


def test_who_has_not_finished_is_warned_before_their_blindness_ends(study):
    check_all(study, "Bo", lambda _: [])
    client = check_all(study, "Ada", lambda _: ["trust.lacking"], most=2)
    words = words_of(get(client, f"/compare/{BOTH}"))
    assert "would end the blindness" in words
    assert "Ada has checked 2 of" in words
    assert "Both yes" not in words
    assert len(differences_of(client, f"{BOTH}&anyway=yes")) == 2


@pytest.mark.parametrize("query", ["?first=Ada&second=Ada", "?first=Ada&second=Nobody"])
def test_it_takes_two_who_coded(client, query):
    answer = get(client, f"/compare/{query}")
    assert answer.status_code == 400
    assert "Choose two different coders" in words_of(answer)


def test_nobody_decides_together_with_a_model_or_on_what_one_did_not_decide(study, client):
    answer = decide(client, "T0-01", second="model m")
    assert answer.status_code == 400
    assert decide(client, "nowhere").status_code == 400
    assert not study.decisions["coder"].str.startswith("joint").any()


def test_alone_one_is_told_what_to_do(tmp_path):
    client = open_page(make_reviewed_study(tmp_path / "alone"))
    assert "under a name of their own" in words_of(get(client, "/compare/"))
