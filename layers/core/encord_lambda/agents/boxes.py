"""Boxes in fractions of the picture, upper left corner and extent: overlap, size, and which of many to keep."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from encord_lambda.agents.masks import extent
from encord_lambda.labels.proposals import Bitmask, Box, Polygon, Shape


@dataclass(frozen=True, slots=True)
class Found:
    """An object of the ontology, seen on one picture."""

    title: str
    confidence: float
    shape: Shape


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
    """The upright box around what a detector can answer: a box, a polygon or a bitmask."""
    match shape:
        case Polygon(points=points):
            left, top = min(x for x, _ in points), min(y for _, y in points)
            return Box(left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top)
        case Bitmask():
            return extent(shape)
        case Box():
            return Box(shape.x, shape.y, shape.width, shape.height)
    raise TypeError(f"no detector answers with a {type(shape).__name__}")


def large_enough(shape: Shape, smallest: float) -> bool:
    """Whether a shape is at least `smallest` wide and high."""
    box = bounds(shape)
    return min(box.width, box.height) >= smallest


def distinct(found: Iterable[Found], most: float) -> tuple[Found, ...]:
    """Of the same object found in one place several times the surest: no two that stay overlap by more than `most`.

    Objects of other titles do not matter. Surest first; equals stay in the order they came in.
    """
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: -each.confidence):
        if all(overlap(one.shape, other.shape) <= most for other in _alike(one, kept)):
            kept.append(one)
    return tuple(kept)


def confirmed(one: Found, others: Sequence[Found], least: float) -> Found | None:
    """The object among `others` that is the same in the same place: the one that overlaps most, by `least` or more."""
    near = [other for other in _alike(one, others) if overlap(one.shape, other.shape) >= least]
    return max(near, key=lambda other: overlap(one.shape, other.shape), default=None)


def _alike(one: Found, others: Iterable[Found]) -> Iterable[Found]:
    return (other for other in others if other.title == one.title)
