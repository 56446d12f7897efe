"""Small studies for tests of the report: passages go in, results come out."""

import html
import math
import re
from typing import NamedTuple

from pipeline.codebook import Codebook
from pipeline.exports import Results
from pipeline.findings.diagnoses import diagnose
from pipeline.findings.differences import compare_areas
from pipeline.findings.powers import profile_powers, weigh_balance
from pipeline.tables import (
    BALANCES,
    CODINGS,
    PASSAGE_TOPICS,
    PASSAGES,
    POWERS,
    SHARES,
    TOPICS,
)

POWER_IDS = ("hierarchical", "solidaristic", "individual")
STANCES = ("enabling", "lacking", "excessive")
RANKED_STATUS = {False: "not coded", True: "coded in part"}
OFTEN = {("solidaristic", "enabling"): 0.9}


class Corrected(NamedTuple):
    """A corrected share with its interval."""

    share: float
    low: float
    high: float


CORRECTED = Corrected(0.25, 0.2, 0.31)  # every share of a study that is checked
NOTHING = Corrected(0.0, 0.0, 0.09)


class Said(NamedTuple):
    """A passage: who says it where, and the score of each (code, stance) that it has."""

    area: str
    participant: str
    codes: dict = {}
    role: str = "nurse"
    text: str = "It floods."
    context: str = "How is it here?"


def make_codebook(*, code="trust", label="Trust", title="A small codebook", group="Theme"):
    return Codebook(
        name="small",
        version="1",
        title=title,
        groups={
            "power": {"title": "Source of power", "stances": dict.fromkeys(STANCES, "-")},
            "theme": {"title": group, "stances": {"present": "-", "lacking": "-"}},
        },
        codes=[
            *(
                {
                    "id": power,
                    "group": "power",
                    "label": f"{power.capitalize()} power",
                    "definition": "-",
                    "stances": dict.fromkeys(STANCES, "-"),
                }
                for power in POWER_IDS
            ),
            {
                "id": code,
                "group": "theme",
                "label": label,
                "definition": "-",
                "stances": {"present": "-", "lacking": "-"},
            },
        ],
    )


def make_results(
    *said, codebook=None, status="unverified", coder="model default", ranked=(), **others
):
    """Build results; ``ranked`` labels have no classifier, and nobody decided on them."""
    codebook = codebook or make_codebook()
    passages = PASSAGES.build(
        {
            "passage": f"{one.participant}-{number:03d}",
            "transcript": f"T-{one.participant}",
            "participant": one.participant,
            "area": one.area,
            "role": one.role,
            "turn": number,
            "start": 0,
            "end": len(one.text),
            "words": len(one.text.split()),
            "context": one.context,
            "text": one.text,
        }
        for number, one in enumerate(said)
    )
    settled = CODINGS.build(
        {
            "passage": f"{one.participant}-{number:03d}",
            "code": label[0],
            "stance": label[1],
            "coder": coder,
            "score": one.codes.get(label, 0.1),
            "applied": label in one.codes,
            "decision": "ask" if label in one.codes else "no",
        }
        for number, one in enumerate(said)
        for label in {**dict.fromkeys(codebook.labels), **dict.fromkeys(one.codes)}
    )
    areas = sorted({one.area for one in said})
    powers = POWERS.build(row for area in areas for row in _powers(area, said, status, ranked))
    tables = {
        "topics": TOPICS.build([]),
        "shares": SHARES.build(
            row for area in areas for row in _shares(area, said, codebook, status, ranked)
        ),
        "powers": powers,
        "balances": BALANCES.build(
            {
                "area": area,
                "balance": 0.5 + place / 10,
                "balance_low": 0.4 + place / 10,
                "balance_high": 0.6 + place / 10,
                "smallest_power": "individual",
                "smallest_share": 0.04,
                "short_power": "individual",
                "crowding_power": "",
                "is_small": False,
                "status": status,
            }
            for place, area in enumerate(areas)
        ),
        "run": {},
        "card": {},
        **others,
    }
    return Results(
        study="demo",
        codebook=codebook,
        passages=passages,
        codings=settled,
        settled=settled,
        passage_topics=PASSAGE_TOPICS.build([]),
        **tables,
    )


