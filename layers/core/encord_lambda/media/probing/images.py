"""Size of an image from its header."""

import io
from typing import Final, Literal

from PIL import Image

from encord_lambda.errors import Reject
from encord_lambda.media.images import DAMAGED
from encord_lambda.media.probing import boxes
from encord_lambda.media.probing.boxes import Box
from encord_lambda.media.probing.ranged_file import SMALL, Fetch, RangedFile
from encord_lambda.registration.manifests.items import ImageMetadata

_FORMATS: Final = ("BMP", "JPEG", "PNG", "TIFF")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER: Final = 33
"""The signature, and the chunk IHDR with its checksum."""
_BMP_HEADER: Final = 2048
"""More than its header and palette ever have."""
_BEFORE_DIRECTORY: Final = 64 * 1024
"""A TIFF's longer values may be right before the directory that names them, or behind it."""

type _Size = tuple[int, int]


def image_metadata(size: int, fetch: Fetch, first: bytes, mime_type: str) -> ImageMetadata:
    """Width and height as a full decode with Pillow has them, and Encord's twin (`images.inspect`).

    That is as stored: an EXIF orientation is not applied, only a TIFF's own, which Pillow applies itself. Whether the
    pixels are all there is not looked at.

    Raises:
        Reject: It is no readable image, or its size is too deep inside the file.
    """
    file = RangedFile(size, fetch, first, SMALL)
    width, height = _size(file)
    if not (width > 0 and height > 0):
        raise Reject(f"it is an image of {width} x {height} pixels")
    return ImageMetadata(mime_type=mime_type, file_size=size, width=width, height=height)


def _size(file: RangedFile) -> _Size:
    head = file.at(0, 16)
    if head[:4] == b"RIFF":
        return _webp(file.at(0, 30))
    if head[4:8] == b"ftyp":
        return _avif(file)
    if head[:8] == _PNG:
        # Texts and colour profiles may come before the pixels; Pillow would read them, and the size is said already.
        return _pillow(RangedFile(_PNG_HEADER + 8, _nothing, file.at(0, _PNG_HEADER) + b"\0\0\0\0IDAT", SMALL))
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        _load_directory(file, head)
    if head[:2] == b"BM":
        file.load(0, _BMP_HEADER)
    return _pillow(file)


def _pillow(file: RangedFile) -> _Size:
    file.seek(0)
    with file.parsed("image", *DAMAGED), Image.open(file.binary(), formats=_FORMATS) as image:
        return image.size


def _nothing(start: int, end: int) -> bytes:
    return bytes(end - start)


def _load_directory(file: RangedFile, head: bytes) -> None:
    """Fetch a TIFF's directory with what is around it; a BigTIFF has a `+` in its header and longer offsets."""
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    at = int.from_bytes(head[8:16] if b"+" in head[2:4] else head[4:8], order)
    if at >= file.size:
        raise Reject("its directory is beyond its end: the file is cut off")
    file.load(max(at - _BEFORE_DIRECTORY, 0), file.size)


def _webp(head: bytes) -> _Size:
    """From the first chunk (RFC 9649, 2.5 to 2.7): Pillow would read the whole file."""
    kind, body = head[12:16], head[20:]
    if kind == b"VP8X" and len(body) >= 10:
        return _little(body[4:7]) + 1, _little(body[7:10]) + 1
    if kind == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        bits = _little(body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) >= 10:
        return _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    raise Reject("it is no readable image: its WebP header is damaged")


def _little(field: bytes) -> int:
    return int.from_bytes(field, "little")


def _avif(file: RangedFile) -> _Size:
    """The spatial extent of the primary item (ISO 23008-12, 6.5.3): Pillow would read the whole file."""
    meta = next((box for box in boxes.outermost(file) if box.kind == b"meta"), None)
    if meta is None:
        raise Reject("it is no readable image: it has no `meta` box")
    content = file.at(meta.start, meta.end - meta.start)
    inner = Box(meta.kind, 0, meta.body - meta.start + 4, len(content))  # 4 bytes of version and flags
    primary = _primary(content, inner)
    extents = boxes.first(content, inner, b"iprp", b"ipco")
    associations = boxes.first(content, inner, b"iprp", b"ipma")
    if extents is None or associations is None:
        raise Reject("it is no readable image: it has no properties")
    properties = list(boxes.inside(content, extents))
    for number in _properties_of(primary, content[associations.body : associations.end]):
        if 0 < number <= len(properties) and properties[number - 1].kind == b"ispe":
            fields = io.BytesIO(content[properties[number - 1].body + 4 :])
            return int.from_bytes(fields.read(4)), int.from_bytes(fields.read(4))
    raise Reject("it is no readable image: it does not say how large it is")


def _primary(content: bytes, meta: Box) -> int:
    found = boxes.first(content, meta, b"pitm")
    if found is None:
        raise Reject("it is no readable image: it has no primary item")
    return int.from_bytes(content[found.body + 4 : found.end])


def _properties_of(item: int, table: bytes) -> list[int]:
    """The numbers of an item's properties, counted from 1 (ISO 23008-12, 9.3)."""
    version, has_long_numbers = table[0] if table else 0, bool(table[3:4] != b"" and table[3] & 1)
    fields, width = io.BytesIO(table[4:]), 4 if version else 2
    for _ in range(int.from_bytes(fields.read(4))):
        if not (found := fields.read(width)):
            break
        count, step = int.from_bytes(fields.read(1)), 2 if has_long_numbers else 1
        numbers = [int.from_bytes(fields.read(step)) & (0x7FFF if step == 2 else 0x7F) for _ in range(count)]
        if int.from_bytes(found) == item:
            return numbers
    return []
