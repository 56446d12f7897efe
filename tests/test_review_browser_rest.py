"""Ask me, Read and Compare in a real browser, and hostile names on every page of every part."""

from pathlib import Path

import pytest
from browser import browsing, enter, needs_browser, served
from reviewed_study import draw_sample, make_reviewed_study

from pipeline import stages
from pipeline.codebook import Label
from pipeline.decisions import record
from pipeline.review.desk import Desk

pytestmark = needs_browser
PROJECT = Path(__file__).parents[1]
PAYLOADS = (
    "\"'><script>canary=1</script>",
    "<img src=x onerror=canary=1>",
    '"><svg onload=canary=1>',
    "{{7*7}}${7*7}</textarea></select><b>",
    "javascript:canary=1//\u2028\u202e",
)
TALK = {
    f"T{talk}": [
        f"{said} It was week {talk} of the work on the estate."
        for said in (
            "We trust each other after many years of working together.",
            "The money was cut again, so three posts have gone.",
            "Nobody decides anything here and it all drifts.",
            "The director signed it off at once and told us to go ahead.",
        )
    ]
    for talk in range(4)
}


@pytest.fixture(scope="module")
def browser():
    with browsing() as found:
        yield found


@pytest.fixture
def study(tmp_path):
    return make_reviewed_study(tmp_path)


@pytest.fixture
def asked(tmp_path):
    """A study with vectors, for suggestions with what they rest on."""
    made = make_reviewed_study(tmp_path, texts=TALK)
    (tmp_path / "models").symlink_to(PROJECT / "models")
    stages.embed(made)
    return made


def open_at(page, path):
    page.goto(f"{page.home}{path}")
    page.wait_for_load_state("networkidle")
    return page


def wait_for_count(page, number):
    page.wait_for_function(
        "n => document.getElementById('count').textContent.startsWith(n + ' of')", arg=str(number)
    )


def wait_for_state(page, words):
    page.wait_for_function(
        "words => document.getElementById('state').textContent.includes(words)", arg=words
    )


def save(page):
    """Save what is chosen; nothing is saved only if that is said twice."""
    page.keyboard.press("Enter")
    if "once more" in page.inner_text("#state"):
        page.keyboard.press("Enter")


def test_ten_suggestions_are_answered_by_number_undone_and_reloaded(browser, asked):
    with served(asked) as (_, address):
        page = open_at(enter(browser, address), "ask/")
        page.wait_for_selector("#suggested li")
        for number in range(10):
            accepted = page.inner_text("#suggested li:first-child button")
            page.keyboard.press("1")
            assert page.inner_text("#chosen") in accepted
            page.keyboard.press("1")
            assert page.inner_text("#chosen") == ""
            page.keyboard.press("1")
            page.keyboard.press("Enter")
            wait_for_count(page, number + 1)
        assert len(set(asked.decisions["passage"])) == 10
        assert set(asked.decisions["selection"]) <= {"uncertain", "rare"}
        page.keyboard.press("Control+z")
        wait_for_count(page, 9)
        page.keyboard.type("spread pre")
        page.keyboard.press("Enter")
        page.reload()
        page.wait_for_selector("#chosen li")
        assert "Spread" in page.inner_text("#chosen")
        save(page)
        wait_for_count(page, 10)
        assert page.wrongs == []
    yes = asked.decisions.query("applied")
    assert ("spread", "present") in set(zip(yes["code"], yes["stance"], strict=True))


def test_what_is_of_the_sample_is_asked_without_suggestions(browser, asked):
    draw_sample(asked, size=16)
    with served(asked) as (_, address):
        page = open_at(enter(browser, address), "ask/")
        seen = set()
        for number in range(4):
            page.wait_for_selector("#text:not(:empty)")
            is_random = "random sample" in page.inner_text("#why")
            seen.add(is_random)
            assert (page.locator("#suggested li").count() == 0) == is_random
            page.keyboard.type("trust la")
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")
            wait_for_count(page, number + 1)
    assert seen == {True}  # all 16 passages are of the sample, so none is asked otherwise
    assert set(asked.decisions["selection"]) == {"random"}


