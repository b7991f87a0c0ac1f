"""How far the work is, in one line that overwrites itself on a terminal; elsewhere nothing is written."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

EVERY: Final = 0.1
"""Seconds between two states of the line."""
WIDTH: Final = 24
_CLEAR = "\r\x1b[K"


class Bar:
    """A line on standard error: what is done, of how much if that is known, and some words."""

    def __init__(self, what: str, total: int = 0) -> None:
        self._what, self._total = what, total
        self._shown = sys.stderr.isatty()
        self._due = 0.0

    def at(self, done: int, words: str) -> None:
        """Say how far the work is: `done` of the total, and `words` for people."""
        if not self._shown or time.monotonic() < self._due:
            return
        self._due = time.monotonic() + EVERY
        sys.stderr.write(f"{_CLEAR}{self._what} {self._drawn(done)}{words}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty."""
        if self._shown:
            sys.stderr.write(_CLEAR)

    def _drawn(self, done: int) -> str:
        if not self._total:
            return ""
        part = min(done / self._total, 1.0)
        return f"[{'#' * round(part * WIDTH):<{WIDTH}}] {part:4.0%}  "


@contextmanager
def bar(what: str, total: int = 0) -> Iterator[Bar]:
    """A bar for the block, whose line is empty afterwards; without a total it only counts."""
    shown = Bar(what, total)
    try:
        yield shown
    finally:
        shown.clear()
