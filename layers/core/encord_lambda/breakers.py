"""Circuit breakers: what fails is left alone for a while, instead of failing everybody's tasks.

closed ── three failures in a row, or one that says Retry-After ──▶ resting: every call is deferred
   ▲                                                                   │ once the rest is over
   │                                                                   ▼
   └───────────────── it answers ──────────────── one call at a time; if it fails: a longer rest

Kept in a worker's memory, for the container's life, and not shared: another worker learns the same with three failures
of its own, which is cheaper than a table that all of them ask before every call.
"""

import threading
from collections.abc import Callable
from enum import Enum
from typing import Final

from encord_lambda.errors import Deferred, Retry, Trouble

FAILURES: Final = 3
"""In a row, until the dependency rests; one is enough if it says itself when to come back."""
FIRST_REST: Final = 5
"""Seconds; each further rest in a row is twice as long."""
LONGEST_REST: Final = 300
"""Seconds, unless the dependency itself asks for more."""
SOON: Final = 5.0
"""Seconds after which whoever finds another call on trial may come back."""

type Seconds = Callable[[], float]


class Says(Enum):
    """What a call tells of the dependency, if not that it failed."""

    ANSWERED = "answered"
    NOTHING = "nothing"


def verdict(ending: object) -> Retry | Says:
    """What an answer, or the trouble in place of one, tells: what can be tried again later is the dependency's failure.

    A refusal is an answer.
    """
    match ending:
        case Deferred():
            return Says.NOTHING
        case Retry():
            return ending
        case _:
            return Says.ANSWERED


class Breaker:
    """Stands between a dependency and those who call it; safe to share between threads.

    `clock` says seconds and never goes back; `draw` gives a number in [0, 1) by which a rest gets up to a quarter
    longer, so that workers do not all come back at once.
    """

    def __init__(self, dependency: str, clock: Seconds, draw: Callable[[], float]) -> None:
        self._dependency, self._clock, self._draw = dependency, clock, draw
        self._lock = threading.Lock()
        self._failures = self._rests_in_a_row = self._rests = 0
        self._until = 0.0
        self._reason = ""
        self._on_trial = False

    def ask[T](self, call: Callable[[], T], learn: Callable[[object], Retry | Says] = verdict) -> T:
        """What `call` returns; `learn` says what that, or the trouble it raises, tells of the dependency.

        Raises:
            Deferred: The dependency rests, or another call is on trial; the call was not made.
            Trouble: As the call does.
        """
        begun = self._begin()
        try:
            answer = call()
        except Trouble as trouble:
            self._learn(begun, learn(trouble))
            raise
        else:
            self._learn(begun, learn(answer))
            return answer
        finally:
            self._end(begun)

    def _begin(self) -> int:
        """How often it has rested until now."""
        with self._lock:
            if self._rests_in_a_row:
                left = self._until - self._clock()
                if left > 0 or self._on_trial:
                    reason = f"{self._dependency} rests until it can be asked again: {self._reason}"
                    raise Deferred(reason, after=left if left > 0 else SOON)
                self._on_trial = True
            return self._rests

    def _learn(self, begun: int, told: Retry | Says) -> None:
        with self._lock:
            # A call from before the last rest tells what is known already: the rest shall not grow with each of them.
            if begun != self._rests:
                return
            match told:
                case Retry():
                    self._fail(told)
                case Says.ANSWERED:
                    self._failures = self._rests_in_a_row = 0

    def _fail(self, trouble: Retry) -> None:
        self._failures += 1
        first = not self._rests_in_a_row
        if first and trouble.after <= 0 and self._failures < FAILURES:
            return
        # Once its own word is good enough; after that it has proved too short.
        least = 0 if first and trouble.after > 0 else min(FIRST_REST * 2**self._rests_in_a_row, LONGEST_REST)
        self._until = self._clock() + max(trouble.after, least) * (1 + self._draw() / 4)
        self._reason, self._on_trial = trouble.reason, False
        self._rests_in_a_row += 1
        self._rests += 1

    def _end(self, begun: int) -> None:
        with self._lock:
            if begun == self._rests:
                self._on_trial = False


class Breakers:
    """One for each dependency, by its name; safe to share between threads. `clock` and `draw` as for `Breaker`."""

    def __init__(self, clock: Seconds, draw: Callable[[], float]) -> None:
        self._clock, self._draw = clock, draw
        self._lock = threading.Lock()
        self._known: dict[str, Breaker] = {}

    def of(self, dependency: str) -> Breaker:
        """The same each time."""
        with self._lock:
            if dependency not in self._known:
                self._known[dependency] = Breaker(dependency, self._clock, self._draw)
            return self._known[dependency]
