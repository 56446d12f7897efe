"""A model goes on with a revised codebook, and says what it goes by."""

import numpy as np
import pytest
import yaml

from pipeline.codebook import Label, read_codebook
from pipeline.coding.classifiers import Examples
from pipeline.coding.model import load_model
from pipeline.coding.revising import revise_examples
from pipeline.errors import ModelError
from pipeline.study_model import find_edited, find_model, find_ranked
from pipeline.tables import PASSAGES

BRAVERY = {
    "id": "bravery",
    "group": "theme",
    "label": "Bravery",
    "definition": "Somebody dares.",
    "stances": {"present": "they dare", "lacking": "they do not"},
}


@pytest.fixture
def study(make_study, make_passages):
    made = make_study({"a.txt": "Ada Quill: We swam."})
    made.tables.write(PASSAGES, make_passages(each=3))
    return made


@pytest.fixture
def vectors():
    return np.random.default_rng(0).normal(size=(24, 384)).astype(np.float32)


def revise(study, change, *, version="1.2.0"):
    content = yaml.safe_load(yaml.safe_dump(read_codebook("shipped").model_dump(mode="json")))
    content["version"] = version
    change(content)
    (study.corpus / "codebook.yaml").write_text(yaml.safe_dump(content), "utf-8")
    return type(study)(study.root, study.name, study.corpus)


def find_code(content, name):
    return next(code for code in content["codes"] if code["id"] == name)


def test_labels_that_stay_are_scored_as_before_and_new_ones_only_ranked(study, vectors):
    before = load_model(study.shipped_model, study.codebook)
    revised = revise(study, lambda content: content["codes"].insert(3, BRAVERY))
    model = find_model(revised, vectors)
    assert model.labels == revised.codebook.labels
    new = [Label("bravery", "present"), Label("bravery", "lacking")]
    assert model.ranked == before.ranked | {*new} == find_ranked(revised)
    stay = [model.labels.index(label) for label in before.labels]
    scores = model.score(vectors, ["T"] * 24)
    assert (scores[:, stay] == before.score(vectors, ["T"] * 24)).all()
    assert np.isinf(model.cutoffs.applied[[model.labels.index(label) for label in new]]).all()
    assert not any(row.get("older_wording") for row in model.card["labels"])


def test_a_label_whose_definition_was_edited_is_marked(study, vectors):
    def edit(content):
        find_code(content, "trust")["definition"] = "Something else."
        find_code(content, "austerity")["stances"]["present"] = "no money"
        find_code(content, "spread")["examples"] = []

    revised = revise(study, edit)
    rows = find_model(revised, vectors).card["labels"]
    marked = {(row["code"], row["stance"]) for row in rows if row.get("older_wording")}
    assert marked == {("trust", "present"), ("trust", "lacking"), ("austerity", "present")}
    assert find_edited(read_codebook("shipped"), revised.codebook) == marked


def test_a_code_that_was_taken_out_is_scored_no_more(study, vectors):
    revised = revise(study, lambda content: content["codes"].remove(find_code(content, "trust")))
    model = find_model(revised, vectors)
    assert "trust" not in {label.code for label in model.labels}
    assert model.score(vectors, ["T"] * 24).shape == (24, 46)


def test_other_wording_under_the_same_version_is_refused(study, vectors):
    def edit(content):
        find_code(content, "trust")["definition"] = "Something else."

    revised = revise(study, edit, version=study.codebook.version)
    with pytest.raises(ModelError, match="Give the changed codebook a new version"):
        find_model(revised, vectors)


def test_another_codebook_is_no_revision_even_if_it_has_the_same_codes(study, vectors):
    revised = revise(study, lambda content: content.update(name="ours"))
    assert revised.has_no_model
    assert find_model(revised, vectors).ranked == {*revised.codebook.labels}


def test_codings_teach_nothing_about_new_and_edited_labels():
    base = Examples(np.eye(2), np.array([[True, True], [False, True]]), np.full((2, 2), 0.5))
    one, two, new = (Label(name, "present") for name in ("one", "two", "new"))
    examples = revise_examples(base, (one, two), (new, two, one), edited={two})
    assert examples.weight.tolist() == [[0, 0, 0.5], [0, 0, 0.5]]
    assert examples.applied.tolist() == [[False, False, True], [False, False, False]]
