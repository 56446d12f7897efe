"""Train a study's own model on what people decided, and keep only what is no worse."""

from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import __version__
from pipeline.coding.base import read_base
from pipeline.coding.bias import find_bias, name_lengths
from pipeline.coding.card import describe_codebook, read_card
from pipeline.coding.classifiers import Examples, Trainer, classifiers
from pipeline.coding.comparison import Change, Verdict, compare, judge
from pipeline.coding.joining import join
from pipeline.coding.likeness import ranking_model
from pipeline.coding.model import Model, load_encoder, load_model
from pipeline.coding.shelf import SHIPPED, put
from pipeline.coding.training import Trained, Truth, train
from pipeline.decided import Decided, gather_decided, look_up_vectors
from pipeline.errors import UserError
from pipeline.study import Study
from pipeline.tables import PASSAGES
from pipeline.wording import counted

CLASSIFIER = "logistic"
FEWEST, FEWEST_INTERVIEWS = 5, 3  # yes and no, to move a head that was trained on more
ENOUGH, ENOUGH_INTERVIEWS = 20, 5  # positives, for a label to have a classifier at all


class Retrained(NamedTuple):
    """What came of it: the labels that were learnt, macro-F1, and what to do next."""

    changes: list[Change]
    verdict: Verdict
    sentence: str


def retrain(study: Study, *, today: date, classifier: str = CLASSIFIER) -> Retrained:
    """Train a study's own model on what people decided on its passages.

    With the shipped codebook it learns from the shipped codings, too, and starts from the shipped
    heads; with another one it starts from the likeness to that codebook. It is compared with the
    model in use on the same interviews, each scored by heads that did not learn from it: see
    comparison.py. Raises UserError if there is too little to learn from.
    """
    if study.name.casefold() == SHIPPED:  # some disks do not tell 'Default' from it
        raise UserError(f"A study called '{study.name}' cannot have a model. Rename its folder.")
    decided = gather_decided(study)
    start, base = _find_start(study)
    learnt = _find_learnable(decided.truth, start)
    if not learnt.any():
        raise UserError(_too_little(study, decided))
    trained = _train(decided, start, base, learnt, classifiers[classifier])
    old = _find_old(study, start)
    changes = _compare(decided, old, trained, learnt)
    verdict = judge([change for change in changes if change.label not in old.ranked] or changes)
    told = _tell(study, decided, changes, verdict)
    if not verdict.is_better:
        return Retrained(changes, verdict, f"no model was made: it would be no better ({told})")
    taken = learnt.copy()
    taken[learnt] = [change.is_taken for change in changes]
    model = join(old, trained, taken, decided.truth.interviews)
    card = _describe(study, decided, start, changes, verdict) | {
        "classifier": classifier,
        "date": today.isoformat(),
        "bias": _test_bias(study, decided, model),
    }
    inherited = {name: value for name, value in model.card.items() if name != "base_sha256"}
    put(study.root / "models" / study.name, model._replace(card=inherited | card))
    return Retrained(changes, verdict, f"models/{study.name} is made ({told}). {_next_step(study)}")


def _find_start(study: Study) -> tuple[Model, Examples | None]:
    """Give the model to start from, with the codings that it was made from, if they ship."""
    shipped = study.shipped_model
    if study.has_shipped_codebook:
        return load_model(shipped, study.codebook), read_base(shipped)
    encoder, ordinary = load_encoder(shipped), look_up_vectors(study, study.tables.read(PASSAGES))
    return ranking_model(study.codebook, encoder, read_card(shipped)["encoder"], ordinary), None


def _find_old(study: Study, start: Model) -> Model:
    """Give the model in use, or the one to start from if none fits the codebook."""
    its, shipped = read_card(study.model), read_card(study.shipped_model)
    fits = (
        its["codebook"]["fingerprint"] == study.codebook.fingerprint
        and its["encoder"]["sha256"] == shipped["encoder"]["sha256"]
    )
    return load_model(study.model, study.codebook) if fits else start


def _find_learnable(truth: Truth, start: Model) -> NDArray[np.bool_]:
    """Say which labels can be learnt: those with enough of this study's decisions."""
    ranked = np.array([label in start.ranked for label in start.labels])
    yes, no = ((truth.known & side).sum(axis=0) for side in (truth.applied, ~truth.applied))
    asked, having = (
        np.array([len(set(truth.interviews[rows])) for rows in side.T])
        for side in (truth.known, truth.known & truth.applied)
    )
    interviews = np.minimum(asked, having)
    moves = (np.minimum(yes, no) >= FEWEST) & (interviews >= FEWEST_INTERVIEWS)
    begins = (yes >= ENOUGH) & (having >= ENOUGH_INTERVIEWS)
    return np.asarray(moves & (begins | ~ranked))


