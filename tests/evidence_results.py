"""Small results for the tests of the sections on evidence: the tables that a test is about."""

import html
import math
import re

from pipeline.codebook import Codebook
from pipeline.exports import Results
from pipeline.exports.html_report import render_report
from pipeline.tables import (
    AGREEMENT,
    BALANCES,
    CLAIM_EVIDENCE,
    CLAIMS,
    CODINGS,
    PASSAGE_TOPICS,
    PASSAGES,
    POWERS,
    PRESENCES,
    SATURATION,
    SATURATION_CURVE,
    SET_AGREEMENT,
    SHARES,
    TOPICS,
)

LABELS = ("trust present", "trust lacking", "austerity present", "austerity lacking")
NOTHING = dict.fromkeys(("estimate", "low", "high", "p", "p_adjusted"), math.nan)


def codebook_of(*codes):
    """Build a codebook of themes, and one power if 'hierarchical' is among the codes.

    A code's name is its id with a capital.
    """
    theme = {"present": "-", "lacking": "-"}
    power = {"enabling": "-", "lacking": "-", "excessive": "-"}
    return Codebook(
        name="small",
        version="1",
        title="Small",
        groups={
            "power": {"title": "Power", "stances": power},
            "theme": {"title": "Theme", "stances": theme},
        },
        codes=[
            {"id": code, "label": code.capitalize(), "definition": "-"}
            | (
                {"group": "power", "stances": power}
                if code == "hierarchical"
                else {"group": "theme", "stances": theme}
            )
            for code in codes
        ],
    )


def results_of(*interviews, codes=("trust", "austerity"), codings=(), card=None, **tables):
    """Build from (transcript, area, passages); passage 1 of T1 is T1-1, said by P1.

    ``codings`` are (passage, 'code stance', coder, applied).
    """
    passages = PASSAGES.build(
        {
            **{"passage": f"{transcript}-{number}", "transcript": transcript, "area": area},
            **{"participant": transcript.replace("T", "P"), "role": "warden", "turn": number},
            **{"start": 0, "end": 1, "words": 2, "context": ""},
            "text": f"Words {transcript}-{number}.",
        }
        for transcript, area, count in interviews
        for number in range(1, count + 1)
    )
    coded = CODINGS.build(
        {
            **dict(zip(("code", "stance"), label.split(), strict=True)),
            **{"passage": passage, "coder": coder, "score": float(applied), "applied": applied},
            "decision": "yes" if applied else "no",
        }
        for passage, label, coder, applied in codings
    )
    empty = {
        shape.name: shape.build([]) for shape in (TOPICS, PASSAGE_TOPICS, SHARES, POWERS, BALANCES)
    }
    return Results(
        study="harbour",
        codebook=codebook_of(*codes),
        passages=passages,
        codings=coded,
        settled=coded,
        run={},
        card=card or {},
        **(empty | tables),
    )


def claims_of(*rows):
    """Build from (number, verdict, others)."""
    usual = {"sentence": "It is so.", "indicator": "share of so", "estimate": 0.2, "low": 0.1}
    usual |= {"high": 0.3, "null": 0.0, "p": 0.01, "p_adjusted": 0.04, "interviews": 9, "areas": 3}
    usual |= {"confirmed_interviews": 4, "confirmed_areas": 2, "remark": "2 of 9."}
    return CLAIMS.build(
        usual | {"claim": number, "verdict": verdict} | dict(*others)
        for number, verdict, *others in rows
    )


def evidence_of(*rows, claim="C1"):
    """Build from (side, passage, score, 'code stance'); a score above 1 is people's word."""
    return CLAIM_EVIDENCE.build(
        {
            **{"claim": claim, "side": side, "area": "North", "passage": passage},
            **{"transcript": passage.split("-")[0], "score": min(score, 1.0)},
            **{"code": label.split()[0], "stance": label.split()[1], "is_confirmed": score > 1},
        }
        for side, passage, score, label in rows
    )


def shares_of(*rows):
    """Build from (area, 'code stance', others)."""
    unknown = dict.fromkeys(
        ("corrected_share", "low", "high", "beyond_low", "beyond_high"), math.nan
    )
    usual = {"applied": 3, "passages": 60, "raw_share": 0.05, "interviews_with": 3}
    usual |= {"interviews": 6, "checked": 0, "status": "unverified", "basis": ""} | unknown
    return SHARES.build(
        usual | {"area": area, "code": label.split()[0], "stance": label.split()[1]} | dict(*others)
        for area, label, *others in rows
    )


def agreement_of(*rows):
    """Build from ('code stance', coders, positives, others)."""
    figures = {
        f"{name}{end}": value
        for name in ("raw", "positive", "alpha", "kappa", "ac1")
        for end, value in (("", 0.5), ("_low", 0.25), ("_high", 0.75))
    }
    counts = {"passages": 40, "interviews": 6, "both_yes": 1, "one_yes": 2, "both_no": 3}
    return AGREEMENT.build(
        figures
        | counts
        | {"code": label.split()[0], "stance": label.split()[1], "coders": coders}
        | {"positives": positives, "is_rare": positives < 20}
        | dict(*others)
        for label, coders, positives, *others in rows
    )


def set_agreement_of(*coders):
    figures = {"alpha": 0.5, "alpha_low": 0.25, "alpha_high": 0.75}
    counts = {"passages": 40, "interviews": 6, "positives": 30}
    return SET_AGREEMENT.build({"coders": name} | figures | counts for name in coders)


def presence_of(*rows):
    """Build from (area, 'code stance', interviews, looked, present)."""
    return PRESENCES.build(
        {
            **{"area": area, "code": label.split()[0], "stance": label.split()[1]},
            **{"interviews": interviews, "searched": looked, "looked": looked, "present": present},
            "share": present / interviews if looked else math.nan,
            "low": 0.1 if looked else math.nan,
            "high": 0.6 if looked else math.nan,
            "status": "present" if present else "looked, none" if looked else "not looked",
        }
        for area, label, interviews, looked, present in rows
    )


def saturation_of(*rows):
    """Build from (area, threshold, interviews up to where it is reached, or nan; status)."""
    usual = {"interviews": 8, "base": 4, "run": 2, "base_codes": 30, "codes": 34}
    usual |= {"median": 7.0, "low": 6.0, "high": 8.0, "orders_reached": 0.9}
    return SATURATION.build(
        usual
        | {"area": area, "threshold": threshold, "reached_at": at, "status": status}
        | {"notation": f"{at - 2:.0f}+2" if at > 0 else ""}
        for area, threshold, at, status in rows
    )


def curve_of(area, *codes):
    return [
        {"area": area, "place": place, "transcript": f"T{place}", "new_codes": 0}
        | {"codes_so_far": so_far}
        for place, so_far in enumerate(codes, start=1)
    ]


def curves_of(*curves):
    return SATURATION_CURVE.build(row for curve in curves for row in curve)


def section_of(results, name):
    """Give a section of the page as HTML."""
    page = render_report(results)
    found = re.search(rf'<section id="{name}">.*?</section>', page, flags=re.DOTALL)
    assert found, f"there is no section {name}"
    return found[0]


def words_of(page):
    """Give the text of HTML without its tags, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())
