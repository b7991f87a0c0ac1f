"""Coordinates: fractions of the picture's width and height, as far as each shape allows."""

from collections.abc import Callable, Iterable

from .json_values import JsonObject
from .refusals import Corrupted

SLACK = 1e-6  # fractions that were once pixels do not add up exactly


def check(thing: JsonObject, shape: str) -> None:
    """Refuse an object drawn in another shape than its ontology says, or outside the picture.

    Shapes in space, sound or text have no such limits and pass.
    """
    if thing.get("shape") != shape:
        raise Corrupted(f"{_named(thing)} is a {thing.get('shape')}, but the ontology wants a {shape}")
    if shape in SHAPES:
        key, holds = SHAPES[shape]
        drawn = thing.get(key)
        if not isinstance(drawn, dict) or not holds(drawn):
            raise Corrupted(f"{_named(thing)} has no possible {key}: {drawn}")


def _named(thing: JsonObject) -> str:
    return f"object {thing.get('objectHash')}"


def _fractions(values: Iterable[object]) -> bool:
    return all(isinstance(value, int | float) and -SLACK <= value <= 1 + SLACK for value in values)


def _box(drawn: JsonObject) -> bool:
    x, y, w, h = (drawn.get(key) for key in "xywh")
    return _fractions((x, y, w, h)) and _fractions((drawn["x"] + drawn["w"], drawn["y"] + drawn["h"]))


def _turned_box(drawn: JsonObject) -> bool:
    # Its corners may lie outside once it is turned.
    return _fractions(drawn.get(key) for key in "wh") and isinstance(drawn.get("theta"), int | float)


def _points(at_least: int) -> Callable[[JsonObject], bool]:
    def holds(drawn: JsonObject) -> bool:
        points = [point for point in drawn.values() if isinstance(point, dict)]
        if len(points) != len(drawn) or len(points) < at_least:
            return False
        return _fractions(point.get(key) for point in points for key in "xy")

    return holds


def _mask(drawn: JsonObject) -> bool:
    sides = [drawn.get(key) for key in ("height", "width")]
    return all(isinstance(side, int) and side > 0 for side in sides) and isinstance(drawn.get("rleString"), str)


SHAPES: dict[str, tuple[str, Callable[[JsonObject], bool]]] = {
    "bounding_box": ("boundingBox", _box),
    "rotatable_bounding_box": ("rotatableBoundingBox", _turned_box),
    "polygon": ("polygon", _points(3)),
    "polyline": ("polyline", _points(2)),
    "point": ("point", _points(1)),
    "skeleton": ("skeleton", _points(1)),
    "bitmask": ("bitmask", _mask),
}
