"""Dogs: hanging ears, round eyes, a muzzle with a big dark nose, often the tongue out; a short thick tail."""

import random

from sandbox.artwork.bodies import mirrored, round_eye, sitting_body, standing_body
from sandbox.artwork.coats import NIGHT, PINK, WHITE, Coat, blend
from sandbox.artwork.pen import Pen, Point


def dog(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """Draw a dog: sitting, standing (face on or in profile), lying, or its face alone."""
    pose = rng.choice((_sitting, _sitting, _standing, _profile, _lying, _face))
    pose(pen, rng, coat)


def _sitting(pen: Pen, rng: random.Random, coat: Coat) -> None:
    pen.limb([(134, 166), (154, 158), (rng.uniform(158, 168), rng.uniform(136, 150))], 13, coat.base)
    sitting_body(pen, rng, coat)
    _head(pen, rng, coat, (100 + rng.uniform(-6, 6), 62), rng.uniform(34, 40))
    if rng.random() < 0.5:
        _collar(pen, rng)


def _standing(pen: Pen, rng: random.Random, coat: Coat) -> None:
    _tail(pen, rng, coat)
    standing_body(pen, rng, coat, leg=rng.uniform(34, 50))
    _head(pen, rng, coat, (50, 76 + rng.uniform(-8, 6)), rng.uniform(28, 33))


def _profile(pen: Pen, rng: random.Random, coat: Coat) -> None:
    _tail(pen, rng, coat)
    standing_body(pen, rng, coat, leg=rng.uniform(34, 50))
    x, y = 52, 72 + rng.uniform(-8, 4)
    pen.limb([(66, 104), (58, y + 8)], 30, coat.base)
    if rng.random() < 0.6:
        pen.blob([(26, y + 12), (34, y + 14), (32, y + 34), (24, y + 30)], PINK)
    pen.blob([(8, y + 2), (28, y - 6), (44, y + 2), (42, y + 19), (20, y + 19), (9, y + 13)], coat.light)
    pen.oval((x, y - 2), (24, 22), coat.base)
    pen.blob([(12, y + 5), (30, y - 2), (44, y + 4), (36, y + 16), (18, y + 16)], coat.light, inked=False)
    pen.curve([(14, y + 13), (27, y + 16), (39, y + 11)])
    pen.oval((10, y + 1), (6.5, 5.5), NIGHT)
    round_eye(pen, (42, y - 7), 4.2)
    low = rng.uniform(26, 40)
    pen.blob([(56, y - 18), (72, y - 12), (78, y + low - 10), (68, y + low), (58, y + 8)], coat.dark)


def _lying(pen: Pen, rng: random.Random, coat: Coat) -> None:
    pen.limb([(164, 140), (178, 128), (184, rng.uniform(106, 120))], 12, coat.base)
    pen.blob([(46, 150), (60, 116), (110, 106), (156, 116), (172, 146), (150, 164), (80, 164)], coat.base)
    pen.oval((146, 148), (24, 18), coat.base)
    for reach in (22, 34):
        pen.limb([(70, 154), (reach + 10, 162)], 15, coat.base)
    _head(pen, rng, coat, (62, 102 + rng.uniform(-6, 8)), rng.uniform(30, 35))


def _face(pen: Pen, rng: random.Random, coat: Coat) -> None:
    _head(pen, rng, coat, (100, 92), rng.uniform(50, 58))


def _tail(pen: Pen, rng: random.Random, coat: Coat) -> None:
    pen.limb([(148, 98), (164, 84), (rng.uniform(166, 178), rng.uniform(58, 72))], 13, coat.base)


def _head(pen: Pen, rng: random.Random, coat: Coat, centre: Point, size: float) -> None:
    x, y = centre
    pen.oval(centre, (size * rng.uniform(0.84, 0.94), size * rng.uniform(0.9, 1.0)), coat.base)
    if coat.marking == "patch":
        pen.oval((x + size * 0.36, y - size * 0.2), (size * 0.32, size * 0.4), coat.dark, inked=False)
    pen.blob(
        [(x, y - size * 0.85), (x + size * 0.13, y), (x, y + size * 0.3), (x - size * 0.13, y)],
        coat.light,
        inked=False,
    )
    if rng.random() < 0.7:
        _tongue(pen, centre, size, rng.uniform(1.35, 1.55))
    mirrored(lambda side: round_eye(pen, (x + side * size * 0.36, y - size * 0.15), size * 0.13))
    mirrored(
        lambda side: pen.curve(
            [(x + side * size * 0.5, y - size * 0.4), (x + side * size * 0.32, y - size * 0.46)], size * 0.07
        )
    )
    pen.oval((x, y + size * 0.5), (size * rng.uniform(0.48, 0.56), size * 0.45), coat.light)
    pen.oval((x, y + size * 0.27), (size * 0.23, size * 0.17), NIGHT)
    pen.oval((x - size * 0.07, y + size * 0.22), (size * 0.07, size * 0.04), blend(NIGHT, WHITE, 0.7), inked=False)
    thin = max(1.2, size * 0.05)
    mirrored(
        lambda side: pen.curve(
            [
                (x, y + size * 0.42),
                (x + side * size * 0.1, y + size * 0.66),
                (x + side * size * 0.36, y + size * 0.6),
            ],
            thin,
        )
    )
    hang, splay = rng.uniform(0.55, 0.95), rng.uniform(1.1, 1.35)
    mirrored(lambda side: _ear(pen, coat, centre, size, side, hang, splay))


def _ear(pen: Pen, coat: Coat, centre: Point, size: float, side: int, hang: float, splay: float) -> None:
    x, y = centre
    rim = (
        (0.4, -0.88),
        (0.85, -0.84),
        (splay, -0.1),
        (splay - 0.04, hang - 0.12),
        (splay - 0.28, hang),
        (0.84, 0.2),
        (0.74, -0.4),
    )
    pen.blob([(x + side * size * dx, y + size * dy) for dx, dy in rim], coat.dark)


def _tongue(pen: Pen, centre: Point, size: float, low: float) -> None:
    x, y = centre
    pen.blob(
        [
            (x - size * 0.16, y + size * 0.7),
            (x + size * 0.16, y + size * 0.7),
            (x + size * 0.17, y + size * (low - 0.12)),
            (x, y + size * low),
            (x - size * 0.17, y + size * (low - 0.12)),
        ],
        PINK,
    )


def _collar(pen: Pen, rng: random.Random) -> None:
    colour = rng.choice(((206, 66, 62), (64, 118, 190), (86, 158, 94)))
    pen.limb([(78, 101), (100, 107), (122, 101)], 8, colour)
    pen.oval((100, 112), (5, 5), (246, 206, 84))
