"""The claims of the theory as the report shows them: a verdict each, with what goes against it."""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from pipeline.codebook import Codebook, read_codebook
from pipeline.exports import Results
from pipeline.exports.claim_quotes import AGAINST, SUPPORTS, Side, list_sides
from pipeline.exports.evidence_words import chance, signed, with_interval
from pipeline.exports.figures import records
from pipeline.tables import NOT_CODED
from pipeline.wording import counted

# In the order of the page, each with a sign that stands for it in black and white, too.
SIGNS = {
    "supported": "✓",
    "contradicted": "✗",
    "mixed": "±",
    "not enough evidence": "?",
    NOT_CODED: "–",
}
NOBODY = [
    Side(SUPPORTS, 0, "No interview supports it", [], []),
    Side(AGAINST, 0, "No interview goes against it", [], []),
]


class Rule(NamedTuple):
    """What a verdict takes, as findings/ has it: the highest adjusted p value, interviews and areas
    with confirmed passages; and the areas that a correlation takes, up to which it illustrates.
    """

    chance: float = 0.05
    interviews: int = 3
    areas: int = 2
    fewest_areas: int = 5
    few_areas: int = 8


RULE = Rule()


class Claim(NamedTuple):
    """A claim with its verdict and what that rests on, in words.

    Unless it ``is_estimated``, those for and against it are no count to compare: they are named in
    its details only.
    """

    number: str
    sentence: str
    verdict: str
    sign: str
    indicator: str
    is_estimated: bool
    estimate: str
    null: str
    chance: str
    rests_on: str
    confirmed: str
    remark: str
    sides: list[Side]


class Claims(NamedTuple):
    """The claims by verdict; none if they are about another codebook.

    ``is_unconfirmed`` says that people have confirmed no passage that any claim rests on.
    """

    is_ours: bool
    is_unconfirmed: bool
    asked: list[Claim]
    not_coded: list[Claim]
    summary: str


def gather_claims(results: Results) -> Claims:
    """Lay out the claims for the page."""
    if not speaks_of(results.codebook):
        return Claims(False, False, [], [], "")
    sides = list_sides(results)
    claims = [_describe(row, sides.get(row.claim, NOBODY)) for row in records(results.claims)]
    claims.sort(key=lambda claim: list(SIGNS).index(claim.verdict))
    return Claims(
        is_ours=True,
        is_unconfirmed=not results.claims["confirmed_interviews"].any(),
        asked=[claim for claim in claims if claim.verdict != NOT_CODED],
        not_coded=[claim for claim in claims if claim.verdict == NOT_CODED],
        summary=_sum_up(claims),
    )


def speaks_of(codebook: Codebook) -> bool:
    """Whether a codebook has any code of the one that ships with us, which the claims are about."""
    ours = {code.id for code in read_codebook("shipped").codes}
    return any(code.id in ours for code in codebook.codes)


def _describe(row: Any, sides: list[Side]) -> Claim:
    return Claim(
        number=row.claim,
        sentence=row.sentence,
        verdict=row.verdict,
        sign=SIGNS[row.verdict],
        indicator=row.indicator[:1].upper() + row.indicator[1:],
        is_estimated=not math.isnan(row.estimate),
        estimate=with_interval(row.estimate, row.low, row.high),
        null=signed(row.null),
        chance=f"{chance(row.p)}; adjusted for all claims {chance(row.p_adjusted)}",
        rests_on=f"{counted(row.interviews, 'interview')} in {counted(row.areas, 'area')}",
        confirmed=_confirmed(row.confirmed_interviews, row.confirmed_areas),
        remark=row.remark,
        sides=sides,
    )


def _confirmed(interviews: int, areas: int) -> str:
    if not interviews:
        return "no passage that it rests on"
    return f"passages in {counted(interviews, 'interview')} and {counted(areas, 'area')}"


def _sum_up(claims: Sequence[Claim]) -> str:
    """Count the claims, which stand in order of their verdicts, by these."""
    found = groupby(claims, key=lambda claim: claim.verdict)
    return ", ".join(f"{len(list(these))} {verdict}" for verdict, these in found)
