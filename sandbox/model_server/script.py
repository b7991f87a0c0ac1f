"""Scripts for tests: what the server shall answer next, and what it was asked.

A scripted reply is used up by one request that got past authentication and parsing; with none left, the
server looks at the pixels again.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.model_server.wire import ChatRequest, DetectRequest, InferRequest


@dataclass(frozen=True, slots=True)
class Text:
    """The model says exactly this, a detector answers with exactly this body."""

    content: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model declines; chat only."""

    reason: str = "I'm sorry, I can't help with that."


@dataclass(frozen=True, slots=True)
class Truncated:
    """The answer breaks off: finish_reason "length"; chat only."""

    content: str = '{"answer": "Ca'


@dataclass(frozen=True, slots=True)
class Status:
    """The request fails with an HTTP status; chat and detectors."""

    status: int
    retry_after: float | None = None  # seconds, sent as `Retry-After`
    message: str = "Scripted failure."


@dataclass(frozen=True, slots=True)
class Delay:
    """The reply takes this long; what comes is `then`, or an honest look; chat and detectors."""

    seconds: float
    then: "Text | Refusal | Truncated | Status | None" = None


Reply = Text | Refusal | Truncated | Status | Delay


@dataclass(frozen=True, slots=True)
class Received:
    """A request that could be parsed, in order of arrival."""

    path: str
    request: ChatRequest | DetectRequest | InferRequest


class Script:
    """The queue of scripted replies and the history of requests; safe to use from the test's thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._replies: deque[Reply] = deque()
        self._history: list[Received] = []

    def enqueue(self, reply: Reply) -> None:
        """Answer the next request that has no other reply waiting with `reply`."""
        with self._lock:
            self._replies.append(reply)

    def next_reply(self, received: Received) -> Reply | None:
        """Note the request and take the reply that waits for it, if there is one."""
        with self._lock:
            self._history.append(received)
            return self._replies.popleft() if self._replies else None

    @property
    def history(self) -> Sequence[Received]:
        """Everything received so far."""
        with self._lock:
            return tuple(self._history)
