"""What the page has on its desk: a study's passages, its codebook, and what people decided."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.check_samples import RECORD, CheckSample, read_check_sample
from pipeline.codebook import Codebook, Label
from pipeline.coding.anchors import Anchor, make_anchors
from pipeline.decisions import Said, read_said, save
from pipeline.errors import UserError
from pipeline.review.progress import Progress
from pipeline.study import CODEBOOKS, Study
from pipeline.tables import CODINGS, MODEL, PASSAGES, Passages


class Shelf(NamedTuple):
    """The tables of one analysis: passages in order of talk, and the model's scores of them.

    ``starts`` are the places at which a transcript begins.
    """

    passages: Passages
    places: Mapping[str, int]
    starts: Sequence[int]
    scores: NDArray[np.float32]  # passages down, the codebook's labels across; NaN without a score
    applied: NDArray[np.bool_]
    model: str


class Desk:
    """A study that is open for review. Tables are read again once an analysis has made new ones.

    Raises UserError if the study has no passages yet.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._lock = Lock()
        self._codebook: tuple[object, Codebook] | None = None
        self._made: tuple[object, ...] = ()
        self._shelf: Shelf | None = None
        self._sample: tuple[object, CheckSample] | None = None
        self._progress = Progress(self.file)
        if not study.tables.path(PASSAGES).exists():
            raise UserError(
                f"There is nothing to review yet. Run 'make analyse STUDY={study.name}' first."
            )

    @property
    def study(self) -> Study:
        """The study as its files are now: settings and codebook may have been edited."""
        return Study(self._study.root, self._study.name, self._study.corpus)

    @property
    def codebook(self) -> Codebook:
        """The codebook as it is now; it is read again once its file has changed."""
        own = tuple(
            (path, path.stat().st_mtime_ns, path.stat().st_size, path.stat().st_ino)
            for name in CODEBOOKS
            if (path := self._study.corpus / name).exists()
        )
        with self._lock:
            if self._codebook is None or own != self._codebook[0]:
                self._codebook = own, self.study.codebook
            return self._codebook[1]

    @property
    def file(self) -> Path:
        """Where decisions are kept."""
        return self._study.corpus / "coding.sqlite"

    @property
    def sample(self) -> CheckSample:
        """The check sample, empty if none was drawn; it is read again once its file has changed."""
        path = self._study.corpus / RECORD
        state = (path.stat().st_mtime_ns, path.stat().st_ino) if path.exists() else None
        with self._lock:
            if self._sample is None or self._sample[0] != state:
                self._sample = state, read_check_sample(path)
            return self._sample[1]

    @property
    def shelf(self) -> Shelf:
        """The tables of the last analysis."""
        labels = self.codebook.labels
        with self._lock:
            tables = self._study.tables
            files = (tables.path(PASSAGES), tables.path(CODINGS))
            times = (path.stat().st_mtime_ns if path.exists() else 0 for path in files)
            made = (labels, *times)
            if self._shelf is None or made != self._made:
                self._shelf, self._made = _read_shelf(self._study, labels), made
            return self._shelf

    def find_passage(self, passage: str) -> dict[str, Any] | None:
        """Give a passage's columns, with what stands before it; None if there is none."""
        shelf = self.shelf
        place = shelf.places.get(passage)
        if place is None:
            return None
        row = shelf.passages.iloc[place].to_dict()
        return {str(name): value for name, value in row.items()} | {"place": place}

    def read_last(self, passage: str) -> list[Said]:
        """Give what every coder decided last on a passage, with the numbers of the rows."""
        return sorted(read_said(self.file, passages=[passage]))

    def save_passage(
        self,
        passage: str,
        applied: Mapping[Label, bool],
        *,
        coder: str,
        seen: int,
        request: str,
        how: tuple[str, float | None],
        is_withdrawn: bool = False,
    ) -> int:
        """Record a coder's decisions on a passage; give the number of the last.

        ``how`` is how the passage was picked, and the probability if it was drawn at random. Raises
        ChangedError if the coder decided on it since ``seen``; KeyError for an unknown passage.
        """
        selection, probability = how
        rows = [
            {
                "coder": coder,
                "passage": passage,
                "code": label.code,
                "stance": label.stance,
                "applied": int(is_so),
                "codebook_version": self.codebook.version,
                "selection": selection,
                "probability": probability,
                "decided_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "is_withdrawn": int(is_withdrawn),
            }
            for label, is_so in applied.items()
        ]
        anchor = _make_anchor(self.shelf, self.shelf.places[passage])
        return save(self.file, rows, request=request, seen=seen, anchor=anchor)

    def check_version(self, seen: object) -> None:
        """Raise UserError if the codebook that a coder saw, by its version, is not that of now."""
        if seen != self.codebook.version:
            raise UserError(
                "The codebook has changed. Reload the page, and code the passage again."
            )

    def list_decided(self, coder: str) -> frozenset[str]:
        """List the passages that a coder decided on, and did not withdraw."""
        return self._progress.find(coder)

    @cached_property
    def title(self) -> str:
        """The study's title."""
        return self._study.title


def _read_shelf(study: Study, labels: Sequence[Label]) -> Shelf:
    passages = study.tables.read(PASSAGES)
    order = ["transcript", "turn", "start", "passage"]
    passages = PASSAGES.check(passages.sort_values(order))
    places = {name: place for place, name in enumerate(passages["passage"])}
    is_first = ~passages["transcript"].duplicated().to_numpy()
    starts = np.flatnonzero(is_first).tolist()
    scores = np.full((len(passages), len(labels)), np.nan, dtype=np.float32)
    applied = np.zeros(scores.shape, dtype=bool)
    if not study.tables.path(CODINGS).exists():
        return Shelf(passages, places, starts, scores, applied, "")
    codings = study.tables.read(CODINGS)
    coders = [name for name in codings["coder"].cat.categories if name.startswith(MODEL)]
    mine = codings[codings["coder"].isin(coders)]
    down = pd.Index(passages["passage"]).get_indexer(pd.Index(mine["passage"]))
    known = pd.MultiIndex.from_tuples(labels, names=["code", "stance"])
    across = known.get_indexer(pd.MultiIndex.from_frame(mine[["code", "stance"]].astype("str")))
    is_here = (down >= 0) & (across >= 0)
    scores[down[is_here], across[is_here]] = mine["score"].to_numpy()[is_here]
    applied[down[is_here], across[is_here]] = mine["applied"].to_numpy()[is_here]
    return Shelf(passages, places, starts, scores, applied, coders[0] if coders else "")


def _make_anchor(shelf: Shelf, place: int) -> Anchor:
    """Keep a passage's words and the talk around them, to find it again after an edit."""
    start = bisect_right(shelf.starts, place) - 1
    end = [*shelf.starts, len(shelf.passages)][start + 1]
    mine = Passages(shelf.passages.iloc[shelf.starts[start] : end])
    return make_anchors(mine, [str(shelf.passages["passage"].iloc[place])])[0]
