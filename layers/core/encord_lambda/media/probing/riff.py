"""Chunks of RIFF files: AVI and WAV."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from encord_lambda.errors import Reject
from encord_lambda.media.probing.ranged_file import RangedFile

STREAMED: Final = (0, 0xFFFFFFFF)
"""Lengths written before anybody knew them; the chunk goes on to the end of the file."""
_HEADER: Final = 12
_WITHOUT_GAPS: Final = 128 * 1024
"""Files of so many bytes are fetched whole: FFmpeg reads through short gaps instead of skipping them."""
_BEHIND: Final = 4096
"""Bytes behind an AVI's headers that are fetched with them: what programs say of themselves, and where frames begin."""


class Chunk(NamedTuple):
    """A chunk, `LIST` with the list's own name behind it, and where its content begins and ends."""

    kind: bytes
    body: int
    end: int


def chunks(file: RangedFile) -> Iterator[Chunk]:
    """The outermost chunks of a RIFF file; each is looked for only when it is asked for."""
    at = _HEADER
    while at + 8 <= file.size:
        header = file.at(at, _HEADER)
        kind, length, body = header[:4], int.from_bytes(header[4:8], "little"), at + 8
        yield Chunk(kind + header[8:12] if kind == b"LIST" else kind, body, body + length)
        at = body + length + length % 2


def load_index(file: RangedFile) -> None:
    """Fetch what of an AVI says what its frames are: its headers, and the index behind them.

    Raises:
        Reject: It has no index, or one larger than the budget.
    """
    if file.size <= _WITHOUT_GAPS:
        file.load(0, file.size)
    for chunk in chunks(file):
        if chunk.end > file.size:
            raise Reject(f"it is cut off: it has {file.size:,} of {chunk.end:,} bytes")
        if chunk.kind == b"LISThdrl":
            file.load(chunk.body, chunk.end + _BEHIND)
        if chunk.kind == b"idx1":
            if chunk.end - chunk.body > file.left and len(file.known(chunk.body)) < chunk.end - chunk.body:
                raise Reject(f"its index is larger than {file.budget.words}: let Encord read it")
            file.load(chunk.body, chunk.end)
            return
    raise Reject("it has no index (`idx1`): let Encord read it, or convert it to MP4")
