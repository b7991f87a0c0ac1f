"""Shapes as SVG, in pixels of the picture that they are drawn on."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final

from encord_lambda.agents.masks import extent, mask_runs
from encord_lambda.benchmark.disagreement import Disagreement, Drawn
from encord_lambda.labels.shapes import Bitmask, Box, Point, Points, Polygon, Polyline, RotatedBox, Shape

UNKNOWN: Final = (640, 480)
"""The size that a picture is drawn with if nobody knows it."""
COLUMNS: Final = 240
"""Of a mask so many are drawn at most: more would not be seen."""
NAMED: Final = 12
"""So many of the wrong drawings of each side have their name beside them."""

type Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outline:
    """A drawing."""

    name: str
    path: str
    """SVG's path data."""
    turned: str | None
    """SVG's transform."""
    at: tuple[float, float]
    """Its top left corner."""
    right: bool
    is_named: bool
    is_line: bool
    """It has no area."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn of both sides."""

    size: Size
    truth: tuple[Outline, ...]
    given: tuple[Outline, ...]


def scene(one: Disagreement) -> Scene:
    """Everything that is shown of a disagreement."""
    size = (one.width, one.height) if one.width > 0 < one.height else UNKNOWN
    sides = (tuple(_outline(place, drawn, size) for place, drawn in enumerate(side)) for side in (one.truth, one.given))
    return Scene(size, *sides)


def _outline(place: int, drawn: Drawn, size: Size) -> Outline:
    shape = drawn.thing.placements[0].shape[1]
    path, at = _path(shape, size)
    turned = None
    if isinstance(shape, RotatedBox):
        middle = (shape.x + shape.width / 2) * size[0], (shape.y + shape.height / 2) * size[1]
        turned = f"rotate({_n(shape.theta)} {_n(middle[0])} {_n(middle[1])})"
    is_named = place < NAMED and not drawn.right
    return Outline(drawn.thing.object, path, turned, at, drawn.right, is_named, isinstance(shape, Polyline))


def _path(shape: Shape, size: Size) -> tuple[str, tuple[float, float]]:
    """Path data, and the top left corner."""
    match shape:
        case Box(x, y, width, height):
            corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
            return _through(corners, size) + "Z", (x * size[0], y * size[1])
        case Polygon(points):
            return _through(points, size) + "Z", _corner(points, size)
        case Polyline(points):
            return _through(points, size), _corner(points, size)
        case Point(x, y):
            return _dot(x * size[0], y * size[1], 0.012 * max(size)), (x * size[0], y * size[1])
        case Bitmask():
            around, corner = _path(extent(shape), size)
            drawn = " ".join(f"M{x} {y}h{width}v{height}h{-width}z" for x, y, width, height in _stripes(shape))
            return drawn or around, corner


def _through(points: Points, size: Size) -> str:
    return "M" + " ".join(f"{_n(x * size[0])} {_n(y * size[1])}" for x, y in points)


def _corner(points: Points, size: Size) -> tuple[float, float]:
    return min(x for x, _ in points) * size[0], min(y for _, y in points) * size[1]


def _dot(x: float, y: float, radius: float) -> str:
    r = _n(radius)
    return f"M{_n(x - radius)} {_n(y)}a{r} {r} 0 1 0 {_n(2 * radius)} 0a{r} {r} 0 1 0 {_n(-2 * radius)} 0Z"


def _stripes(mask: Bitmask) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, width and height of a mask's runs, column by column; of a wide one only some columns, made wider."""
    step, end = ceil(mask.width / COLUMNS), 0
    for place, run in enumerate(mask_runs(mask)):
        start, end = end, end + run
        if place % 2:
            for column in range(start // mask.height, -(-end // mask.height)):
                if column % step == 0:
                    top = max(start - column * mask.height, 0)
                    yield column, top, step, min(end - column * mask.height, mask.height) - top


def _n(number: float) -> str:
    return f"{number:.1f}"
