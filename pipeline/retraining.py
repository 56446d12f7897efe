"""Train a study's own model on what people decided, and keep it only if it is no worse."""

import shutil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import __version__
from pipeline.codebook import Label
from pipeline.coding.classifiers import Applied, Heads, classifiers
from pipeline.coding.classifiers.logistic import FEWEST
from pipeline.coding.encoders import Vectors
from pipeline.coding.evaluation import evaluate, mean_f1
from pipeline.coding.model import Model, encoder_name, load_model, write_model
from pipeline.coding.training import Trained, Truth, train
from pipeline.coding.vectors import look_up, read_cache
from pipeline.errors import UserError
from pipeline.study import Study
from pipeline.tables import PASSAGES
from pipeline.wording import counted

CLASSIFIER, SEED = "logistic", 0
FEWEST_INTERVIEWS = 3
MOST_FALL = 0.02  # in macro-F1, for a new model to take the old one's place


class Decided(NamedTuple):
    """What people decided: passages down, labels across.

    ``known`` says where anybody decided; a label applies if half of those who did say so.
    """

    vectors: Vectors
    known: Applied
    applied: Applied
    interviews: NDArray[np.str_]


def retrain(study: Study) -> str:
    """Adapt the shipped model to a study by what people decided on its passages.

    A label is learnt where people said yes and no five times each, in three interviews or more;
    the others keep the shipped head. On the learnt labels the new model, by scores from folds
    that leave the passage's interview out, may have a macro-F1 at most .02 below the shipped
    one's; otherwise nothing changes. Raises UserError if there is too little to learn from.
    """
    if study.name == "default":
        raise UserError("A study called 'default' cannot have a model. Rename the study's folder.")
    default = study.root / "models" / "default"
    shipped = load_model(default, study.codebook)
    decided = _gather(study, encoder_name(default))
    learnt = _find_learnable(decided)
    if not learnt:
        raise UserError(
            f"There is too little to learn from: people have decided on "
            f"{counted(len(decided.known), 'passage')} of '{study.name}'. A code is learnt once "
            f"it has {FEWEST} yes and {FEWEST} no in {FEWEST_INTERVIEWS} interviews or more."
        )
    parts = {label: _learn(label, decided, shipped) for label in learnt}
    old = mean_f1([_score(label, decided, shipped) for label in learnt], positives=1)
    new = mean_f1([part.rows[0] for part in parts.values()], positives=1)
    verdict = (
        f"macro-F1 {new:.3f} against {old:.3f} of the shipped one, on "
        f"{counted(len(learnt), 'label')} and {counted(len(decided.known), 'passage')}"
    )
    if new < old - MOST_FALL:
        return f"no model was made: the new one would be worse ({verdict})"
    _keep(study, _join(shipped, parts), _card(study, shipped, decided, new, old))
    return f"models/{study.name} is made ({verdict}). {_next_step(study)}"


def _gather(study: Study, encoder: str) -> Decided:
    passages, labels = study.tables.read(PASSAGES), study.codebook.labels
    places = {label: place for place, label in enumerate(labels)}
    votes = study.decisions.groupby(["passage", "code", "stance"], as_index=False)["applied"].mean()
    pairs = map(Label._make, zip(votes["code"], votes["stance"], strict=True))
    votes = votes.assign(label=[places.get(pair, -1) for pair in pairs]).query("label >= 0")
    decided = passages[passages["passage"].isin(votes["passage"])]
    votes = votes[votes["passage"].isin(decided["passage"])]
    rows = {passage: row for row, passage in enumerate(decided["passage"])}
    cells = (votes["passage"].map(rows).to_numpy(int), votes["label"].to_numpy(int))
    known = np.zeros((len(rows), len(labels)), dtype=bool)
    applied = known.copy()
    known[cells] = True
    applied[cells] = votes["applied"].to_numpy() >= 0.5
    vectors = look_up(decided["text"].tolist(), encoder, read_cache(study.vectors))
    return Decided(vectors, known, applied, decided["transcript"].to_numpy(str))


def _find_learnable(decided: Decided) -> list[int]:
    def is_enough(label: int) -> bool:
        known = decided.known[:, label]
        yes = int(decided.applied[known, label].sum())
        interviews = len(set(decided.interviews[known]))
        return min(yes, int(known.sum()) - yes) >= FEWEST and interviews >= FEWEST_INTERVIEWS

    return [label for label in range(decided.known.shape[1]) if is_enough(label)]


def _learn(label: int, decided: Decided, shipped: Model) -> Trained:
    known = decided.known[:, label]
    sources = np.full(int(known.sum()), "study")
    truth = Truth(decided.applied[known][:, [label]], decided.interviews[known], sources)
    return train(
        decided.vectors[known],
        truth,
        [shipped.labels[label]],
        trainer=classifiers[CLASSIFIER],
        before=Heads(shipped.heads.weights[[label]], shipped.heads.intercepts[[label]]),
        seed=SEED,
    )


def _score(label: int, decided: Decided, model: Model) -> dict[str, Any]:
    """Score a model on one label where people decided on it."""
    known = decided.known[:, label]
    scores = model.heads.score(decided.vectors[known])[:, [label]]
    (row,) = evaluate(
        [model.labels[label]],
        decided.applied[known][:, [label]],
        scores,
        model.thresholds[[label]],
        decided.interviews[known],
    )
    return row


def _join(shipped: Model, parts: dict[int, Trained]) -> Trained:
    """Put what was learnt in the places of the shipped model's heads, thresholds and figures."""
    weights, intercepts = shipped.heads.weights.copy(), shipped.heads.intercepts.copy()
    rows = list(shipped.card["labels"])
    for label, part in parts.items():
        weights[label], intercepts[label] = part.heads.weights[0], part.heads.intercepts[0]
        rows[label] = part.rows[0]
    thresholds = np.array([row["threshold"] for row in rows])
    return Trained(Heads(weights, intercepts), thresholds, np.empty((0, len(rows))), rows)


def _keep(study: Study, trained: Trained, card: dict[str, Any]) -> None:
    folder = study.root / "models" / study.name
    if folder.is_dir():
        before = folder.with_name(f"{study.name}-before")
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(folder, before)
    write_model(folder, trained, card)


def _next_step(study: Study) -> str:
    chosen = study.settings.code.model
    if chosen in ("", study.name):
        return "It codes from the next 'make analyse' on"
    return f"study.toml chooses '{chosen}': set code.model to '{study.name}' to use the new one"


def _card(study: Study, shipped: Model, decided: Decided, new: float, old: float) -> dict[str, Any]:
    interviews = len(set(decided.interviews))
    return {
        "name": study.name,
        "made_by": f"three-powers {__version__}",
        "codebook": shipped.card["codebook"],
        "encoder": shipped.card["encoder"],
        "classifier": CLASSIFIER,
        "seed": SEED,
        "trained_on": (
            f"the model '{shipped.card['name']}', adapted to "
            f"{counted(len(decided.known), 'passage')} of {counted(interviews, 'interview')} that "
            "people decided on. The figures of learnt labels are on these, by scores that leave "
            "the interview out; the other labels are the shipped model's."
        ),
        "macro_f1": {"own_interviews": new, "shipped_model": old},
    }