def _train(
    decided: Decided,
    start: Model,
    base: Examples | None,
    learnt: NDArray[np.bool_],
    trainer: Trainer,
) -> Trained:
    """Train the labels that can be learnt; the others keep the head to start from."""
    truth = decided.truth._replace(known=decided.truth.known & learnt)
    return train(
        decided.vectors,
        truth,
        start.labels,
        trainer=trainer,
        before=start.heads,
        base=base and base._replace(weight=base.weight * learnt),
    )


def _compare(decided: Decided, old: Model, new: Trained, learnt: NDArray[np.bool_]) -> list[Change]:
    """Compare the labels that were learnt, by answers that leave the interview out."""
    return compare(
        decided.truth,
        [(place, old.labels[place]) for place in np.flatnonzero(learnt).tolist()],
        old.score(decided.vectors, decided.truth.interviews) >= old.cutoffs.applied,
        new.answers.applied,
    )


def _test_bias(study: Study, decided: Decided, model: Model) -> list[dict[str, Any]]:
    classified = np.array([label not in model.ranked for label in model.labels])
    passages, every = decided.passages, study.tables.read(PASSAGES)
    lengths = name_lengths(every["words"].to_numpy(), every["transcript"].to_numpy(str))
    length_of = dict(zip(every["transcript"], lengths.tolist(), strict=True))
    truth = decided.truth._replace(known=decided.truth.known & classified)
    groups = {
        "area": passages["area"].to_numpy(str),
        "role": passages["role"].to_numpy(str),
        "length of the interview": passages["transcript"].map(length_of).to_numpy(str),
    }
    said = model.score(decided.vectors, truth.interviews) >= model.cutoffs.applied
    return find_bias(truth, said, groups)


def _describe(
    study: Study, decided: Decided, start: Model, changes: list[Change], verdict: Verdict
) -> dict[str, Any]:
    """Write the parts of the card that are new."""
    interviews = len(set(decided.truth.interviews))
    return {
        "name": study.name,
        "made_by": f"three-powers {__version__}",
        "codebook": describe_codebook(study.codebook),
        "trained_on": (
            f"{counted(len(decided.passages), 'passage')} of {counted(interviews, 'interview')} "
            f"that people decided on, starting from the model '{start.card['name']}' "
            f"({start.card['trained_on']}). The figures of the labels that were learnt are on "
            "these, by scores that leave the interview out; the other labels' are as before."
        ),
        "data_sha256": sha256(study.decisions.to_csv().encode()).hexdigest(),
        "macro_f1": {"this model": verdict.new, "the one before": verdict.old},
        "changes": [change.to_row() for change in changes],
    }


def _too_little(study: Study, decided: Decided) -> str:
    return (
        f"There is too little to learn from: people have decided on "
        f"{counted(len(decided.passages), 'passage')} of '{study.name}'. A code is learnt once "
        f"it has {FEWEST} yes and {FEWEST} no in {FEWEST_INTERVIEWS} interviews or more; one "
        f"without a classifier so far, once it has {ENOUGH} yes in {ENOUGH_INTERVIEWS} interviews."
    )


def _tell(study: Study, decided: Decided, changes: list[Change], verdict: Verdict) -> str:
    return (
        f"macro-F1 {verdict.new:.3f} against {verdict.old:.3f} of the model in use, "
        f"on {counted(len(changes), 'label')} and {counted(len(decided.passages), 'passage')}"
        f"{_count_other_versions(study)}"
    )


def _count_other_versions(study: Study) -> str:
    """Say how many decisions were made by a codebook of another version; they count as well."""
    made_by = study.decisions["codebook_version"]
    others = made_by[made_by != study.codebook.version]
    versions = ", ".join(sorted(set(others)))
    return (
        f"; {counted(len(others), 'decision')} by codebook version {versions}" if versions else ""
    )


def _next_step(study: Study) -> str:
    chosen = study.settings.code.model
    if chosen in ("", study.name):
        return "It codes from the next 'make analyse' on"
    return f"study.toml chooses '{chosen}': set code.model to '{study.name}' to use the new one"
