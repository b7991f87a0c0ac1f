"""Whether a video file ends before it says it would: FFmpeg reads such a file as if it were a shorter one."""

import os
from typing import BinaryIO, Final

_EBML: Final = b"\x1a\x45\xdf\xa3"
_SEGMENT: Final = b"\x18\x53\x80\x67"
_HEADER: Final = 16
_HOLDS_FRAMES: Final = (b"mdat", b"moof", b"moov")


def is_cut_off(file: BinaryIO) -> bool:
    """Whether the end of an MP4, MOV, WebM or MKV is missing, as far as its outermost headers tell.

    False for what is no such file, and for WebM that was recorded live and never finished: it states no size.
    """
    length = file.seek(0, os.SEEK_END)
    if _read(file, 0, 4) == _EBML:
        return _matroska_end(file) > length
    return _mp4_end(file, length) > length


def _mp4_end(file: BinaryIO, length: int) -> int:
    """Where the last box ends; only of a box that matters may it be beyond the file (ISO 14496-12, 4.2)."""
    at = 0
    while at < length:
        header = _read(file, at, _HEADER)
        size, kind = int.from_bytes(header[:4]), header[4:8]
        if size == 1:
            size = int.from_bytes(header[8:])
        if size < 8:  # 0 means "up to the end", the rest is no box
            return length
        at += size
        if at > length:
            return at if kind in _HOLDS_FRAMES else length
    return at


def _matroska_end(file: BinaryIO) -> int:
    """Where the segment ends, which holds all frames; 0 if its size is not stated (RFC 8794, 4 and 6.2)."""
    body, size = _element(file, len(_EBML))
    at = body + (size or 0)
    if _read(file, at, 4) != _SEGMENT:
        return 0
    body, size = _element(file, at + len(_SEGMENT))
    return 0 if size is None else body + size


def _element(file: BinaryIO, at: int) -> tuple[int, int | None]:
    """Where an element's body starts and its size, None if unknown; the size is at `at`, its length in the first bits.

    `0x40 0x02` is a size of 2 in two bytes; all ones is "unknown".
    """
    header = _read(file, at, 8).ljust(8, b"\0")
    width = 9 - header[0].bit_length()
    value = int.from_bytes(header[:width]) & ((1 << 7 * width) - 1)
    return at + width, None if value == (1 << 7 * width) - 1 else value


def _read(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)
