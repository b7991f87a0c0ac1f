"""Boxes in fractions of the picture, upper left corner and extent: overlap, size, and which of many to keep."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from encord_lambda.agents.masks import extent
from encord_lambda.agents.places import Places
from encord_lambda.labels.proposals import Answers
from encord_lambda.labels.shapes import Bitmask, Box, Point, Points, Polygon, Polyline, RotatedBox, Shape


@dataclass(frozen=True, slots=True)
class Found:
    """An object of the ontology, seen on one picture."""

    title: str
    confidence: float
    shape: Shape
    static: Answers = ()
    """Its attributes that hold on all frames."""
    dynamic: Answers = ()
    """Its attributes as they are on this picture's frame."""


def iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, in [0, 1]; 0 for boxes without an area.

    >>> iou(Box(0.0, 0.0, 0.5, 0.5), Box(0.25, 0.0, 0.5, 0.5))
    0.3333333333333333
    """
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    union = one.width * one.height + other.width * other.height - common
    return min(common / union, 1.0) if union > 0 else 0.0


def overlap(one: Shape, other: Shape) -> float:
    """Intersection over union of the upright boxes around two shapes."""
    return iou(bounds(one), bounds(other))


def bounds(shape: Shape) -> Box:
    """The upright box around a shape; a point's has no width and no height.

    A rotated box is turned as in a square picture, whatever the picture's shape: near enough to compare two of them.

    Raises:
        ValueError: A bitmask is malformed.
    """
    match shape:
        case RotatedBox(x, y, width, height, theta):
            across, down = abs(cos(radians(theta))), abs(sin(radians(theta)))
            wide, high = width * across + height * down, width * down + height * across
            return Box(x + (width - wide) / 2, y + (height - high) / 2, wide, high)
        case Box():
            return shape
        case Polygon(points) | Polyline(points):
            return _around(points)
        case Point(x, y):
            return Box(x, y, 0.0, 0.0)
        case Bitmask():
            return extent(shape)


def large_enough(shape: Shape, smallest: float) -> bool:
    """Whether a shape is at least `smallest` wide and high; points and lines always are, for they have no area."""
    box = bounds(shape)
    return isinstance(shape, Point | Polyline) or min(box.width, box.height) >= smallest


def distinct(found: Iterable[Found], most: float) -> tuple[Found, ...]:
    """Of the same object found in one place several times the surest: no two that stay overlap by more than `most`.

    Objects of other titles do not matter. Surest first; equals stay in the order they came in.
    """
    kept: list[Found] = []
    places: defaultdict[str, Places[None]] = defaultdict(lambda: Places(most))
    for one in sorted(found, key=lambda each: -each.confidence):
        box, alike = bounds(one.shape), places[one.title]
        if all(iou(box, other) <= most for other, _ in alike.near(box)):
            alike.add(box, None)
            kept.append(one)
    return tuple(kept)


def confirmed(found: Iterable[Found], others: Sequence[Found], least: float) -> tuple[Found | None, ...]:
    """For each found object the one among `others` that is the same in the same place; None where there is none.

    It is the one that overlaps most, by `least` or more and at all; the first of equals. Several may have the same.
    """
    places: defaultdict[str, Places[int]] = defaultdict(lambda: Places(least))
    for rank, other in enumerate(others):
        places[other.title].add(bounds(other.shape), rank)
    ranks = (_nearest(bounds(one.shape), places[one.title], least) for one in found)
    return tuple(None if rank is None else others[rank] for rank in ranks)


def _nearest(box: Box, places: Places[int], least: float) -> int | None:
    shared = [(iou(box, other), -rank) for other, rank in places.near(box)]
    most, rank = max(shared, default=(0.0, 0))
    return -rank if most >= least and most > 0 else None


def _around(points: Points) -> Box:
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return Box(left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top)
