"""Short true recordings of the same animals: a clip of one walking by, and its voice. A browser plays both."""

import io
import math
import random
import struct
import wave
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sandbox.artwork.backdrops import Size, backdrop
from sandbox.artwork.scenes import Box, animal

FULL = 32_000  # of a 16-bit sample's 32 767
NOTES = {"Cat": (660.0, 880.0), "Dog": (196.0, 147.0), "Other": (330.0, 415.0)}


@dataclass(frozen=True, slots=True)
class Clip:
    """An MP4 (H.264). `boxes` has the animal's place in every frame, like `Drawing.box`."""

    body: bytes
    kind: str
    boxes: tuple[Box, ...]


def clip(kind: str, seed: int, *, size: Size = (320, 240), frames: int = 25, fps: int = 25) -> Clip:
    """Film an animal of `kind` crossing from left to right. Width and height must be even.

    The same arguments give the same bytes, as long as the encoder stays the same.
    """
    rng = random.Random(seed)  # noqa: S311  # pictures, not secrets
    scene, figure = backdrop(rng, size), animal(kind, rng)
    figure.thumbnail((size[0] // 2, size[1] * 2 // 3))
    boxes = [_place(size, figure.size, number / max(1, frames - 1)) for number in range(frames)]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        # One thread: several share the work differently in every run. Without macroblock trees: x264's fast
        # code for them reads what memory held before.
        options = {"threads": "1", "preset": "veryfast", "x264-params": "mbtree=0"}
        stream = container.add_stream("libx264", rate=fps, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = Fraction(1, fps)
        for box in boxes:
            picture = scene.copy()
            picture.paste(figure, box[:2], figure)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(_planes(picture), "yuv420p")))
        container.mux(stream.encode(None))
    return Clip(buffer.getvalue(), kind, tuple(boxes))


def sound(kind: str, seed: int, *, seconds: float = 1.0, sample_rate: int = 8_000) -> bytes:
    """A WAV of calls, 16 bits and one channel: high for cats, low for dogs."""
    rng = random.Random(seed)  # noqa: S311  # pictures, not secrets
    first, last = NOTES[kind]
    length = rng.uniform(0.2, 0.4)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        moments = (number / sample_rate for number in range(round(seconds * sample_rate)))
        file.writeframes(b"".join(struct.pack("<h", _call(first, last, at % length / length)) for at in moments))
    return buffer.getvalue()


def _planes(picture: Image.Image) -> NDArray[np.uint8]:
    """Brightness and, at half the size, both colours (ITU-R BT.601), one below the other as `yuv420p` has them.

    FFmpeg's own conversion rounds differently with where in memory the picture happens to lie.
    """
    width, height = picture.size
    bright, *colours = (np.asarray(plane, np.float64) for plane in picture.convert("YCbCr").split())
    halves = [plane.reshape(height // 2, 2, width // 2, 2).mean((1, 3)) for plane in colours]
    narrow = [16 + bright * 219 / 255, *(128 + (half - 128) * 224 / 255 for half in halves)]
    return np.concatenate([plane.round().astype(np.uint8).reshape(-1, width) for plane in narrow])


def _place(room: Size, figure: Size, share: float) -> Box:
    left = round((room[0] - figure[0]) * share)
    top = round((room[1] - figure[1]) * (0.7 + 0.15 * math.sin(share * 4 * math.pi)))
    return left, top, left + figure[0], top + figure[1]


def _call(first: float, last: float, share: float) -> int:
    """A note that slides and fades; `share` is how much of it is over."""
    return round(FULL * (1 - share) * math.sin(2 * math.pi * (first + (last - first) * share) * share / 4))
