"""Looking at many frames: several at a time, told in their order, and not beyond the time there is.

The next picture is fetched while detectors still look at the ones before, so that neither waits for the other. It is
fetched only when there are fewer than `AT_ONCE` of these, which is what bounds the memory.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from encord_lambda.agents.agent import Picture
from encord_lambda.agents.naming import Seen
from encord_lambda.agents.sampling import Frame
from encord_lambda.agents.turns import patience
from encord_lambda.errors import Deferred, Misconfigured, OverBudget, Reject, Retry

AT_ONCE: Final = 4
"""Frames of one data unit that are in memory and looked at together. How many calls that makes for all data units
together is not decided here, but by `turns.limited`."""
IN_A_ROW: Final = 8
"""Frames one after the other that a detector may be in trouble with before it is taken to be down, not the frames."""

type Look = Callable[[Picture], Seen]
type Watched = tuple[int, Seen | Reject]
"""A frame's number, and what was seen on it or why it was not looked at."""


def watch(frames: Generator[Frame], look: Look, time_left: Callable[[], float]) -> Generator[Watched]:
    """What is seen on each frame, in the order they come in. `frames` is closed at the end, whatever the end is.

    A frame that a detector has passing trouble with does not keep the others from being looked at, since their
    answers are kept for the next try. The trouble is raised after the last frame.

    Raises:
        Retry: A frame has to be looked at again, or no seconds are left.
        Misconfigured, OverBudget: At once, as the detectors do.
    """
    pool = ThreadPoolExecutor(AT_ONCE, "frame")
    try:
        with closing(frames):
            yield from _Watch(pool, look, time_left).all_of(frames)
    finally:
        pool.shutdown(wait=False)


@dataclass(slots=True)
class _Watch:
    """What was begun and is not told yet, and what has to be done again."""

    pool: ThreadPoolExecutor
    look: Look
    time_left: Callable[[], float]
    begun: deque[tuple[Frame, Future[Seen]]] = field(default_factory=deque)
    told: int = 0
    again: list[Retry] = field(default_factory=list)
    in_a_row: int = 0

    def all_of(self, frames: Iterator[Frame]) -> Iterator[Watched]:
        for frame in frames:
            if self.time_left() <= 0:
                raise self._out_of_time(frame)
            self.begun.append((frame, self._begin(frame)))
            if len(self.begun) == AT_ONCE:
                yield from self._earliest()
        while self.begun:
            yield from self._earliest()
        if self.again:
            raise self._trouble()

    def _begin(self, frame: Frame) -> Future[Seen]:
        if frame.picture is not None:
            return self.pool.submit(self.look, frame.picture)
        damaged: Future[Seen] = Future()
        damaged.set_exception(Reject(f"frame {frame.number} is damaged"))
        return damaged

    def _earliest(self) -> Iterator[Watched]:
        """The earliest frame, once it is answered; nothing if it has to be looked at again."""
        frame, seen = self.begun.popleft()
        try:
            told: Seen | Reject = seen.result(patience(self.time_left))
        except Reject as refused:
            told = refused
        except TimeoutError:
            raise self._out_of_time(frame) from None
        except (Misconfigured, OverBudget):
            raise
        except Retry as trouble:
            self._put_off(frame, trouble)
            return
        self.told, self.in_a_row = self.told + 1, 0
        yield frame.number, told

    def _put_off(self, frame: Frame, trouble: Retry) -> None:
        if self.time_left() <= 0:
            raise self._out_of_time(frame)
        self.again.append(trouble)
        self.in_a_row += 1
        if self.in_a_row == IN_A_ROW:
            raise self._trouble()

    def _trouble(self) -> Retry:
        if len(self.again) == 1:
            return self.again[0]
        first, after = self.again[0].reason, max(each.after for each in self.again)
        # Frames that nobody was asked about are no try, or videos would be given up while a detector rests.
        kind = Deferred if all(isinstance(each, Deferred) for each in self.again) else Retry
        return kind(f"{len(self.again)} frames have to be looked at again; the first: {first}", after=after)

    def _out_of_time(self, frame: Frame) -> Retry:
        return Retry(
            f"looked at {self.told} of {frame.of} frames before the function's time ran out; "
            "what was answered is kept, so the next try goes on from there"
        )
