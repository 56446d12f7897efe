from collections import Counter

import edited_transcripts as edits
import pytest

from pipeline.coding.anchoring import place
from pipeline.coding.anchors import make_anchors
from pipeline.transcripts.passages import Lengths

LENGTHS = Lengths(60, 120, 5)


def follow_edits(seed, *, transcripts=4, turns=60, most=3):
    """Edit invented transcripts at random, and say what became of every passage."""
    world = edits.World(seed)
    talks = {f"T{number}": world.make_transcript(turns) for number in range(transcripts)}
    edited = {
        name: edits.edit(world, talk, world.random.randint(1, most)) for name, talk in talks.items()
    }
    before, after = (
        edits.split_study(each, edits.find_at_full_stops, LENGTHS) for each in (talks, edited)
    )
    outcomes = edits.follow(before, after, before.passages["passage"].tolist(), world)
    return outcomes, lambda outcome: edits.is_pasted(before, after, outcome, world)


@pytest.mark.parametrize("most", [3, 12])
def test_no_decision_is_put_on_other_talk_whatever_was_edited(most):
    counts, wrong = Counter(), []
    for seed in range(12):
        outcomes, is_pasted = follow_edits(seed, most=most)
        counts.update("placed" if one.now else "asked" for one in outcomes)
        wrong += [one for one in outcomes if one.now and not one.is_same and not is_pasted(one)]
    assert wrong == []
    assert counts["placed"] > (0.95 if most == 3 else 0.85) * counts.total()


def test_without_edits_everything_stays():
    world = edits.World(3)
    study = edits.split_study({"T1": world.make_transcript(40)}, edits.find_at_full_stops, LENGTHS)
    names = study.passages["passage"].tolist()
    placed = place(make_anchors(study.passages, names), study.passages)
    assert [(one.passage, one.now, one.how) for one in placed] == [
        (name, name, "unchanged") for name in names
    ]
