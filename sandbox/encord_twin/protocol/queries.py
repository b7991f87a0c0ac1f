"""Filters and paging that several calls share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..platform.refusals import Invalid

OFFSET = re.compile(r"[0-9]{1,18}")


def matches_like(pattern: str, text: str) -> bool:
    """SQL's LIKE: `%` is any run of characters, `_` any single one, case matters.

    >>> matches_like("%.jpg", "cat.jpg")
    True
    """
    parts = (".*" if sign == "%" else "." if sign == "_" else re.escape(sign) for sign in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


@dataclass(frozen=True)
class Page[T]:
    """A stretch of a longer list and the token of the next one."""

    results: Sequence[T]
    next_token: str | None


def page[T](everything: Sequence[T], token: str | None, size: int) -> Page[T]:
    """Cut one page. The token is an offset, so a list that shrinks between two pages loses entries.

    Whether the platform does better is unknown; a client that copes with this copes with a stable cursor too.
    """
    if token is not None and OFFSET.fullmatch(token) is None:
        raise Invalid("pageToken is not one of ours")
    start = int(token or 0)
    end = start + size
    return Page(everything[start:end], str(end) if end < len(everything) else None)
