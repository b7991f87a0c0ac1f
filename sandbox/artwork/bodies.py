"""What cats, dogs and some others share: bodies, legs, markings, and eyes. None of it tells the kind."""

import random
from collections.abc import Callable, Sequence

from sandbox.artwork.coats import NIGHT, WHITE, Coat, blend
from sandbox.artwork.pen import Pen, Point


def standing_body(pen: Pen, rng: random.Random, coat: Coat, *, leg: float) -> None:
    """A four-legged body from the side, chest to the left, spanning x 50..150; `leg` sets its height."""
    ground = 128 + leg
    stride = rng.uniform(-9, 9)
    for x in (74, 140):
        pen.limb([(x, 120), (x - stride, ground - 4)], 15, coat.dark)
    for x in (62, 128):
        pen.limb([(x, 120), (x + stride, ground)], 16, coat.base)
    sag = rng.uniform(-4, 6)
    pen.blob(
        [(50, 104), (66, 86), (100, 86), (138, 84), (152, 106), (138, 132), (100, 130 + sag), (62, 132)],
        coat.base,
    )
    pen.blob([(64, 126), (100, 114 + sag), (134, 126), (100, 129 + sag)], coat.light, inked=False)
    marking(pen, rng, coat, [(84, 99), (104, 97), (124, 99)], size=11)


def sitting_body(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """A seated body seen from the front: haunches, chest and two front paws; it spans y 84..182."""
    wide = rng.uniform(34, 42)
    pen.oval((100 - wide + 6, 160), (20, 21), coat.dark)
    pen.oval((100 + wide - 6, 160), (20, 21), coat.dark)
    pen.blob(
        [
            (100, 84),
            (100 + wide * 0.8, 112),
            (100 + wide, 160),
            (100, 178),
            (100 - wide, 160),
            (100 - wide * 0.8, 112),
        ],
        coat.base,
    )
    marking(pen, rng, coat, [(80, 140), (122, 146), (116, 126)], size=9)
    pen.blob([(100, 96), (116, 118), (112, 146), (100, 154), (88, 146), (84, 118)], coat.light, inked=False)
    for x in (87, 113):
        pen.limb([(x, 132), (x, 172)], 17, coat.base)
        pen.oval((x, 176), (12, 7.5), coat.light)


def marking(pen: Pen, rng: random.Random, coat: Coat, spots: Sequence[Point], size: float) -> None:
    """Put the coat's pattern where `spots` say; about `size` units tall each."""
    if coat.marking == "patch":
        pen.oval(spots[0], (size * 1.25, size * 0.95), coat.dark, tilt=rng.uniform(-25, 25), inked=False)
    for x, y in spots:
        if coat.marking == "stripes":
            pen.curve([(x + 2, y - size), (x - 2, y), (x + 1, y + size * 0.8)], 4.5, coat.dark)
        if coat.marking == "spots":
            radius = size * rng.uniform(0.3, 0.5)
            pen.oval((x + rng.uniform(-4, 4), y), (radius, radius), coat.dark, inked=False)


def round_eye(pen: Pen, centre: Point, size: float) -> None:
    """A dark button eye with a glint."""
    pen.oval(centre, (size, size * 1.15), NIGHT, inked=False)
    pen.oval((centre[0] - size * 0.3, centre[1] - size * 0.4), (size * 0.36, size * 0.36), WHITE, inked=False)


def slit_eye(pen: Pen, coat: Coat, centre: Point, size: float, tilt: float) -> None:
    """An almond eye with an upright slit for a pupil."""
    pen.oval(centre, (size * 1.3, size), blend(coat.eye, WHITE, 0.15), tilt=tilt)
    pen.oval(centre, (size * 0.34, size * 0.9), NIGHT, inked=False)
    pen.oval((centre[0] - size * 0.35, centre[1] - size * 0.4), (size * 0.25, size * 0.25), WHITE, inked=False)


def mirrored(draw: Callable[[int], None]) -> None:
    """Draw something once for the left side (-1) and once for the right (+1)."""
    for side in (-1, 1):
        draw(side)
