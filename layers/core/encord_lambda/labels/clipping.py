"""What of a shape is in the picture."""

import math
from collections.abc import Callable, Iterable
from dataclasses import astuple
from itertools import chain, pairwise

from encord_lambda.errors import Reject
from encord_lambda.labels.shapes import Bitmask, Box, Point, Points, Polygon, Polyline, RotatedBox, Shape

CORNERS = 3
"""A polygon needs as many points, a polyline one fewer."""

NO_AREA = 1e-12
"""Of the picture. What rounding makes of a line is less, a pixel of the largest picture is far more."""


def inside(shape: Shape) -> Shape | None:
    """A shape without what of it is outside the picture; None if nothing of it is left.

    Boxes and polygons are cut at the edges, points of a line are moved to them. A rotated box stays as it is while its
    centre is in the picture, for cut it would be none. A bitmask is as large as the picture anyway.

    Raises:
        Reject: A coordinate is no number, or the points are too few.
    """
    if not all(map(math.isfinite, _numbers(shape))):
        raise Reject(f"a {type(shape).__name__} has a coordinate that is no number")
    match shape:
        case RotatedBox(x, y, width, height):
            return shape if _within(x + width / 2, y + height / 2) and width > 0 < height else None
        case Box():
            return _box(shape)
        case Polygon(points):
            return _polygon(_enough(points, CORNERS))
        case Polyline(points):
            return _polyline(_enough(points, CORNERS - 1))
        case Point(x, y):
            return shape if _within(x, y) else None
        case Bitmask():
            return shape


def _numbers(shape: Shape) -> Iterable[float]:
    match shape:
        case Polygon(points) | Polyline(points):
            return chain.from_iterable(points)
        case Bitmask():
            return ()
        case _:
            return astuple(shape)


def _enough(points: Points, least: int) -> Points:
    if len(points) < least:
        raise Reject(f"{len(points)} points are too few: {least} are needed")
    return points


def _box(box: Box) -> Box | None:
    left, top = _clamped(box.x), _clamped(box.y)
    # Only what crosses an edge is computed anew: everything else stays exactly as it is.
    right, bottom = box.x + box.width, box.y + box.height
    width = box.width if left == box.x and right <= 1 else _clamped(right) - left
    height = box.height if top == box.y and bottom <= 1 else _clamped(bottom) - top
    return Box(left, top, width, height) if width > 0 and height > 0 else None


def _polyline(points: Points) -> Polyline | None:
    if not any(_within(x, y) for x, y in points):
        return None
    return Polyline(tuple((_clamped(x), _clamped(y)) for x, y in points))


def _polygon(points: Points) -> Polygon | None:
    """Cut at the four edges, one after the other (Sutherland and Hodgman, 1974)."""
    if not all(_within(x, y) for x, y in points):
        for axis in (0, 1):
            points = _cut(points, axis, 0.0, lambda value: value >= 0)
            points = _cut(points, axis, 1.0, lambda value: value <= 1)
        points = tuple((_clamped(x), _clamped(y)) for x, y in points)  # rounding may step over an edge
    return Polygon(points) if len(points) >= CORNERS and _area(points) > NO_AREA else None


def _cut(points: Points, axis: int, edge: float, inner: Callable[[float], bool]) -> Points:
    kept: list[tuple[float, float]] = []
    for one, other in pairwise((*points[-1:], *points)):
        if inner(one[axis]) != inner(other[axis]):
            share = (edge - one[axis]) / (other[axis] - one[axis])
            across = one[1 - axis] + (other[1 - axis] - one[1 - axis]) * share
            kept.append((edge, across) if axis == 0 else (across, edge))
        if inner(other[axis]):
            kept.append(other)
    return tuple(kept)


def _area(points: Points) -> float:
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise((*points, points[0])))) / 2


def _within(x: float, y: float) -> bool:
    return 0 <= x <= 1 and 0 <= y <= 1


def _clamped(value: float) -> float:
    return min(max(value, 0.0), 1.0)
