"""What can be added in one place, and the counterpart that each addition needs."""

from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.codebook import read_codebook
from pipeline.coding.classifiers import classifiers
from pipeline.coding.encoders import encoders
from pipeline.errors import NeedsAttentionError, UnknownChoiceError, UserError
from pipeline.exports import exporters
from pipeline.registry import Registry
from pipeline.stages import STAGES
from pipeline.tables import SHAPES

TESTS = Path(__file__).parent


def test_two_functions_of_one_name_are_refused():
    registry: Registry = Registry("bird", "pipeline.themes")
    registry.register("wren")(print)
    with pytest.raises(ValueError, match="Two functions are registered as bird 'wren'"):
        registry.register("wren")(len)


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UnknownChoiceError, match=r"no classifier 'logisitc'. Did you mean 'logis"):
        classifiers["logisitc"]


@pytest.mark.parametrize("registry", [classifiers, encoders, exporters], ids=["c", "e", "x"])
def test_everything_registered_is_tested_by_name(registry):
    tested = " ".join(path.read_text("utf-8") for path in TESTS.glob("test_*.py"))
    for name in registry.names():
        module = registry[name].__module__.rpartition(".")[2]
        assert f'"{name}"' in tested or (TESTS / f"test_{module}.py").exists(), name


def test_every_table_is_made_by_one_stage_or_by_people():
    made = [name for stage in STAGES for name in stage.makes]
    assert len(made) == len(set(made))
    assert {shape.name for shape in SHAPES} - set(made) == {"decisions", "memos"}


def test_no_stage_takes_what_is_only_made_later():
    made: set[str] = set()
    tables = {shape.name for shape in SHAPES} - {"decisions", "memos"}
    for stage in STAGES:
        assert set(stage.takes) & tables <= made, stage.name
        made |= set(stage.makes)


def test_the_shipped_codebook_has_three_powers_and_is_consistent():
    codebook = read_codebook("shipped")
    assert codebook.powers == ("hierarchical", "solidaristic", "individual")
    assert len(codebook.labels) == 48
    for code in codebook.codes:
        assert {example.stance for example in code.examples} == set(code.stances), code.id


def test_the_shipped_codebook_changes_only_with_its_version():
    shipped = TESTS.parent / "pipeline" / "codebooks" / "three_powers.yaml"
    assert (read_codebook("shipped").version, sha256(shipped.read_bytes()).hexdigest()) == (
        "1.1.0",
        "724c0032d745b33041f2adab2935927fc292378d76be711cfbfba2de270c4bd1",
    )


BASE = """
name: birds
version: 1.0.0
title: Birds
groups: {theme: {title: Theme, stances: {present: it is}}}
codes:
"""


def test_every_mistake_in_a_codebook_is_listed(tmp_path):
    path = tmp_path / "codebook.yaml"
    code = "  - {{id: wren, group: {0}, label: W, definition: D, stances: {{{1}: x}}}}\n"
    path.write_text(BASE + code.format("theme", "lacking") + code.format("them", "present"))
    with pytest.raises(NeedsAttentionError) as error:
        read_codebook(path)
    assert str(error.value).splitlines()[1:] == [
        "  wren: stance 'lacking' is not in group 'theme'.",
        "  codes: 'wren' stands twice.",
        "  wren: there is no group 'them'. Did you mean 'theme'?",
    ]


@pytest.mark.parametrize("content", ["name: [", "just words", "name: birds\nversion: 1"])
def test_what_is_no_codebook_is_refused(tmp_path, content):
    path = tmp_path / "codebook.yaml"
    path.write_text(content)
    with pytest.raises(UserError, match=r"codebook\.yaml"):
        read_codebook(path)
