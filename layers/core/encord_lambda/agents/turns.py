"""So many at once: calls to models, and videos on the disk. Who comes later waits, but not beyond its time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from encord_lambda import config_prelabel
from encord_lambda.agents.agent import Picture, Question, Reply, Tools
from encord_lambda.agents.detector import Detected
from encord_lambda.errors import Deferred, Misconfigured


def patience(time_left: Callable[[], float]) -> float:
    """How many seconds a thread may wait: the time that is left, in [0, the most that threads can wait]."""
    return min(max(time_left(), 0.0), threading.TIMEOUT_MAX)


class Turns:
    """Places for so many; safe to share between threads."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def taken(self, time_left: Callable[[], float], busy: str) -> Iterator[None]:
        """Hold a place, once there is one.

        Raises:
            Deferred: There was none before no seconds were left; `busy` says what they were all taken by.
        """
        if not (self._places.acquire(blocking=False) or self._places.acquire(timeout=patience(time_left))):
            raise Deferred(f"{busy} until the function's time ran out")
        try:
            yield
        finally:
            self._places.release()


def limited(tools: Tools, at_once: int) -> Tools:
    """The same tools, with no more than so many calls to models and detectors under way.

    It counts whoever makes them: threads of several data units, or of several frames of one.
    """
    taking_turns = _TakingTurns(tools, Turns(at_once))
    return replace(tools, language_model=taking_turns, detector=taking_turns if tools.detector else None)


@dataclass(frozen=True, slots=True)
class _TakingTurns:
    """A language model and detectors that share their places."""

    tools: Tools
    turns: Turns

    def ask(self, question: Question) -> Reply:
        with self.turns.taken(self.tools.time_left, "other calls to models were under way"):
            return self.tools.language_model.ask(question)

    def detect(self, configured: config_prelabel.RemoteDetector, picture: Picture) -> Detected:
        if self.tools.detector is None:
            raise Misconfigured("this function has no detectors")
        with self.turns.taken(self.tools.time_left, "other calls to models were under way"):
            return self.tools.detector.detect(configured, picture)
