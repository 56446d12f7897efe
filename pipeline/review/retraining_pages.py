"""Retrain: train the study's model on what people decided, see what changed, go back if need be.

The work is the same as of 'make retrain' and 'make analyse', in a process of its own.
"""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from pipeline.coding.card import RANKED, read_card
from pipeline.coding.shelf import find_damage, list_models, restore
from pipeline.errors import UserError
from pipeline.exports.card_comparisons import lay_out_changes
from pipeline.retraining import list_ready
from pipeline.review.coders import need_coder
from pipeline.review.desk import Desk
from pipeline.review.job import WORK, Job
from pipeline.tables import is_joint
from pipeline.wording import decimal, label_title

part = Blueprint("retrain", __name__, url_prefix="/retrain")
part.title = "Retrain"  # type: ignore[attr-defined] # what the page calls this part
part.lead = "train the model on what you decided, and see what changed"  # type: ignore[attr-defined]


@part.get("/")
def show() -> Any:
    """Show what there is to learn from, the job under way or its outcome, and the models."""
    desk, state, name = _desk(), _job().state, need_coder()
    study = desk.study
    outcome = state.outcome or {}
    changes = outcome.get("changes") or read_card(study.model).get("changes", [])
    return render_template(
        "retrain.html",
        coder=name,
        state=state,
        outcome=outcome,
        changes=lay_out_changes(changes, desk.codebook),
        ready=[(label_title(desk.codebook, one.label), one) for one in list_ready(study)],
        decided=_count_decided(desk),
        in_use=study.model.name,
        models=[one for one in _describe_models(desk) if one["name"] == study.name],
    )


@part.post("/start/<kind>")
def start(kind: str) -> Any:
    """Start the work, unless some is under way."""
    need_coder()
    if kind not in WORK:
        raise UserError("There is no such work.")
    _job().start(kind)
    return redirect(url_for("retrain.show"))


@part.get("/state")
def tell_state() -> Any:
    """Give how far the job is, for the page that shows it."""
    state = _job().state
    name, done, count = state.step
    return {
        "is_running": state.is_running,
        "said": [f"{stage}: {sentence}" for stage, sentence in state.said],
        "stage": name,
        "done": done,
        "count": count,
    }


@part.post("/restore")
def put_back() -> Any:
    """Put an earlier model of the study in use again."""
    need_coder()
    number = request.form.get("number", "")
    if not number.isdecimal():
        raise UserError("Which model? Choose one from the list.")
    study = _desk().study
    restore(study.root / "models", study.name, int(number))
    return redirect(url_for("retrain.show"))


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def _job() -> Job:
    job: Job = current_app.extensions.setdefault("job", Job(_desk().study))
    return job


def _count_decided(desk: Desk) -> dict[str, int]:
    decisions = desk.study.decisions
    people = decisions.loc[~is_joint(decisions), "coder"]
    return {"passages": decisions["passage"].nunique(), "coders": people.nunique()}


def _describe_models(desk: Desk) -> list[dict[str, Any]]:
    """Describe the models as their cards do; a damaged one by what is wrong with it."""
    described = []
    for kept in list_models(desk.study.root / "models"):
        damage = find_damage(kept.folder)
        card = {} if damage else read_card(kept.folder)
        figures = card.get("macro_f1", {}).get("this model")
        described.append(
            {
                "name": kept.name,
                "number": kept.number,
                "damage": damage,
                "date": card.get("date", ""),
                "version": card.get("codebook", {}).get("version", ""),
                "macro_f1": decimal(figures) if isinstance(figures, float) else "–",
                "classified": sum(row["mode"] != RANKED for row in card.get("labels", [])),
                "trained_on": card.get("trained_on", ""),
            }
        )
    return described
