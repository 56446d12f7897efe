import csv
import re
import sqlite3

import pytest
from reviewed_study import draw_sample, get, make_reviewed_study, open_page, post, words_of

from pipeline import running
from pipeline.decisions import record_moves
from pipeline.memos import Note, memos_table, read_memos, read_versions, write_memo
from pipeline.review.memo_lists import LONGEST, MOST, quote, tell_time
from pipeline.stages import STAGES, without_bar
from pipeline.tables import MEMOS

PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
WHEN = "2025-03-01T10:00:00+00:00"


@pytest.fixture
def study(tmp_path):
    return make_reviewed_study(tmp_path)


@pytest.fixture
def client(study):
    return open_page(study)


@pytest.fixture
def path(study):
    return study.corpus / "coding.sqlite"


def write(client, text="Who knows whom?", target="study", *, query="", **more):
    form = {"text": text, "target": target, "replaces": "0", "request": text} | more
    return post(client, f"/memos/{query}", data=form)


def delete(client, replaces, request="d1"):
    return post(client, "/memos/delete", data={"replaces": replaces, "request": request})


def page_of(client, query=""):
    return get(client, f"/memos/{query}").get_data(as_text=True)


def list_texts(client, query=""):
    """Give the texts of the memos that are listed, as they stand."""
    articles = re.findall(r'<article class="memo".*?</article>', page_of(client, query), re.DOTALL)
    return [re.search(r'<p class="text">(.*?)</p>', one, re.DOTALL).group(1) for one in articles]


def texts(path):
    return [memo.text for memo in read_memos(path)]


def check(client, passage):
    form = {"passage": passage, "labels": [], "seen": 0, "request": f"check {passage}"}
    assert post(client, "/check/save", json=form).status_code == 200


def test_memos_are_written_on_the_study_a_code_and_a_passage(client, path):
    write(client, "On it all.")
    write(client, "On a code.", "code:trust")
    write(client, "On a passage.", "passage:T1-01")
    rows = memos_table(path)[["about", "target", "coder", "text"]].to_numpy().tolist()
    assert rows == [
        ["study", "", "Ada", "On it all."],
        ["code", "trust", "Ada", "On a code."],
        ["passage", "T1-01", "Ada", "On a passage."],
    ]
    assert list_texts(client) == ["On a passage.", "On a code.", "On it all."]
    words = words_of(get(client, "/memos/"))
    assert "On the code Trust and respect On a code." in words
    assert "On a passage · in its place Passage 0 of talk 1. On a passage." in words
    assert 'href="/read/passage/T1-01"' in page_of(client)


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("", "study"),
        ("?passage=T1-01", "passage:T1-01"),
        ("?code=trust", "code:trust"),
    ],
)
def test_what_the_address_names_is_what_the_memo_is_about(client, query, chosen):
    selected = re.findall(r'<option value="(\S+)" selected', page_of(client, query))
    assert selected[0] == chosen


def test_the_memos_of_one_passage_or_code_are_shown_alone(client):
    write(client, "On a code.", "code:trust")
    write(client, "On a passage.", "passage:T1-01")
    assert list_texts(client, "?passage=T1-01") == ["On a passage."]
    assert list_texts(client, "?code=trust") == ["On a code."]
    assert "of 2 memos" in page_of(client, "?code=trust")


@pytest.mark.parametrize("query", ["?passage=T9-99", "?code=nothing", "?passage=trust"])
def test_an_address_that_names_nothing_is_refused_with_a_sentence(client, query):
    answer = get(client, f"/memos/{query}")
    assert answer.status_code == 404
    assert "There is no" in words_of(answer)
    assert "in this study any more" in words_of(answer)


@pytest.mark.parametrize("target", ["passage:T9-99", "code:nothing", "passage:", "else", "study:x"])
def test_a_memo_on_nothing_is_refused_and_what_was_typed_is_kept(client, path, target):
    answer = write(client, "Long thought.", target)
    assert answer.status_code == 400
    assert "There is no such" in words_of(answer)
    assert ">Long thought.</textarea>" in answer.get_data(as_text=True)
    assert texts(path) == []


def test_an_empty_memo_and_one_too_long_are_refused(client, path):
    assert write(client, " \r\n ", request="a").status_code == 400
    answer = write(client, "x" * (LONGEST + 1), request="b")
    assert answer.status_code == 400
    assert "this has 20,001" in words_of(answer)
    assert "x" * (LONGEST + 1) in answer.get_data(as_text=True)
    assert texts(path) == []


