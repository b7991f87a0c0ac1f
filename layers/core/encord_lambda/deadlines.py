"""Who may spend how much of a worker's time, and no paid call after it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Final

from encord_lambda import config_prelabel
from encord_lambda.agents.agent import LanguageModel, Picture, Question, Reply, Tools
from encord_lambda.agents.detector import Detected, Detector
from encord_lambda.agents.turns import patience
from encord_lambda.errors import Deferred, Retry

RESERVE_SECONDS: Final = 30.0
"""Kept back for each group, to open its rows afresh, save and proceed. Each may take one of the SDK's timeouts, though
mostly they take a second or two."""
SHORTEST_SECONDS: Final = 30.0
"""Less than this is given to no group as long as another can wait for its next delivery instead."""
LAST_WORDS: Final = 1.0
"""Seconds that an agent's time ends before its group's, so that it can say itself how far it got."""
LATE: Final = "the function's time ran out before the model answered"
AGAIN_SECONDS: Final = 60.0
"""After so long, whoever waited for a decision in vain may ask for it again."""

type TimeLeft = Callable[[], float]
"""Seconds; 0 or less once they are over."""


class Late(Retry):
    """A decision was waited for until its time was over."""


def share(time_left: TimeLeft, groups: int) -> TimeLeft:
    """What is left of the next group's time to decide, of `groups` that have yet to be worked on.

    All get the same, and what one does not need goes to those after it. Where it is too little for all, the first few
    get enough; for the others nothing may be left, and their messages come back.
    """
    left = time_left()
    served = min(groups, max(1, int(left // (RESERVE_SECONDS + SHORTEST_SECONDS))))
    ends = left - left / served + RESERVE_SECONDS
    return lambda: time_left() - ends


def timed(tools: Tools, time_left: TimeLeft) -> Tools:
    """The tools of a group that has so much time, none of whose models is asked once the agents' time is over.

    Not even by an agent that is postponed by then: their `ask` and `detect` raise Retry instead.
    """

    def agents_time() -> float:
        return time_left() - LAST_WORDS

    detector = tools.detector and _TimedDetector(tools.detector, agents_time)
    model = _TimedModel(tools.language_model, agents_time)
    return replace(tools, language_model=model, detector=detector, time_left=agents_time)


def check(time_left: TimeLeft) -> None:
    """Begin only if there is time.

    Raises:
        Deferred: There is none.
    """
    if time_left() <= 0:
        raise Deferred(LATE)


def decided[T](decide: Callable[[], T], time_left: TimeLeft) -> T:
    """What `decide` makes, in a thread of its own, for which nobody waits any longer than there is time.

    A thread cannot be stopped: one that is left behind goes on for as long as it likes, whenever its process is awake.
    Nobody hears what it makes. So it must be harmless: only decide, and leave it to the caller to save.

    Raises:
        Late: The time is over, and it has made nothing, or gave up because of that.
        Trouble: As `decide` does.
    """
    pool = ThreadPoolExecutor(1, "decision")
    made = pool.submit(decide)
    pool.shutdown(wait=False)
    wait([made], patience(time_left))
    if not made.done():
        raise Late("the agent took longer than it may", after=AGAIN_SECONDS)
    try:
        return made.result()
    except Retry as trouble:
        if time_left() > 0:
            raise
        raise Late(f"the agent took longer than it may: {trouble.reason}", after=AGAIN_SECONDS) from trouble


def _go_on(time_left: TimeLeft) -> None:
    """As `check`, for an agent that has begun: its try counts, or what is always too slow would be tried for ever."""
    if time_left() <= 0:
        raise Retry(LATE)


@dataclass(frozen=True, slots=True)
class _TimedModel:
    model: LanguageModel
    time_left: TimeLeft

    def ask(self, question: Question) -> Reply:
        _go_on(self.time_left)
        return self.model.ask(question)


@dataclass(frozen=True, slots=True)
class _TimedDetector:
    detector: Detector
    time_left: TimeLeft

    def detect(self, configured: config_prelabel.RemoteDetector, picture: Picture) -> Detected:
        _go_on(self.time_left)
        return self.detector.detect(configured, picture)
