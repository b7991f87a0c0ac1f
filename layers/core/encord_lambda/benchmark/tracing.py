"""Where shapes are, for those of one kind at once.

Boxes are in fractions of the picture. Rotated boxes, polygons, lines and points are in fractions of its diagonal
(measured in pixels; a picture of unknown size is taken for a square), because turning, thickness and distance are not
the same along both sides of a picture. Bitmasks are in pixels. Only shapes of one kind are ever compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pycocotools import mask as masks

from encord_lambda.agents.masks import mask_runs
from encord_lambda.benchmark.drawings import Mask
from encord_lambda.labels.clipping import CORNERS, NO_AREA
from encord_lambda.labels.shapes import Bitmask, Box, Point, Points, Polygon, Polyline, RotatedBox, Shape

LINE_THICKNESS: Final = 0.01
"""A line is compared as the area within half of this from it, with round ends, in fractions of the diagonal."""
POINT_TOLERANCE: Final = 0.01
"""Points this far apart overlap by a half, in fractions of the picture's diagonal: 22 pixels of a Full HD frame."""
POINT_REACH: Final = 2 * POINT_TOLERANCE
"""Points farther apart than this along a side do not overlap."""

FARTHEST: Final = 1e6
"""Of a coordinate or a length, in pictures, and of a turn, in degrees: what is more is a fault, and overflows."""

FLAT: Final = "an object without area or length, or with a coordinate that is no number or too large: not scored"
REPAIRED: Final = "an outline that crosses itself: scored as the areas that it encloses"
MALFORMED: Final = "a mask that is malformed, or of another size than the picture: not scored"

_CORNER: Final = ("x", "y")
_EXTENT: Final = ("width", "height")

type Numbers = NDArray[np.float64]
type Bounds = NDArray[np.float64]
"""Left, top, right and bottom of each shape: four rows."""
type Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Traced:
    """Shapes of one kind, place by place."""

    bounds: Bounds
    exact: Geometries | None = None
    """Geometries of Shapely's or masks as pycocotools takes them; None for boxes and points, which bounds tell."""
    notes: Mapping[str, Mask] = field(default_factory=dict)
    """What is wrong with which; all but the repaired are of no use."""


def _boxes(shapes: Sequence[Box], _: Numbers) -> Traced:
    (x, y, width, height), odd = _numbers(shapes, (*_CORNER, *_EXTENT))
    bounds = np.stack((x, y, x + width, y + height))
    flat = odd | ~((width > 0) & (width * height > NO_AREA))
    return Traced(bounds, notes={FLAT: flat})


def _rotated(shapes: Sequence[RotatedBox], sizes: Numbers) -> Traced:
    (x, y, width, height, theta), odd = _numbers(shapes, (*_CORNER, *_EXTENT, "theta"))
    flat = odd | _boxes(shapes, sizes).notes[FLAT]
    across, down = _scales(sizes)
    turn = np.radians(theta)
    corners = np.empty((len(shapes), 4, 2))
    for corner, (right, below) in enumerate(((-1, -1), (1, -1), (1, 1), (-1, 1))):
        along, away = right * width / 2 * across, below * height / 2 * down
        corners[:, corner, 0] = (x + width / 2) * across + along * np.cos(turn) - away * np.sin(turn)
        corners[:, corner, 1] = (y + height / 2) * down + along * np.sin(turn) + away * np.cos(turn)
    corners[flat] = 0.0
    return _areas(np.asarray(shapely.polygons(corners)), {FLAT: flat})


def _polygons(shapes: Sequence[Polygon], sizes: Numbers) -> Traced:
    drawn, coordinates, indices = _joined(((*one.points, *one.points[:1]) for one in shapes), CORNERS + 1, sizes)
    found = np.full(len(shapes), None, dtype=object)
    found[drawn] = shapely.polygons(shapely.linearrings(coordinates, indices=indices))
    crossing = drawn & ~shapely.is_valid(found)
    found[crossing] = shapely.make_valid(found[crossing], method="structure", keep_collapsed=False)
    flat = ~(shapely.area(found) > NO_AREA)
    return _areas(found, {FLAT: flat, REPAIRED: crossing & ~flat})