def _shares(area, said, codebook, status, ranked):
    here = [one for one in said if one.area == area]
    older = {label: None for one in said for label in one.codes}
    for label in {**dict.fromkeys(codebook.labels), **older}:
        found = [one for one in here if label in one.codes]
        is_checked, is_ranked = status == "checked", label in ranked
        yield {
            "area": area,
            "code": label[0],
            "stance": label[1],
            "applied": len(found),
            "passages": len(here),
            "raw_share": math.nan if is_ranked else len(found) / len(here),
            "interviews_with": len({one.participant for one in found}),
            "interviews": len({one.participant for one in here}),
            "checked": 40 if is_checked else 0,
            "status": RANKED_STATUS[bool(found)] if is_ranked else status,
            "corrected_share": CORRECTED.share if is_checked else math.nan,
            "low": CORRECTED.low if is_checked else math.nan,
            "high": CORRECTED.high if is_checked else math.nan,
        }


def _powers(area, said, status, ranked):
    here = [one for one in said if one.area == area]
    for power in POWER_IDS:
        count = {stance: sum((power, stance) in one.codes for one in here) for stance in STANCES}
        said = sum(count.values()) or 1
        without = [stance for stance in STANCES if (power, stance) in ranked]
        best = {
            f"{stance}_share": CORRECTED.share if status == "checked" else count[stance] / len(here)
            for stance in STANCES
        }
        yield {
            "area": area,
            "power": power,
            "passages": len(here),
            **count,
            **best,
            "not_coded": ", ".join(without),
            **_part("shortness", count["lacking"] / said, is_known="lacking" not in without),
            **_part("excess", count["excessive"] / said, is_known="excessive" not in without),
            "is_short": power == "individual" and count["lacking"] > 0,
            "crowds_out": False,
            "is_small": False,
            "status": "not coded" if len(without) == len(STANCES) else status,
        }


def _part(name, part, *, is_known):
    """Give shortness or excess an interval of .1 on either side."""
    figures = {name: part, f"{name}_low": max(0, part - 0.1), f"{name}_high": min(1, part + 0.1)}
    return figures if is_known else dict.fromkeys(figures, math.nan)


def many(area, passages, *, people=3, codes=None, every=1, **others):
    """Passages by several people; every so-manieth has the codes."""
    return [
        Said(
            area,
            f"{area}{number % people}",
            codes if codes and number % every == 0 else {},
            **others,
        )
        for number in range(passages)
    ]


def body_of(page):
    return page.split("</head>")[1]


def words_of(page):
    """The page's text without its tags, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body_of(page))).split())


def check(results, shares, *, bounds=()):
    """Correct a study's shares and make its findings anew; what is not given is 0 [0 to .09].

    ``shares`` has (area, code, stance); ``bounds`` has (area, power) and the intervals of
    shortness and excess, or (area,) and that of the balance.
    """
    table = results.shares.astype({"code": "str", "stance": "str"})
    keys = zip(table["area"], table["code"], table["stance"], strict=True)
    each = [shares.get(key, NOTHING) for key in keys]
    checked = SHARES.check(
        table.assign(
            corrected_share=[one.share for one in each],
            low=[one.low for one in each],
            high=[one.high for one in each],
            checked=40,
            status="checked",
        )
    )
    powers = profile_powers(checked, results.codebook.powers)
    balances = weigh_balance(powers)
    for key, ends in dict(bounds).items():
        table, named = (powers, "power") if len(key) > 1 else (balances, "area")
        here = (table["area"] == key[0]) & (table[named] == key[-1])
        for column, end in ends.items():
            table.loc[here, column] = end
    differences = compare_areas(checked, powers, balances)
    return Results(
        **{
            **vars(results),
            "shares": checked,
            "powers": powers,
            "balances": balances,
            "differences": differences,
            "diagnoses": diagnose(powers, checked, differences),
        }
    )
