"""The index (`moov`) of an MP4, MOV, 3GP or M4A, as far as it was fetched."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from encord_lambda.errors import Reject
from encord_lambda.media.cut_off import is_cut_off
from encord_lambda.media.probing import boxes
from encord_lambda.media.probing.boxes import Box, made
from encord_lambda.media.probing.ranged_file import RangedFile

VIDEO: Final = b"vide"
SOUND: Final = b"soun"
_WORDS: Final = {VIDEO: "video", SOUND: "sound"}
_BEHIND: Final = 64
"""Bytes behind the index that are fetched with it: a filler, and the header of the media."""
_SAMPLES: Final = (b"mdia", b"minf", b"stbl")


@dataclass(frozen=True, slots=True)
class Track:
    """A track of a movie. Its boxes are named by the path that leads to them."""

    index: bytes
    box: Box
    budget: str

    def content(self, *path: bytes) -> bytes:
        """The content of a box, `b""` if there is none.

        Raises:
            Reject: It was not fetched to its end.
        """
        box = boxes.first(self.index, self.box, *path)
        if box and box.end > len(self.index):
            raise Reject(f"its index is larger than the {self.budget} that are read of it: let Encord read it")
        return self.known(*path)

    def known(self, *path: bytes) -> bytes:
        """As much of the content of a box as was fetched."""
        box = boxes.first(self.index, self.box, *path)
        return self.index[box.body : box.end] if box else b""

    def copied(self, *path: bytes) -> bytes:
        """A whole box as it is, `b""` if there is none."""
        content = self.content(*path)
        return made(path[-1], content) if content else b""

    def of_samples(self, kind: bytes) -> bytes:
        """The content of one of the tables of samples."""
        return self.content(*_SAMPLES, kind)

    @property
    def timescale(self) -> int:
        """Ticks of its clock in a second.

        Raises:
            Reject: It is not said, or 0.
        """
        return _timescale(self.content(b"mdia", b"mdhd"))


@dataclass(frozen=True, slots=True)
class Movie:
    """An index, with the box `ftyp` of its file."""

    file_type: bytes
    index: bytes
    root: Box
    budget: str

    @classmethod
    def of(cls, file: RangedFile) -> Self:
        """The index of a file, its last part missing where the budget does not suffice.

        Raises:
            Reject: There is none, it is too far away, or the file is cut off.
        """
        file_type = b""
        for box in boxes.outermost(file):
            if box.end > file.size:
                raise Reject(f"it is cut off: it has {file.size:,} of {box.end:,} bytes")
            if box.kind == b"ftyp" and box.start == 0:
                file_type = made(b"ftyp", file.known(box.body)[: box.end - box.body])
            if box.kind == b"moov":
                file.load(box.start, box.end + _BEHIND)
                if is_cut_off(file.fetched()):
                    raise Reject("it is cut off: it ends in the middle")
                length = box.end - box.start
                root = Box(box.kind, 0, box.body - box.start, length)
                return cls(file_type, file.known(box.start)[:length], root, file.budget.words)
        raise Reject("it has no index (`moov`): its recording was not finished, or it is cut off")

    @property
    def is_fragmented(self) -> bool:
        """Whether fragments with indexes of their own may follow (ISO 14496-12, 8.8.1)."""
        return boxes.first(self.index, self.root, b"mvex") is not None

    @property
    def timescale(self) -> int:
        """Ticks in a second of the clock that edit lists use.

        Raises:
            Reject: It is not said, or 0.
        """
        return _timescale(Track(self.index, self.root, self.budget).content(b"mvhd"))

    def track(self, handler: bytes) -> Track:
        """The first track of a kind, `VIDEO` or `SOUND`.

        Raises:
            Reject: There is none.
        """
        for box in boxes.inside(self.index, self.root):
            track = Track(self.index, box, self.budget)
            if box.kind == b"trak" and track.known(b"mdia", b"hdlr")[8:12] == handler:
                return track
        raise Reject(f"it has no {_WORDS[handler]} in it, as far as its first {self.budget} tell")


def rows(table: bytes, form: str) -> Iterator[tuple[int, ...]]:
    """The rows of a table that begins with version, flags and the number of rows.

    Raises:
        Reject: It is shorter than it says.
    """
    width = struct.calcsize(form)
    end = 8 + int.from_bytes(table[4:8]) * width
    if end > len(table):
        raise Reject("a table of its index is shorter than it says: the file is damaged")
    return struct.iter_unpack(form, table[8:end])


def _timescale(header: bytes) -> int:
    """From `mvhd` or `mdhd`; times are longer in version 1."""
    at = 20 if header[:1] == b"\1" else 12
    if not (scale := int.from_bytes(header[at : at + 4])):
        raise Reject("its clock has no speed: the file is damaged")
    return scale
