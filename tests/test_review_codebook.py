import re
from html import unescape

import pytest
from reviewed_study import draw_sample, get, make_reviewed_study, open_page, post, words_of

from pipeline.codebook import read_codebook
from pipeline.codebook_versions import read_versions
from pipeline.codebook_yaml import write_yaml
from pipeline.decisions import record_moves
from pipeline.tables import PASSAGES

PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
CSV = "code,definition\nTrust,Confidence in people\n"
SAVED = "/codebook/?made="


@pytest.fixture
def study(tmp_path):
    return make_reviewed_study(tmp_path)


@pytest.fixture
def client(study):
    return open_page(study)


def code_of(study, name="trust"):
    book = type(study)(study.root, study.name, study.corpus).codebook
    return next((code for code in book.codes if code.id == name), None)


def read_form(client, path="code/trust"):
    """Give the form of a page as a browser would send it."""
    page = get(client, f"/codebook/{path}").get_data(as_text=True)
    form = page[page.index('class="entry-form"') :]
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', form)
    }
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    fields |= {name: unescape(text) for name, text in areas if name != "example"}
    fields["example"] = [unescape(text) for name, text in areas if name == "example"]
    chosen = (
        re.search("<option selected>(.*?)<", select) or re.search("<option>(.*?)<", select)
        for select in re.findall("<select.*?</select>", form, re.DOTALL)
    )
    return fields | {"stance": [found.group(1) for found in chosen]}


def edit(client, path="code/trust", **changes):
    form = read_form(client, path)
    lines = {name: text.replace("\n", "\r\n") for name, text in form.items() if "\n" in text}
    return post(client, f"/codebook/{path}", data=form | lines | changes)


def decide(client, passage, label="trust.lacking", applied="yes", request="r1", seen="0"):
    form = {"label": label, "applied": applied, "seen": seen, "request": request}
    return post(client, f"/read/passage/{passage}", data=form)


def read_worklist(client, query=""):
    """Give the forms of the worklist, each with the label of its buttons."""
    page = get(client, f"/codebook/worklist{query}").get_data(as_text=True)
    return [
        dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        | {"said": re.search("said <b>(.*?)</b>", form).group(1)}
        for form in re.findall("<form.*?</form>", page, re.DOTALL)
    ]


def decide_again(client, form, applied):
    return post(client, "/codebook/worklist", data=form | {"applied": applied})


def test_the_codebook_is_shown_with_what_was_decided(client):
    decide(client, "T1-01")
    decide(client, "T1-02", applied="no", request="r2")
    words = words_of(get(client, "/codebook/"))
    trust = words[words.rindex("Trust and respect trust Edit") :]
    assert trust.startswith("Trust and respect trust Edit Trust and respect Confidence in, or")
    assert "lacking distrust, broken promises, suspicion 1 1 For example" in trust
    assert "Code it when" in trust
    assert "Not when a hospital or school trust" in trust
    assert "ships with three-powers" in words


def test_an_edited_definition_makes_a_version(study, client):
    answer = edit(client, definition="Faith in others.")
    assert answer.headers["Location"] == f"{SAVED}1.2.0"
    assert code_of(study).definition == "Faith in others."
    words = words_of(get(client, answer.headers["Location"]))
    assert "Version 1.2.0 is made (Trust and respect: definition edited)." in words
    assert "Run make analyse STUDY=small to code by it." in words


def test_what_was_not_touched_stays_as_it_was_written(study, client):
    before = study.codebook
    edit(client, "code/hierarchical", label="Power from above")
    after = type(study)(study.root, study.name, study.corpus).codebook
    assert after.version == "1.1.1"
    changed = [one.model_dump() | {"label": ""} for one in after.codes]
    assert changed == [one.model_dump() | {"label": ""} for one in before.codes]


