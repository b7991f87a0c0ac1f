"""Pictures from signed URLs, decoded once in full so that nothing broken reaches a model."""

import io
import struct
import threading
from math import ceil
from typing import Final

from PIL import ExifTags, Image, ImageOps

from encord_lambda.agents.agent import Picture
from encord_lambda.errors import Reject
from encord_lambda.labels.shapes import Box
from encord_lambda.media.download import Downloads

MAX_PIXELS: Final = 100_000_000
LONGEST_SIDE: Final = 2048
"""Larger pictures are scaled down to this many pixels: the models see no more (OpenAI's vision guide)."""
THUMBNAIL: Final = 480
_FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF")
"""The first four are those for which Pillow need not import all its decoders."""
DAMAGED: Final = (
    OSError,
    ValueError,
    SyntaxError,
    RuntimeError,
    EOFError,
    KeyError,
    TypeError,
    struct.error,
    Image.DecompressionBombError,
)
"""What Pillow's decoders and its EXIF reader raise on damaged files."""
_ONE_AT_A_TIME: Final = threading.Lock()
"""A picture of 100 megapixels takes 300 MB while it is decoded, and a function has one processor anyway."""
_AS_THEY_ARE: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class SignedPictures:
    """Reads pictures; safe to share between threads."""

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads

    def read(self, url: str) -> Picture:
        """The picture at `url`, at most 2,048 pixels on its longest side.

        Raises:
            Retry: It cannot be reached now.
            Reject: It is no picture, damaged, or above 100 megapixels.
        """
        return decoded(self._downloads.read(url))


def decoded(content: bytes) -> Picture:
    """A picture's bytes, checked by decoding them; re-encoded as JPEG only where a model could not take them.

    Raises:
        Reject: No picture, damaged, or above 100 megapixels.
    """
    try:
        with _ONE_AT_A_TIME, Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            _check_size(image)
            if not _may_stay(image):
                return _reencoded(image)
            size = image.size
            # What a JPEG is made of is read to its end all the same, and an eighth of its pixels need not be painted.
            image.draft(None, (size[0] // 8, size[1] // 8))
            image.load()
            return Picture(content, _AS_THEY_ARE[image.format or ""], *size)
    except DAMAGED as error:
        raise Reject(f"the media is no readable picture: {error}") from None


def cropped(picture: Picture, box: Box) -> Picture:
    """What is in a box of a picture, of at least one pixel.

    Raises:
        Reject: It cannot be decoded.
    """
    try:
        with _ONE_AT_A_TIME, Image.open(io.BytesIO(picture.content)) as image:
            left, top = (min(int(part * side), side - 1) for part, side in zip((box.x, box.y), image.size, strict=True))
            right = max(ceil((box.x + box.width) * image.width), left + 1)
            bottom = max(ceil((box.y + box.height) * image.height), top + 1)
            return as_jpeg(image.convert("RGB").crop((left, top, right, bottom)))
    except DAMAGED as error:
        raise Reject(f"the media is no readable picture: {error}") from None


def thumbnail(picture: Picture) -> bytes:
    """A small JPEG of it, for a page with many; `THUMBNAIL` pixels on its longest side.

    Raises:
        Reject: It cannot be decoded.
    """
    try:
        with _ONE_AT_A_TIME, Image.open(io.BytesIO(picture.content)) as image:
            image.thumbnail((THUMBNAIL, THUMBNAIL))
            return as_jpeg(image.convert("RGB")).content
    except DAMAGED as error:
        raise Reject(f"the media is no readable picture: {error}") from None


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise Reject(f"the picture has {image.width} x {image.height} pixels; the ceiling is {MAX_PIXELS:,}")


def _may_stay(image: Image.Image) -> bool:
    """Whether a model takes the file as it is and sees in it what a person sees."""
    known = image.format in _AS_THEY_ARE and image.mode in ("L", "RGB", "RGBA")
    upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
    return known and upright and getattr(image, "n_frames", 1) == 1 and max(image.size) <= LONGEST_SIDE


def _reencoded(image: Image.Image) -> Picture:
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first, so that what follows copies only the small picture
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits, which `convert` would clip to white instead of scaling
        upright = upright.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    small = upright.convert("RGB")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return as_jpeg(small)


def as_jpeg(image: Image.Image) -> Picture:
    """An RGB image as it is sent to a model."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return Picture(buffer.getvalue(), "image/jpeg", *image.size)
