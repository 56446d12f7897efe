"""Join what the model and people say of a passage: where people decided, they win."""

import pandas as pd

from pipeline.tables import (
    AND,
    CODINGS,
    Codings,
    Decisions,
    Passages,
    drop_overruled,
    is_by_model,
)

PLAIN = {"coder": "str", "decision": "str"}  # categories that differ cannot be joined


def add_decisions(codings: Codings, decisions: Decisions, passages: Passages) -> Codings:
    """Append to the model's codings what people decided on passages and codes that are there."""
    scored = {*zip(codings["code"], codings["stance"], strict=True)}
    pairs = zip(decisions["code"], decisions["stance"], strict=True)
    is_code = pd.Series([pair in scored for pair in pairs], decisions.index, dtype=bool)
    known = decisions[decisions["passage"].isin(passages["passage"]) & is_code]
    people = known.assign(score=known["applied"].astype("float32"), decision=_say(known["applied"]))
    return CODINGS.check(pd.concat([codings.astype(PLAIN), people[list(CODINGS.columns)]]))


def settle(codings: Codings) -> Codings:
    """Give one row a passage, code and stance: people's, where there are some, else the model's.

    Where people differ, the code applies if at least half of them apply it, or as they decided
    together.
    """
    is_model = is_by_model(codings)
    key = ["passage", "code", "stance"]
    people = drop_overruled(codings[~is_model]).astype({"coder": "str"})
    if people.empty:
        return CODINGS.check(codings[is_model])
    named = people.assign(coder=AND + people["coder"])  # adding up is faster than str.join
    joint = named.groupby(key, as_index=False, sort=False, observed=True).agg(
        coder=("coder", "sum"), score=("score", "mean")
    )
    joint["coder"] = joint["coder"].str.removeprefix(AND)
    joint["applied"] = joint["score"] >= 0.5
    joint["decision"] = _say(joint["applied"])
    both = pd.concat([joint, codings[is_model].astype(PLAIN)])
    return CODINGS.check(both.drop_duplicates(key, keep="first"))


def _say(applied: "pd.Series[bool]") -> "pd.Series[str]":
    return applied.map({True: "yes", False: "no"}).astype("str")
