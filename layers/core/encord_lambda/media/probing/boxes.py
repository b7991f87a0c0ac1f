"""Boxes of ISO base media (ISO 14496-12, 4.2): MP4, MOV, 3GP, M4A, AVIF."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from encord_lambda.errors import Reject
from encord_lambda.media.probing.ranged_file import RangedFile

LONGEST_HEADER: Final = 16


class Box(NamedTuple):
    """Where a box begins, where its content begins and where it ends, counted from the start of what it was read in."""

    kind: bytes
    start: int
    body: int
    end: int


def outermost(file: RangedFile, at: int = 0) -> Iterator[Box]:
    """The outermost boxes of a file from a place on; each is looked for only when it is asked for.

    Raises:
        Reject: The next one is beyond the budget, or is no box.
    """
    while at < file.size:
        box = _box(file.at(at, LONGEST_HEADER), at, file.size)
        if box is None:
            return
        yield box
        at = box.end


def inside(content: bytes, box: Box) -> Iterator[Box]:
    """The boxes right inside a box, as far as its content is known.

    Raises:
        Reject: One of them is larger than the box itself, or smaller than its own header.
    """
    at = box.body
    while at < box.end:
        found = _box(content[at : at + LONGEST_HEADER], at, box.end)
        if found is None:
            return
        if found.end > box.end:
            raise Reject(f"its box {_name(found.kind)} is larger than the box around it: the file is damaged")
        yield found
        at = found.end


def first(content: bytes, box: Box, *kinds: bytes) -> Box | None:
    """The first box of this kind inside of the first of the kind before, and so on down from `box`."""
    found: Box | None = box
    for kind in kinds:
        found = next((one for one in inside(content, found) if one.kind == kind), None) if found else None
    return found


def made(kind: bytes, *content: bytes) -> bytes:
    """A box of one's own."""
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4) + kind + body


def _box(header: bytes, at: int, end: int) -> Box | None:
    """The box with this header; None if there is not enough of it. A size of 0 means "to the end"."""
    if len(header) < 8:
        return None
    size, kind, body = int.from_bytes(header[:4]), header[4:8], 8
    if size == 1:
        size, body = int.from_bytes(header[8:16]), 16
    if size == 0:
        size = end - at
    if size < body:
        raise Reject(f"its box {_name(kind)} is smaller than a box can be: the file is damaged")
    return Box(kind, at, at + body, at + size)


def _name(kind: bytes) -> str:
    return ascii(kind.decode("latin-1"))
