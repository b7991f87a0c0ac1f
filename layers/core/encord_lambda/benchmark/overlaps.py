"""How far what a rater drew and what is true overlap: all pairs of drawings that do, on the same frames.

Boxes, rotated boxes and polygons by intersection over union; bitmasks by that of their pixels; lines by that of the
areas around them (`LINE_THICKNESS`); points by 2^-(d/t)², where d is their distance and t `POINT_TOLERANCE`: 1 in the
same place and 1/2 at the tolerance, falling as COCO's object keypoint similarity does. All are in [0, 1]. Drawings of
different shapes do not overlap, whatever their titles.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pycocotools import mask as masks

from encord_lambda.benchmark.drawings import KINDS, Column, Mask
from encord_lambda.benchmark.outlines import Outlines
from encord_lambda.benchmark.tracing import POINT_TOLERANCE, Bounds
from encord_lambda.labels.shapes import Bitmask, Box, Point

NEAR: Final = 0.1
"""Least overlap of two drawings that may be of the same thing: what TIDE (Bolya et al. 2020) calls the background's."""
AT_ONCE: Final = 1 << 18
"""How many pairs are looked at together: it bounds the memory that they take."""

type Overlap = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Drawings that overlap by `NEAR` or more."""

    given: Column
    """Places among what raters drew."""
    truth: Column
    """Places among what is true."""
    overlap: Overlap
    """In [0.1, 1]."""
    same: Mask
    """Whether both are the same object of the ontology."""

    def only(self, kept: Mask | Column) -> "Pairs":
        """Those that are kept, in the same order."""
        return Pairs(self.given[kept], self.truth[kept], self.overlap[kept], self.same[kept])


def pairs(given: Outlines, truth: Outlines) -> Pairs:
    """All pairs of a batch, in no particular order."""
    none = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    found = [_near(given, truth, *some) for some in _touching(given, truth)]
    mine, true, overlap = (np.concatenate(column) for column in zip(none, *found, strict=True))
    return Pairs(mine, true, overlap, given.drawings.cell[mine] == truth.drawings.cell[true])


def _touching(given: Outlines, truth: Outlines) -> Iterator[tuple[Column, Column]]:
    """Places of drawings of one shape on one frame whose bounds touch."""
    for mine, true in _joined(_places(given), _places(truth)):
        near = np.flatnonzero(_common(given.bounds, truth.bounds, mine, true, 0) > 0)
        mine, true = mine[near], true[near]
        near = np.flatnonzero(_common(given.bounds, truth.bounds, mine, true, 1) > 0)
        yield mine[near], true[near]


def _places(side: Outlines) -> Column:
    return side.drawings.scene * len(KINDS) + side.drawings.kind


def _joined(given: Column, truth: Column) -> Iterator[tuple[Column, Column]]:
    """The places of all that is equal on both sides, `AT_ONCE` pairs at most, or all of one drawing."""
    order = np.argsort(truth, kind="stable")
    first = np.searchsorted(truth, given, "left", order)
    count = np.searchsorted(truth, given, "right", order) - first
    ends, start = np.cumsum(count), 0
    while start < len(given):
        done = ends[start] - count[start]
        stop = max(start + 1, int(np.searchsorted(ends, done + AT_ONCE, "right")))
        some = count[start:stop]
        # The n-th of a drawing's counterparts is n places after the first of them.
        shift = first[start:stop] - (ends[start:stop] - some - done)
        yield np.repeat(np.arange(start, stop), some), order[np.arange(some.sum()) + np.repeat(shift, some)]
        start = stop


def _common(given: Bounds, truth: Bounds, mine: Column, true: Column, axis: int) -> Overlap:
    """How wide (axis 0) or high (axis 1) the common part of two bounds is; negative where there is a gap."""
    ends = np.minimum(given[axis + 2][mine], truth[axis + 2][true])
    return np.asarray(ends - np.maximum(given[axis][mine], truth[axis][true]))


def _near(given: Outlines, truth: Outlines, mine: Column, true: Column) -> tuple[Column, Column, Overlap]:
    overlap, kinds = np.zeros(len(mine)), given.drawings.kind[mine]
    for number, kind in enumerate(KINDS):
        here = np.flatnonzero(kinds == number)
        if here.size:
            overlap[here] = _EXACT.get(kind, _areas)(given, truth, mine[here], true[here])
    near = np.flatnonzero(overlap >= NEAR)
    return mine[near], true[near], np.minimum(overlap[near], 1.0)


def _boxes(given: Outlines, truth: Outlines, mine: Column, true: Column) -> Overlap:
    inner = _common(given.bounds, truth.bounds, mine, true, 0) * _common(given.bounds, truth.bounds, mine, true, 1)
    return np.asarray(inner / (_sizes(given.bounds)[mine] + _sizes(truth.bounds)[true] - inner))


def _sizes(bounds: Bounds) -> Overlap:
    return np.asarray((bounds[2] - bounds[0]) * (bounds[3] - bounds[1]))


def _points(given: Outlines, truth: Outlines, mine: Column, true: Column) -> Overlap:
    apart = given.bounds[:2, mine] - truth.bounds[:2, true]
    return np.asarray(2 ** -((apart / POINT_TOLERANCE) ** 2).sum(axis=0))


def _areas(given: Outlines, truth: Outlines, mine: Column, true: Column) -> Overlap:
    one, other = given.exact[mine], truth.exact[true]
    inner = shapely.area(shapely.intersection(one, other))
    return np.asarray(inner / (shapely.area(one) + shapely.area(other) - inner))


def _bitmasks(given: Outlines, truth: Outlines, mine: Column, true: Column) -> Overlap:
    both = zip(given.exact[mine], truth.exact[true], strict=True)
    return np.array([masks.iou([one], [other], [0])[0, 0] for one, other in both])


_EXACT: Final[Mapping[type, Callable[[Outlines, Outlines, Column, Column], Overlap]]] = {
    Box: _boxes,
    Point: _points,
    Bitmask: _bitmasks,
}
