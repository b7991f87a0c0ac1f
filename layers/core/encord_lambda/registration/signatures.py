"""What files of a type begin with: tests of an object's first bytes (import-formats §10)."""

import re
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable

FIRST_BYTES = 1024
"""How many bytes of an object are looked at; fewer only if the object has no more."""
type Signature = Callable[[bytes], bool]
"""Whether a file that begins so is of a type."""

_NIFTI_HEADER = 352
# NIfTI-1 and -2 in either byte order. `ni1` in place of `n+1` is a header whose volume is in another file.
_NIFTI = re.compile(
    rb"(?:\x5c\x01\x00\x00|\x00\x00\x01\x5c).{340}n\+1\x00|(?:\x1c\x02\x00\x00|\x00\x00\x02\x1c)n\+2\x00", re.DOTALL
)
_PICTURES = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_PICTURES |= {b"crx ", b"jp2 ", b"jpx ", b"jpm ", b"jxl "}
_SOUND = {b"M4A ", b"M4B ", b"M4P "}
_OTHER_VIDEO = {b"qt  ", b"mjp2", b"mj2s"}
_BEFORE_BRANDS = {b"moov", b"mdat", b"wide", b"free", b"skip"}
"""What QuickTime files from before there were brands begin with."""


def begins(pattern: bytes) -> Signature:
    """Files that begin with this regular expression; its dot is any byte."""
    compiled = re.compile(pattern, re.DOTALL)
    return lambda head: compiled.match(head) is not None


def is_avif(head: bytes) -> bool:
    """An AVIF, also one whose first brand is of HEIF in general."""
    brand, others = _brands(head)
    return brand in (b"avif", b"avis") or (brand in (b"mif1", b"msf1") and bool(others & {b"avif", b"avis"}))


def is_mp4(head: bytes) -> bool:
    """An MP4 that may hold a video. Whether it holds nothing but sound does not show here."""
    brand, _ = _brands(head)
    return bool(brand) and not (brand in _PICTURES | _SOUND | _OTHER_VIDEO or brand.startswith((b"3gp", b"3g2")))


def is_quicktime(head: bytes) -> bool:
    """A QuickTime movie, with or without a brand."""
    brand, _ = _brands(head)
    return brand == b"qt  " or head[4:8] in _BEFORE_BRANDS


def is_3gp(head: bytes) -> bool:
    """A 3GPP file of any release."""
    return _brands(head)[0].startswith(b"3gp")


def is_3g2(head: bytes) -> bool:
    """A 3GPP2 file of any release."""
    return _brands(head)[0].startswith(b"3g2")


def is_mj2(head: bytes) -> bool:
    """A Motion JPEG 2000; by its standard another box comes before that of the brand, and not all heed it."""
    return _brands(head.removeprefix(b"\x00\x00\x00\x0cjP  \r\n\x87\n"))[0] in (b"mjp2", b"mj2s")


def is_m4a(head: bytes) -> bool:
    """A file of the MP4 family that calls itself sound."""
    return _brands(head)[0] in _SOUND


def is_text(head: bytes) -> bool:
    """UTF-8 without NUL; `head` may end within a character if it is as long as heads can be."""
    try:
        text = getincrementaldecoder("utf-8")().decode(head, final=len(head) < FIRST_BYTES)
    except UnicodeDecodeError:
        return False
    # The first lines of a PDF may be plain ASCII.
    return "\0" not in text and not text.startswith("%PDF-")


def is_nifti(head: bytes) -> bool:
    """A NIfTI volume of either version and byte order, header and voxels in one file."""
    return _NIFTI.match(head) is not None


def is_zipped_nifti(head: bytes) -> bool:
    """A NIfTI volume under gzip; no more than its header is inflated."""
    try:
        return is_nifti(zlib.decompressobj(wbits=31).decompress(head, _NIFTI_HEADER))
    except zlib.error:
        return False


def _brands(head: bytes) -> tuple[bytes, set[bytes]]:
    """The brand of a file of the MP4 family, and those it is compatible with; empty for all others."""
    if head[4:8] != b"ftyp":
        return b"", set()
    compatible = head[16 : int.from_bytes(head[:4])]
    return head[8:12], {compatible[at : at + 4] for at in range(0, len(compatible), 4)}
