"""A long film at little cost: ten seconds are encoded, and their packets written again and again.

    python -m benchmarks.film <path> <seconds> <height>

Thirty frames a second, a key frame every two seconds, B-frames; the picture pans over noise, about 1.3 Mbit/s at
1080 lines.
"""

import sys
from collections.abc import Iterator
from fractions import Fraction

import av
from PIL import Image

FPS, KEY_EVERY, LOOP_SECONDS = 30, 60, 10


def main() -> None:
    """Write the film."""
    path, seconds, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "26"})
        stream.width, stream.height, stream.pix_fmt = height * 16 // 9, height, "yuv420p"
        stream.codec_context.gop_size = KEY_EVERY
        loop = [packet for frame in _frames(stream.width, height) for packet in stream.encode(frame)]
        loop += stream.encode(None)
        for start in range(0, seconds, LOOP_SECONDS):
            for packet in loop:
                container.mux(_shifted(packet, start))


def _frames(width: int, height: int) -> Iterator[av.VideoFrame]:
    frames = LOOP_SECONDS * FPS
    scene = Image.effect_noise((width // 4, height // 4), 50).resize((width + frames, height + frames)).convert("RGB")
    for number in range(frames):
        seen = scene.crop((number, number // 2, number + width, number // 2 + height))
        frame = av.VideoFrame.from_image(seen)  # type: ignore[no-untyped-call]
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        yield frame


def _shifted(packet: "av.Packet[av.VideoStream]", seconds: int) -> "av.Packet[av.stream.Stream]":
    copy = av.Packet(bytes(packet))
    copy.stream, copy.time_base, copy.duration = packet.stream, packet.time_base, packet.duration
    copy.is_keyframe = packet.is_keyframe
    ticks = int(seconds / packet.time_base)
    if packet.pts is not None and packet.dts is not None:
        copy.pts, copy.dts = packet.pts + ticks, packet.dts + ticks
    return copy


if __name__ == "__main__":
    main()
