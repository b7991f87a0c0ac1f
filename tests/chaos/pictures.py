"""The items' media: a few small pictures, each copy with its item's name inside, and everything that is none."""

import io
import re
import struct
import zlib
from functools import cache
from typing import Final

from PIL import Image

from sandbox.artwork import draw

MARK: Final = re.compile(rb"chaos:(\d{5}-[A-Za-z-]+\.jpg);")
SIZE: Final = (64, 48)
KINDS: Final = ("Cat", "Dog")


def picture(title: str) -> bytes:
    """A picture that says in a comment whose it is, so that a stand-in of a model need not look."""
    number = int(title.partition("-")[0])
    plain = _drawn(number % 8)
    return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(mark(title)) + 2) + mark(title) + plain[2:]


def mark(title: str) -> bytes:
    """What is written into a picture."""
    return f"chaos:{title};".encode()


def title_in(content: bytes) -> str:
    """Whose picture it is.

    Raises:
        ValueError: It is none of ours.
    """
    found = MARK.search(content)
    if found is None:
        raise ValueError("a picture that nobody put there")
    return found[1].decode()


def poisoned(title: str, poison: str) -> bytes:
    """What stands where a picture should be."""
    match poison:
        case "no-picture":
            return b"<html>no picture: " + mark(title)
        case "truncated":
            whole = picture(title)
            return whole[: len(whole) // 2]
        case "pixel-bomb":
            return _bomb()
        case _:
            return picture(title)


@cache
def _drawn(seed: int) -> bytes:
    buffer = io.BytesIO()
    draw(KINDS[seed % 2], 9_100_000 + seed, SIZE).image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


@cache
def _bomb() -> bytes:
    """A PNG of 50,000 by 50,000 pixels in a few hundred bytes."""
    buffer = io.BytesIO()
    Image.new("1", (8, 8)).save(buffer, "PNG")
    small = buffer.getvalue()
    header = b"IHDR" + struct.pack(">II", 50_000, 50_000) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]
