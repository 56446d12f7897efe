"""Every page of every part in a real browser: nothing runs, all is labelled, legible and reached.

Pages are found from the start page on, so that those of a new part are among them.
"""

from urllib.parse import quote

import pytest
from browser import browsing, enter, hosted, needs_browser, take_wrongs
from page_faults import FAULTS, INJECTED, SAID, tab_through, walk
from reviewed_study import bring_model, draw_sample, make_reviewed_study, write_report

from pipeline.codebook_yaml import write_yaml
from pipeline.decisions import record_moves
from pipeline.memos import Note, write_memo
from pipeline.review.desk import Desk

pytestmark = needs_browser
NOW = "2026-01-01T00:00:00+00:00"
PAYLOAD = (
    "\"'></script><script>ran=1</script><img src=x onerror=ran=1><svg onload=ran=1>"
    "{{7*7}}{% x %}${7*7}&amp;<!--]]>\u2028javascript:ran=1;"
)
NAME = PAYLOAD.replace("/", "|")  # no file's name can have it
CODERS = (PAYLOAD[:60], f"B{PAYLOAD}"[:60])
SIZES = ({"width": 1920, "height": 1080}, {"width": 1280, "height": 800})


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


def fill(study, coders, *, text):
    """Put something on every page: a sample that two checked, memos, a lost passage, a report."""
    bring_model(study)
    drawn = draw_sample(study, size=3).passages
    desk, file = Desk(study), study.corpus / "coding.sqlite"
    for number, coder in enumerate(coders):
        for one in drawn:
            desk.save_passage(
                one.passage,
                dict.fromkeys(desk.codebook.labels[:4], not number),
                coder=coder,
                seen=0,
                request=f"{coder}{one.passage}",
                how=("random", one.probability),
            )
    code = desk.codebook.codes[0].id
    for about, target in (("passage", drawn[0].passage), ("code", code), ("study", "")):
        note = Note(about, target, coders[0], f"{text}memo")
        write_memo(file, note, request=f"memo {about}", written_at=NOW)
    record_moves(file, [(drawn[-1].passage, "", "ask")], coder="three-powers", moved_at=NOW)
    write_report(study, title=f"{text}title")


def spoil(study):
    """Give the study a codebook and a title that would run something, if they could."""
    book = study.codebook.model_dump(mode="json")
    book["codes"] = book["codes"][:4]  # the powers, and one more
    for group in book["groups"].values():
        group["title"] = f"{PAYLOAD}group"
        group["stances"] = dict.fromkeys(group["stances"], f"{PAYLOAD}stance")
    for code in book["codes"]:
        code |= {"label": f"{PAYLOAD}label {code['id']}", "definition": f"{PAYLOAD}definition"}
        code |= {"include": [f"{PAYLOAD}include"], "exclude": [f"{PAYLOAD}exclude"]}
        code["stances"] = dict.fromkeys(code["stances"], f"{PAYLOAD}meaning")
        stance = next(iter(code["stances"]))
        code["examples"] = [{"stance": stance, "text": f"{PAYLOAD}example"}]
    odd = {"id": NAME, "group": NAME, "label": NAME, "definition": NAME, "stances": {NAME: NAME}}
    book["groups"][NAME] = {"title": f"{PAYLOAD}group", "stances": {NAME: NAME}}
    book |= {"name": "odd", "codes": [*book["codes"], odd]}
    spoiled = type(study.codebook).model_validate(book)
    (study.corpus / "codebook.yaml").write_text(write_yaml(spoiled), "utf-8")
    title = f"{PAYLOAD}title".replace("\\", "\\\\").replace('"', '\\"').replace("\u2028", "\\u2028")
    (study.corpus / "study.toml").write_text(f'[report]\ntitle = "{title}"\n', "utf-8")


def test_whatever_a_study_holds_is_shown_as_text_and_nothing_of_it_runs(browser, tmp_path):
    texts = {f"{NAME}{number}": [f"{PAYLOAD}text {place}" for place in range(3)] for number in "ab"}
    hostile = make_reviewed_study(
        tmp_path,
        texts=texts,
        area=f"{PAYLOAD}area",
        coder_of=f"model {PAYLOAD}",
        speaker=f"{PAYLOAD}speaker",
        context=f"{PAYLOAD}context",
        change=spoil,
    )
    fill(hostile, CODERS, text=PAYLOAD)
    said, parts = "", set()
    with hosted(hostile) as address:
        page = enter(browser, address, coder=CODERS[0])
        for place in walk(page):
            if page.locator("#typed:visible").count():
                page.keyboard.press("ArrowDown")
            assert page.evaluate(INJECTED) == [], place
            assert page.evaluate("typeof ran") == "undefined", place
            said += page.evaluate(SAID)
            parts.add(place.removeprefix(page.home).partition("/")[0])
        assert page.wrongs == []
        for path in ("read/transcript", "read/passage", "codebook/code"):
            assert page.goto(f"{page.home}{path}/{quote(NAME + 'x', safe='')}").status == 404
            assert page.evaluate(INJECTED) == []
        take_wrongs(page, "status of 404")
        assert page.wrongs == []
    assert parts >= {"check", "ask", "read", "codebook", "memos", "compare", "retrain", "place"}
    fields = "area speaker context text memo title group label definition include exclude"
    for field in (*fields.split(), "meaning", "example"):
        assert f"{PAYLOAD}{field}" in said, field
    for name in (f"{NAME}a", f"P-{NAME}a", *CODERS):
        assert name in said, name


def test_every_page_is_labelled_legible_fits_and_is_reached_by_keyboard(browser, tmp_path):
    study = make_reviewed_study(tmp_path)
    fill(study, ("Ada", "Bo"), text="")
    with hosted(study) as address:
        page = enter(browser, address)
        for place in walk(page):
            for size in SIZES:
                page.set_viewport_size(size)
                assert page.evaluate(FAULTS) == [], place
            if not place.endswith("/read/report"):
                assert tab_through(page) == [], place
        assert page.wrongs == []
