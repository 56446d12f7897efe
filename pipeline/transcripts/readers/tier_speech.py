"""What is said on several tiers, put in order of time and made a script."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import TranscriptError
from pipeline.transcripts.readers import Script
from pipeline.transcripts.readers.segments import Segment, in_order_of_time, number_segments
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.tiers import Tier, choose_tiers, join_breaths
from pipeline.wording import listed

_MOST_TIERS = 100
_NAMED = 6


def read_tiers(
    path: Path, tiers: Sequence[Tier], kind: str, left_out: Mapping[str, int] | None = None
) -> Script:
    """Choose the tiers that hold what is said, and order it by its starts.

    Raises TranscriptError for files without words, or with more tiers than a talk has.
    """
    if len(tiers) > _MOST_TIERS:
        raise TranscriptError(
            path,
            0,
            f"it has {len(tiers):,} tiers, more than a talk has speakers.",
            remedy="Export it again with the tiers of what is said only.",
        )
    choice = choose_tiers(tiers)
    segments = [
        Segment(tier.speaker, piece.text, 0, piece.start)
        for tier in choice.speech
        for piece in join_breaths(tier.pieces)
    ]
    speech = Speech(
        number_segments(in_order_of_time(segments)),
        kind,
        {**(left_out or {}), "other tiers": len(choice.other) + len(choice.doubtful)},
        _warn(choice.doubtful),
    )
    return make_script(path, speech)


def _warn(doubtful: Sequence[Tier]) -> tuple[str, ...]:
    if not doubtful:
        return ()
    names = listed(f"'{tier.name[:40]}'" for tier in doubtful[:_NAMED])
    return (
        f"left out, because another tier of the same speaker says more at the same times: {names}",
    )
