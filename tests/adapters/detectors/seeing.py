"""Drawings whose truth is known, and how well it was found."""

from PIL import Image

from encord_lambda.agents.agent import Picture
from encord_lambda.labels.proposals import Box
from sandbox.artwork import draw
from tests.model_server.conversation import a_cat, png

CAT = Picture(png(a_cat()), "image/png", *a_cat().size)
NOT_THERE = "http://127.0.0.1:9"


def in_fractions(box: tuple[int, int, int, int], image: Image.Image) -> Box:
    """A drawing's own box, as labels have it."""
    x0, y0, x1, y1 = box
    return Box(x0 / image.width, y0 / image.height, (x1 - x0) / image.width, (y1 - y0) / image.height)


def the_cat() -> Box:
    """Where the cat of `CAT` was drawn."""
    drawing = draw("Cat", 101)
    return in_fractions(drawing.box, drawing.image)
