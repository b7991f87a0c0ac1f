"""Whether FFmpeg can be trusted with the index of a movie: it reserves room for whatever a few bytes tell it."""

import re
import struct
from collections import Counter
from typing import Final

from encord_lambda.errors import Reject

MOST_SAMPLES: Final = 1_000_000
MOST_EDITED: Final = 10_000_000
"""Entries of edit lists times samples: FFmpeg may look at each sample for each entry."""
_TABLES: Final = re.compile(rb"stsz|stz2|stts|ctts|trun|elst")
"""Looked for anywhere: FFmpeg takes them in places where they do not belong, and twice."""


def check(boxes: bytes) -> None:
    """Let boxes pass that describe no more samples than a video may have; the samples themselves are left out.

    Raises:
        Reject: They are more than a million, or cut into very many pieces.
    """
    totals = Counter[bytes]()
    for found in _TABLES.finditer(boxes):
        totals[found[0]] += _told(found[0], boxes, found.end())
    edits = totals.pop(b"elst", 0)
    samples = max(totals.values(), default=0)
    if samples > MOST_SAMPLES:
        raise Reject(f"its index has more than {MOST_SAMPLES:,} samples: let Encord read it")
    if samples * edits > MOST_EDITED:
        raise Reject(f"it is cut into {edits:,} pieces: let Encord read it")


def _told(table: bytes, boxes: bytes, at: int) -> int:
    """How many samples or edits a table whose content begins at a place tells (ISO 14496-12, 8.6 to 8.8)."""
    if table in (b"stts", b"ctts"):
        end = at + 8 + 8 * int.from_bytes(boxes[at + 4 : at + 8])
        rows = boxes[at + 8 : end]
        return sum(count for count, _ in struct.iter_unpack(">II", rows[: len(rows) // 8 * 8]))
    at += 8 if table in (b"stsz", b"stz2") else 4
    return int.from_bytes(boxes[at : at + 4])
