"""Long lists, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from starlette.requests import Request

ON_A_PAGE = 100


@dataclass(frozen=True)
class Page[T]:
    """Some entries of many; pages count from 1."""

    entries: list[T]
    number: int
    pages: int
    total: int


def cut[T](request: Request, entries: Iterable[T], total: int) -> Page[T]:
    """The page the query asks for, or the nearest there is."""
    pages = max(1, -(-total // ON_A_PAGE))
    asked = request.query_params.get("page", "")
    number = min(max(int(asked[:9]) if asked.isdecimal() else 1, 1), pages)
    start = (number - 1) * ON_A_PAGE
    return Page(list(islice(entries, start, start + ON_A_PAGE)), number, pages, total)
