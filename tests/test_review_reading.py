import re

import pytest
from reviewed_study import draw_sample, get, make_reviewed_study, open_page, post, words_of

PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def study(tmp_path):
    return make_reviewed_study(tmp_path)


@pytest.fixture
def client(study):
    return open_page(study)


def decide(client, passage, label="Trust and respect: lacking", applied="yes", **more):
    form = {"label": label, "applied": applied, "seen": "0", "request": "r1"} | more
    return post(client, f"/read/passage/{passage}", data=form)


def row_of(client, passage, query=""):
    """Give the part of a transcript's page that is about one passage."""
    page = get(client, f"/read/transcript/{passage[:2]}{query}").get_data(as_text=True)
    start = page.index(f'id="passage-{passage}"')
    return page[page.rindex("<div", 0, start) : page.index("</section>", start)]


def test_every_transcript_is_listed_with_what_the_coder_decided(study, client):
    decide(client, "T1-01")
    words = words_of(get(client, "/read/"))
    assert "T0 North P-T0 6 0" in words
    assert "T1 North P-T1 6 1" in words


def test_a_transcript_is_shown_whole_with_its_codes_and_who_said_so(client):
    decide(client, "T1-01")
    words = words_of(get(client, "/read/transcript/T1"))
    assert all(f"Passage {place} of talk 1." in words for place in range(6))
    row = row_of(client, "T1-01")
    assert re.search(r"<b>Trust and respect: lacking</b> <small>(model [.\d]+, )?Ada</small>", row)
    assert "model .8" in words or "model .9" in words


def test_one_label_is_decided_and_no_other(study, client):
    assert decide(client, "T1-01").headers["Location"] == "/read/passage/T1-01"
    found = get(client, "/read/passage/T1-01").headers["Location"]
    assert found == "/read/transcript/T1#passage-T1-01"
    decisions = study.decisions
    assert decisions[["passage", "code", "stance", "applied"]].to_numpy().tolist() == [
        ["T1-01", "trust", "lacking", True]
    ]
    assert decisions[["selection", "coder"]].to_numpy().tolist() == [["chosen", "Ada"]]


def test_sending_a_form_twice_and_an_old_page_change_nothing(study, client):
    decide(client, "T1-01")
    assert decide(client, "T1-01").status_code == 302
    assert decide(client, "T1-01", applied="no", request="r2").status_code == 409
    assert study.decisions["applied"].tolist() == [True]


def test_a_passage_that_waits_in_the_sample_is_blind_here_too(study, client):
    waiting = draw_sample(study).passages[0].passage
    row = row_of(client, waiting)
    assert "check it there" in row
    assert "<b>" not in row
    answer = decide(client, waiting)
    assert answer.status_code == 400
    assert "Check it there first" in words_of(answer)
    assert study.decisions.empty


def test_what_was_checked_in_the_sample_stays_in_it_when_it_is_corrected(study, client):
    drawn = draw_sample(study).passages[0]
    post(
        client,
        "/check/save",
        json={"passage": drawn.passage, "labels": ["trust.lacking"], "seen": 0, "request": "c1"},
    )
    seen = str(study.decisions["number"].max())
    decide(client, drawn.passage, applied="no", seen=seen, request="r2")
    row = study.decisions.query("code == 'trust' and stance == 'lacking'").iloc[0]
    assert (row["applied"], row["selection"]) == (False, "random")
    assert row["probability"] == pytest.approx(drawn.probability)


def test_a_filter_dims_the_rest_and_loses_nothing(client):
    decide(client, "T1-01")
    query = "?code=trust&stance=lacking&coder=Ada"
    assert ' match"' in row_of(client, "T1-01", query)
    page = get(client, f"/read/transcript/T1{query}").get_data(as_text=True)
    assert (page.count(' match"'), page.count(' dim"')) == (1, 5)
    assert all(f"Passage {place} of talk 1." in page for place in range(6))


@pytest.mark.parametrize("path", ["transcript/T9", "passage/nowhere", "report"])
def test_what_is_not_there_is_said_so(client, path):
    answer = get(client, f"/read/{path}")
    assert answer.status_code == 404
    assert "There is no" in words_of(answer)


def test_an_unknown_code_is_refused(study, client):
    assert decide(client, "T1-01", label="Trsut").status_code == 400
    assert study.decisions.empty


def test_the_reports_quotes_lead_to_their_places(study, client):
    folder = study.outputs / "report"
    folder.mkdir()
    (folder / "report.html").write_text("<p><code>T1-01</code> <code>T9-99</code></p>")
    answer = get(client, "/read/report")
    page = answer.get_data(as_text=True)
    assert '<a href="/read/passage/T1-01"><code>T1-01</code></a> <code>T9-99</code>' in page
    assert "style-src 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_whatever_comes_from_the_study_is_escaped(tmp_path):
    study = make_reviewed_study(tmp_path / "hostile", texts={"T1": [PAYLOAD] * 3}, area=PAYLOAD)
    client = open_page(study, coder=PAYLOAD[:60])
    decide(client, "T1-01")
    for path in ("", "transcript/T1", "transcript/T1?code=%3Cscript%3E&coder=%3Cscript%3E"):
        page = get(client, f"/read/{path}").get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img" not in page
