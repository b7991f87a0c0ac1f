"""Examples to train and test on: letterboxed drawings with their kinds and boxes.

Seeds are kept apart: training takes them from 1 000 000 up, calibration from 2 000 000, the held-out test
from 4 000 000. Everything below 1 000 000 is for tests and demos, so that nobody shows the model what it
learned from. (3 000 000 to 4 000 000 is spent: a fault in the calibration was found there.)

The spoiled ones are what calibration rests on. Plain drawings are so easy that a network makes no error on
them; a temperature fitted to those alone runs off towards zero and calls every guess certain.
"""

import random
from dataclasses import dataclass

from PIL import Image

from sandbox.artwork import KINDS, Drawing, Scene, draw, draw_scene, spoil
from sandbox.model_server.letterbox import Letterbox, letterbox

TRAINING, CALIBRATION, HELD_OUT = 1_000_000, 2_000_000, 4_000_000


@dataclass(frozen=True, slots=True)
class Example:
    """A picture in the model's square, and its animals: index into `KINDS`, (x0, y0, x1, y1) in 0..1."""

    view: Letterbox
    animals: tuple[tuple[int, tuple[float, float, float, float]], ...]


def single(seed: int) -> Example:
    """One animal, plainly drawn, each kind as often as the others."""
    return _alone(draw(KINDS[seed % len(KINDS)], seed))


def spoiled(seed: int) -> Example:
    """One animal that is hard to see, each kind as often as the others."""
    return _alone(spoil(draw(KINDS[seed % len(KINDS)], seed), seed))


def mixed(seed: int) -> Example:
    """Of twenty: eight plain animals, five spoiled, three groups, two empty backgrounds, two of noise."""
    lot = seed % 20
    rng = random.Random(seed ^ 0x5EED)  # noqa: S311  # pictures, not secrets
    if lot < 8:
        return _alone(draw(rng.choice(KINDS), seed))
    if lot < 13:
        return _alone(spoil(draw(rng.choice(KINDS), seed), seed))
    if lot < 16:
        return _example(draw_scene(rng.choices(KINDS, k=rng.randint(2, 3)), seed))
    if lot < 18:
        return _example(draw_scene((), seed))
    return _example(Scene(noise(rng), ()))


def noise(rng: random.Random) -> Image.Image:
    """A picture of nothing: random pixels, from fine grain to large blurred clouds, in grey or colour."""
    side = rng.choice((4, 8, 16, 32, 64, 128))
    mode = rng.choice(("L", "RGB"))
    grain = Image.frombytes(mode, (side, side), rng.randbytes(side * side * len(mode)))
    return grain.convert("RGB").resize((256, 256), rng.choice((Image.Resampling.NEAREST, Image.Resampling.BICUBIC)))


def _alone(drawing: Drawing) -> Example:
    return _example(Scene(drawing.image, ((drawing.kind, drawing.box),)))


def _example(scene: Scene) -> Example:
    view = letterbox(scene.image)
    width, height = scene.image.size
    animals = []
    for kind, (x0, y0, x1, y1) in scene.animals:
        corners = (*view.to_square(x0 / width, y0 / height), *view.to_square(x1 / width, y1 / height))
        animals.append((KINDS.index(kind), corners))
    return Example(view, tuple(animals))
