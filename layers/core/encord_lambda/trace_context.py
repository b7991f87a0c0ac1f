"""The trace that a request belongs to: by it, Encord's support finds a call and all that it caused (peers.md §1.6)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

HEADER: Final = "X-Cloud-Trace-Context"
_SHAPE: Final = re.compile(r"[0-9A-Fa-f-]{1,64}(?:/[0-9]{1,20})?(?:;o=[0-9])?", re.ASCII)
"""`TRACE/SPAN;o=1`, of which the trace alone has to be there."""
_trace: Final = ContextVar[str | None]("trace", default=None)


@contextmanager
def following(header: str | None) -> Iterator[None]:
    """Have whatever the block asks of Encord belong to this trace; a header of another shape is taken for none.

    A thread that the block starts knows of it only in a copy of the block's context (`contextvars.copy_context`).
    """
    token = _trace.set(header if header and _SHAPE.fullmatch(header) else None)
    try:
        yield
    finally:
        _trace.reset(token)


def followed() -> str | None:
    """The trace that is followed here and now, as its header has it; None if there is none."""
    return _trace.get()
