"""Sounds in every container, of any length."""

import tempfile
from collections.abc import Mapping
from typing import Any

import av
import numpy as np


def sound(
    container: str,
    codec: str,
    seconds: float = 1.23456,
    rate: int = 44_100,
    channels: int = 2,
    *,
    muxing: Mapping[str, str] = {},
    coding: Mapping[str, str] = {},
    loudness: float = 9000,
) -> bytes:
    """A tone that swells, so that coders which may vary their rate do."""
    layout = {1: "mono", 2: "stereo"}[channels]
    moments = np.arange(int(seconds * rate))
    wave = np.sin(moments * 0.05) * loudness * (moments / len(moments)) ** 2
    wave += np.random.default_rng(1).normal(0, 800, len(moments)) * (moments > len(moments) / 2)
    samples = np.repeat(wave.astype(np.int16)[:, None], channels, 1).reshape(1, -1)
    with tempfile.NamedTemporaryFile() as file:  # some muxers read again what they wrote, by its name
        with av.open(file.name, "w", format=container, options=dict(muxing)) as target:
            stream: Any = target.add_stream(codec, rate=rate, options=dict(coding))
            stream.layout = layout
            frame = av.AudioFrame.from_ndarray(samples, "s16", layout)
            frame.sample_rate, frame.pts = rate, 0
            target.mux(stream.encode(frame))
            target.mux(stream.encode(None))
        return file.read()