def test_line_ends_are_ours_and_what_cannot_be_seen_is_left_out(client, path):
    write(client, "One.\r\nTwo.\x00\x07\rThree.\t\r\n")
    assert texts(path) == ["One.\nTwo.\nThree."]


def test_sending_a_form_twice_saves_once_and_a_form_without_a_request_every_time(client, path):
    write(client)
    assert write(client).status_code == 302
    assert texts(path) == ["Who knows whom?"]
    write(client, "Two.", request="")
    write(client, "Three.", request="")
    assert texts(path) == ["Three.", "Two.", "Who knows whom?"]


def test_an_edit_keeps_what_a_memo_is_about_and_shows_what_it_said(client, path):
    write(client, "First.", "code:trust")
    answer = write(client, "Second.", "study", replaces="1")
    assert answer.headers["Location"] == "/memos/?done=saved"
    assert texts(path) == ["Second."]
    words = words_of(get(client, "/memos/"))
    assert "On the code Trust and respect Second." in words
    assert "1 earlier version" in words
    assert words.index("Second.") < words.index("First.")


def test_the_second_of_two_edits_is_shown_both_texts_and_nothing_is_lost(client, path):
    write(client, "First.")
    write(client, "From one tab.", replaces="1")
    answer = write(client, "From the other.", replaces="1")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert '<p class="text">From one tab.</p>' in page
    assert ">From the other.</textarea>" in page
    assert texts(path) == ["From one tab."]
    number = re.search(r'name="replaces" value="(\d+)">Put mine', page).group(1)
    write(client, "From the other.", replaces=number, request="again")
    assert texts(path) == ["From the other."]


def test_both_texts_of_a_clash_can_be_kept(client, path):
    write(client, "First.", "code:trust")
    write(client, "From one tab.", replaces="1")
    page = write(client, "From the other.", "study", replaces="1").get_data(as_text=True)
    target = re.search(r'name="target" value="(\S+)"', page).group(1)
    write(client, "From the other.", target, request="again")
    assert texts(path) == ["From the other.", "From one tab."]
    assert {memo.target for memo in read_memos(path)} == {"trust"}


def test_the_browsers_way_back_to_a_form_that_was_saved_loses_nothing(client, path):
    write(client, "As saved.", request="same")
    answer = write(client, "Typed after going back.", request="same")
    assert answer.status_code == 409
    assert ">Typed after going back.</textarea>" in answer.get_data(as_text=True)
    assert texts(path) == ["As saved."]


def test_an_edit_of_a_memo_that_was_deleted_meanwhile_can_bring_it_back(client, path):
    write(client, "First.")
    delete(client, 1)
    answer = write(client, "Edited.", replaces="1")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    number = re.search(r'name="replaces" value="(\d+)">Bring it back', page).group(1)
    write(client, "Edited.", replaces=number, request="again")
    assert texts(path) == ["Edited."]


def test_a_deletion_takes_two_steps_and_leaves_the_versions_in_the_file(client, path):
    write(client, "First.")
    assert "Delete this memo?" in words_of(get(client, "/memos/"))
    assert delete(client, 1).headers["Location"] == "/memos/?done=deleted"
    assert list_texts(client) == []
    assert [one.text for one in read_versions(path)] == ["First.", ""]


def test_a_memo_that_changed_meanwhile_is_not_deleted(client, path):
    write(client, "First.")
    write(client, "Second.", replaces="1")
    answer = delete(client, 1)
    assert answer.status_code == 409
    assert '<p class="text">Second.</p>' in answer.get_data(as_text=True)
    assert texts(path) == ["Second."]
    delete(client, 2, request="d2")
    assert texts(path) == []
    assert delete(client, 2, request="d3").status_code == 302  # from a page that was open still


def test_only_who_wrote_a_memo_can_change_it(study, client, path):
    write(client, "Mine.")
    assert "Delete it" in page_of(client)
    other = open_page(study, coder="Bo")
    assert "Delete it" not in page_of(other)
    assert delete(other, 1).status_code == 400
    answer = write(other, "Better.", replaces="1", request="b")
    assert answer.status_code == 400
    assert "Only Ada can change this memo" in words_of(answer)
    assert texts(path) == ["Mine."]
    write(other, "Better.", request="c")  # the form that comes back is of a memo of one's own
    assert '<input type="hidden" name="replaces" value="0">' in answer.get_data(as_text=True)
    assert texts(path) == ["Better.", "Mine."]


