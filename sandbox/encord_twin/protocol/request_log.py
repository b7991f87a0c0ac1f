"""Every request the twin saw, and how many of which kind."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field, fields
from itertools import islice
from weakref import WeakSet

from ..platform.json_values import JsonObject
from .connections import Connection

SDK_AGENT = re.compile(r"^encord-sdk-python/\S+ python/\S+ pydantic/\S+\s*")
WITH_BODIES = 200  # requests, the last ones
LONGEST_BODY = 64 * 1024  # characters; with both bodies of all those, some 25 MB


@dataclass(slots=True)
class Entry:
    """One request. `status` is the one the client acts on: inside the envelope for legacy, of HTTP for v2.

    It is 0 if the connection was reset before anything was done. `fault` names the effect of an ordered fault.
    `connection` numbers the client's socket; `trace` is the request's trace context. Bodies are None unless the log was
    told to keep them.
    """

    method: str
    path: str
    agent: str
    route: str = ""
    resource: str | None = None
    user: str | None = None
    status: int = 0
    request_bytes: int = 0
    response_bytes: int = 0
    milliseconds: float = 0.0
    connection: int = 0
    fault: str = ""
    unimplemented: bool = False
    trace: str = ""
    request_body: str | None = None
    response_body: str | None = None

    @property
    def agent_suffix(self) -> str:
        """The part of the user agent the caller chose, empty for a plain SDK client."""
        return SDK_AGENT.sub("", self.agent)

    def as_json(self) -> JsonObject:
        """All that is known; bodies only if kept."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in known.items() if not (name.endswith("_body") and value is None)}


@dataclass(frozen=True)
class Wanted:
    """Which entries to show: the `last` so many (None: all kept) of those whose route and agent contain these."""

    route: str = ""
    agent: str = ""
    last: int | None = None


@dataclass
class RequestLog:
    """The last requests one by one, and counts over all since the last reset; memory stays bounded."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=50_000))
    by_route: Counter[str] = field(default_factory=Counter)
    by_agent: Counter[tuple[str, str]] = field(default_factory=Counter)
    unimplemented: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    keeps_bodies: bool = False
    _met: WeakSet[Connection] = field(default_factory=WeakSet)
    _with_bodies: deque[Entry] = field(default_factory=deque)

    def add(self, entry: Entry, connection: Connection, request: bytes, response: bytes) -> None:
        """Keep a finished request."""
        self.entries.append(entry)
        self.by_route[entry.route] += 1
        self.by_agent[entry.agent_suffix, entry.route] += 1
        if entry.unimplemented:
            self.unimplemented[entry.route] += 1
        entry.connection = connection.number
        if connection not in self._met:
            self._met.add(connection)
            self.connections += 1
        if self.keeps_bodies:
            entry.request_body, entry.response_body = _clipped(request), _clipped(response)
            self._with_bodies.append(entry)
            self._strip(WITH_BODIES)

    def keep_bodies(self, keep: bool) -> None:
        """From now on, keep what the last requests and answers said; or forget it."""
        self.keeps_bodies = keep
        if not keep:
            self._strip(0)

    def reset(self) -> None:
        """Forget everything; whether bodies are kept stays."""
        for remembered in (self.entries, self.by_route, self.by_agent, self.unimplemented, self._met):
            remembered.clear()
        self._with_bodies.clear()
        self.connections = 0

    def count(self, route: str = "") -> int:
        """How many requests had a route name containing `route`."""
        return sum(number for name, number in self.by_route.items() if route in name)

    def as_json(self, wanted: Wanted | None = None) -> JsonObject:
        """The log as the admin route shows it: all counts, and the wanted requests, the oldest first."""
        agents: dict[str, dict[str, int]] = {}
        for (agent, route), number in self.by_agent.items():
            agents.setdefault(agent, {})[route] = number
        return {
            "total": self.count(),
            "connections": self.connections,
            "by_route": dict(self.by_route),
            "by_agent": agents,
            "unimplemented": sorted(self.unimplemented),
            "requests": [entry.as_json() for entry in self.select(wanted or Wanted())],
        }

    def select(self, wanted: Wanted) -> list[Entry]:
        """The wanted requests, the oldest first."""
        found = (
            entry for entry in reversed(self.entries) if wanted.route in entry.route and wanted.agent in entry.agent
        )
        return list(islice(found, wanted.last))[::-1]

    def _strip(self, keep: int) -> None:
        while len(self._with_bodies) > keep:
            oldest = self._with_bodies.popleft()
            oldest.request_body = oldest.response_body = None


def _clipped(body: bytes) -> str:
    return body[:LONGEST_BODY].decode("utf-8", "replace")
