"""Small studies for the tests of claims: what each interview says, passage by passage."""

import numpy as np

from pipeline.codebook import Label, read_codebook
from pipeline.coding.settling import settle
from pipeline.findings.claim_evidence import list_evidence
from pipeline.findings.claims import THEORY
from pipeline.findings.shares import count_shares
from pipeline.findings.verdicts import weigh_claims
from pipeline.tables import CODINGS, PASSAGES

LABELS = read_codebook("shipped").labels
AREAS = "North South East West Mid Far".split()
PERSON, MODEL = "Ada", "model default"


def make_study(talks, *, coder=PERSON, scores=None):
    """Build passages and settled codings from (area, [labels of a passage, ...]) an interview.

    Labels stand as 'trust present, spread lacking'. ``scores`` maps passages ('T00-1') to scores.
    """
    common = {"participant": "P", "role": "", "start": 0, "end": 1, "words": 9, "context": ""}
    passages, codings = [], []
    for row, (area, talk) in enumerate(talks):
        for turn, labels in enumerate(talk):
            name = f"T{row:02d}-{turn}"
            place = {"passage": name, "transcript": f"T{row:02d}", "turn": turn, "text": name}
            passages.append(common | place | {"area": area})
            for label in filter(None, labels.split(", ")):
                code, stance = label.split()
                score = (scores or {}).get(name, 1.0)
                codings.append(
                    {"passage": name, "code": code, "stance": stance, "coder": coder}
                    | {"score": score, "applied": True, "decision": "yes"}
                )
    return PASSAGES.build(passages), settle(CODINGS.build(codings))


def spread_over(areas, *talks):
    """Give each area the same talks."""
    return [(area, talk) for area in areas for talk in talks]


def weigh(talks, number, *, coded=LABELS, coder=PERSON, shares=None, claims=THEORY, seed=0):
    """Weigh the claims of a small study, and give the row of one."""
    passages, settled = make_study(talks, coder=coder)
    if shares is None:
        shares = count_shares(passages, settled, LABELS)
    table = weigh_claims(passages, settled, shares, coded, claims=claims, seed=seed)
    return table.set_index("claim").loc[number]


def gather(talks, number, *, coded=LABELS, coder=PERSON, scores=None):
    """List the evidence of a small study for one claim."""
    passages, settled = make_study(talks, coder=coder, scores=scores)
    shares = count_shares(passages, settled, LABELS)
    table = list_evidence(passages, settled, shares, coded)
    return table[table["claim"] == number]


def by_chance(interviews, size, rate, *labels, seed=0):
    """Give interviews in which each label stands in passages at random."""
    random = np.random.default_rng(seed)
    return [
        (
            AREAS[row % 4],
            [", ".join(x for x in labels if random.random() < rate) for _ in range(size)],
        )
        for row in range(interviews)
    ]


def without(*names):
    """Give all labels but these."""
    return [label for label in LABELS if label not in {Label(*name.split()) for name in names}]
