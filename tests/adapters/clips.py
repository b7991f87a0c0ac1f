"""Small videos in which each frame has its number drawn as a bar code, to be read back from any copy of it."""

import io
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple

import av
from av.container import InputContainer, OutputContainer
from PIL import Image

from encord_lambda.agents.agent import Picture

BITS = 8
SIZE = (BITS * 16, 64)
TICK = Fraction(1, 600)


class Kind(NamedTuple):
    """A container and an encoder, with what they need to make something worth testing."""

    container: str = "mp4"
    codec: str = "libx264"
    options: Mapping[str, str] = {}
    pixels: str = "yuv420p"


H264 = Kind()
"""With B-frames, which libx264 makes by default."""


def even(count: int, fps: int = 30) -> list[int]:
    """When frames are shown at a constant rate, in ticks."""
    return [number * 600 // fps for number in range(count)]


@contextmanager
def writing(container: str, muxing: Mapping[str, str] = {}) -> Iterator[tuple[io.BytesIO, OutputContainer]]:
    """A file in memory, and what writes a video into it.

    SVT-AV1 makes a thread of root's that uses it a real-time one, and all that is started later, too: a browser among
    that may starve the machine.
    """
    file, policy = io.BytesIO(), os.sched_getscheduler(0) if hasattr(os, "sched_getscheduler") else None
    try:
        with av.open(file, "w", format=container, options=dict(muxing)) as target:
            yield file, target
    finally:
        if policy is not None:
            os.sched_setscheduler(0, policy, os.sched_param(0))


def clip(
    kind: Kind = H264, shown: Sequence[int] = even(50), *, size: tuple[int, int] = SIZE, key_every: int = 12
) -> bytes:
    """A video whose frame `n` is shown at tick `shown[n]` and has `n` drawn in it."""
    with writing(kind.container) as (file, container):
        stream: Any = container.add_stream(kind.codec, rate=30, options=dict(kind.options))
        stream.width, stream.height, stream.pix_fmt = *size, kind.pixels
        stream.time_base = stream.codec_context.time_base = TICK
        stream.codec_context.gop_size = key_every
        stream.codec_context.thread_count = 1  # libvpx's threads have been seen to wait for each other for ever
        for number, pts in enumerate(shown):
            frame = av.VideoFrame.from_image(drawn(number, size))  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = pts, TICK
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def drawn(number: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """The number as black and white bars, the lowest bit to the left."""
    image, bar = Image.new("RGB", size), size[0] // BITS
    for bit in range(BITS):
        image.paste((230,) * 3 if number >> bit & 1 else (20,) * 3, (bit * bar, 0, (bit + 1) * bar, size[1]))
    return image


def read(picture: Picture | None) -> int | None:
    """The number that is drawn in a picture; None if there is no picture."""
    if picture is None:
        return None
    image = Image.open(io.BytesIO(picture.content)).convert("L")
    bar = image.width / BITS
    levels: list[Any] = [image.getpixel((int((bit + 0.5) * bar), image.height // 2)) for bit in range(BITS)]
    return sum(1 << bit for bit, level in enumerate(levels) if level > 127)


def remuxed(content: bytes, container: str, *, shift: int = 0, skip: int = 0, options: Mapping[str, str] = {}) -> bytes:
    """The same packets in another container, without the first few, or with all time stamps shifted.

    The shift is in ticks of their own clock.
    """
    with (
        tempfile.NamedTemporaryFile() as file,  # some muxers read again what they wrote, by its name
        av.open(io.BytesIO(content), "r") as source,
    ):
        with av.open(file.name, "w", container, dict(options)) as target:
            _copy(source, target, shift, skip)
        return file.read()


def _copy(source: InputContainer, target: OutputContainer, shift: int, skip: int) -> None:
    (stream,) = source.streams.video
    copied = target.add_stream_from_template(stream)
    for packet in islice(source.demux(stream), skip, None):
        if packet.size and packet.pts is not None and packet.dts is not None:
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            packet.stream = copied
            target.mux(packet)
