"""Backgrounds: plain, gradient, stripes, grass or clutter; chosen alike for every kind of animal."""

import random

from PIL import Image, ImageDraw

from sandbox.artwork.coats import blend, from_hsv
from sandbox.artwork.pen import Colour

Size = tuple[int, int]


def backdrop(rng: random.Random, size: Size) -> Image.Image:
    """Paint an RGB background of `size` (width, height) in pixels."""
    paint = rng.choice((_plain, _gradient, _stripes, _meadow, _clutter))
    return paint(rng, size)


def _tone(rng: random.Random) -> Colour:
    return from_hsv(rng.random(), rng.uniform(0.08, 0.5), rng.triangular(0.45, 1.0, 0.95))


def _plain(rng: random.Random, size: Size) -> Image.Image:
    return Image.new("RGB", size, _tone(rng))


def _gradient(rng: random.Random, size: Size) -> Image.Image:
    ramp = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(size)
    return Image.composite(Image.new("RGB", size, _tone(rng)), Image.new("RGB", size, _tone(rng)), ramp)


def _stripes(rng: random.Random, size: Size) -> Image.Image:
    ground = _tone(rng)
    image = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(image)
    colour = blend(ground, _tone(rng), 0.5)
    step, slant = rng.randint(16, 60), rng.randint(-120, 120)
    for x in range(-200, size[0] + 200, step * 2):
        draw.line([(x, 0), (x + slant, size[1])], fill=colour, width=step)
    return image


def _meadow(rng: random.Random, size: Size) -> Image.Image:
    width, height = size
    image = _gradient(rng, size)
    draw = ImageDraw.Draw(image)
    horizon = round(height * rng.uniform(0.4, 0.8))
    ground = _tone(rng) if rng.random() < 0.4 else from_hsv(rng.uniform(0.22, 0.36), 0.45, rng.uniform(0.5, 0.85))
    draw.rectangle((0, horizon, width, height), fill=ground)
    for _ in range(width // 5):
        x, y = rng.randrange(width), rng.randint(horizon, height)
        blade = blend(ground, (rng.randrange(80), 120, 40), rng.uniform(0.2, 0.6))
        draw.line([(x, y), (x + rng.randint(-4, 4), y - rng.randint(5, 14))], fill=blade, width=2)
    if rng.random() < 0.6:
        x, y, r = rng.randrange(width), rng.randrange(max(1, horizon // 2)), max(8, height // 10)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 236, 160))
    return image


def _clutter(rng: random.Random, size: Size) -> Image.Image:
    width, height = size
    image = _gradient(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.randint(5, 16)):
        x, y, r = rng.randrange(width), rng.randrange(height), rng.randint(6, max(10, min(size) // 6))
        colour = blend(_tone(rng), (0, 0, 0), rng.uniform(0, 0.4))
        corners = [(x + rng.randint(-r, r), y + rng.randint(-r, r)) for _ in range(rng.randint(3, 5))]
        figure = rng.randrange(4)
        if figure == 0:
            draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
        elif figure == 1:
            draw.rectangle((x - r, y - r // 2, x + r, y + r // 2), fill=colour)
        elif figure == 2:
            draw.polygon(corners, fill=colour)
        else:
            draw.line(corners, fill=colour, width=rng.randint(2, 5))
    return image
