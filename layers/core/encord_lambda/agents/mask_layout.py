"""Masks laid out anew, from run to run: at another size, or along the rows. No pixel is looked at alone."""

from collections.abc import Iterable, Sequence
from itertools import batched, pairwise

from encord_lambda.agents.masks import compressed, mask_runs
from encord_lambda.labels.shapes import Bitmask

type Edges = set[int]
"""The pixels of a line before which it changes between unset and set, the end of a run at the line's end included."""


def proportional(mask: Bitmask, width: int, height: int) -> bool:
    """Whether a picture of this size, scaled, has the mask's size; to the pixel that a scaled picture is rounded by."""
    if min(mask.width, mask.height, width, height) < 1:
        return False
    return abs(mask.height - height * mask.width / width) < 1 or abs(mask.width - width * mask.height / height) < 1


def scaled(mask: Bitmask, width: int, height: int) -> Bitmask:
    """A mask at another size: each pixel is as the nearest one was.

    Raises:
        ValueError: It is malformed.
    """
    columns = [_moved(edges, mask.height, height) for edges in _columns(mask)]
    return _laid(width, height, [columns[(2 * at + 1) * mask.width // (2 * width)] for at in range(width)])


def turned(mask: Bitmask) -> Bitmask:
    """The mask with its rows as columns: the runs of the one go along the rows of the other.

    Raises:
        ValueError: It is malformed.
    """
    rows: list[Edges] = [set() for _ in range(mask.height)]
    before: Edges = set()
    for at, edges in enumerate([*_columns(mask), set[int]()]):
        for start, end in batched(sorted(before ^ edges), 2, strict=True):
            for row in range(start, end):
                rows[row].add(at)
        before = edges
    return _laid(mask.height, mask.width, rows)


def _columns(mask: Bitmask) -> list[Edges]:
    found: list[Edges] = [set() for _ in range(mask.width)]
    end = 0
    for place, run in enumerate(mask_runs(mask)):
        start, end = end, end + run
        if place % 2 and run:
            for at in range(start // mask.height, (end - 1) // mask.height + 1):
                top = at * mask.height
                found[at] ^= {max(start - top, 0), min(end - top, mask.height)}
    return found


def _moved(edges: Edges, length: int, to: int) -> Edges:
    """The edges of a line that is scaled; two that fall on one pixel are none."""
    found: Edges = set()
    for edge in edges:
        found ^= {(2 * edge * to + length - 1) // (2 * length)}
    return found


def _laid(width: int, height: int, columns: Sequence[Edges]) -> Bitmask:
    changes = _joined(at * height + edge for at, edges in enumerate(columns) for edge in sorted(edges))
    end = width * height
    places = [0, *changes, *([end] if changes[-1:] != [end] else [])]
    return Bitmask(width, height, compressed([after - before for before, after in pairwise(places)]))


def _joined(changes: Iterable[int]) -> list[int]:
    """Changes of all pixels in order, without those where a run goes on from one column to the next."""
    found: list[int] = []
    for change in changes:
        if found[-1:] == [change]:
            found.pop()
        else:
            found.append(change)
    return found
