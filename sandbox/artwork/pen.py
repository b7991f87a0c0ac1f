"""The pen: outlined shapes, smooth curves and limbs on a transparent sheet of 200 by 200 units."""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]

UNITS = 200
# Pillow's shapes are not antialiased: the sheet is drawn larger than it is ever shown and shrunk afterwards.
PIXELS_PER_UNIT = 2.6


class Pen:
    """Draws filled, inked shapes; x runs right and y down, both in [0, 200].

    `line` is the outline's width in units, `ink` its colour.
    """

    def __init__(self, ink: Colour, line: float) -> None:
        self.ink = ink
        self.line = line
        side = round(UNITS * PIXELS_PER_UNIT)
        self.sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.sheet)

    def shape(self, points: Sequence[Point], fill: Colour, *, inked: bool = True) -> None:
        """Fill the polygon through `points`; straight edges, closed by itself."""
        pixels = [_pixels(point) for point in points]
        self._draw.polygon(pixels, fill=fill)
        if inked:
            self._stroke([*pixels, pixels[0]], self.line, self.ink)

    def blob(self, points: Sequence[Point], fill: Colour, *, inked: bool = True) -> None:
        """Fill the smooth closed outline that passes through every one of `points`."""
        self.shape(smooth(points, closed=True), fill, inked=inked)

    def oval(
        self,
        centre: Point,
        radii: Point,
        fill: Colour,
        *,
        tilt: float = 0.0,
        inked: bool = True,
    ) -> None:
        """Fill an ellipse; `tilt` is in degrees, clockwise."""
        turn = math.radians(tilt)
        cos, sin = math.cos(turn), math.sin(turn)
        rim = [(radii[0] * math.cos(a), radii[1] * math.sin(a)) for a in _angles(44)]
        points = [(centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos) for x, y in rim]
        self.shape(points, fill, inked=inked)

    def limb(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A round-ended, outlined tube along the smooth curve through `points`: legs, tails, trunks."""
        path = [_pixels(point) for point in smooth(points)]
        self._stroke(path, width + self.line, self.ink)
        self._stroke(path, width - self.line, fill)

    def curve(self, points: Sequence[Point], width: float | None = None, colour: Colour | None = None) -> None:
        """A bare smooth stroke: mouths, whiskers, stripes."""
        path = [_pixels(point) for point in smooth(points)]
        self._stroke(path, width or self.line * 0.8, colour or self.ink)

    def _stroke(self, path: Sequence[Point], width: float, colour: Colour) -> None:
        thick = max(2, round(width * PIXELS_PER_UNIT))
        self._draw.line(path, fill=colour, width=thick, joint="curve")
        reach = thick / 2
        for x, y in (path[0], path[-1]):
            self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)


def smooth(points: Sequence[Point], *, closed: bool = False, steps: int = 8) -> list[Point]:
    """The Catmull-Rom curve through `points`: `steps` points per stretch, ends included."""
    count = len(points)
    stretches = count if closed else count - 1

    def at(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    curve = [
        _between(at(i - 1), at(i), at(i + 1), at(i + 2), step / steps)
        for i in range(stretches)
        for step in range(steps)
    ]
    return curve if closed else [*curve, points[-1]]


def _between(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    def along(p0: float, p1: float, p2: float, p3: float) -> float:
        bend = (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t + (3 * p1 - p0 - 3 * p2 + p3) * t**3
        return 0.5 * (2 * p1 + (p2 - p0) * t + bend)

    return (
        along(before[0], start[0], end[0], after[0]),
        along(before[1], start[1], end[1], after[1]),
    )


def _angles(count: int) -> list[float]:
    return [2 * math.pi * index / count for index in range(count)]


def _pixels(point: Point) -> Point:
    return (point[0] * PIXELS_PER_UNIT, point[1] * PIXELS_PER_UNIT)
