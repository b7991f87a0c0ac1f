"""One picture out of a file of any kind that has pictures, or the words of a page. CPU-bound: call it in a thread."""

import io
import struct
import zlib
from collections.abc import Callable
from itertools import islice

import av
import pydicom
import pypdf
from PIL import Image, ImageOps
from pydicom.errors import InvalidDicomError
from pypdf.errors import PyPdfError

from ..platform.media_facts import MediaKind

LARGEST = 2048  # pixels a side, of what is shown
LONGEST = 200_000  # characters


class Unshowable(Exception):  # noqa: N818 - says what the file is
    """There is no picture to have from this file."""


def picture(kind: MediaKind, body: bytes, frame: int) -> Image.Image:
    """The frame of a video, the slice of a DICOM file, or the image; never larger than `LARGEST`."""
    if kind not in DECODERS:
        raise Unshowable(f"the twin draws no {kind.value.replace('_', ' ')}")
    try:
        found = DECODERS[kind](body, frame)
        found.thumbnail((LARGEST, LARGEST))
        return found.convert("RGB")
    # Files need not be what a world says they are; these are what Pillow, PyAV and pydicom raise on them.
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, av.FFmpegError) as error:
        raise Unshowable(f"the file cannot be decoded: {error}") from error
    except (InvalidDicomError, AttributeError, KeyError, RuntimeError, Image.DecompressionBombError) as error:
        raise Unshowable(f"the file cannot be decoded: {error}") from error


def text(kind: MediaKind, body: bytes, page: int) -> str:
    """The words of a PDF's page without their places, or of a text file all."""
    if kind is not MediaKind.PDF:
        return body.decode(errors="replace")[:LONGEST]
    try:
        return pypdf.PdfReader(io.BytesIO(body)).pages[page].extract_text()[:LONGEST]
    except (PyPdfError, ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise Unshowable(f"the page cannot be read: {error}") from error


def _image(body: bytes, _frame: int) -> Image.Image:
    with Image.open(io.BytesIO(body)) as image:
        image.load()
        return image


def _video(body: bytes, frame: int) -> Image.Image:
    """Count frames from the start: a seek by time may miss by one where the rate varies."""
    with av.open(io.BytesIO(body), "r") as container:
        found = next(islice(container.decode(video=0), frame, None), None)
        if found is None:
            raise Unshowable(f"the video has no frame {frame}")
        return Image.fromarray(found.to_ndarray(format="rgb24"))


def _dicom(body: bytes, frame: int) -> Image.Image:
    """Stretch the values to what a screen has; the darkest is black, whatever a viewer's window would say."""
    dataset = pydicom.dcmread(io.BytesIO(body))
    pixels = dataset.pixel_array
    if int(dataset.get("NumberOfFrames") or 1) > 1:
        pixels = pixels[frame]
    low, high = float(pixels.min()), float(pixels.max())
    shown = Image.fromarray(((pixels - low) * (255 / max(high - low, 1))).astype("uint8"))
    return ImageOps.invert(shown) if dataset.get("PhotometricInterpretation") == "MONOCHROME1" else shown


DECODERS: dict[MediaKind, Callable[[bytes, int], Image.Image]] = {
    MediaKind.IMAGE: _image,
    MediaKind.VIDEO: _video,
    MediaKind.DICOM_FILE: _dicom,
}