@pytest.mark.parametrize("number", ["0", "7", "nonsense", "9" * 5000, "-1"])
def test_a_deletion_of_no_memo_is_refused(client, number):
    answer = delete(client, number)
    assert answer.status_code == 400
    assert "There is no such memo" in words_of(answer)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?words=HARBOUR", ["The harbour."]),
        ("?words=respect", ["On a code."]),  # the code's name
        ("?words=nowhere", []),
        ("?about=study", ["Bo's.", "The harbour."]),
        ("?about=passage", ["On a passage."]),
        ("?coder=Bo", ["Bo's."]),
        ("?coder=Bo&words=harbour", []),
        ("?about=nonsense", []),
        ("?before=nonsense", ["Bo's.", "On a passage.", "On a code.", "The harbour."]),
    ],
)
def test_memos_are_searched_and_filtered(study, client, query, found):
    write(client, "The harbour.")
    write(client, "On a code.", "code:trust")
    write(client, "On a passage.", "passage:T1-01")
    write(open_page(study, coder="Bo"), "Bo's.")
    assert [text.replace("&#39;", "'") for text in list_texts(client, query)] == found


def test_a_new_memo_is_not_hidden_by_what_was_looked_for(client):
    answer = write(client, query="?words=harbour&about=code")
    assert answer.headers["Location"] == "/memos/?done=saved"
    answer = write(client, "Edited.", query="?words=harbour", replaces="1")
    assert answer.headers["Location"] == "/memos/?words=harbour&done=saved"


def test_a_memo_goes_with_its_passage_and_says_if_that_is_gone(client, path):
    write(client, "Moved.", "passage:T1-01")
    write(client, "Given up.", "passage:T1-02")
    moves = [("T1-01", "T1-03", "same words"), ("T1-02", "T1-99", "ask")]
    record_moves(path, moves, coder="Ada", moved_at=WHEN)
    words = words_of(get(client, "/memos/"))
    assert "Passage 2 of talk 1. Moved." in words
    assert "On passage T1-99, not in the study any more Given up." in words
    write(client, "Given up, edited.", "passage:T1-99", replaces="2")
    assert "Given up, edited." in texts(path)


def test_a_code_that_left_the_codebook_is_named_by_its_id(client, path):
    write_memo(path, Note("code", "older", "Ada", "Before."), request="a", written_at=WHEN)
    assert "On the code older, not in the codebook any more" in words_of(get(client, "/memos/"))


def test_what_others_note_on_the_check_sample_waits_until_it_is_checked(study, client):
    waiting = draw_sample(study).passages[0].passage
    other = open_page(study, coder="Bo")
    write(other, "Trust is lacking here.", f"passage:{waiting}")
    write(other, "On the study.")
    write(client, "Mine.", f"passage:{waiting}")
    assert list_texts(client) == ["Mine.", "On the study."]
    assert list_texts(client, "?words=lacking") == []
    assert "1 memo by others is on passages of the check sample" in words_of(get(client, "/memos/"))
    read = f"/read/transcript/{waiting[:2]}"
    assert "Trust is lacking here." not in words_of(get(client, read))
    assert "Mine." in words_of(get(client, read))
    check(client, waiting)
    assert list_texts(client) == ["Mine.", "On the study.", "Trust is lacking here."]
    assert "Trust is lacking here." in words_of(get(client, read))


def test_memos_stand_in_the_margin_of_their_passage_and_are_written_there(client):
    answer = write(client, "By the way.", "passage:T1-02", query="?back=read")
    assert answer.headers["Location"] == "/read/passage/T1-02"
    page = get(client, "/read/transcript/T1").get_data(as_text=True)
    row = page[page.index('id="passage-T1-02"') : page.index('id="passage-T1-03"')]
    assert "<p>By the way.</p>" in row
    assert 'href="/memos/?passage=T1-02#memo-1"' in row
    assert '<input type="hidden" name="target" value="passage:T1-02">' in row
    assert page.count("By the way.") == 1
    assert "By the way." not in words_of(get(client, "/read/transcript/T2"))