def test_an_example_is_added_and_one_taken_out(study, client):
    form = read_form(client)
    first, second, *_ = form["example"]
    answer = edit(
        client, stance=["lacking", "present", "lacking"], example=["", first, "Why?\r\nWhy."]
    )
    assert answer.headers["Location"] == f"{SAVED}1.1.1"
    said = [(one.stance, one.text) for one in code_of(study).examples]
    assert said == [("present", first), ("lacking", "Why?\nWhy.")]
    assert second not in str(said)


def test_a_new_code_stands_last_in_its_group(study, client):
    form = {"label": "Slow cooking", "definition": "It takes time.", "include": " a \n\n b "}
    answer = edit(client, "new/power", **form | {"meaning.lacking": "it is rushed"})
    assert answer.headers["Location"] == f"{SAVED}1.2.0"
    code = code_of(study, "slow_cooking")
    assert (code.group, code.include, code.stances) == (
        *("power", ("a", "b")),
        {"lacking": "it is rushed"},
    )
    names = [one.id for one in read_versions(study.corpus)["1.2.0"].codes]
    assert names[3] == "slow_cooking"


@pytest.mark.parametrize(
    ("path", "changes", "sentence"),
    [
        ("code/trust", {"label": "  "}, "Type a name for the code."),
        ("code/trust", {"label": "x" * 81}, "The name has 81 letters. It may have 80."),
        ("code/trust", {"label": "sense of PLACE"}, "There is a code 'Sense of place' already."),
        ("code/trust", {"definition": "\x00 "}, "Type a definition"),
        ("code/trust", {"meaning.lacking": ""}, "Say what 'lacking' means here"),
        ("new/theme", {"label": "信頼"}, "needs a letter from a to z"),
        ("new/theme", {"label": "Trust"}, "The id 'trust', which is made from this name, is"),
        ("new/theme", {"label": "Slow"}, "Say what one stance at least means here."),
        (
            "new/theme",
            {"meaning.present": "so", "stance": "lacking", "example": "No."},
            "There is an example of 'lacking'. Say what 'lacking' means here, too.",
        ),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(study, client, path, changes, sentence):
    answer = edit(client, path, **{"definition": "Typed.", "exclude": "typed"} | changes)
    assert answer.status_code == 400
    assert sentence in unescape(words_of(answer))
    assert ">\ntyped</textarea>" in answer.get_data(as_text=True)
    assert not (study.corpus / "codebook.yaml").exists()


@pytest.mark.parametrize("changes", [{}, {"definition": "  {}\r\n"}])
def test_what_changes_no_word_makes_no_version(study, client, changes):
    same = code_of(study).definition.replace(" ", "\r\n", 1)
    answer = edit(client, **{name: text.format(same) for name, text in changes.items()})
    assert answer.status_code == 400
    assert "Nothing was changed, so there is no new version." in words_of(answer)
    assert not (study.corpus / "codebook.yaml").exists()


def test_an_id_that_another_code_had_is_not_used_again(study, client):
    edit(client, "new/theme", label="Slow", definition="Slow.", **{"meaning.present": "so"})
    (study.corpus / "codebook.yaml").write_text(write_yaml(read_codebook("shipped")))
    answer = edit(client, "new/theme", label="Slow", definition="x", **{"meaning.present": "so"})
    assert answer.status_code == 400
    assert "is another code's in version 1.2.0" in unescape(words_of(answer))


def test_an_id_stays_when_a_code_gets_another_name(study, client):
    edit(client, label="Faith")
    assert code_of(study).label == "Faith"


def test_what_another_tab_saved_is_not_overwritten_and_nothing_typed_is_lost(study, client):
    old = read_form(client)
    edit(client, definition="From the first tab.")
    answer = post(client, "/codebook/code/trust", data=old | {"definition": "From the second."})
    assert answer.status_code == 409
    words = words_of(answer)
    assert "it is version 1.2.0 now. Nothing of yours is saved yet." in words
    assert "Changed meanwhile: Trust and respect: definition edited." in words
    assert "Stands now From the first tab. You typed From the second." in words
    assert code_of(study).definition == "From the first tab."
    seen = re.search(r'name="seen" value="(\w+)"', answer.get_data(as_text=True)).group(1)
    data = old | {"definition": "From the second.", "seen": seen}
    assert post(client, "/codebook/code/trust", data=data).status_code == 302
    assert code_of(study).definition == "From the second."


def test_parts_that_were_not_touched_are_taken_over_from_the_other_tab(study, client):
    old = read_form(client)
    edit(client, definition="From the first tab.")
    examples = {"stance": [*old["stance"], "lacking"], "example": [*old["example"], "Who knows?"]}
    answer = post(client, "/codebook/code/trust", data=old | examples)
    words = words_of(answer)
    assert "Trust and respect: example of 'lacking' added You typed Who knows?" in unescape(words)
    assert "Stands now" not in words
    page = answer.get_data(as_text=True)
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)
    typed = old | examples | {"seen": seen, "definition": "From the first tab."}
    assert ">\nFrom the first tab.</textarea>" in page
    post(client, "/codebook/code/trust", data=typed)
    assert code_of(study).definition == "From the first tab."
    assert "Who knows?" in [one.text for one in code_of(study).examples]


@pytest.mark.parametrize("path", ["code/trust", "new/theme"])
def test_a_form_that_is_sent_twice_makes_one_version(study, client, path):
    typed = {"label": "Slow", "definition": "Slow.", "meaning.present": "so"}
    form = read_form(client, path) | typed
    places = [post(client, f"/codebook/{path}", data=form).headers["Location"] for _ in range(2)]
    assert places == [f"{SAVED}1.2.0"] * 2
    assert {*read_versions(study.corpus)} == {"1.1.0", "1.2.0"}


def test_a_table_is_announced_and_becomes_yaml(study, client):
    (study.corpus / "codebook.csv").write_text(CSV)
    assert "The first edit here makes codebook.yaml of it" in words_of(get(client, "/codebook/"))
    before = get(client, "/codebook/code/trust").get_data(as_text=True)
    assert "The first edit here makes" in before
    edit(client, definition="Faith.")
    assert not (study.corpus / "codebook.csv").exists()
    assert code_of(study).definition == "Faith."


def test_an_edit_by_hand_is_told_and_gets_a_version(study, client):
    edit(client, definition="Faith.")
    own = study.corpus / "codebook.yaml"
    own.write_text(own.read_text().replace("Faith.", "Belief."))
    page = get(client, "/codebook/").get_data(as_text=True)
    assert "The codebook was edited by hand and still says that it is version 1.2.0" in page
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)
    assert post(client, "/codebook/take-in", data={"seen": "old"}).status_code == 409
    answer = post(client, "/codebook/take-in", data={"seen": seen})
    assert answer.headers["Location"] == f"{SAVED}1.3.0"
    assert "by hand" not in words_of(get(client, "/codebook/"))
    words = words_of(get(client, "/codebook/history"))
    assert "1.3.0 in use" in words
    assert "Before Faith. After Belief." in words


