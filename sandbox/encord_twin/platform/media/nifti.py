"""NIfTI volumes, both versions, compressed or not. The header is enough: nothing here looks at voxels."""

import gzip
import math
import struct
import zlib

from ..media_facts import Facts, MediaKind
from .undecodable import Undecodable


def inspect(body: bytes) -> Facts:
    """Width and height are the first two axes, `frames` the slices along the third."""
    try:
        plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        version, dimensions, offset, bits = _header(plain)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise Undecodable(f"the file is not a readable NIfTI volume: {error}") from error
    axes = dimensions[1 : dimensions[0] + 1]
    wanted = int(offset) + math.prod(axes) * bits // 8
    if len(axes) < 2 or min(axes) < 1:
        raise Undecodable(f"the file is not a NIfTI volume of pictures: its axes are {list(axes)}")
    if len(plain) < wanted:
        raise Undecodable(f"the file is cut off: it has {len(plain)} of {wanted} bytes")
    slices = axes[2] if len(axes) > 2 else 1
    return Facts(MediaKind.NIFTI, f"application/nifti{version}", len(body), axes[0], axes[1], slices)


def _header(plain: bytes) -> tuple[int, tuple[int, ...], float, int]:
    """Version, `dim`, where voxels begin, and bits per voxel."""
    for order in "<>":
        if plain[:4] == struct.pack(order + "i", 348) and plain[344:347] == b"n+1":
            dimensions = struct.unpack_from(order + "8h", plain, 40)
            return 1, dimensions, *_one(order + "f", plain, 108), *_one(order + "h", plain, 72)
        if plain[:4] == struct.pack(order + "i", 540) and plain[4:7] == b"n+2":
            dimensions = struct.unpack_from(order + "8q", plain, 16)
            return 2, dimensions, *_one(order + "q", plain, 168), *_one(order + "h", plain, 14)
    raise Undecodable("the file is not a readable NIfTI volume: it does not begin with a NIfTI header")


def _one(form: str, plain: bytes, at: int) -> tuple[int]:
    [value] = struct.unpack_from(form, plain, at)
    return (value,)