def test_of_5000_memos_100_are_shown_and_the_older_ones_are_a_link_away(client, path):
    write(client)
    with sqlite3.connect(path) as database:
        database.executemany(
            "INSERT INTO memos (coder, about, target, text, written_at, request) "
            "VALUES ('Ada', 'study', '', ?, ?, ?)",
            [(f"Memo {number}.", WHEN, f"r{number}") for number in range(2, 5001)],
        )
    page = page_of(client)
    assert "5,000 memos" in page
    assert page.count('<article class="memo"') == MOST
    assert list_texts(client)[0] == "Memo 5000."
    older = re.search(r'href="/memos/(\?before=\d+)"', page).group(1)
    assert list_texts(client, older)[0] == "Memo 4900."
    last = page_of(client, "?before=51")
    assert last.count('<article class="memo"') == 50
    assert "Older memos" not in last


def test_whatever_comes_from_people_is_escaped(tmp_path):
    study = make_reviewed_study(tmp_path / "hostile", texts={"T1": [PAYLOAD] * 3}, area=PAYLOAD)
    client = open_page(study, coder=PAYLOAD[:60])
    write(client, PAYLOAD, "passage:T1-01", request="a")
    write(client, f"{PAYLOAD} edited", replaces="1", request="b")
    clash = write(client, f"{PAYLOAD} again", replaces="1", request="c").get_data(as_text=True)
    wrong = write(client, f"{PAYLOAD}", f"code:{PAYLOAD}", request="d").get_data(as_text=True)
    paths = ("/memos/", "/memos/?passage=T1-01", "/memos/?words=%3Cscript%3Ealert")
    for page in (clash, wrong, *(get(client, path).get_data(as_text=True) for path in paths)):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in get(client, "/read/transcript/T1").get_data(as_text=True)


def test_the_page_warns_of_names_and_every_field_has_a_label(client):
    write(client, "One.", "passage:T1-01")
    for path in ("/memos/", "/memos/?passage=T1-01", "/read/transcript/T1"):
        page = get(client, path).get_data(as_text=True)
        assert "Write no real names: memos are exported." in page
        labelled = {*re.findall(r'<label for="([^"]+)"', page)}
        areas = re.findall(r'<textarea id="([^"]+)"', page)
        assert areas
        assert {*areas} <= labelled
        assert len(areas) == len({*areas})


def test_nobody_writes_without_a_name(study, path):
    nobody = open_page(study, coder="")
    assert get(nobody, "/memos/").status_code == 400
    assert write(nobody).status_code == 400
    assert texts(path) == []


def test_a_quote_is_cut_between_words():
    assert quote("short") == "short"
    assert quote("word " * 60) == "word " * 39 + "word …"


def test_a_time_is_told_by_the_clock_of_this_machine():
    assert re.fullmatch(r"(28 February|1 March|2 March) 2025, \d\d:\d\d", tell_time(WHEN))


def analyse(study):
    """Run what has changed; give the names of the stages that ran."""
    ran = []
    running.analyse(
        study, lambda name, _, is_unchanged: is_unchanged or ran.append(name), lambda _: without_bar
    )
    return ran


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_memo_is_exported_by_the_next_run_which_leaves_codes_and_findings_as_they_are(make_study):
    study = make_study(
        {"a.txt": "Ada Quill: The bus comes twice a day, and nobody asked us about it.\n"}
    )
    file = study.outputs / "exports" / "memos.csv"
    assert analyse(study) == [stage.name for stage in STAGES]
    assert read_csv(file) == [[*MEMOS.columns]]
    note = Note("code", "trust", "Ada", "=Who asks?\nNobody.")
    memo = write_memo(study.corpus / "coding.sqlite", note, request="a", written_at=WHEN)
    assert analyse(study) == ["report"]
    assert read_csv(file)[1:] == [["1", "code", "trust", "Ada", "'=Who asks?\nNobody.", WHEN]]
    described = read_csv(study.outputs / "exports" / "data_dictionary.csv")
    assert [row[1] for row in described if row[0] == "memos.csv"] == [*MEMOS.columns]
    assert analyse(study) == []
    write_memo(
        study.corpus / "coding.sqlite",
        note._replace(text="", replaces=memo.number),
        request="b",
        written_at=WHEN,
    )
    assert analyse(study) == ["report"]
    assert read_csv(file) == [[*MEMOS.columns]]
