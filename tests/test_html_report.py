import html
import math
import re
from collections import Counter
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_studies import (
    OFTEN,
    Said,
    body_of,
    make_codebook,
    make_results,
    many,
    words_of,
)

from pipeline.codebook import Label
from pipeline.exports import Results, exporters
from pipeline.exports.area_differences import summarise_differences
from pipeline.exports.contrasts import find_contrasts
from pipeline.exports.figures import list_figures, pool
from pipeline.exports.heat_map import INK, SHADES
from pipeline.exports.html_report import render_report, write_html_report
from pipeline.exports.quotes import choose_quotes
from pipeline.exports.summary import summarise_areas
from pipeline.findings.diagnoses import diagnose
from pipeline.tables import BALANCES, POWERS, SHARES, TOPICS
from pipeline.wording import decimal, percent

PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>"


class Reader(HTMLParser):
    """Collects the tags, the attributes and the quotes of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.quotes, self.is_quote = Counter(), [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += attrs
        self.is_quote = tag == "blockquote"
        if self.is_quote:
            self.quotes.append("")

    def handle_endtag(self, tag):
        self.is_quote = False

    def handle_data(self, data):
        if self.is_quote:
            self.quotes[-1] += data

    def values_of(self, name):
        return [value for attribute, value in self.attributes if attribute == name]


HOSTILE = make_results(
    *(
        Said(
            f"{PAYLOAD}area",
            f"{PAYLOAD}{person}",
            {("solidaristic", "enabling"): 0.9, ("trust", "present"): 0.8, (PAYLOAD, "old"): 0.7},
            role=f"{PAYLOAD}role",
            text=f"{PAYLOAD}text",
            context=f"{PAYLOAD}question",
        )
        for person in "abcd"
    ),
    *many("Elsewhere", 60),
    codebook=make_codebook(
        label=f"{PAYLOAD}label", title=f"{PAYLOAD}title", group=f"{PAYLOAD}group"
    ),
    topics=TOPICS.build(
        [
            {
                "topic": 0,
                "words": f"{PAYLOAD}words",
                "passages": 3,
                "interviews": 3,
                "areas": 1,
                "share": 0.5,
                "typical": f"{PAYLOAD}a-000",
            }
        ]
    ),
    run={
        "title": f"{PAYLOAD}study",
        "stages": [{"stage": PAYLOAD, "sentence": f"{PAYLOAD}sentence"}],
        "versions": {PAYLOAD: PAYLOAD},
        "settings": {PAYLOAD: {PAYLOAD: [PAYLOAD]}},
        "inputs": {f"{PAYLOAD}file": PAYLOAD},
    },
    card={
        **dict.fromkeys(["name", "made_by", "date", "trained_on", "classifier"], PAYLOAD),
        **dict.fromkeys(["codebook", "encoder", "data_sha256"], PAYLOAD),
        "macro_f1": {PAYLOAD: PAYLOAD},
        "labels": [
            {"code": PAYLOAD, "stance": PAYLOAD, "f1": PAYLOAD, "sure_from": PAYLOAD},
            {"code": PAYLOAD, "stance": PAYLOAD, "mode": "ranked", "positives": PAYLOAD},
        ],
        "bias": [{"by": PAYLOAD, "group": PAYLOAD, "missed": PAYLOAD, "interval": [PAYLOAD] * 2}],
        "changes": [{"code": PAYLOAD, "stance": PAYLOAD, "old": PAYLOAD}],
    },
)


def test_whatever_comes_from_the_study_is_escaped():
    page = render_report(HOSTILE)
    reader = Reader(page)
    assert not {"script", "img", "iframe", "object", "link"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    for field in ("area", "role", "text", "question", "label", "title", "group", "words"):
        assert f"{PAYLOAD}{field}" in html.unescape(page), field
    for field in ("study", "sentence", "file"):
        assert f"{PAYLOAD}{field}" in html.unescape(page), field


def test_the_page_asks_nothing_of_any_network():
    page = render_report(HOSTILE)
    assert set(re.findall(r"https?:[^\s\"'<>]*", page)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert not re.findall(r"@import|url\((?!#)", page)
    assert all(link.startswith("#") for link in Reader(page).values_of("href"))


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_a_quote_is_shown_word_for_word(text):
    said = Said("North", "P1", {("individual", "lacking"): 0.9}, text=text)
    assert Reader(render_report(make_results(said))).quotes == [text]


def test_ids_are_unique_and_links_on_the_page_lead_somewhere():
    reader = Reader(render_report(HOSTILE))
    ids = reader.values_of("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in reader.values_of("href")} <= set(ids)


def test_a_quote_can_be_linked_to_by_its_passage():
    page = render_report(make_results(Said("North", "P1", OFTEN)))
    assert 'id="passage-P1-000"' in page


def test_an_interview_is_quoted_at_most_once_for_a_code_in_a_stance():
    said = [
        Said("North", "P1", {("hierarchical", "lacking"): 0.99}),
        Said("North", "P1", {("hierarchical", "lacking"): 0.98}),
        Said("North", "P1", {("hierarchical", "excessive"): 0.97}),
        Said("North", "P2", {("hierarchical", "lacking"): 0.5}),
    ]
    (north,) = choose_quotes(make_results(*said))
    shown = [quote.passage for stance in north.powers[0].stances for quote in stance.quotes]
    assert shown == ["P1-000", "P2-003", "P1-002"]


def test_the_three_highest_scores_are_quoted_in_order():
    said = [
        Said("North", f"P{number}", {("individual", "enabling"): score})
        for number, score in enumerate((0.5, 0.9, 0.7, 0.6, 0.8))
    ]
    (north,) = choose_quotes(make_results(*said))
    (stance,) = north.powers[0].stances
    assert [quote.score for quote in stance.quotes] == [
        *("model’s score .90", "model’s score .80", "model’s score .70")
    ]


def test_a_passage_is_quoted_once_and_says_what_else_it_carries():
    both = {("hierarchical", "lacking"): 0.9, ("individual", "lacking"): 0.9}
    (north,) = choose_quotes(make_results(Said("North", "P1", both)))
    (power,) = north.powers
    assert power.title == "Hierarchical power"
    assert power.stances[0].quotes[0].also == ["Individual power: lacking"]


def test_a_score_is_not_rounded_up_to_certainty_and_people_give_none():
    said = Said("North", "P1", {("individual", "lacking"): 0.999})
    (by_model,) = choose_quotes(make_results(said))
    (by_person,) = choose_quotes(make_results(said, coder="Ann"))
    assert by_model.powers[0].stances[0].quotes[0].score == "model’s score over .99"
    assert by_person.powers[0].stances[0].quotes[0].score == "coded by a person"


@pytest.mark.parametrize(("people", "role"), [(2, ""), (3, "mayor")])
def test_a_role_that_fewer_than_three_people_hold_in_an_area_is_left_out(people, role):
    said = [Said("North", f"P{number}", OFTEN, role="mayor") for number in range(people)]
    said += [Said("South", f"Q{number}", OFTEN, role="mayor") for number in range(3)]
    north, _ = choose_quotes(make_results(*said))
    quotes = north.powers[0].stances[0].quotes
    assert {quote.role for quote in quotes} == {role}


def test_passages_of_one_person_do_not_make_a_role_safe():
    said = [Said("North", "P1", OFTEN, role="mayor") for _ in range(5)]
    assert "mayor" not in render_report(make_results(*said))


def test_a_small_area_has_counts_and_no_percentage():
    said = [Said("North", "P1", OFTEN), Said("North", "P2", OFTEN)]
    page = render_report(make_results(*said))
    (north,) = summarise_areas(make_results(*said))
    assert north.sentences[0] == (
        "Only 2 interviews, 2 passages: read what people said here rather than the figures."
    )
    assert "2/2</td>" in page
    assert "points to" not in " ".join(north.sentences)
    assert not re.search(r"100%", re.sub(r"<svg.*?</svg>", "", body_of(page), flags=re.DOTALL))


def test_the_report_says_that_it_is_unverified_and_what_to_do():
    words = words_of(render_report(make_results(*many("North", 40))))
    assert "Unverified. A model coded these passages, and no person has checked a sample" in words
    assert "What to do: before you use a figure, open exports/codings_wide.csv" in words


def test_a_checked_report_has_no_banner_and_shows_corrected_shares_with_intervals():
    page = render_report(make_results(*many("North", 40, codes=OFTEN, every=4), status="checked"))
    explained = re.compile(r'<section id="how">.*?</section>', re.DOTALL)
    assert "unverified" not in words_of(explained.sub("", page)).lower()
    assert "10 of 40 passages; corrected 25% [20% to 31%]" in words_of(page)
    assert "People have checked 40 passages" in words_of(page)


def test_a_report_that_is_checked_in_part_names_the_areas_that_are_not():
    page = render_report(checked_in_part())
    words = words_of(page)
    assert "no person has checked a sample yet for South." in words
    assert "What is checked: 40 passages, drawn at random. Corrected by that sample: shares" in (
        words
    )
    panels = page.split('<figure class="panel">')[1:]
    assert ["unverified</span>" in panel for panel in panels] == [False, True]
    assert "enabling 25% [20 to 31]" in panels[0]
    assert "enabling 10 · 25%" in panels[1]


def checked_in_part():
    """Build two areas, of which people have checked North only."""
    said = [*many("North", 40, codes=OFTEN, every=4), *many("South", 40, codes=OFTEN, every=4)]
    results = make_results(*said, status="checked")
    raw = make_results(*said)
    tables = {
        name: shape.check(
            pd.concat([take(vars(results)[name], "North"), take(vars(raw)[name], "South")])
        )
        for name, shape in {"shares": SHARES, "powers": POWERS, "balances": BALANCES}.items()
    }
    return Results(**{**vars(results), **tables})


def take(table, area):
    return table[table["area"] == area]


def test_the_banner_says_what_is_corrected_and_what_is_not():
    said = many("North", 40, codes=OFTEN, every=4)
    words = words_of(render_report(make_results(*said, status="checked")))
    assert (
        "Corrected by that sample: shares by code, and what is made of them, which is the bars, "
        "shortness, excess, balance and differences between areas. Their 95% interval stands in "
        "square brackets. Not corrected: counts of passages and interviews, which are as coded; "
        "the single passage; topics."
    ) in words
    assert "Left as coded" not in words


def test_the_banner_names_powers_that_are_left_as_coded():
    ranked = [Label("solidaristic", "excessive")]
    results = make_results(*many("North", 40), status="checked", ranked=ranked)
    unknown = (results.shares["stance"] == "excessive") & (results.shares["code"] == "solidaristic")
    for column in ("corrected_share", "low", "high"):
        results.shares.loc[unknown, column] = math.nan
    assert "not all three stances were checked: solidaristic power in North." in words_of(
        render_report(results)
    )


@pytest.mark.parametrize("status", ["unverified", "checked"])
def test_every_section_with_figures_leads_to_how_they_were_made(status):
    said = [*many("North", 40, codes=OFTEN, every=4), *many("South", 40)]
    page = render_report(make_results(*said, status=status))
    for section in ("in-short", "powers", "themes"):
        inside = page.split(f'<section id="{section}">')[1].split("</section>")[0]
        assert 'href="#how-corrected"' in inside, section
        assert 'href="#shares"' in inside, section
    tags = page.count('<span class="tag">unverified</span>')
    assert (tags > 0) == (status == "unverified")


@pytest.mark.parametrize("table", ["powers", "heat"])
def test_every_table_with_unverified_figures_says_so(table):
    page = render_report(make_results(*many("North", 40, codes=OFTEN, every=4)))
    (found,) = re.findall(rf'<table class="[^"]*\b{table}\b.*?</caption>', page, re.DOTALL)
    assert '<span class="tag">unverified</span>' in found


def test_the_ternary_plot_is_tagged_like_every_plot():
    page = render_report(make_results(*many("North", 40, codes=OFTEN, every=4)))
    heading = page.split('<h3 id="balance">')[1].split("</h3>")[0]
    assert '<span class="tag">unverified</span>' in heading


def test_a_label_that_nobody_has_is_shown_as_0():
    page = render_report(make_results(*many("North", 40, codes=OFTEN)))
    row = page.split(">Trust</th>")[1].split("</tr>")[0]
    assert 'title="0/40 passages, 0 of 3 interviews; unverified">0</td>' in row


def test_a_code_that_left_the_codebook_is_shown_under_its_id():
    page = render_report(make_results(*many("North", 40, codes={("older", "present"): 0.9})))
    assert "Codes that the codebook no longer has" in page
    assert ">older</th>" in page


def test_what_one_or_two_people_say_is_marked_however_often_they_say_it():
    said = [*many("North", 40, people=4), *many("North", 20, people=2, codes=OFTEN)]
    page = render_report(make_results(*said))
    themes = page.split('<section id="themes">')[1]
    row = themes.split(">Solidaristic power</th>")[1].split("</tr>")[0]
    assert '20/60 passages, 2 of 4 interviews; unverified"><b class="few-sign">◦</b> 33%' in row


@pytest.mark.parametrize("shade", SHADES)
def test_figures_are_readable_on_every_shade(shade):
    lightness = [_luminance(shade), _luminance(INK)]
    assert (max(lightness) + 0.05) / (min(lightness) + 0.05) >= 4.5


def _luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def row_of(page, power):
    """The words of a power's row in the table of powers, without the area's."""
    (row,) = re.findall(rf'<td class="words">{power}<small>.*?</tr>', page)
    return words_of(f"</head>{row}")


def test_every_plot_says_in_words_what_it_shows_and_its_figures_stand_in_a_table():
    page = render_report(make_results(*many("North", 40, codes=OFTEN, every=4)))
    assert '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby=' in page
    assert "Solidaristic power: enabling in 10, lacking in 0, excessive in 0 of 40 passages" in page
    row = row_of(page, "Solidaristic power")
    assert row == "Solidaristic power unverified 25% 0% 0% .00 [.00 to .10] .00 [.00 to .10] 10 0 0"


def test_topics_are_listed_with_those_in_none_last():
    topics = [
        {"topic": -1, "words": "", "passages": 4, "interviews": 2, "areas": 1, "share": 0.4},
        {
            "topic": 0,
            "words": "bus, fare",
            "passages": 6,
            "interviews": 3,
            "areas": 1,
            "share": 0.6,
        },
    ]
    results = make_results(
        *many("North", 10),
        topics=TOPICS.build({**topic, "typical": "North0-000"} for topic in topics),
    )
    words = words_of(render_report(results))
    assert "bus, fare 6 3 1 60% It floods. North0-000 in no topic 4 2 1 40%" in words
    assert "candidates for new codes" in words


def test_a_study_with_nothing_in_it_still_has_a_report():
    words = words_of(render_report(make_results()))
    assert "0 interviews · 0 areas · 0 passages" in words
    assert "There is nothing to quote yet." in words
    assert "No topics were found" in words
    assert "Unverified." in words


def test_passages_that_carry_no_code_are_told_so():
    words = words_of(render_report(make_results(*many("North", 40))))
    assert "No passage in North speaks of a power as working." in words
    assert "No passage here carries a power." in words


def test_the_run_is_shown_and_what_is_missing_is_left_out():
    run = {"settings": {"segment": {"max_words": 80}}, "stages": [{"stage": "read"}]}
    words = words_of(render_report(make_results(*many("North", 3), run=run)))
    assert "segment.max_words 80" in words
    assert "Hashes of inputs" not in words


def card_of(*ranked, codebook):
    """Write a card with every label; the ranked ones have no classifier."""
    return {
        "name": "default",
        "labels": [
            {"code": code, "stance": stance}
            | (
                {"mode": "ranked", "positives": 3, "precision": None}
                if (code, stance) in ranked
                else {"mode": "classified", "positives": 40, "precision": 0.5, "f1": 0.4}
            )
            for code, stance in codebook.labels
        ],
    }


def make_ranked(*said, ranked, **others):
    """Build results of a model that only ranks some labels."""
    card = card_of(*ranked, codebook=make_codebook())
    return make_results(*said, ranked=ranked, card=card, **others)


TRUST = Label("trust", "present")
TRUSTING = {TRUST: 0.8}


def test_a_label_that_was_only_ranked_is_a_dash_and_never_0():
    page = render_report(make_ranked(*many("North", 40), ranked=[TRUST]))
    row = page.split(">Trust</th>")[1].split("</tr>")[0]
    assert 'title="not coded: no classifier, and nobody decided">–</td>' in row
    words = words_of(page)
    assert (
        "Not coded: ‘Trust: present’. The model did not have the 20 passages from 5 interviews "
        "that it takes to learn one, and nobody has decided on any. They are shown as –, which is "
        "not 0%."
    ) in words
    assert "Codes that are only ranked" in words
    assert "Trust: present (3 passages)" in words


def test_what_people_found_of_a_ranked_label_is_a_count_and_no_percentage():
    said = [*many("North", 40, codes=TRUSTING, every=20), *many("South", 40)]
    page = render_report(make_ranked(*said, ranked=[TRUST], coder="Ann"))
    row = page.split(">Trust</th>")[1].split("</tr>")[0]
    assert ">2+</td>" in row
    assert "found by people so far: 2/40 passages, 2 of 3 interviews" in row
    assert "Coded in part: ‘Trust: present’." in words_of(page)


def test_a_ranked_label_is_compared_with_nothing():
    said = [*many("North", 40, codes=TRUSTING, every=2), *many("South", 40)]
    results = make_ranked(*said, ranked=[TRUST], coder="Ann")
    assert find_contrasts("North", [TRUST], list_figures(results)) == []
    assert "Trust" not in " ".join(summarise_differences(results))
    figures = [list_figures(results)[area, TRUST] for area in ("North", "South")]
    assert [figure.status for figure in [*figures, pool(figures)]] == [
        *("coded in part", "not coded", "coded in part")
    ]
    assert math.isnan(pool(figures).share)
    assert figures[0].words == "20 passages so far, of those that people decided on"
    assert pool(figures[1:]).words == "not coded"


def test_a_power_is_not_said_to_be_fine_as_far_as_it_was_not_coded():
    ranked = [Label("solidaristic", "excessive")]
    results = make_ranked(*many("North", 40, codes=OFTEN, every=4), ranked=ranked)
    page = render_report(results)
    (north,) = summarise_areas(results)
    assert north.sentences[1] == (
        "No power stands out as short, and none as too much. Not coded, and so left out of this: "
        "solidaristic power as excessive."
    )
    assert (
        "enabling in 10, lacking in 0, excessive in 0 of 40 passages, not coded as excessive"
        in (page)
    )
    assert ">excessive not coded</text>" in page
    row = row_of(page, "Solidaristic power")
    assert row == "Solidaristic power unverified 25% 0% – .00 [.00 to .10] – 10 0 –"


def test_what_the_theory_expects_is_not_said_to_be_absent_where_it_was_not_coded():
    codebook = make_codebook(code="risk_appetite")
    ranked = [Label("risk_appetite", "lacking")]
    said = many("North", 40, codes={("individual", "lacking"): 0.9})
    results = make_results(
        *said, codebook=codebook, ranked=ranked, card=card_of(*ranked, codebook=codebook)
    )
    rows = diagnose(results.powers, results.shares, results.differences)
    words = words_of(render_report(Results(**{**vars(results), "diagnoses": rows})))
    assert "Where individual power is short, the theory says, no risk is taken" in words
    assert "heard as ‘Trust: lacking’, but whether it is, is not known: it was not coded." in words


def test_a_study_without_a_model_says_that_nothing_is_coded_why_and_what_to_do():
    results = make_ranked(*many("North", 40), *many("South", 40), ranked=make_codebook().labels)
    page = render_report(results)
    words = words_of(page)
    assert "Not coded. No classifier has coded these passages, so there are no shares." in words
    assert (
        "Nothing is coded yet, because no model has been trained for the codebook ‘A small "
        "codebook’."
    ) in words
    assert "What to do: decide on passages" in words
    assert "Then run ‘make retrain STUDY=demo’" in words
    assert words.count("Nothing is coded here yet.") == 2
    before = words_of(page.split('<section id="how">')[0])
    assert not re.search(r"[0-9]%", before.replace("95% interval", ""))
    assert "unverified" not in before.lower()
    assert "No passage in North speaks of" not in words
    assert "There is nothing to quote yet." in words
    assert "Does it err more" not in words


def test_a_study_without_a_model_shows_what_people_found():
    labels = make_codebook().labels
    said = many("North", 40, codes=TRUSTING, every=20)
    words = words_of(render_report(make_ranked(*said, ranked=labels, coder="Ann")))
    assert "Coded in part. No classifier has coded these passages" in words
    assert "Only what people decided is coded so far (2 codes applied, on 40 passages)" in words
    assert "Found by people so far: ‘Trust: present’ in 2 passages." in words
    assert "Passages found so far by code, stance and area" in words


def test_a_codebook_without_powers_has_themes_only():
    whole = make_codebook()
    codebook = whole.model_copy(update={"codes": whole.codes[3:]})
    results = make_results(
        *many("North", 40, codes=TRUSTING, every=2),
        codebook=codebook,
        powers=POWERS.build([]),
        balances=BALANCES.build([]),
    )
    words = words_of(render_report(results))
    assert "The codebook has no powers." in words
    assert "No theme stands out here." in words


def test_the_models_card_is_shown_and_what_is_missing_is_left_out():
    card = {
        "name": "harbour",
        "labels": [
            {"code": "trust", "stance": "present", "positives": 1234, "f1": 0.4, "sure_from": None}
        ],
    }
    words = words_of(render_report(make_results(*many("North", 3), card=card)))
    assert "The model Model harbour How well it finds each code" in words
    assert "Code Stance n F1 Trust present 1,234 .40" in words
    assert "Code Stance Sure from Trust present never" in words
    assert "Not tested: the card says nothing of errors" in words
    for missing in ("Encoder", "Applies from", "Codes that are only ranked", "retraining changed"):
        assert missing not in words


def test_bias_and_what_retraining_changed_stand_in_tables():
    label = {"code": "trust", "stance": "present"}
    group = {"by": "area", "group": "North", "passages": 40, "interviews": 3}
    errors = {"missed": 0.02, "invented": 0.01, "difference": 0.012, "interval": [0.002, 0.021]}
    counts = {"positives": 31, "interviews": 8, "old": 0.4, "new": 0.46, "difference": 0.06}
    card = {
        "labels": [{**label, "f1": 0.4}],
        "bias": [group | errors],
        "changes": [label | counts | {"interval": [0.01, 0.1], "is_taken": True}],
    }
    words = words_of(render_report(make_results(*many("North", 3), card=card)))
    assert "area North 40 3 2.0% 1.0% +1.2 [+0.2 to +2.1] errs more" in words
    assert "Trust present 31 8 .40 .46 +.06 [+.01 to +.10] the new one" in words


def test_the_limits_are_said_once():
    words = words_of(render_report(make_results(*many("North", 40))))
    assert words.count("Talk is not power") == words.count("Association is not cause") == 1


def test_two_writes_are_the_same_bytes_and_leave_no_half_written_file(tmp_path):
    results = make_results(*many("North", 40, codes=OFTEN), *many("South", 40))
    (first,) = exporters["html"](results, tmp_path / "one")
    (second,) = write_html_report(results, tmp_path / "two")
    assert first.name == "report.html"
    assert first.read_bytes() == second.read_bytes()
    assert not list(tmp_path.rglob("*.partial"))


def test_a_label_without_a_classifier_has_no_raw_share_even_if_people_checked_it():
    results = make_results(*many("North", 40), status="checked", ranked=[TRUST])
    shares = results.shares.assign(status="checked")
    checked = Results(**{**vars(results), "shares": SHARES.check(shares)})
    figure = list_figures(checked)["North", TRUST]
    assert math.isnan(figure.raw)
    assert (figure.share, figure.heard) == (0.25, "25% [20% to 31%] of passages")
    assert math.isnan(pool([figure, figure._replace(raw=0.1)]).raw)
    row = render_report(checked).split(">Trust</th>")[1].split("</tr>")[0]
    assert 'title="corrected 25% [20% to 31%], 40 checked; no classifier">25%</td>' in row


def test_figures_are_those_of_the_shares_table():
    results = make_results(*many("North", 40, codes=OFTEN, every=4))
    figure = list_figures(results)["North", Label("solidaristic", "enabling")]
    assert (figure.applied, figure.passages, figure.raw) == (10, 40, 0.25)


@pytest.mark.parametrize(
    ("share", "words"), [(0.9999, ">99%"), (1, "100%"), (0.001, "<1%"), (0, "0%"), (0.125, "12%")]
)
def test_a_share_is_never_rounded_to_all_or_to_none(share, words):
    assert percent(share) == words


def test_numbers_below_1_have_no_leading_zero():
    assert [decimal(0.874), decimal(1), decimal(10.5)] == [".87", "1.00", "10.50"]
