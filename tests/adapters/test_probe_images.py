"""Images are described by their headers as a full decode would."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from encord_lambda.media.probing.images import _properties_of
from tests.adapters.probed import SMALL, probe, refusal

SIZE = (67, 41)
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF", "bmp": "BMP", "tif": "TIFF"}


def picture(encoding: str, size: tuple[int, int] = SIZE, mode: str = "RGB", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(file, encoding, **options)
    return file.getvalue()


def decoded(body: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(body)) as image:
        image.load()
        return image.size


def told(name: str, body: bytes, first: int = 1024) -> tuple[int, int]:
    found = probe(name, body, first).found
    assert found.file_size == len(body)
    return found.width, found.height


def animated() -> dict[str, Any]:
    return {"save_all": True, "append_images": [Image.new("RGB", SIZE, "red")]}


EXIF = Image.Exif()
EXIF[0x0112] = 6  # to be turned by a quarter
VARIANTS = {
    "progressive JPEG": ("jpg", picture("JPEG", progressive=True)),
    "grey JPEG": ("jpg", picture("JPEG", mode="L")),
    "CMYK JPEG": ("jpg", picture("JPEG", mode="CMYK")),
    "JPEG of several pictures": ("jpg", picture("MPO", **animated())),
    "turned JPEG": ("jpg", picture("JPEG", exif=EXIF)),
    "turned PNG": ("png", picture("PNG", exif=EXIF)),
    "turned WebP": ("webp", picture("WEBP", exif=EXIF)),
    "turned AVIF": ("avif", picture("AVIF", exif=EXIF)),
    "turned TIFF": ("tif", picture("TIFF", tiffinfo={0x0112: 6})),
    "WebP without loss": ("webp", picture("WEBP", lossless=True)),
    "WebP with transparency": ("webp", picture("WEBP", mode="RGBA")),
    "animated WebP": ("webp", picture("WEBP", **animated())),
    "animated AVIF": ("avif", picture("AVIF", **animated())),
    "AVIF with transparency": ("avif", picture("AVIF", mode="RGBA")),
    "animated PNG": ("png", picture("PNG", **animated())),
    "BMP with a palette": ("bmp", picture("BMP", mode="P")),
    "BMP of two colours": ("bmp", picture("BMP", mode="1")),
    "compressed TIFF": ("tif", picture("TIFF", compression="tiff_lzw")),
    "TIFF of pages": ("tif", picture("TIFF", **animated())),
    "BigTIFF": ("tif", picture("TIFF", big_tiff=True)),
    "16-bit TIFF": ("tif", picture("TIFF", mode="I;16")),
}


@pytest.mark.parametrize("first", [300, 1024, 64 * 1024])
@pytest.mark.parametrize("extension", FORMATS)
def test_every_format_is_told_as_a_full_decode_tells_it(extension: str, first: int) -> None:
    body = picture(FORMATS[extension])

    assert told(f"image.{extension}", body, first) == decoded(body)


@pytest.mark.parametrize("name", VARIANTS)
def test_whatever_is_in_it_it_is_told_as_a_full_decode_tells_it(name: str) -> None:
    extension, body = VARIANTS[name]

    assert told(f"image.{extension}", body) == decoded(body)


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "avif"])
def test_a_large_image_takes_no_request_of_its_own(extension: str) -> None:
    body = picture(FORMATS[extension], (1600, 1200))
    assert len(body) > SMALL[1]

    assert told(f"image.{extension}", body) == (1600, 1200)
    assert probe(f"image.{extension}", body).requests == 1


def test_a_large_bmp_takes_a_small_request() -> None:
    found = probe("image.bmp", picture("BMP", (1600, 1200), "P"))

    assert (found.found.width, found.requests, found.total) == (1600, 2, 2048)


def segments(body: bytes, marker: int, length: int) -> bytes:
    """A JPEG with so many more bytes before its size, in segments of at most 64 KB."""
    more = b""
    while length:
        part = min(length, 65_000)
        more += b"\xff" + bytes([marker]) + struct.pack(">H", part + 2) + bytes(part)
        length -= part
    return body[:2] + more + body[2:]


def test_a_jpeg_with_much_before_its_size_takes_one_more_request() -> None:
    body = segments(segments(picture("JPEG"), 0xE1, 60_000), 0xE2, 140_000)

    assert told("image.jpg", body) == decoded(body)
    assert probe("image.jpg", body).requests == 2


def test_a_jpeg_with_too_much_before_its_size_is_refused() -> None:
    assert "spread over more than 256 KB" in refusal("image.jpg", segments(picture("JPEG"), 0xE2, 300_000))


def test_texts_of_a_png_before_its_pixels_cost_nothing() -> None:
    plain, text = picture("PNG"), bytes(500_000)
    chunk = struct.pack(">I", len(text)) + b"teXt" + text + struct.pack(">I", zlib.crc32(b"teXt" + text))
    body = plain[:33] + chunk + plain[33:]

    assert told("image.png", body) == decoded(body)
    assert probe("image.png", body).requests == 1


def test_a_tiff_with_its_directory_at_the_end_takes_one_more_request() -> None:
    body = turned_round(picture("TIFF", (1600, 1200)))

    found = probe("image.tif", body)

    assert (found.found.width, found.found.height) == decoded(body) == (1600, 1200)
    assert found.requests == 2


def turned_round(body: bytes) -> bytes:
    """The same TIFF with its directory at the end, and right before it how many bits its three colours have."""
    start = int.from_bytes(body[4:8], "little")
    directory = body[start : start + 2 + 12 * int.from_bytes(body[start : start + 2], "little") + 4]
    bits = directory.index(struct.pack("<HHI", 258, 3, 3)) + 8
    directory = directory[:bits] + struct.pack("<I", len(body)) + directory[bits + 4 :]
    return body[:4] + struct.pack("<I", len(body) + 6) + body[8:] + struct.pack("<HHH", 8, 8, 8) + directory


def test_an_extent_that_is_marked_as_essential_is_one_all_the_same() -> None:
    body = bytearray(picture("AVIF"))
    count = body.index(b"ipma") + 4 + 4 + 4 + 2
    for place in range(count + 1, count + 1 + body[count]):
        body[place] |= 0x80

    assert told("image.avif", bytes(body)) == SIZE


def test_properties_may_have_long_numbers_and_items_too() -> None:
    table = struct.pack(">BxxBIIBHHIBH", 1, 1, 2, 70_000, 2, 3, 0x8004, 70_001, 1, 5)

    assert _properties_of(70_000, table) == [3, 4]
    assert _properties_of(70_001, table) == [5]


@pytest.mark.parametrize(
    ("extension", "body"),
    [
        ("png", picture("PNG")[:20]),
        ("png", picture("PNG")[:16] + bytes(8) + picture("PNG")[24:]),
        ("webp", picture("WEBP")[:20]),
        ("webp", b"RIFF\0\0\0\0WEBPVP8 " + bytes(20)),
        ("avif", picture("AVIF")[:100]),
        ("avif", picture("AVIF").replace(b"ispe", b"none")),
        ("avif", picture("AVIF").replace(b"pitm", b"none")),
        ("tif", picture("TIFF", compression="tiff_lzw")[:200]),
        ("tif", b"II*\0\xff\xff\xff\x7f" + bytes(100)),
        ("jpg", picture("JPEG")[:100]),
        ("bmp", picture("BMP")[:20]),
        ("bmp", b"BM" + bytes(52)),
    ],
)
def test_what_is_damaged_is_refused_with_a_reason(extension: str, body: bytes) -> None:
    assert "cannot be described: it" in refusal(f"image.{extension}", body)


def test_a_bomb_is_refused_by_its_header() -> None:
    header = struct.pack(">II", 60_000, 60_000) + b"\x08\x02\0\0\0"
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header
    bomb += struct.pack(">I", zlib.crc32(b"IHDR" + header)) + bytes(100)

    assert "3600000000 pixels" in refusal("image.png", bomb)
