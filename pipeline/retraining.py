"""Train a study's own model on what people decided, and keep only what is no worse."""

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import __version__
from pipeline.codebook import Label
from pipeline.coding.base import read_base
from pipeline.coding.bias import find_bias, name_lengths
from pipeline.coding.card import describe_codebook, read_card
from pipeline.coding.classifiers import DIGITS, Examples, Trainer, classifiers
from pipeline.coding.comparison import Change, Verdict, compare, judge
from pipeline.coding.encoders import Vectors
from pipeline.coding.joining import join
from pipeline.coding.model import Model, load_model
from pipeline.coding.revising import revise, revise_examples
from pipeline.coding.shelf import SHIPPED, put
from pipeline.coding.training import Trained, Truth, train
from pipeline.decided import Decided, gather_decided, gather_truth, look_up_vectors
from pipeline.errors import UserError
from pipeline.stages import Track, without_bar
from pipeline.study import Study
from pipeline.study_model import find_edited, find_model, find_ranked, rank_only
from pipeline.tables import PASSAGES
from pipeline.wording import counted

CLASSIFIER = "logistic"
FEWEST, FEWEST_INTERVIEWS = 5, 3  # yes and no, to move a head that was trained on more
ENOUGH, ENOUGH_INTERVIEWS = 20, 5  # positives, for a label to have a classifier at all


class Ready(NamedTuple):
    """How often people said yes and no of a label, in how many interviews yes, and if it will do.

    ``is_ready`` says whether that is enough to learn the label from.
    """

    label: Label
    yes: int
    no: int
    interviews: int
    is_ready: bool


class Retrained(NamedTuple):
    """What came of it: the labels that were learnt, macro-F1, and what to do next."""

    changes: list[Change]
    verdict: Verdict
    sentence: str


def retrain(
    study: Study, *, today: date, classifier: str = CLASSIFIER, track: Track = without_bar
) -> Retrained:
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
    ready = _count_decided(decided.truth, start.labels, start.ranked)
    learnt = np.array([one.is_ready for one in ready])
    if not learnt.any():
        raise UserError(_too_little(study, decided))
    trained = _train(decided, start, base, learnt, classifiers[classifier], track)
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


def list_ready(study: Study) -> list[Ready]:
    """Say of each label what people decided, and whether that is enough to learn it from."""
    _, truth = gather_truth(study)
    return _count_decided(truth, study.codebook.labels, find_ranked(study))


def _find_start(study: Study) -> tuple[Model, Examples | None]:
    """Give the model to start from, with the codings that it was made from, if they ship."""
    shipped, ours = study.shipped_model, study.codebook
    codebook = study.find_codebook_of(shipped)
    if codebook is None:
        return rank_only(study, _look_up_every(study)), None
    model, base = load_model(shipped, codebook), read_base(shipped)
    if codebook is ours:
        return model, base
    edited = find_edited(codebook, ours)
    examples = base and revise_examples(base, model.labels, ours.labels, edited)
    return revise(model, rank_only(study, _look_up_every(study)), edited), examples


def _find_old(study: Study, start: Model) -> Model:
    """Give the model in use, or the one to start from if none fits the codebook."""
    its, shipped = read_card(study.model), read_card(study.shipped_model)
    codebook = study.find_codebook_of(study.model)
    fits = (
        codebook is not None
        and its["codebook"]["fingerprint"] == codebook.fingerprint
        and its["encoder"]["sha256"] == shipped["encoder"]["sha256"]
    )
    return find_model(study, _look_up_every(study)) if fits else start


def _look_up_every(study: Study) -> Vectors:
    return look_up_vectors(study, study.tables.read(PASSAGES))


def _count_decided(truth: Truth, labels: Sequence[Label], ranked: Collection[Label]) -> list[Ready]:
    """Count what people decided on each label, and say whether that is enough to learn it."""
    said = truth.known & truth.applied
    yes, no = said.sum(axis=0).tolist(), (truth.known & ~truth.applied).sum(axis=0).tolist()
    interviews = [len(set(truth.interviews[rows])) for rows in said.T]
    return [
        Ready(label, *counts, _is_enough(*counts, label in ranked))
        for label, counts in zip(labels, zip(yes, no, interviews, strict=True), strict=True)
    ]


def _is_enough(yes: int, no: int, interviews: int, is_ranked: bool) -> bool:
    if min(yes, no) < FEWEST or interviews < FEWEST_INTERVIEWS:
        return False
    return not is_ranked or (yes >= ENOUGH and interviews >= ENOUGH_INTERVIEWS)


def _train(
    decided: Decided,
    start: Model,
    base: Examples | None,
    learnt: NDArray[np.bool_],
    trainer: Trainer,
    track: Track,
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
        track=lambda folds: track(folds, len(folds)),
    )


def _compare(decided: Decided, old: Model, new: Trained, learnt: NDArray[np.bool_]) -> list[Change]:
    """Compare the labels that were learnt, by answers of heads that leave the interview out.

    Where the old model's cut-offs were chosen with an interview, so are the new one's: cut-offs
    that know what they are tried on look better than they are.
    """
    interviews = decided.truth.interviews
    said = np.where(old.knows(interviews), _say_by_own_cutoffs(decided, new), new.answers.applied)
    return compare(
        decided.truth,
        [(place, old.labels[place]) for place in np.flatnonzero(learnt).tolist()],
        old.score(decided.vectors, interviews) >= old.cutoffs.applied,
        said,
    )


def _say_by_own_cutoffs(decided: Decided, new: Trained) -> NDArray[np.bool_]:
    scores = np.zeros(decided.truth.applied.shape)
    for fold, heads in enumerate(new.fold_heads):
        rows = new.folds == fold
        scores[rows] = heads.score(decided.vectors[rows]).round(DIGITS)
    return np.asarray(scores >= new.cutoffs.applied)


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
