"""Probing a file that is all there, with a record of what was asked for."""

import io
import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import av
import numpy as np
import pytest
from PIL import Image

from encord_lambda.errors import Reject
from encord_lambda.media.probe import Prober
from encord_lambda.registration.media_types import DICOM, by_extension
from tests.adapters.clips import drawn, writing

FIRST = 1024
SMALL, LARGE = (2, 256 * 1024), (4, 2 * 1024 * 1024)


class Probe(NamedTuple):
    """What was found, and what it took, the caller's own request included."""

    found: Any
    ranges: list[tuple[int, int]]

    @property
    def requests(self) -> int:
        return len(self.ranges)

    @property
    def total(self) -> int:
        return sum(end - start for start, end in self.ranges)


def probe(name: str, body: bytes, first: int = FIRST) -> Probe:
    """Probe a file of this name; the budget of its section is checked on the way."""
    kind = by_extension(name) or DICOM
    ranges = [(0, min(first, len(body)))]

    def fetch(start: int, end: int) -> bytes:
        assert 0 <= start < end <= len(body)
        ranges.append((start, end))
        requests, total = LARGE if kind.section == "videos" else SMALL
        assert len(ranges) <= requests
        assert sum(end - start for start, end in ranges) <= total
        return body[start:end]

    return Probe(Prober().probed(kind, len(body), fetch, body[:first]), ranges)


def refusal(name: str, body: bytes, first: int = FIRST) -> str:
    """Why a file cannot be probed."""
    with pytest.raises(Reject) as reject:
        probe(name, body, first)
    return reject.value.reason


class Picture(NamedTuple):
    frames: int
    fps: float
    width: int
    height: int


@cache
def decoded_video(body: bytes) -> Picture:
    """What decoding all of a video gives."""
    with av.open(io.BytesIO(body), "r") as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        assert stream.average_rate
        return Picture(frames, float(stream.average_rate), stream.width, stream.height)


def told_video(found: Any) -> Picture:
    """What video metadata comes to on the platform."""
    return Picture(math.ceil(found.fps * found.duration), found.fps, found.width, found.height)


class Sound(NamedTuple):
    samples: int
    rate: int
    bits: int
    codec: str
    channels: int


@cache
def decoded_sound(body: bytes) -> Sound:
    """What decoding all of a sound gives."""
    with av.open(io.BytesIO(body), "r") as container:
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        name = stream.codec_context.name
        codec = "pcm" if name.startswith("pcm_") else name.removesuffix("float")
        return Sound(samples, stream.rate, stream.format.bits, codec, stream.channels)


def told_sound(found: Any) -> Sound:
    """What audio metadata comes to on the platform."""
    samples = math.ceil(found.duration * found.sample_rate)
    return Sound(samples, found.sample_rate, found.bit_depth, found.codec, found.num_channels)


def written(container: str, codec: str, frames: int = 20, rate: int = 25, **options: Any) -> bytes:
    """A video of so many frames; `size`, `pixels`, `metadata`, `muxing` and `picture` (by number) as options."""
    size: tuple[int, int] = options.get("size", (128, 64))
    picture: Callable[[int], Image.Image] = options.get("picture", lambda number: drawn(number, size))
    with writing(container, options.get("muxing", {})) as (buffer, file):
        stream: Any = file.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, options.get("pixels", "yuv420p")
        stream.codec_context.thread_count = 1  # as in clips.py
        stream.metadata.update(options.get("metadata", {}))
        for number in range(frames):
            file.mux(stream.encode(av.VideoFrame.from_image(picture(number))))  # type: ignore[no-untyped-call]
        file.mux(stream.encode(None))
    return buffer.getvalue()


def noise(size: tuple[int, int]) -> Callable[[int], Image.Image]:
    """Pictures that no encoder makes small."""
    chance = np.random.default_rng(1)
    return lambda _: Image.fromarray(chance.integers(0, 255, (size[1], size[0], 3), np.uint8))
