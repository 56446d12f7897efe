"""Long work that the page starts, in a process of its own: saving stays quick beside it."""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, TypeVar

from pipeline.errors import UserError
from pipeline.study import Study

T = TypeVar("T")
Send = Callable[[str, Any], None]


class State(NamedTuple):
    """How far a job is: what it said, the step that it is at, and what came of it.

    ``step`` is (name, done, of how many). ``outcome`` is what the work gave, ``mistake`` a sentence
    on why it gave nothing; while it runs, there is neither.
    """

    kind: str = ""
    is_running: bool = False
    said: tuple[tuple[str, str], ...] = ()
    step: tuple[str, int, int] = ("", 0, 0)
    outcome: dict[str, Any] | None = None
    mistake: str = ""


class Job:
    """The one job of a page. Starting another while it runs does nothing."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._lock = threading.Lock()
        self._state = State()

    @property
    def state(self) -> State:
        """How far it is."""
        with self._lock:
            return self._state

    def start(self, kind: str) -> None:
        """Start a kind of work (a key of WORK), unless some is under way."""
        with self._lock:
            if self._state.is_running:
                return
            self._state = State(kind, is_running=True)
        context = multiprocessing.get_context("spawn")
        ours, its = context.Pipe(duplex=False)
        child = context.Process(target=_work, args=(kind, self._study, its), daemon=True)
        child.start()
        its.close()
        threading.Thread(target=self._follow, args=(ours,), daemon=True).start()

    def _follow(self, ours: Connection) -> None:
        """Take in what the work tells until it ends, however it does."""
        with ours:
            try:
                while True:
                    self._note(*ours.recv())
            except EOFError:
                pass
        with self._lock:
            state = self._state._replace(is_running=False)
            if state.outcome is None and not state.mistake:
                state = state._replace(mistake="It was ended before it was done. Start it again.")
            self._state = state

    def _note(self, what: str, told: Any) -> None:
        with self._lock:
            now = self._state
            self._state = (
                now._replace(said=(*now.said, told)) if what == "said" else now._replace(**told)
            )


def _work(kind: str, study: Study, pipe: Connection) -> None:
    """Do the work, and tell of it; this is the process's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the page, which ends us

    def tell(what: str, told: Any) -> None:
        pipe.send((what, told))

    try:
        tell("now", {"outcome": WORK[kind](study, tell)})
    except UserError as error:
        tell("now", {"mistake": str(error)})
    except Exception as error:
        tell("now", {"mistake": f"Something is wrong with three-powers itself: {error!r}"})
        raise


def _retrain(study: Study, tell: Send) -> dict[str, Any]:
    from pipeline import retraining, running

    with running.hold(study):
        done = retraining.retrain(study, today=date.today(), track=_follow_steps("retrain", tell))
    return {
        "sentence": done.sentence,
        "changes": [change.to_row() for change in done.changes],
        "is_better": done.verdict.is_better,
    }


def _analyse(study: Study, tell: Send) -> dict[str, Any]:
    from pipeline import running

    def say(stage: str, sentence: str, is_unchanged: bool) -> None:
        tell("said", (stage, f"{sentence}{' (unchanged)' if is_unchanged else ''}"))

    running.analyse(study, say, lambda stage: _follow_steps(stage, tell))
    running.check_all_read(study)
    return {"sentence": "the report and the tables are made anew."}


def _follow_steps(stage: str, tell: Send) -> Any:
    def track(steps: Iterable[T], count: int) -> Iterator[T]:
        for number, step in enumerate(steps):
            if number % max(1, count // 100) == 0:
                tell("now", {"step": (stage, number, count)})
            yield step

    return track


WORK: dict[str, Callable[[Study, Send], dict[str, Any]]] = {
    "retrain": _retrain,
    "analyse": _analyse,
}
