"""Is the picture good enough to be labelled? Judges size, exposure and blur; of a video, the frame in the middle.

Answers `good`, `small`, `dark`, `bright` or `blurred`: the first fault in this order. Writes no label.
"""

from PIL import Image, ImageFilter, ImageStat
from pydantic import BaseModel, ConfigDict, Field

from encord_lambda.custom import Decision, Given

MEASURED_AT = 512
"""Larger pictures are scaled down to this many pixels first, so that one limit on blur fits pictures of any size."""
EDGES = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
"""The Laplacian: strong where brightness changes abruptly, and that is what blur takes away."""
BLACK, WHITE = 16, 240
"""Of 256 levels: below and from here on, a pixel shows nothing."""


class Limits(BaseModel):
    """Options of the agent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    smallest: int = Field(default=200, ge=1)
    """Least width and height in pixels."""
    darkest: float = Field(default=40, ge=0, le=255)
    """Least mean brightness."""
    brightest: float = Field(default=235, ge=0, le=255)
    """Greatest mean brightness."""
    clipped: float = Field(default=0.6, ge=0, le=1)
    """Greatest share of pixels that are all but black, or all but white."""
    sharpness: float = Field(default=7, ge=0)
    """Least variance of the Laplacian."""


def decide(given: Given) -> Decision:
    """The picture's first fault, with what was measured."""
    limits = given.options_as(Limits)
    image = given.image()
    grey = image.convert("L")
    grey.thumbnail((MEASURED_AT, MEASURED_AT))
    levels, pixels = grey.histogram(), grey.width * grey.height
    mean = ImageStat.Stat(grey).mean[0]
    black, white = sum(levels[:BLACK]) / pixels, sum(levels[WHITE:]) / pixels
    sharp = sharpness(grey)
    faults = {
        "small": min(image.size) < limits.smallest,
        "dark": mean < limits.darkest or black > limits.clipped,
        "bright": mean > limits.brightest or white > limits.clipped,
        "blurred": sharp < limits.sharpness,
    }
    answer = next((fault for fault, found in faults.items() if found), "good")
    measured = f"mean brightness {mean:.0f}, {black:.0%} black, {white:.0%} white, sharpness {sharp:.1f}"
    return Decision((), answer, f"{image.width} x {image.height} pixels, {measured}", confidence=None)


def sharpness(grey: Image.Image) -> float:
    """The variance of the Laplacian; its outermost pixels are left out, for the filter copies them."""
    inner = (1, 1, grey.width - 1, grey.height - 1)
    return ImageStat.Stat(grey.filter(EDGES).crop(inner)).var[0] if min(grey.size) > 2 else 0.0
