"""Whether a container is all there: FFmpeg plays what it finds of a cut file, headers know how long it should be."""

from .undecodable import Undecodable

STREAMED = 0xFFFFFFFF  # a RIFF length written before anybody knew it


def check_length(body: bytes) -> None:
    """Raise `Undecodable` for a RIFF (WAV, AVI) or MP4 file that ends too early; others are taken as whole."""
    promised = 0
    if body[:4] == b"RIFF":
        length = int.from_bytes(body[4:8], "little")
        promised = 0 if length == STREAMED else length + 8
    elif body[4:8] == b"ftyp":
        promised = _boxes(body)
    if len(body) < promised:
        raise Undecodable(f"the file is cut off: it has {len(body)} of {promised} bytes")


def _boxes(body: bytes) -> int:
    """Where the last of an MP4 file's boxes ends. A length of 0 is until the end, of 1 is written behind the name."""
    at = 0
    while at < len(body):
        length = int.from_bytes(body[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(body[at + 8 : at + 16], "big")
        if length < 8:
            return len(body)
        at += length
    return at
