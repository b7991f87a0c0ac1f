"""Starting a built function under AWS's Runtime Interface Emulator, and asking it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cold_world import Event
from sandbox import rie, template

WRAPPER = template.ROOT / ".aws-sam" / "encord-agents"
"""Where the Makefile builds the other contender."""


@dataclass(frozen=True)
class Built:
    """A function as it was built, and its variables."""

    function: template.Function
    build: Path
    environment: Mapping[str, str]

    @contextmanager
    def started(self) -> Iterator["Instance"]:
        """An instance that has not begun to load: the emulator starts its process at the first event."""
        log = template.ROOT / ".sandbox" / f"bench-cold-{self.function.name}.log"
        log.parent.mkdir(exist_ok=True)
        with rie.running(self.function, self.environment, log, self.build) as runtime:
            yield Instance(runtime)


@dataclass(frozen=True)
class Instance:
    """One instance."""

    runtime: rie.Runtime

    def seconds(self, event: Event) -> float:
        """How long it takes over an event; the first one with the start of its process.

        Raises:
            RuntimeError: The answer is no success.
        """
        started = time.perf_counter()
        answer: Any = self.runtime.invoke(event)
        seconds = time.perf_counter() - started
        if not isinstance(answer, dict) or answer.get("statusCode") not in {200, 204}:
            raise RuntimeError(f"{answer}\n{self.runtime.server.last_words()}")
        return seconds
