"""Trouble on demand: a list of faults, applied in order and used up."""

import threading
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """What happens to the next `times` requests whose route name contains `route`.

    A `status` refuses the request before it changes anything; so does a `code`, in the legacy envelope.
    `drop_after_commit` serves the request and then closes the connection without an answer. `delay` (seconds)
    comes first, and may be all there is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    route: str
    times: int = Field(default=1, ge=1)
    status: int | None = Field(default=None, ge=400, le=599)
    code: str | None = None
    retry_after: int | None = None
    delay: float = Field(default=0.0, ge=0)
    drop_after_commit: bool = False


class Faults:
    """The queue of faults; safe to fill from another thread than the one that serves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[tuple[Fault, int]] = []

    def add(self, *faults: Fault) -> None:
        """Append to the queue."""
        with self._lock:
            self._queue.extend((fault, fault.times) for fault in faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Forget what is left and start over."""
        with self._lock:
            self._queue = [(fault, fault.times) for fault in faults]

    def left(self) -> int:
        """How many requests are still to be hit."""
        return sum(times for _, times in self._queue)

    def take(self, route: str) -> Fault | None:
        """The first fault for this route, one use of it consumed."""
        with self._lock:
            for place, (fault, times) in enumerate(self._queue):
                if fault.route in route:
                    self._queue[place : place + 1] = [(fault, times - 1)] if times > 1 else []
                    return fault
        return None
