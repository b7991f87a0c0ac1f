"""The submissions with the most that is wrong, of however many there are."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from encord_lambda.benchmark.submissions import Submission

MOST: Final = 24
"""How many are kept."""


@dataclass(frozen=True, slots=True)
class Disputed:
    """A submission that is not all right."""

    submission: Submission
    right: int
    tried: int

    @property
    def wrong(self) -> int:
        """1 or more."""
        return self.tried - self.right


class Worst:
    """Those kept of all that were added."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._met = most, 0
        self._heap: list[tuple[int, float, int, Disputed]] = []

    def add(self, one: Disputed) -> None:
        """Keep it, if it is among the worst."""
        if one.wrong:
            self._met += 1
            heapq.heappush(self._heap, (one.wrong, one.wrong / one.tried, -self._met, one))
            if len(self._heap) > self._most:
                heapq.heappop(self._heap)

    def __iter__(self) -> Iterator[Disputed]:
        """Most wrong first; of equally many, those with the larger share wrong, then those added earlier."""
        return (each[-1] for each in sorted(self._heap, reverse=True))
