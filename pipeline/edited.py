"""Follow what was said through edits of its transcript: what people decided goes with the talk.

Unique, or ask: a decision goes to another passage only where that is clearly the same talk.
"""

from datetime import UTC, datetime
from pathlib import Path

from pipeline.coding.anchoring import place
from pipeline.coding.anchors import Anchor, make_anchors
from pipeline.decisions import read_anchors, read_lost, record_moves
from pipeline.tables import Passages
from pipeline.wording import counted

ASK = "ask"
PLACED_BY = "three-powers"


def follow_talk(file: Path, passages: Passages) -> str:
    """Record where the passages that people decided on stand now; say it in words, if any moved.

    Decisions on a passage that is not clearly there any more are in use nowhere, until a person
    places them or the words come back. ``file`` is the study's coding.sqlite.
    """
    stands, lost = read_anchors(file), {anchor[0]: anchor for anchor in read_lost(file)}
    anchors = [Anchor(*one[:5], tuple(one[5]), one[6]) for one in (*stands, *lost.values())]
    placed = place(anchors, passages)
    moved = [one for one in placed if one.now and (one.now != one.passage or one.passage in lost)]
    asked = [one for one in placed if not one.now]
    here = {*passages["passage"]} - {*lost}  # an id that is here may be of other words now
    moves = [(one.passage, one.now, str(one.how)) for one in moved]
    moves += [(one.passage, "", ASK) for one in asked if one.passage in here]
    if moves:
        found = make_anchors(passages, [one.now for one in moved])
        now = datetime.now(UTC).isoformat()
        record_moves(file, moves, anchors=found, coder=PLACED_BY, moved_at=now)
    return _tell(len(moved), len(asked))


def _tell(moved: int, asked: int) -> str:
    told = [
        f"{counted(moved, 'passage')} with decisions found again after an edit" if moved else "",
        f"{counted(asked, 'passage')} with decisions not found again" if asked else "",
    ]
    return "".join(f"; {each}" for each in told if each)
