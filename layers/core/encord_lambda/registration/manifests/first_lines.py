"""Where each of a million texts was first seen, in a hundred megabytes: the texts themselves are not kept."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import add
from typing import Final

_MARK: Final = "#"


class FirstLines:
    """Two texts are the same if both of two hashes are: Python's keyed 64-bit ones, of the text and of it with a mark.

    Among a million texts, two that differ are taken for the same with a chance of 10^-26, and as the key is another
    in every process, nobody can look for such two.
    """

    def __init__(self) -> None:
        # By the first hash, where in the order of their coming the batch of a text begins: a number that many texts
        # share costs nothing, where one for each would cost 32 bytes.
        self._begins: dict[int, int] = {}
        self._hashes = array("q")
        """The second ones, in that order; so are the lines."""
        self._lines = array("Q")

    def add(self, texts: Sequence[str], lines: Iterable[int]) -> bool:
        """Note texts and their lines: all of them, or none if one may be known, or there twice."""
        begins = dict.fromkeys(map(hash, texts), len(self._lines))
        if len(begins) < len(texts) or not self._begins.keys().isdisjoint(begins):
            return False
        self._begins |= begins
        self._hashes.extend(map(hash, map(add, texts, repeat(_MARK))))
        self._lines.extend(lines)
        return True

    def line(self, text: str) -> int | None:
        """Where a text was first seen, if it was."""
        begin = self._begins.get(hash(text))
        if begin is None:
            return None
        try:
            return self._lines[self._hashes.index(hash(text + _MARK), begin)]
        except ValueError:
            return None
