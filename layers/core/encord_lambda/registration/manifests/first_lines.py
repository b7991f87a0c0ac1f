"""Where each of a million texts was first seen, in a hundred megabytes: the texts themselves are not kept."""

from collections import deque
from collections.abc import Iterable, Sequence


class FirstLines:
    """Two texts are the same if Python's keyed hashes of them are, which have 64 bits.

    Among a million texts, two that differ are taken for the same with a chance of 3 in a hundred million, and as the
    key is another in every process, nobody can look for such two.
    """

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}
        """By hash."""

    def add(self, texts: Sequence[str], lines: Iterable[int]) -> bool:
        """Note texts and their lines: all of them, or none if one may be known, or there twice."""
        before = len(self._lines)
        deque(map(self._lines.setdefault, map(hash, texts), lines), maxlen=0)
        if len(self._lines) == before + len(texts):
            return True
        while len(self._lines) > before:
            self._lines.popitem()
        return False

    def line(self, text: str) -> int | None:
        """Where a text was first seen, if it was."""
        return self._lines.get(hash(text))
