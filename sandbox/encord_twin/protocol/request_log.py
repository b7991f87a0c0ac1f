"""Every request the twin saw, and how many of which kind."""

import re
from collections import Counter, deque
from dataclasses import asdict, dataclass, field

from ..platform.json_values import JsonObject

SDK_AGENT = re.compile(r"^encord-sdk-python/\S+ python/\S+ pydantic/\S+\s*")


@dataclass
class Entry:
    """One request. `status` is the one the client acts on: inside the envelope for legacy, of HTTP for v2."""

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
    fault: bool = False
    unimplemented: bool = False

    @property
    def agent_suffix(self) -> str:
        """The part of the user agent the caller chose, empty for a plain SDK client."""
        return SDK_AGENT.sub("", self.agent)


@dataclass
class RequestLog:
    """The last requests in full, and counts over all since the last reset."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=50_000))
    by_route: Counter[str] = field(default_factory=Counter)
    by_agent: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        """Keep a finished request."""
        self.entries.append(entry)
        self.by_route[entry.route] += 1
        self.by_agent[entry.agent_suffix, entry.route] += 1

    def reset(self) -> None:
        """Forget everything."""
        self.entries.clear()
        self.by_route.clear()
        self.by_agent.clear()

    def count(self, route: str = "") -> int:
        """How many requests had a route name containing `route`."""
        return sum(number for name, number in self.by_route.items() if route in name)

    def as_json(self) -> JsonObject:
        """The log as the admin route shows it."""
        agents: dict[str, dict[str, int]] = {}
        for (agent, route), number in self.by_agent.items():
            agents.setdefault(agent, {})[route] = number
        return {
            "total": self.count(),
            "by_route": dict(self.by_route),
            "by_agent": agents,
            "unimplemented": sorted({entry.route for entry in self.entries if entry.unimplemented}),
            "requests": [asdict(entry) for entry in self.entries],
        }
