"""What a page shows now, or the news that nothing has changed since."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from ..protocol.exchange import Desk
from .rendering import HEADERS

KEPT = 32  # contents; one for each page somebody looks at
UNCHANGED = 304

type Revision = tuple[object, ...]


def revision(desk: Desk) -> Revision:
    """Differs when anything may have changed. Costs next to nothing, however much the twin holds.

    Only requests, seeding and upload jobs change what is there: each leaves a trace in one of these numbers.
    """
    store, log = desk.store, desk.log
    last = log.entries[-1] if log.entries else None
    progress = sum(len(job.items) + len(job.errors) + job.over.is_set() for job in store.jobs.values())
    held = (len(store.jobs), len(store.projects), len(store.folders))
    return (log.count(), id(last), progress, held, str(desk.faults.as_json()))


class Live:
    """The contents made last. One is made anew only after something happened, and sent only if it differs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: OrderedDict[str, tuple[Revision, str, str]] = OrderedDict()

    def answer(self, request: Request, make: Callable[[], str]) -> Response:
        """The content, or 304 for a browser that has it."""
        tag, html = self._content(str(request.url), make)
        headers = HEADERS | {"ETag": tag, "Cache-Control": "no-store"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=UNCHANGED, headers=headers)
        return Response(html, headers=headers, media_type="text/html")

    def _content(self, url: str, make: Callable[[], str]) -> tuple[str, str]:
        now = revision(self._desk)
        if url not in self._kept or self._kept[url][0] != now:
            html = make()
            self._kept[url] = now, f'"{hashlib.sha256(html.encode()).hexdigest()[:24]}"', html
        self._kept.move_to_end(url)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        _, tag, html = self._kept[url]
        return tag, html
