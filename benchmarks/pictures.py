"""Small pictures, no two with the same bytes, that say in a JPEG comment what they show.

So a stand-in for a model can tell without looking, and an audit knows what must come of it.
"""

import base64
import io
from collections.abc import Iterator
from itertools import cycle, islice

from sandbox.artwork import draw

SIZE = (320, 240)
KINDS = ("Cat", "Dog", "Other")
_DRAWN = 60
_START, _COMMENT = b"\xff\xd8", b"\xff\xfe"
_WORDS = 18  # bytes of the comment


def pictures(count: int) -> Iterator[tuple[str, bytes]]:
    """What each shows, and its JPEG: 60 drawings, again and again, each time with another number in it."""
    drawings = [(kind, _jpeg(kind, seed)) for seed, kind in enumerate(islice(cycle(KINDS), min(count, _DRAWN)))]
    for number, (kind, jpeg) in enumerate(islice(cycle(drawings), count)):
        words = f"{kind} {number}".ljust(_WORDS).encode()
        yield kind, _START + _COMMENT + (len(words) + 2).to_bytes(2) + words + jpeg.removeprefix(_START)


def kind_in(data_url: bytes) -> str:
    """What a picture shows that is somewhere in a text as a data URL.

    >>> kind, jpeg = next(pictures(1))
    >>> kind_in(b"data:image/jpeg;base64," + base64.b64encode(jpeg)) == kind
    True
    """
    _, _, encoded = data_url.partition(b";base64,")
    opening = base64.b64decode(encoded[:32])
    return opening[6:].split()[0].decode()


def _jpeg(kind: str, seed: int) -> bytes:
    buffer = io.BytesIO()
    draw(kind, seed, SIZE).image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
