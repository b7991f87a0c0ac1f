"""What is this file? Its name and its first bytes must tell the same story before Encord hears of it."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from encord_lambda.errors import Reject, Skip
from encord_lambda.registration.events import Upload

FIRST_BYTES = 32
"""How many bytes `confirm` wants to see."""
LONGEST_TITLE = 300
"""Encord's limit for a file name (encord-protocol §13), and our titles are the whole keys."""


@dataclass(frozen=True, slots=True)
class ImageType:
    """A kind of image Encord imports; `magic` matches the first bytes of every such file."""

    name: str
    mime_type: str
    extensions: tuple[str, ...]
    magic: re.Pattern[bytes]


IMAGE_TYPES = (
    ImageType("JPEG", "image/jpeg", (".jpg", ".jpeg"), re.compile(rb"\xff\xd8\xff")),
    ImageType("PNG", "image/png", (".png",), re.compile(rb"\x89PNG\r\n\x1a\n")),
    ImageType("WebP", "image/webp", (".webp",), re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ImageType("AVIF", "image/avif", (".avif",), re.compile(rb"....ftypavi[fs]", re.DOTALL)),
    ImageType("BMP", "image/bmp", (".bmp",), re.compile(rb"BM")),
    ImageType("TIFF", "image/tiff", (".tif", ".tiff"), re.compile(rb"II[*+]\x00|MM\x00[*+]")),
)
_BY_EXTENSION = {extension: kind for kind in IMAGE_TYPES for extension in kind.extensions}
_OTHERS = (
    ("a GIF", re.compile(rb"GIF8")),
    ("a PDF", re.compile(rb"%PDF")),
    ("an MP4 or HEIC", re.compile(rb"....ftyp", re.DOTALL)),
    ("a ZIP", re.compile(rb"PK\x03\x04")),
    ("text", re.compile(rb"[\t\n\r\x20-\x7e]+\Z")),
)


def promised(upload: Upload) -> ImageType:
    """The type that an object's name promises, before anybody reads it.

    Raises:
        Skip: It is the marker a console leaves for a folder: no upload at all.
        Reject: It is empty, its name is too long for Encord, or its extension is none of ours.
    """
    if upload.key.endswith("/") and not upload.size:
        raise Skip("a folder marker, not a file")
    if not upload.size:
        raise Reject("the object is empty (0 bytes): upload it again")
    if len(upload.key) > LONGEST_TITLE:
        raise Reject(f"the key has {len(upload.key)} characters, Encord allows {LONGEST_TITLE}: use a shorter one")
    extension = PurePosixPath(upload.key).suffix.lower()
    if kind := _BY_EXTENSION.get(extension):
        return kind
    found = f"the extension {extension} is" if extension else "a name without an extension is"
    raise Reject(f"{found} no supported image type: use one of {' '.join(_BY_EXTENSION)}")


def confirm(kind: ImageType, head: bytes) -> None:
    """Hold the promise of the name against the first `FIRST_BYTES` bytes.

    Whether the rest of the file is whole shows only when Encord reads it.

    Raises:
        Reject: The bytes are of another type; says of which, if it can be told.
    """
    if kind.magic.match(head):
        return
    if truth := next((other for other in IMAGE_TYPES if other.magic.match(head)), None):
        raise Reject(f"the name says {kind.name}, the first bytes {truth.name}: rename it to *{truth.extensions[0]}")
    content = next((name for name, magic in _OTHERS if magic.match(head)), "something else")
    raise Reject(f"the name says {kind.name}, but the first bytes are those of {content}: upload the image itself")