def test_asking_survives_two_tabs_and_a_killed_server(browser, asked):
    with served(asked) as (process, address):
        page = open_at(enter(browser, address), "ask/")
        page.wait_for_selector("#suggested li")
        other = page.context.new_page()
        other.home = page.home
        open_at(other, "ask/").wait_for_selector("#suggested li")
        passage = other.inner_text("#text")
        assert page.inner_text("#text") == passage
        page.bring_to_front()
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        wait_for_count(page, 1)
        other.bring_to_front()
        other.keyboard.type("spread pre")
        other.keyboard.press("Enter")
        other.keyboard.press("Enter")
        wait_for_state(other, "There:")
        assert "spread" not in set(asked.decisions.query("applied")["code"])
        other.keyboard.press("Enter")
        wait_for_count(other, 1)
        assert "spread" in set(asked.decisions.query("applied")["code"])
        other.keyboard.press("1")
        process.kill()
        process.wait()
        before = len(asked.decisions)
        other.keyboard.press("Enter")
        wait_for_state(other, "Not saved")
    port = int(page.home.rpartition(":")[2].strip("/"))
    with served(asked, port=port) as (_, address):
        page.context.new_page().goto(address)  # gives this browser the new token
        other.bring_to_front()
        other.keyboard.press("Enter")
        wait_for_count(other, 2)
    assert len(asked.decisions) > before


def test_a_transcript_is_read_filtered_and_coded_in_its_margin(browser, study):
    with served(study) as (_, address):
        page = open_at(enter(browser, address), "read/")
        page.get_by_role("link", name="T1").click()
        row = page.locator("#passage-T1-02")
        row.get_by_text("Add a code").click()
        row.get_by_label("Code", exact=True).fill("Trust and respect: lacking")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("/read/transcript/T1#passage-T1-02")
        assert "Trust and respect: lacking" in row.inner_text()
        page.get_by_label("Coder").select_option("Ada")
        with page.expect_navigation():
            page.get_by_role("button", name="Show").click()
        assert page.locator(".row.match").count() == 1
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.id") == "passage-T1-02"
        page.reload()
        assert page.locator(".row.match").count() == 1
        open_at(page, "read/transcript/T1")
        with page.expect_navigation():
            row.get_by_label("Trust and respect: lacking: no").click()
        assert study.decisions["applied"].tolist() == [False]
        assert page.wrongs == []


def test_an_old_page_of_a_transcript_overwrites_nothing(browser, study):
    with served(study) as (_, address):
        page = open_at(enter(browser, address), "read/transcript/T1")
        other = page.context.new_page()
        other.home = page.home
        open_at(other, "read/transcript/T1")
        for tab, name in ((page, "Trust and respect: lacking"), (other, "Disorder: present")):
            row = tab.locator("#passage-T1-02")
            row.get_by_text("Add a code").click()
            row.get_by_label("Code", exact=True).fill(name)
            with tab.expect_navigation():
                row.get_by_role("button", name="Add").click()
        assert "You decided on this passage in another tab." in other.inner_text("main")
    assert study.decisions["code"].tolist() == ["trust"]


def test_a_quote_of_the_report_leads_to_its_place(browser, study):
    report = study.outputs / "report" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>Said: <code>T2-03</code>, <code>none</code></p><script>canary=1</script>")
    with served(study) as (_, address):
        page = open_at(enter(browser, address), "read/report")
        assert page.locator("a").count() == 1
        page.get_by_role("link", name="T2-03").click()
        assert page.url.endswith("/read/transcript/T2#passage-T2-03")
        assert "canary" not in page.evaluate("Object.keys(window)")


def check_all(study, coder, labels_of):
    desk = Desk(study)
    for place, drawn in enumerate(desk.sample.passages):
        chosen = labels_of(place)
        desk.save_passage(
            drawn.passage,
            {label: label in chosen for label in desk.codebook.labels},
            coder=coder,
            seen=0,
            request=f"{coder}{place}",
            how=("random", drawn.probability),
        )


def test_two_coders_are_compared_and_decide_together_by_keyboard(browser, study):
    draw_sample(study, size=6)
    lacking = Label("trust", "lacking")
    check_all(study, "Ada", lambda place: [lacking] if place < 4 else [])
    check_all(study, "Bo", lambda place: [lacking] if place % 2 else [])
    before = len(study.decisions)
    with served(study) as (_, address):
        page = open_at(enter(browser, address), "compare/")
        page.get_by_label("First").select_option("Ada")
        page.get_by_label("Second").select_option("Bo")
        with page.expect_navigation():
            page.get_by_role("button", name="Compare").click()
        assert "Trust and respect: lacking" in page.inner_text("table")
        assert " to " in page.inner_text("table")  # an interval
        differences = page.locator(".difference").count()
        assert differences > 1
        for key in ("y", "n"):
            page.locator(".difference:not(.done)").first.focus()
            with page.expect_navigation():
                page.keyboard.press(key)
        assert page.locator(".difference.done").count() == 2
        assert page.wrongs == []
    joint = study.decisions[study.decisions["coder"] == "joint Ada + Bo"]
    assert sorted(joint["applied"]) == [False, True]
    assert len(study.decisions) == before + 2


