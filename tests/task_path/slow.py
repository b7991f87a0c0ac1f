"""A thought that takes as long as a test wants: what agents and models do that do not come to an end."""

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Thought:
    """Begins when somebody thinks it, ends when the test says so."""

    begun: threading.Event = field(default_factory=threading.Event)
    may_end: threading.Event = field(default_factory=threading.Event)

    def think(self) -> None:
        """Take as long as the test wants, but no hung suite for it."""
        self.begun.set()
        self.may_end.wait(60)

    def end(self) -> None:
        """Have it end, and wait until all that came of it has."""
        self.may_end.set()
        for thread in threading.enumerate():
            if thread.name.startswith("decision"):
                thread.join(60)


NOW: list[Thought] = []
"""The one of the test that is running."""
