"""Make a picture hard to judge: soft, coarse, half hidden or faint. What ought to make a model unsure."""

import random
from dataclasses import replace

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from sandbox.artwork.coats import from_hsv
from sandbox.artwork.scenes import Drawing


def spoil(drawing: Drawing, seed: int) -> Drawing:
    """The same drawing, size, kind and box unchanged, with one fault by `seed`: slight to hopeless."""
    rng = random.Random(seed)  # noqa: S311  # pictures, not secrets
    fault = rng.choice((_soften, _coarsen, _cover, _fade))
    return replace(drawing, image=fault(rng, drawing))


def _soften(rng: random.Random, drawing: Drawing) -> Image.Image:
    return drawing.image.filter(ImageFilter.GaussianBlur(max(drawing.image.size) * rng.uniform(0.004, 0.03)))


def _coarsen(rng: random.Random, drawing: Drawing) -> Image.Image:
    width, height = drawing.image.size
    scale = rng.uniform(18, 64) / max(width, height)
    small = drawing.image.resize((max(1, int(width * scale)), max(1, int(height * scale))), Image.Resampling.BOX)
    return small.resize((width, height), rng.choice((Image.Resampling.NEAREST, Image.Resampling.BICUBIC)))


def _cover(rng: random.Random, drawing: Drawing) -> Image.Image:
    """Hide a quarter to nearly all of the animal behind a board, from one side."""
    x0, y0, x1, y1 = drawing.box
    share = rng.uniform(0.25, 0.9)
    across, down = round((x1 - x0) * share), round((y1 - y0) * share)
    boards = (
        (x0, y0, x0 + across, y1),
        (x1 - across, y0, x1, y1),
        (x0, y0, x1, y0 + down),
        (x0, y1 - down, x1, y1),
    )
    image = drawing.image.copy()
    colour = from_hsv(rng.random(), rng.uniform(0, 0.5), rng.uniform(0.2, 1))
    ImageDraw.Draw(image).rectangle(rng.choice(boards), fill=colour)
    return image


def _fade(rng: random.Random, drawing: Drawing) -> Image.Image:
    grain = Image.frombytes("RGB", drawing.image.size, rng.randbytes(drawing.image.width * drawing.image.height * 3))
    faint = ImageEnhance.Contrast(drawing.image).enhance(rng.uniform(0.1, 0.5))
    return Image.blend(faint, grain, rng.uniform(0.2, 0.6))
