"""Objects as SVG: saved in shares of the picture's width and height, drawn in its pixels."""

import math
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from ..platform.json_values import JsonObject
from .answers import Writer, writer

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
UNCOLOURED = "#888888"

type Point = tuple[float, float]
type Size = tuple[int, int]
type Outline = tuple[str, dict[str, str], Point]  # element, its attributes, where the name goes


@dataclass(frozen=True)
class Shape:
    """An object on a picture. `tag` is None if we cannot draw its shape."""

    name: str
    shape: str
    colour: str
    writer: Writer
    object_hash: str
    tag: str | None
    attributes: Mapping[str, str]
    at: Point


def shape(thing: JsonObject, size: Size, agents: Set[str]) -> Shape:
    """An object as the SDK saved it, on a picture of `size` (width, height)."""
    tag, attributes, at = _outline(thing, size) or (None, {}, (0.0, 0.0))
    colour = str(thing.get("color"))
    return Shape(
        name=str(thing.get("name")),
        shape=str(thing.get("shape")).replace("_", " "),
        colour=colour if COLOUR.fullmatch(colour) else UNCOLOURED,
        writer=writer(thing, agents),
        object_hash=str(thing.get("objectHash")),
        tag=tag,
        attributes=attributes,
        at=at,
    )


def _outline(thing: JsonObject, size: Size) -> Outline | None:
    for key, draw in DRAWN.items():
        if key in thing:
            try:
                return draw(thing[key], size)
            except (KeyError, TypeError, ValueError, AttributeError):
                return None  # the twin keeps coordinates as they came, whatever they are
    return None


def _box(box: JsonObject, size: Size) -> Outline:
    left, top, width, height = (
        share * side for share, side in zip((box["x"], box["y"], box["w"], box["h"]), size * 2, strict=True)
    )
    attributes = {"x": _n(left), "y": _n(top), "width": _n(width), "height": _n(height)}
    if theta := box.get("theta"):
        attributes["transform"] = f"rotate({_n(theta)} {_n(left + width / 2)} {_n(top + height / 2)})"
    return "rect", attributes, (left, top)


def _ellipse(ellipse: JsonObject, size: Size) -> Outline:
    x, y = ellipse["x"] * size[0], ellipse["y"] * size[1]
    rx, ry = ellipse["rx"] * size[0], ellipse["ry"] * size[1]
    attributes = {"cx": _n(x), "cy": _n(y), "rx": _n(rx), "ry": _n(ry)}
    if theta := ellipse.get("theta"):
        attributes["transform"] = f"rotate({_n(theta)} {_n(x)} {_n(y)})"
    return "ellipse", attributes, (x - rx, y - ry)


def _polygons(polygons: Sequence[Sequence[Sequence[float]]], size: Size) -> Outline:
    """Every ring is a flat list x, y, x, y, …; those after a polygon's first are holes."""
    rings = [list(zip(ring[::2], ring[1::2], strict=True)) for polygon in polygons for ring in polygon]
    placed = [[_placed(point, size) for point in ring] for ring in rings]
    path = " ".join(f"M{_path(ring)}Z" for ring in placed)
    return "path", {"d": path, "fill-rule": "evenodd"}, _corner([point for ring in placed for point in ring])


def _polygon(points: Mapping[str, JsonObject], size: Size) -> Outline:
    placed = _points(points, size)
    return "polygon", {"points": _path(placed)}, _corner(placed)


def _polyline(points: Mapping[str, JsonObject], size: Size) -> Outline:
    placed = _points(points, size)
    return "polyline", {"points": _path(placed), "fill": "none"}, _corner(placed)


def _dots(points: Mapping[str, JsonObject], size: Size) -> Outline:
    """Points and skeletons: a dot for each, wide enough to be seen on a large picture."""
    placed, radius = _points(points, size), max(3.0, max(size) * 0.008)
    dots = " ".join(
        f"M{_n(x - radius)} {_n(y)}a{_n(radius)} {_n(radius)} 0 1 0 {_n(2 * radius)} 0"
        f"a{_n(radius)} {_n(radius)} 0 1 0 {_n(-2 * radius)} 0"
        for x, y in placed
    )
    return "path", {"d": dots}, _corner(placed)


def _skeleton(skeleton: JsonObject, size: Size) -> Outline:
    return _dots(skeleton["values"], size)


DRAWN: dict[str, Callable[..., Outline]] = {
    "boundingBox": _box,
    "rotatableBoundingBox": _box,
    "ellipse": _ellipse,
    "polygons": _polygons,
    "polygon": _polygon,
    "polyline": _polyline,
    "point": _dots,
    "skeleton": _skeleton,
}


def _points(points: Mapping[str, JsonObject], size: Size) -> list[Point]:
    ordered = sorted(points.items(), key=lambda entry: (len(entry[0]), entry[0]))
    return [_placed((point["x"], point["y"]), size) for _, point in ordered]


def _placed(point: Sequence[float], size: Size) -> Point:
    return point[0] * size[0], point[1] * size[1]


def _corner(points: Sequence[Point]) -> Point:
    return min(x for x, _ in points), min(y for _, y in points)


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(number: float) -> str:
    return f"{number:.2f}" if math.isfinite(number) else "0"
