"""Endpoints that answer anything but what they should."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.twin.receivers import Said, receiving


@contextmanager
def answering(kind: str, body: str) -> Iterator[str]:
    """An endpoint that answers 200 and this, whatever it is asked."""
    with receiving(lambda _: Said(200, {"Content-Type": kind}, body.encode())) as endpoint:
        yield endpoint.url
