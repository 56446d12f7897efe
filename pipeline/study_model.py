"""The model that codes a study, fitted to its codebook if that is a revision of the model's."""

from pipeline.codebook import Codebook, Label
from pipeline.codebook_changes import is_same_meaning
from pipeline.coding.card import RANKED, read_card
from pipeline.coding.encoders import Vectors
from pipeline.coding.likeness import ranking_model
from pipeline.coding.model import Model, load_encoder, load_model
from pipeline.coding.revising import revise
from pipeline.study import Study


def find_model(study: Study, ordinary: Vectors) -> Model:
    """Give the model that codes a study; without one for its codebook, one that only ranks.

    ``ordinary`` are vectors of the study's passages, which likeness to the codebook is measured
    against. Raises ModelError for a model of another codebook that this is no revision of.
    """
    if study.has_no_model:
        return rank_only(study, ordinary)
    before = study.find_codebook_of(study.model) or study.codebook
    model = load_model(study.model, before)
    if before is study.codebook:
        return model
    return revise(model, rank_only(study, ordinary), find_edited(before, study.codebook))


def rank_only(study: Study, ordinary: Vectors) -> Model:
    """Make a model that ranks passages by likeness to the study's codebook."""
    shipped = study.shipped_model
    return ranking_model(
        study.codebook, load_encoder(shipped), read_card(shipped)["encoder"], ordinary
    )


def find_ranked(study: Study) -> set[Label]:
    """List the labels that have no classifier to start from yet."""
    labels = {*study.codebook.labels}
    if study.find_codebook_of(study.shipped_model) is None:
        return labels
    rows = read_card(study.shipped_model)["labels"]
    return labels - {Label(row["code"], row["stance"]) for row in rows if row["mode"] != RANKED}


def find_edited(before: Codebook, now: Codebook) -> set[Label]:
    """List the labels that both codebooks have, and whose meaning is not the same in them."""
    old, new = ({code.id: code for code in codebook.codes} for codebook in (before, now))
    return {
        label
        for label in {*before.labels} & {*now.labels}
        if not is_same_meaning(old[label.code], new[label.code], label.stance)
    }
