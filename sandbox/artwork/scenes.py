"""Put animals on a background: one per picture with `draw`, several with `draw_scene`.

Everything comes from one seeded `random.Random`. Size, place, turn, colours and camera (noise, blur, light)
follow the same distributions for every kind: only the animal's own features tell what it is.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from sandbox.artwork.backdrops import Size, backdrop
from sandbox.artwork.cats import cat
from sandbox.artwork.coats import Coat, pick_coat
from sandbox.artwork.dogs import dog
from sandbox.artwork.land_animals import elephant, rabbit, turtle
from sandbox.artwork.pen import Pen
from sandbox.artwork.sea_and_sky import bird, fish, penguin, snake

Box = tuple[int, int, int, int]
KINDS = ("Cat", "Dog", "Other")

_ARTISTS: dict[str, tuple[Callable[[Pen, random.Random, Coat], None], ...]] = {
    "Cat": (cat,),
    "Dog": (dog,),
    "Other": (fish, bird, penguin, snake, turtle, rabbit, elephant),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of one animal. `box` is (x0, y0, x1, y1) in pixels, the far edges exclusive."""

    image: Image.Image
    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture of any number of animals: each with its kind and its box, in the order they were put down."""

    image: Image.Image
    animals: tuple[tuple[str, Box], ...]


def draw(kind: str, seed: int, size: Size | None = None) -> Drawing:
    """Draw one animal of `kind` (one of `KINDS`); the same arguments give the same bytes.

    Without `size` (width, height) the picture's size varies with the seed, from 224 to 512 pixels a side.
    """
    scene = draw_scene((kind,), seed, size)
    return Drawing(scene.image, *scene.animals[0])


def draw_scene(kinds: Sequence[str], seed: int, size: Size | None = None) -> Scene:
    """Draw one animal for each of `kinds` side by side, or an empty background for none of them."""
    rng = random.Random(seed)  # noqa: S311  # pictures, not secrets
    size = size or _any_size(rng)
    image = backdrop(rng, size)
    column = size[0] // max(1, len(kinds))
    animals = []
    for index, kind in enumerate(kinds):
        figure = _fit(rng, animal(kind, rng), (column, size[1]))
        left = index * column + rng.randint(0, column - figure.width)
        top = rng.randint(0, size[1] - figure.height)
        image.paste(figure, (left, top), figure)
        animals.append((kind, (left, top, left + figure.width, top + figure.height)))
    return Scene(_photograph(rng, image), tuple(animals))


def animal(kind: str, rng: random.Random) -> Image.Image:
    """An animal on a transparent sheet, cut to its edges, facing either way, turned by up to 18 degrees."""
    coat = pick_coat(rng)
    mirror, turn = rng.random() < 0.5, rng.triangular(-18, 18, 0)
    pen = Pen(coat.ink, coat.line)
    rng.choice(_ARTISTS[kind])(pen, rng, coat)
    sheet = pen.sheet.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirror else pen.sheet
    turned = sheet.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    return turned.crop(turned.getchannel("A").getbbox())


def _any_size(rng: random.Random) -> Size:
    long = rng.randrange(320, 513, 8)
    short = int(long * rng.uniform(0.7, 1.0))
    return (long, short) if rng.random() < 0.65 else (short, long)


def _fit(rng: random.Random, figure: Image.Image, room: Size) -> Image.Image:
    share = rng.uniform(0.45, 0.95)
    scale = share * min(room[0] / figure.width, room[1] / figure.height)
    size = (max(8, int(figure.width * scale)), max(8, int(figure.height * scale)))
    return figure.resize(size, Image.Resampling.LANCZOS)


def _photograph(rng: random.Random, image: Image.Image) -> Image.Image:
    """Give the picture a camera's faults: uneven light, softness, grain."""
    image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.8, 1.1))
    image = ImageEnhance.Color(image).enhance(rng.uniform(0.6, 1.2))
    if rng.random() < 0.4:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.4)))
    if rng.random() < 0.5:
        width, height = image.size
        grain = Image.frombytes("RGB", image.size, rng.randbytes(width * height * 3))
        image = ImageChops.blend(image, grain, rng.uniform(0.02, 0.12))
    return image
