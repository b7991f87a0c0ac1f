"""Boxes by where they are, so that those near another one are found without looking at all of them."""

from collections import defaultdict
from collections.abc import Iterator
from math import floor, frexp, ldexp
from typing import Final

from encord_lambda.labels.shapes import Box

_TINY: Final = 1e-9
"""Of the picture: sides are taken to be no shorter, since rounding would have its say in what overlaps."""
_ROUNDING: Final = 1e-6
"""How far an overlap of boxes that large may be off."""

type _Cells[T] = dict[tuple[int, int], list[tuple[Box, T]]]
"""By column and row of the upper left corner, in cells as large as the boxes at the most."""


class Places[T]:
    """A grid for each size of boxes, in steps of two. Finding those near a box takes about as long as there are some.

    Two boxes with an intersection over union of `least` differ in width and in height by that factor at the most, and
    their edges lie no further apart than what of the larger one is not in both.
    """

    def __init__(self, least: float) -> None:
        self._least = max(least - _ROUNDING, 0.0)
        self._sizes: defaultdict[tuple[float, float], _Cells[T]] = defaultdict(lambda: defaultdict(list))

    def add(self, box: Box, what: T) -> None:
        """Note what is in the place of a box; one without an area overlaps nothing, and is not noted."""
        if box.width <= 0 or box.height <= 0:
            return
        wide, high = _cell(box.width), _cell(box.height)
        self._sizes[wide, high][floor(box.x / wide), floor(box.y / high)].append((box, what))

    def near(self, box: Box) -> Iterator[tuple[Box, T]]:
        """All that may overlap a box by `least` or more, with others, in no order; not those that only touch it."""
        for (wide, high), cells in self._sizes.items():
            columns, rows = self._span(box.x, box.width, wide), self._span(box.y, box.height, high)
            if len(columns) * len(rows) > len(cells):
                for (column, row), found in cells.items():
                    if column in columns and row in rows:
                        yield from found
            else:
                for column in columns:
                    for row in rows:
                        yield from cells.get((column, row), ())

    def _span(self, start: float, side: float, cell: float) -> range:
        """Cells where a side of more than half a cell, and up to a whole one, may begin beside the given side."""
        side = max(side, _TINY)
        if side < self._least * cell / 2 or cell < self._least * side:
            return range(0)
        apart = 1 - self._least
        first, last = start - apart * cell - _TINY, start + apart * side + _TINY
        return range(floor(first / cell), floor(last / cell) + 1)


def _cell(side: float) -> float:
    """The next power of two above a side: divisions by it are exact."""
    return ldexp(1.0, frexp(max(side, _TINY))[1])
