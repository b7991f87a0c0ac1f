"""Other animals on legs: rabbit, elephant, turtle."""

import random

from sandbox.artwork.bodies import mirrored, round_eye, sitting_body
from sandbox.artwork.coats import PINK, WHITE, Coat, blend
from sandbox.artwork.pen import Pen


def rabbit(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """A seated rabbit: two long upright ears, front teeth, a round tuft of a tail."""
    pen.oval((140, 166), (13, 12), WHITE)
    sitting_body(pen, rng, coat)
    lean, bent = rng.uniform(-4, 16), rng.random() < 0.25

    def ear(side: int) -> None:
        drop = 26 if bent and side == 1 else 0
        tip = (100 + side * (18 + lean + drop * 0.8), 12 + drop)
        pen.limb([(100 + side * 14, 56), (100 + side * (17 + lean * 0.5), 34), tip], 17, coat.base)
        pen.curve([(100 + side * 14, 50), (100 + side * (17 + lean * 0.5), 34), tip], 6, PINK)

    mirrored(ear)
    pen.oval((100, 76), (31, 29), coat.base)
    mirrored(lambda side: round_eye(pen, (100 + side * 15, 71), 4.6))
    mirrored(lambda side: pen.oval((100 + side * 20, 84), (6, 4), blend(PINK, coat.base, 0.4), inked=False))
    pen.shape([(96, 90), (104, 90), (104, 100), (96, 100)], WHITE)
    mirrored(lambda side: pen.oval((100 + side * 7, 87), (9, 7), coat.light))
    pen.shape([(96, 80), (104, 80), (100, 85)], PINK)


def elephant(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """An elephant from the side: a heavy body on pillars, a fan of an ear, a trunk and a tusk."""
    pen.limb([(164, 96), (176, 112), (174, rng.uniform(126, 140))], 5, coat.base)
    for x in (94, 150):
        pen.limb([(x, 126), (x, 164)], 23, coat.dark)
    for x in (76, 132):
        pen.limb([(x, 126), (x + rng.uniform(-4, 4), 168)], 25, coat.base)
    pen.blob([(62, 108), (78, 72), (120, 64), (158, 76), (170, 108), (156, 138), (110, 146), (72, 138)], coat.base)
    curl = rng.choice(([(40, 96), (22, 120), (22, 150), (10, 158)], [(40, 96), (18, 112), (10, 88), (18, 66)]))
    pen.limb(curl, 15, coat.base)
    pen.limb([(50, 108), (42, 122), (30, 122)], 6.5, WHITE)
    pen.oval((58, 88), (27, 28), coat.base)
    pen.limb(curl[:2], 12, coat.base)
    spread = rng.uniform(-4, 6)
    pen.blob([(70, 62), (96 + spread, 58), (106 + spread, 88), (92, 118), (76, 108), (68, 86)], coat.dark)
    pen.blob(
        [(76, 70), (92 + spread, 68), (98 + spread, 88), (90, 108), (78, 98)],
        blend(PINK, coat.dark, 0.45),
        inked=False,
    )
    round_eye(pen, (50, 82), 4.2)


def turtle(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """A turtle from the side: a domed shell of plates over stubby legs, and a small head on a neck."""
    skin = coat.light
    reach, rise = rng.uniform(20, 32), rng.uniform(92, 126)
    pen.limb([(158, 138), (178, 144)], 9, skin)
    for x in (72, 138):
        pen.limb([(x, 136), (x + rng.uniform(-8, 4), 158)], 19, skin)
    pen.limb([(66, 132), (46, 128), (reach + 14, rise)], 17, skin)
    pen.oval((reach + 6, rise - 2), (18, 15), skin)
    round_eye(pen, (reach, rise - 5), 3.6)
    pen.curve([(reach - 10, rise + 4), (reach - 2, rise + 7), (reach + 6, rise + 4)])
    pen.blob([(48, 138), (60, 98), (104, 76), (148, 98), (164, 138), (106, 146)], coat.base)
    pen.limb([(50, 139), (106, 146), (162, 139)], 9, coat.dark)
    for x, y, size in ((104, 102, 16), (74, 116, 11), (135, 116, 11)):
        pen.shape(
            [
                (x - size, y),
                (x - size / 2, y - size * 0.8),
                (x + size / 2, y - size * 0.8),
                (x + size, y),
                (x + size / 2, y + size * 0.8),
                (x - size / 2, y + size * 0.8),
            ],
            coat.dark,
        )