def test_comparing_before_the_sample_is_finished_is_warned_of(browser, study):
    draw_sample(study, size=6)
    check_all(study, "Bo", lambda place: [])
    check_all(study, "Cy", lambda place: [])
    with served(study) as (_, address):
        page = open_at(enter(browser, address), "compare/?first=Bo&second=Cy")
        assert "would end the blindness" in page.inner_text("main")
        with page.expect_navigation():
            page.get_by_role("link", name="Compare all the same").click()
        assert page.locator("table").count() == 1


@pytest.fixture
def hostile(tmp_path):
    """A study whose texts, files, areas, codes, coders and memos all want to run something."""
    texts = {payload.replace("/", "|"): [payload] * 3 for payload in PAYLOADS}
    study = make_reviewed_study(tmp_path, texts=texts, area=PAYLOADS[0])
    rows = "".join(
        f'"{name}","{text}","{text}","{text}"\n'
        for name, payload in zip("abcde", PAYLOADS, strict=True)
        for text in [payload.replace('"', '""').replace("\u2028", "").replace("|", "")]
    )
    book = f"code,label,definition,examples\n{rows}"
    (study.corpus / "codebook.csv").write_text(book, "utf-8")
    (study.corpus / "study.toml").write_text("[report]\ntitle = '''" + PAYLOADS[1] + "'''\n")
    draw_sample(study, size=15)
    labels = study.codebook.labels
    passages = study.tables.read(stages.PASSAGES)["passage"]
    common = {"codebook_version": "1", "selection": "random", "probability": 1.0}
    common |= {"decided_at": "2026-01-01T00:00:00Z"}
    record(
        study.corpus / "coding.sqlite",
        [
            {**common, "coder": coder, "passage": passage, "code": label.code}
            | {"stance": label.stance, "applied": (place + len(coder)) % 2}
            for coder in PAYLOADS
            for place, passage in enumerate(passages)
            for label in labels[:4]
        ],
    )
    return study


def test_nothing_that_a_study_holds_runs_on_any_page(browser, hostile):
    with served(hostile) as (_, address):
        page = enter(browser, address, coder=PAYLOADS[1])
        waiting, seen = [page.home], set()
        while waiting and len(seen) < 60:
            place = waiting.pop(0)
            answer = page.goto(place)
            page.wait_for_load_state("networkidle")
            seen.add(place)
            if "html" not in answer.headers.get("content-type", ""):
                continue
            assert "canary" not in page.evaluate("Object.keys(window)"), place
            assert page.locator("h1").count() == 1, place
            assert page.evaluate(UNLABELLED) == [], place
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
            links = page.evaluate("[...document.links].map((link) => link.href)")
            new = {link.partition("#")[0] for link in links if link.startswith(page.home)}
            waiting += sorted(new - seen - set(waiting))
        parts = {place.removeprefix(page.home).partition("/")[0] for place in seen}
        assert parts >= {"check", "ask", "read", "codebook", "memos", "compare", "retrain"}
        assert [wrong for wrong in page.wrongs if "400" not in wrong and "404" not in wrong] == []


# Fields that no label says the purpose of.
UNLABELLED = """[...document.querySelectorAll("input, select, textarea")].filter(
  (field) => field.type !== "hidden" && !field.labels.length && !field.getAttribute("aria-label")
).map((field) => field.outerHTML)"""


def test_pages_fit_narrow_and_wide_screens_with_readable_contrast(browser, study):
    draw_sample(study)
    with served(study) as (_, address):
        page = enter(browser, address)
        places = ["", "check/", "read/", "read/transcript/T1", "codebook/", "memos/", "compare/"]
        for width, height in ((1280, 800), (1920, 1080)):
            page.set_viewport_size({"width": width, "height": height})
            for path in [*places, "retrain/", "codebook/code/trust", "check/outlook"]:
                open_at(page, path)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
                assert page.evaluate(FAINT) == [], path
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


# Texts whose contrast with what is behind them is under 4.5 (WCAG 2 AA).
FAINT = """(() => {
  const read = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = (colour) => read(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (read(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.body.querySelectorAll("*")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
    && element.checkVisibility() && !element.disabled
  ).filter((element) => {
    const [one, other] = [getComputedStyle(element).color, behind(element)].map(light);
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5;
  }).map((element) => element.outerHTML.slice(0, 120));
})()"""
