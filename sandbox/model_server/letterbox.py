"""Fit any picture into the model's square, and carry boxes from the square back to the picture."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

SIDE = 128
GREY = (114, 114, 114)

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A picture scaled into the square's middle. `pixels` is 3 x SIDE x SIDE, uint8 RGB; margins are grey."""

    pixels: Pixels
    left: int
    top: int
    width: int  # of the picture inside the square
    height: int

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Carry a point of the square (0..1) to the picture (0..1, clipped).

        >>> wide = Letterbox(np.zeros((3, 128, 128), np.uint8), left=0, top=32, width=128, height=64)
        >>> wide.to_picture(0.5, 0.25)
        (0.5, 0.0)
        """
        return (
            min(1.0, max(0.0, (x * SIDE - self.left) / self.width)),
            min(1.0, max(0.0, (y * SIDE - self.top) / self.height)),
        )

    def to_square(self, x: float, y: float) -> tuple[float, float]:
        """Carry a point of the picture (0..1) to the square (0..1)."""
        return ((x * self.width + self.left) / SIDE, (y * self.height + self.top) / SIDE)


def letterbox(image: Image.Image) -> Letterbox:
    """Scale `image` to fit the square without stretching it."""
    scale = SIDE / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    square = Image.new("RGB", (SIDE, SIDE), GREY)
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    square.paste(image.convert("RGB").resize((width, height), Image.Resampling.BILINEAR), (left, top))
    return Letterbox(np.asarray(square).transpose(2, 0, 1), left, top, width, height)
