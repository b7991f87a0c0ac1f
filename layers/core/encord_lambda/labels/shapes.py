"""The shapes an object can have on a frame; all in fractions of it, from its top left corner, but for bitmasks."""

from dataclasses import dataclass

type Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle; `x` and `y` are its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RotatedBox(Box):
    """A rectangle that was turned by `theta` degrees, clockwise, around its centre."""

    theta: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area within its outline of three points (x, y) or more; the last is joined to the first."""

    points: Points


@dataclass(frozen=True, slots=True)
class Polyline:
    """A line through two points (x, y) or more."""

    points: Points


@dataclass(frozen=True, slots=True)
class Point:
    """A single point."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bitmask:
    """The pixels of an area; `width` and `height` are those of the whole frame, in pixels."""

    width: int
    height: int
    rle: str
    """COCO's compressed run lengths (`counts`), column by column."""


type Shape = Box | RotatedBox | Polygon | Polyline | Point | Bitmask
