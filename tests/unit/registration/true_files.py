"""A small true file under each name that can be registered."""

import gzip
import io
from functools import cache

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import Image

from sandbox.artwork.papers import document, text
from sandbox.artwork.recordings import clip, sound
from sandbox.artwork.scans import series, volume

PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF", "bmp": "BMP"}
PICTURES |= {"tif": "TIFF", "tiff": "TIFF"}
MOVIES = {"mov": "mov", "3gp": "3gp", "3g2": "3g2", "webm": "webm", "mkv": "matroska", "avi": "avi"}
CODECS = {"webm": "libvpx", "3gp": "mpeg4", "3g2": "mpeg4", "avi": "mpeg4"}
SOUNDS = {"mp3": ("mp3", "libmp3lame"), "flac": ("flac", "flac"), "eac3": ("eac3", "eac3"), "m4a": ("ipod", "aac")}
WRITTEN = {
    "html": "<!doctype html><p>purr</p>",
    "md": "# Cats\n\nThey *purr*.",
    "xml": "<?xml version='1.0'?><cat/>",
    "json": '{"cat": "Mäxchen"}',
    "jsonl": '{"cat": 1}\n{"cat": 2}\n',
    "yaml": "cat: 猫\n",
    "yml": "cat: 猫\n",
    "csv": "cat,sound\nTom,purr\n",
}


@cache
def true_files() -> dict[str, bytes]:
    """By extension; the empty one is a DICOM file's without an extension."""
    [scan] = series("Cat", 1, size=(48, 32), slices=1)
    nifti = volume("Cat", 1, size=(48, 32), slices=2)
    return {
        **{extension: _picture(encoding) for extension, encoding in PICTURES.items()},
        "mp4": clip("Cat", 1, size=(64, 48), frames=3, fps=5).body,
        **{extension: _movie(container, CODECS.get(extension, "libx264")) for extension, container in MOVIES.items()},
        "mj2": _movie("mov", "jpeg2000", {"brand": "mjp2"}),
        **{extension: _sound(container, codec) for extension, (container, codec) in SOUNDS.items()},
        "wav": sound("Cat", 1, seconds=0.1),
        "pdf": document(["Cat"], 1),
        "dcm": scan,
        "dicom": scan,
        "": scan,
        "nii": nifti,
        "nii.gz": gzip.compress(nifti, mtime=0),
        "txt": text("Cat", 1),
        **{extension: written.encode() for extension, written in WRITTEN.items()},
    }


def _picture(encoding: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 12), "red").save(buffer, encoding)
    return buffer.getvalue()


def _movie(container: str, codec: str, options: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container, options=options or {}) as file:
        stream = file.add_stream(codec, rate=5)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 176, 144, "yuv420p"
        stream.codec_context.thread_count = 1  # as in tests/adapters/clips.py
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((144, 176, 3), np.uint8), "rgb24")
            file.mux(stream.encode(frame.reformat(format="yuv420p")))
        file.mux(stream.encode(None))
    return buffer.getvalue()


def _sound(container: str, codec: str) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as file:
        stream = file.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, AudioStream)
        silence = np.zeros((1, 48_000), np.int16)
        frame = AudioFrame.from_ndarray(silence, "s16", "mono")
        frame.sample_rate = 48_000
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return buffer.getvalue()
