"""Cats: upright pointed ears, slit pupils, a short flat face with whiskers, and a long thin tail."""

import random

from sandbox.artwork.bodies import mirrored, sitting_body, slit_eye, standing_body
from sandbox.artwork.coats import PINK, WHITE, Coat, blend
from sandbox.artwork.pen import Pen, Point


def cat(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """Draw a cat: sitting, standing, lying, or its face alone."""
    pose = rng.choice((_sitting, _sitting, _standing, _standing, _loaf, _face))
    pose(pen, rng, coat)


def _sitting(pen: Pen, rng: random.Random, coat: Coat) -> None:
    lift = rng.uniform(70, 140)
    pen.limb([(130, 170), (162, 168), (172, lift + 26), (rng.uniform(158, 182), lift)], 10, coat.base)
    sitting_body(pen, rng, coat)
    _head(pen, rng, coat, (100 + rng.uniform(-6, 6), 68), rng.uniform(34, 40))


def _standing(pen: Pen, rng: random.Random, coat: Coat) -> None:
    tip = rng.uniform(28, 60)
    pen.limb([(148, 100), (168, 84), (170, tip + 18), (rng.uniform(160, 186), tip)], 9.5, coat.base)
    standing_body(pen, rng, coat, leg=rng.uniform(34, 46))
    _head(pen, rng, coat, (50, 80 + rng.uniform(-8, 6)), rng.uniform(29, 34))


def _loaf(pen: Pen, rng: random.Random, coat: Coat) -> None:
    pen.blob([(46, 150), (60, 112), (110, 98), (156, 112), (172, 146), (150, 164), (80, 164)], coat.base)
    pen.limb([(164, 148), (150, 163), (112, 165), (rng.uniform(80, 96), 160)], 10.5, coat.base)
    for x in (112, 130, 148):
        if coat.marking == "stripes":
            pen.curve([(x, 106), (x + 3, 118), (x, 128)], 4.5, coat.dark)
    _head(pen, rng, coat, (64, 104 + rng.uniform(-6, 8)), rng.uniform(31, 36))


def _face(pen: Pen, rng: random.Random, coat: Coat) -> None:
    _head(pen, rng, coat, (100, 106), rng.uniform(54, 62))


def _head(pen: Pen, rng: random.Random, coat: Coat, centre: Point, size: float) -> None:
    x, y = centre
    tall, splay = rng.uniform(1.25, 1.6), rng.uniform(0.72, 0.92)
    mirrored(lambda side: _ear(pen, coat, centre, size, side, tall, splay))
    pen.oval(centre, (size * rng.uniform(1.05, 1.16), size * rng.uniform(0.86, 0.94)), coat.base)
    if coat.marking == "stripes":
        for shift in (-0.22, 0.0, 0.22):
            pen.curve(
                [(x + shift * size, y - size * 0.78), (x + shift * size * 0.8, y - size * 0.45)],
                size * 0.09,
                coat.dark,
            )
    if coat.marking == "patch":
        pen.oval((x + size * 0.46, y - size * 0.12), (size * 0.4, size * 0.36), coat.dark, inked=False)
    mirrored(
        lambda side: pen.oval(
            (x + side * size * 0.19, y + size * 0.38), (size * 0.27, size * 0.21), coat.light, inked=False
        )
    )
    open_wide = rng.uniform(0.17, 0.24)
    mirrored(lambda side: slit_eye(pen, coat, (x + side * size * 0.46, y - size * 0.08), size * open_wide, side * -14))
    _nose_and_whiskers(pen, rng, coat, centre, size)


def _ear(pen: Pen, coat: Coat, centre: Point, size: float, side: int, tall: float, splay: float) -> None:
    x, y = centre
    outer, inner = x + side * size * 1.02, x + side * size * 0.2
    tip = (x + side * size * splay, y - size * tall)
    pen.shape([(outer, y - size * 0.25), tip, (inner, y - size * 0.7)], coat.base)
    middle = (x + side * size * 0.66, y - size * 0.62)
    core = [
        (mx + (middle[0] - mx) * 0.38, my + (middle[1] - my) * 0.38)
        for mx, my in ((outer, y - size * 0.4), tip, (inner + side * size * 0.1, y - size * 0.7))
    ]
    pen.shape(core, blend(PINK, coat.light, 0.25), inked=False)


def _nose_and_whiskers(pen: Pen, rng: random.Random, coat: Coat, centre: Point, size: float) -> None:
    x, y = centre
    low = y + size * 0.22
    pen.shape([(x - size * 0.1, low), (x + size * 0.1, low), (x, low + size * 0.11)], PINK)
    thin = max(1.2, size * 0.045)
    mirrored(
        lambda side: pen.curve(
            [
                (x, low + size * 0.1),
                (x + side * size * 0.1, low + size * 0.27),
                (x + side * size * 0.27, low + size * 0.22),
            ],
            thin,
        )
    )
    reach, droop = rng.uniform(1.25, 1.55), rng.uniform(-0.08, 0.12)
    colour = coat.ink if sum(coat.base) > 300 else blend(coat.light, WHITE, 0.5)
    for step in (-1, 0, 1):
        level = low + size * (0.1 + step * 0.1)
        end = level + size * (droop + step * 0.14)
        for side in (-1, 1):
            whisker = [(0.42, level), (0.9, (level + end) / 2 - 1), (reach, end)]
            pen.curve([(x + side * size * out, height) for out, height in whisker], thin, colour)