def test_the_history_shows_the_newest_first_with_who_and_what(client):
    edit(client, definition="Faith.")
    edit(client, label="Faith")
    words = words_of(get(client, "/codebook/history"))
    assert (
        words.index("1.2.1 in use") < words.index("by Ada, from 1.1.0") < words.index("1.1.0 the")
    )
    assert "Faith: name edited Before Trust and respect After Faith" in words


def test_only_decisions_under_another_definition_are_to_be_looked_at_again(study, client):
    decide(client, "T1-01")
    decide(client, "T1-02", label="sense_of_place.present", request="r2")
    edit(client, definition="Faith.")
    decide(client, "T1-03", request="r3")
    edit(client, "code/sense_of_place", label="Place")
    listed = read_worklist(client)
    assert [(one["passage"], one["label"], one["said"]) for one in listed] == [
        ("T1-01", "trust.lacking", "yes")
    ]
    words = words_of(get(client, "/codebook/worklist"))
    assert "Passage 0 of talk 1." in words
    assert "decided under version 1.1.0" in words
    assert "Now Faith." in words
    assert "0 yes, 0 no" not in words_of(get(client, "/codebook/"))


def test_a_meaning_makes_only_its_own_stance_doubtful(client):
    decide(client, "T1-01")
    decide(client, "T1-02", label="trust.present", request="r2")
    edit(client, **{"meaning.present": "it is felt"})
    assert [one["label"] for one in read_worklist(client)] == ["trust.present"]


