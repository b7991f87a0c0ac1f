"""Other animals without four legs: fish, bird, penguin, snake."""

import math
import random

from sandbox.artwork.bodies import marking, mirrored, round_eye
from sandbox.artwork.coats import WHITE, Coat, blend
from sandbox.artwork.pen import Colour, Pen

BEAK: Colour = (244, 172, 62)


def fish(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """A fish from the side: fan tail, fins, gill and scales."""
    tall = rng.uniform(30, 46)
    pen.blob([(140, 100), (174, 72), (184, 76), (172, 100), (184, 126), (172, 130)], coat.dark)
    pen.blob([(74, 100 - tall * 0.7), (104, 100 - tall - 20), (132, 100 - tall * 0.6), (104, 92)], coat.dark)
    pen.blob([(92, 100 + tall * 0.7), (118, 100 + tall + 16), (126, 100 + tall * 0.5)], coat.dark)
    pen.blob(
        [
            (22, 102),
            (54, 100 - tall * 0.85),
            (98, 100 - tall),
            (148, 94),
            (152, 106),
            (98, 100 + tall),
            (54, 100 + tall * 0.85),
        ],
        coat.base,
    )
    marking(pen, rng, coat, [(92, 90), (110, 96), (126, 100)], size=tall * 0.4)
    pen.curve([(66, 100 - tall * 0.6), (74, 100), (66, 100 + tall * 0.6)])
    for x, y in ((88, 108), (102, 114), (104, 100), (118, 106)):
        pen.curve([(x, y - 6), (x + 6, y), (x, y + 6)], 1.8, coat.dark)
    pen.oval((46, 92), (9, 9), WHITE)
    round_eye(pen, (45, 92), 5)
    pen.curve([(24, 108), (34, 114), (42, 112)])


def bird(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """A small perching bird from the side: beak, folded or lifted wing, two thin legs."""
    for x in (94, 112):
        pen.curve([(x, 140), (x, 168)], 4, BEAK)
        pen.curve([(x - 9, 171), (x, 167), (x + 8, 171)], 4, BEAK)
    low = rng.uniform(-8, 14)
    pen.blob([(140, 112), (184, 108 + low), (188, 122 + low), (140, 132)], coat.dark)
    pen.blob([(60, 104), (82, 78), (120, 86), (150, 116), (126, 144), (84, 146), (62, 126)], coat.base)
    pen.blob([(66, 118), (88, 112), (104, 130), (94, 143), (74, 138)], coat.light, inked=False)
    pen.shape([(48, 70), (20, 80), (50, 86)], BEAK)
    pen.oval((68, 76), (27, 26), coat.base)
    round_eye(pen, (58, 72), 4.8)
    lifted = rng.random() < 0.4
    tip = (168, 40) if lifted else (152, 128)
    pen.blob([(92, 104), (116, 92), tip, (124, 128), (100, 124)], coat.dark)


def penguin(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """A penguin from the front: an upright egg with a pale face and belly, flippers and a beak."""
    mirrored(lambda side: pen.oval((100 + side * 17, 174), (17, 8), BEAK))
    swing = rng.uniform(8, 40)
    mirrored(lambda side: pen.oval((100 + side * 46, 112), (11, 34), coat.dark, tilt=-side * swing))
    pen.blob([(100, 22), (130, 40), (146, 104), (134, 160), (100, 174), (66, 160), (54, 104), (70, 40)], coat.base)
    pen.blob([(100, 66), (126, 92), (126, 146), (100, 164), (74, 146), (74, 92)], coat.light, inked=False)
    mirrored(lambda side: pen.oval((100 + side * 13, 56), (17, 18), coat.light, inked=False))
    mirrored(lambda side: round_eye(pen, (100 + side * 13, 54), 4.6))
    pen.shape([(88, 66), (112, 66), (100, 80)], BEAK)


def snake(pen: Pen, rng: random.Random, coat: Coat) -> None:
    """A snake in bends, its head lifted and its forked tongue out."""
    rise, bend, wave = rng.uniform(56, 84), rng.uniform(12, 22), rng.uniform(0.055, 0.085)
    back = [(x, 138 + bend * math.sin((x - 70) * wave)) for x in range(190, 79, -10)]
    path = [*back, (66, 134), (56, 120), (52, rise + 16), (42, rise)]
    tongue = [(30, rise + 4), (14, rise + 6)]
    pen.curve(tongue, 3, (206, 66, 62))
    for end in (-4, 8):
        pen.curve([tongue[1], (5, rise + 6 + end)], 3, (206, 66, 62))
    pen.limb(path, rng.uniform(17, 23), coat.base)
    for x, y in path[1:-4:2]:
        pen.oval((x, y), (6, 5), blend(coat.dark, coat.base, 0.2), inked=False)
    pen.oval((38, rise), (20, 14), coat.base, tilt=8)
    round_eye(pen, (32, rise - 4), 3.8)