def _polylines(shapes: Sequence[Polyline], sizes: Numbers) -> Traced:
    drawn, coordinates, indices = _joined((one.points for one in shapes), CORNERS - 1, sizes)
    found = np.full(len(shapes), None, dtype=object)
    found[drawn] = shapely.linestrings(coordinates, indices=indices)
    flat = ~(shapely.length(found) > 0)
    return _areas(shapely.buffer(found, LINE_THICKNESS / 2), {FLAT: flat})


def _points(shapes: Sequence[Point], sizes: Numbers) -> Traced:
    corners, odd = _numbers(shapes, _CORNER)
    x, y = corners * _scales(sizes)
    bounds = np.stack((x - POINT_REACH / 2, y - POINT_REACH / 2, x + POINT_REACH / 2, y + POINT_REACH / 2))
    return Traced(bounds, notes={FLAT: odd})


def _bitmasks(shapes: Sequence[Bitmask], sizes: Numbers) -> Traced:
    malformed = np.array([not _is_whole(*pair) for pair in zip(shapes, sizes.tolist(), strict=True)])
    found, bounds = np.full(len(shapes), None, dtype=object), np.zeros((4, len(shapes)))
    for place in np.flatnonzero(~malformed).tolist():
        one = shapes[place]
        found[place] = {"size": [one.height, one.width], "counts": one.rle.encode()}
        left, top, width, height = masks.toBbox(found[place])
        bounds[:, place] = left, top, left + width, top + height
    flat = ~malformed & (bounds[2] <= bounds[0])
    return Traced(bounds, found, {MALFORMED: malformed, FLAT: flat})


TRACERS: Final[Mapping[type, Callable[[Sequence[Any], Numbers], Traced]]] = {
    Box: _boxes,
    RotatedBox: _rotated,
    Polygon: _polygons,
    Polyline: _polylines,
    Point: _points,
    Bitmask: _bitmasks,
}


def _areas(found: Geometries, notes: Mapping[str, Mask]) -> Traced:
    return Traced(np.asarray(shapely.bounds(found)).T, found, notes)


def _numbers(shapes: Sequence[Shape], names: Sequence[str]) -> tuple[Numbers, Mask]:
    """What shapes have under these names: a row for each name. And which have an odd number, and zeros in its place."""
    flat = chain.from_iterable(map(attrgetter(*names), shapes))
    numbers = np.fromiter(flat, np.float64, len(names) * len(shapes)).reshape(-1, len(names)).T
    odd = _odd(numbers).any(axis=0)
    return np.where(odd, 0.0, numbers), odd


def _odd(numbers: Numbers) -> Mask:
    """Which are no numbers, or too large."""
    return ~(np.abs(numbers) <= FARTHEST)


def _scales(sizes: Numbers) -> Numbers:
    """What a picture's width and height are, in fractions of its diagonal: two rows."""
    known = np.where((sizes > 0).all(axis=1), sizes.T, 1.0)
    return np.asarray(known / np.hypot(*known))


def _joined(lines: Iterable[Points], least: int, sizes: Numbers) -> tuple[Mask, Numbers, NDArray[np.int64]]:
    """Which lines have enough points, all of them numbers; the points of these, scaled, and the line each is of."""
    listed = list(lines)
    lengths = np.array([len(points) for points in listed])
    flat = np.fromiter(chain.from_iterable(chain.from_iterable(listed)), np.float64, 2 * int(lengths.sum()))
    coordinates, line = flat.reshape(-1, 2), np.repeat(np.arange(len(listed)), lengths)
    odd = np.bincount(line[_odd(coordinates).any(axis=1)], minlength=len(listed))
    drawn = (lengths >= least) & (odd == 0)
    kept = drawn[line]
    return drawn, (coordinates * _scales(sizes).T[line])[kept], (np.cumsum(drawn) - 1)[line[kept]]


def _is_whole(one: Bitmask, size: Sequence[float]) -> bool:
    if min(size) > 0 and [one.width, one.height] != size:
        return False
    try:
        return bool(mask_runs(one))
    except ValueError:
        return False