@pytest.mark.parametrize(("applied", "now"), [("yes", True), ("no", False)])
def test_what_is_decided_again_keeps_its_place_in_the_sample(study, client, applied, now):
    drawn = draw_sample(study).passages[0]
    said = {"passage": drawn.passage, "labels": ["trust.lacking"], "seen": 0, "request": "c1"}
    post(client, "/check/save", json=said)
    edit(client, definition="Faith.")
    form, other = read_worklist(client)[1], read_worklist(client)[0]
    assert (form["said"], other["said"]) == ("yes", "no")  # trust.present comes first
    assert decide_again(client, form, applied).status_code == 302
    row = study.decisions.query("code == 'trust' and stance == 'lacking'").iloc[0]
    assert (row["applied"], row["codebook_version"], row["selection"]) == (now, "1.2.0", "random")
    assert row["probability"] == pytest.approx(drawn.probability)
    assert [one["label"] for one in read_worklist(client)] == ["trust.present"]


def test_deciding_again_twice_or_from_an_old_page_changes_nothing(study, client):
    decide(client, "T1-01")
    edit(client, definition="Faith.")
    form = read_worklist(client)[0]
    decide_again(client, form, "yes")
    assert decide_again(client, form, "yes").status_code == 302
    assert decide_again(client, form | {"request": "another"}, "no").status_code == 409
    edit(client, definition="Belief.")
    form = read_worklist(client)[0]
    edit(client, definition="Hope.")
    answer = decide_again(client, form, "no")
    assert answer.status_code == 409
    assert "The codebook was changed since" in words_of(answer)
    assert study.decisions["applied"].tolist() == [True]


def test_everybody_goes_through_their_own(study, client):
    decide(client, "T1-01")
    edit(client, definition="Faith.")
    other = open_page(study, coder="Bo")
    assert read_worklist(other) == []
    assert "Others go through their own: Ada has 1." in words_of(get(other, "/codebook/worklist"))
    assert decide_again(other, read_worklist(client)[0], "no").status_code == 400
    assert study.decisions["applied"].tolist() == [True]


def test_what_two_decided_together_is_on_the_list_of_both(study, client):
    other = open_page(study, coder="Bo")
    decide(client, "T1-01")
    decide(other, "T1-01", applied="no", request="r2")
    joint = {"first": "Ada", "second": "Bo", "passage": "T1-01", "label": "trust.lacking"}
    joint |= {"applied": "yes", "seen": "0", "request": "j1"}
    assert post(client, "/compare/decide", data=joint).status_code == 302
    edit(client, definition="Faith.")
    listed = read_worklist(other)
    assert sorted(one["coder"] for one in listed) == ["Bo", "joint Ada + Bo"]
    form = next(one for one in listed if one["coder"].startswith("joint"))
    decide_again(other, form, "no")
    rows = study.decisions.set_index("coder")["applied"].to_dict()
    assert rows == {"Ada": True, "Bo": False, "joint Ada + Bo": False}


def test_what_was_withdrawn_is_not_listed(study, client):
    draw_sample(study)
    passage = get(client, "/check/next").get_json()["passage"]
    said = {"passage": passage, "labels": [], "seen": 0, "request": "c1"}
    post(client, "/check/save", json=said)
    edit(client, definition="Faith.")
    assert {one["passage"] for one in read_worklist(client)} == {passage}
    post(client, "/check/undo", json={"request": "u1"})
    assert read_worklist(client) == []


