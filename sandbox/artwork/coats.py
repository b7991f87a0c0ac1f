"""Colours: every animal takes its coat from the same distribution, so that colour never tells its kind."""

import colorsys
import random
from dataclasses import dataclass

from sandbox.artwork.pen import Colour

PINK: Colour = (244, 152, 160)
WHITE: Colour = (255, 255, 255)
NIGHT: Colour = (34, 30, 34)

_NATURAL: tuple[Colour, ...] = (
    (232, 150, 72),
    (196, 124, 66),
    (140, 94, 62),
    (240, 214, 170),
    (166, 162, 160),
    (110, 112, 122),
    (84, 76, 78),
    (246, 240, 230),
    (214, 178, 128),
    (126, 142, 158),
)


@dataclass(frozen=True, slots=True)
class Coat:
    """One animal's colours, and the pattern on its back."""

    base: Colour
    light: Colour  # belly, muzzle, chest
    dark: Colour  # markings, far legs
    eye: Colour
    ink: Colour
    line: float  # outline width in the pen's units
    marking: str  # "plain", "patch", "stripes" or "spots"


def pick_coat(rng: random.Random) -> Coat:
    """Choose a coat: natural fur two times in three, otherwise any hue at all."""
    base = rng.choice(_NATURAL) if rng.random() < 0.66 else _any_hue(rng)
    base = blend(base, (rng.randrange(256), rng.randrange(256), rng.randrange(256)), 0.08)
    return Coat(
        base=base,
        light=blend(base, WHITE, rng.uniform(0.45, 0.75)),
        dark=blend(base, NIGHT, rng.uniform(0.3, 0.5)),
        eye=rng.choice(((104, 164, 84), (222, 178, 62), (92, 150, 206), (120, 84, 58))),
        ink=blend(NIGHT, base, rng.uniform(0.0, 0.25)),
        line=rng.uniform(1.6, 4.0),
        marking=rng.choice(("plain", "patch", "stripes", "spots")),
    )


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """Mix two colours; `share` in [0, 1] is how much of `other` there is.

    >>> blend((0, 0, 0), (100, 200, 50), 0.5)
    (50, 100, 25)
    """
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def from_hsv(hue: float, saturation: float, value: float) -> Colour:
    """A colour from hue, saturation and value, all in [0, 1]."""
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return (round(red * 255), round(green * 255), round(blue * 255))


def _any_hue(rng: random.Random) -> Colour:
    return from_hsv(rng.random(), rng.uniform(0.2, 0.65), rng.uniform(0.55, 0.98))
