"""What the twin was asked, and the trouble it is told to make."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from starlette.requests import Request

from ..platform.json_values import JsonObject
from ..protocol.exchange import Desk
from ..protocol.request_log import Entry

LAST = 100

# A fault each, as `POST /_twin/faults` takes it, under what it is good for.
EXAMPLES: dict[str, JsonObject] = {
    "Too many requests, twice": {"route": "/v2/public", "status": 429, "retry_after": 1, "times": 2},
    "The server breaks once": {"route": "/v2/public", "status": 503},
    "Saved, but the answer is lost": {"route": "labelrow POST", "drop_after_commit": True},
    "A slow task queue": {"route": "/tasks", "delay": 2.0, "times": 5},
    "The connection is reset": {"route": "/actions", "reset": True},
    "A listing is out of date": {"route": "/tasks", "stale": True},
}


@dataclass(frozen=True)
class Row:
    """A request, with what a status says at a glance."""

    entry: Entry

    @property
    def mood(self) -> str:
        """How it went: in the twin's own colours."""
        if self.entry.status == 0:
            return "cut"
        return "good" if self.entry.status < 400 else "refused" if self.entry.status < 500 else "broken"


def log(desk: Desk, _request: Request) -> Mapping[str, object]:
    """How often each route was asked for, and the last requests."""
    counts = desk.log.by_route.most_common()
    return {
        "title": "Requests",
        "trail": [],
        "total": desk.log.count(),
        "counts": counts,
        "most": counts[0][1] if counts else 1,
        "unimplemented": {entry.route for entry in desk.log.entries if entry.unimplemented},
        "rows": [Row(entry) for entry in islice(reversed(desk.log.entries), LAST)],
    }


def faults(desk: Desk, _request: Request) -> Mapping[str, object]:
    """The faults ordered and what is left of them, a form for one more, and some to try."""
    return {
        "title": "Faults",
        "trail": [],
        "ordered": desk.faults.as_json(),
        "examples": EXAMPLES,
        "routes": sorted(desk.log.by_route),
    }