def test_what_is_not_in_the_study_any_more_is_counted_and_not_listed(study, client):
    decide(client, "T1-01")
    edit(client, definition="Faith.")
    assert len(read_worklist(client)) == 1
    passages = study.tables.read(PASSAGES).query("passage != 'T1-01'")
    study.tables.write(PASSAGES, PASSAGES.check(passages))
    assert read_worklist(client) == []
    words = words_of(get(client, "/codebook/worklist"))
    assert "1 passage with such decisions is not in the study any more" in words


def test_what_was_moved_is_listed_where_it_is_now(study, client):
    decide(client, "T1-01")
    edit(client, definition="Faith.")
    assert [one["passage"] for one in read_worklist(client)] == ["T1-01"]
    file = study.corpus / "coding.sqlite"
    record_moves(file, [("T1-01", "T2-03", "edited")], coder="Ada", moved_at="2026-11-24")
    form = read_worklist(client)[0]
    assert form["passage"] == "T2-03"
    assert decide_again(client, form, "no").status_code == 302
    assert study.decisions[["passage", "applied"]].to_numpy().tolist() == [["T2-03", False]]


def test_a_version_that_nobody_kept_is_told(study, client):
    own = study.corpus / "codebook.yaml"
    own.write_text(write_yaml(study.codebook).replace("version: 1.1.0", "version: 0.9.0"))
    decide(client, "T1-01")
    own.unlink()
    assert read_worklist(client) == []
    words = words_of(get(client, "/codebook/worklist"))
    assert "1 decision was made under version 0.9.0, of which no copy is kept" in words
    assert "Version not kept" in words_of(get(client, "/codebook/"))


def test_a_long_worklist_is_shown_in_parts(tmp_path):
    texts = {"T1": [f"Passage {place}." for place in range(60)]}
    study = make_reviewed_study(tmp_path / "long", texts=texts)
    client = open_page(study)
    for place in range(60):
        decide(client, f"T1-{place + 1:02d}", request=f"r{place}")
    edit(client, definition="Faith.")
    assert "Show more" in words_of(get(client, "/codebook/worklist"))
    first, rest = read_worklist(client), read_worklist(client, "?start=50")
    assert [len(first), len(rest)] == [50, 10]
    assert len({one["passage"] for one in first + rest}) == 60
    assert len(read_worklist(client, "?start=999")) == 50


@pytest.mark.parametrize("path", ["code/nothing", "new/nothing", "code/a/b"])
def test_what_is_not_there_is_said_so(client, path):
    answer = get(client, f"/codebook/{path}")
    assert answer.status_code == 404
    assert "There is no" in words_of(answer)


def test_nobody_edits_without_a_name(study):
    client = open_page(study, coder="")
    assert get(client, "/codebook/").status_code == 400
    answer = post(client, "/codebook/code/trust", data={"label": "x"})
    assert answer.status_code == 400
    assert not (study.corpus / "codebook.yaml").exists()


def test_whatever_is_typed_is_escaped(tmp_path):
    study = make_reviewed_study(tmp_path / "hostile", texts={"T1": [PAYLOAD] * 3})
    client = open_page(study, coder=PAYLOAD[:60])
    decide(client, "T1-01")
    typed = {"label": PAYLOAD, "definition": PAYLOAD, "include": PAYLOAD, "exclude": PAYLOAD}
    typed |= {"meaning.lacking": PAYLOAD, "example": PAYLOAD, "stance": "lacking"}
    assert edit(client, **typed).status_code == 302
    assert code_of(study).examples[0].text == PAYLOAD
    old = read_form(client)
    edit(client, definition=f"{PAYLOAD} more")
    conflict = post(client, "/codebook/code/trust", data=old | typed | {"definition": "Other."})
    assert conflict.status_code == 409
    paths = ["", "?made=1.3.0", "code/trust", "history", "worklist", f"code/{PAYLOAD}"]
    pages = [get(client, f"/codebook/{path}").get_data(as_text=True) for path in paths]
    for page in [*pages, conflict.get_data(as_text=True)]:
        assert "<script>alert" not in page
        assert "<img" not in page
    assert all("&lt;script&gt;" in page for page in pages)
