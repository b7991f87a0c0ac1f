"""Where each of a million things was first seen, in a hundred megabytes: the things themselves are not kept."""

from collections import deque
from collections.abc import Hashable, Iterable, Sequence


class FirstLines:
    """Two things are the same if Python's hashes of them are, which have 64 bits and for text a key.

    Among a million texts, two that differ are taken for the same with a chance of 3 in a hundred million, and as the
    key is another in every process, nobody can look for such two.
    """

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}
        """By hash."""

    def add(self, things: Sequence[Hashable], lines: Iterable[int]) -> bool:
        """Note things and their lines: all of them, or none if one may be known, or there twice."""
        before = len(self._lines)
        deque(map(self._lines.setdefault, map(hash, things), lines), maxlen=0)
        if len(self._lines) == before + len(things):
            return True
        while len(self._lines) > before:
            self._lines.popitem()
        return False

    def line(self, thing: Hashable) -> int | None:
        """Where a thing was first seen, if it was."""
        return self._lines.get(hash(thing))
