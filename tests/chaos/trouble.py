"""What goes wrong how often, drawn from the seed: at the stand-ins of models and media, and at Encord."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from tests.chaos.chance import chance

type Effect = str
"""A status with its Retry-After ("429:1"), or "reset", "drop", "slow", "login page", "broken off"."""

MODEL: Final[dict[Effect, float]] = {
    "429:1": 0.015,
    "500": 0.01,
    "503": 0.01,
    "reset": 0.01,
    "drop": 0.01,
    "login page": 0.01,
    "slow": 0.02,
}
MEDIA: Final[dict[Effect, float]] = {
    "429:1": 0.004,
    "500": 0.004,
    "503": 0.004,
    "reset": 0.004,
    "broken off": 0.004,
    "403": 0.004,
    "slow": 0.01,
}
SHARES: Final = {"model": MODEL, "detector": MODEL, "media": MEDIA}
MOST: Final = {"model": 2, "detector": 2, "media": 1}
"""How often one picture can meet with trouble: a task is given up after eight tries, whosever the trouble."""
SLOW_SECONDS: Final = 1.5

LISTING = "GET /v2/public/projects/{project}/workflow/stages/{stage}/tasks"
ACTIONS = "/actions"
FAULTS: Final[list[dict[str, object]]] = [
    {"route": ACTIONS, "share": 0.04, "drop_after_commit": True},
    {"route": ACTIONS, "share": 0.04, "twice": True},
    {"route": "POST legacy labelrow POST", "share": 0.02, "drop_after_commit": True},
    {"route": "POST legacy labelrow POST", "share": 0.03, "twice": True},
    {"route": "POST legacy labelrow PUT", "share": 0.01, "drop_after_commit": True},
    {"route": "POST legacy", "share": 0.002, "code": "RATE_LIMIT_ERROR", "status": 429},
    {"route": "POST legacy", "share": 0.002, "code": "UNKNOWN_ERROR", "status": 500},
    {"route": LISTING, "share": 0.02, "stale": True},
    {"route": "POST legacy labelrowmetadata GET", "share": 0.02, "stale": True},
    {"route": "", "share": 0.002, "status": 429, "retry_after": 1},
    {"route": "", "share": 0.0015, "status": 500},
    {"route": "", "share": 0.0015, "status": 503, "retry_after": 1},
    {"route": "", "share": 0.002, "reset": True},
    {"route": "", "share": 0.002, "drop_after_commit": True},
    {"route": "", "share": 0.02, "delay": 0.5},
]
"""What Encord does all the time, on both protocols, as `sandbox.encord_twin.Fault` reads it.

A request is for a hundred tasks and a try makes seven, so a share is small: eight tries in a row must not meet it."""
OUTAGE: Final[list[dict[str, object]]] = [{"route": "", "share": 0.5, "reset": True}, {"route": "", "status": 503}]
"""What it does while it is out of order."""


def endless(faults: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same faults, as often as they fit."""
    return [fault | {"times": None} for fault in faults]


def called(fault: dict[str, object]) -> str:
    """What the summary calls a fault of the twin's."""
    if any(fault.items() >= one.items() for one in OUTAGE):
        return "Encord: outage"
    for effect in ("code", "status", "reset", "drop_after_commit", "stale", "twice"):
        if fault.get(effect):
            told = fault[effect]
            return f"Encord: {effect if told is True else told}"
    return "Encord: slow"


@dataclass(slots=True)
class Lots:
    """Which requests meet with trouble: the same ones for the same seed, whatever the order they come in."""

    seed: int
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    troubled: Counter[tuple[str, str]] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)

    def draw(self, where: str, title: str) -> Effect:
        """What happens to the next request about this picture; empty for nothing."""
        self.asked[where, title] += 1
        drawn = chance(self.seed, where, title, self.asked[where, title])
        shares = SHARES[where]
        effect = drawn.choices(["", *shares], [1 - sum(shares.values()), *shares.values()])[0]
        if effect and effect != "slow":
            if self.troubled[where, title] >= MOST[where]:
                return ""
            self.troubled[where, title] += 1
        if effect:
            self.hits[f"{where}: {effect.partition(':')[0]}"] += 1
        return effect
