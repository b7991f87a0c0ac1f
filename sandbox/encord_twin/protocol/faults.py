"""Trouble on demand: what may happen to a request, and which requests it happens to."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from pydantic import Field, model_validator

from ..platform.json_values import JsonObject
from ..spec import Spec

LEGACY = "POST legacy"
OUTGOING = "OUT"
EFFECTS = ("status", "code", "reset", "drop_after_commit", "stale", "twice")


class Fault(Spec):
    """What happens to requests whose route name contains `route`: one effect, after a `delay` in seconds.

    - `status` refuses the request with this HTTP status before anything is done, with `Retry-After` if asked.
    - `code` refuses it inside the legacy envelope; requests of the other protocol are left alone.
    - `reset` resets the connection before anything is done; `drop_after_commit` closes it when all is done.
    - `stale` answers a listing as it was when the same question was last answered truly; it waits for such a one.
    - `twice` serves the request twice and gives the second answer, as behind a proxy that sends again. A
      notification of the twin's own (a route that begins with `OUT`) is delivered twice.

    It happens `times` times, without end if that is None. With a `share`, only so many of the requests are hit:
    which ones depends on the seed and on how many such requests came before on the same route, not on the clock.
    """

    route: str
    times: int | None = Field(default=1, ge=1)
    share: float = Field(default=1.0, gt=0, le=1)
    delay: float = Field(default=0.0, ge=0)
    status: int | None = Field(default=None, ge=400, le=599)
    code: str | None = Field(default=None, pattern="^[A-Z_]+$")
    retry_after: int | None = Field(default=None, ge=0)
    reset: bool = False
    drop_after_commit: bool = False
    stale: bool = False
    twice: bool = False

    @property
    def effect(self) -> str:
        """The name of what happens."""
        return next(iter(self._effects()), "delay")

    def fits(self, route: str, *, repeated: bool) -> bool:
        """Whether it can happen to this request; `repeated` says that the question has an earlier answer."""
        if self.route not in route or (self.stale and not repeated):
            return False
        if self.code is not None and not route.startswith(LEGACY):
            return False
        return self.twice or not route.startswith(OUTGOING)

    def _effects(self) -> list[str]:
        return [name for name in EFFECTS if getattr(self, name) and not (name == "status" and self.code)]

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        effects = self._effects()
        if len(effects) > 1:
            raise ValueError(f"{' and '.join(effects)} cannot happen to one request: order a fault for each")
        if not effects and not self.delay:
            raise ValueError(f"nothing would happen: give a delay or one of {', '.join(EFFECTS)}")
        if self.retry_after is not None and effects != ["status"]:
            raise ValueError("only an HTTP status carries Retry-After: give `status` (429 or 503) and no other effect")
        if self.route.startswith(OUTGOING) and not self.twice:
            raise ValueError(
                "the twin's own notifications can only be sent `twice`; let the receiver make other trouble"
            )
        return self


@dataclass
class Order:
    """A fault and what became of it; `place` counts the faults ordered since the last replacement."""

    fault: Fault
    place: int
    hits: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> int | None:
        """How many hits are still to come; None means no end."""
        return None if self.fault.times is None else self.fault.times - self.hits

    def strikes(self, route: str, seed: int) -> bool:
        """Whether the next request of this route is among those hit."""
        self.seen[route] += 1
        drawn = sha256(f"{seed} {self.place} {route} {self.seen[route]}".encode()).digest()
        if int.from_bytes(drawn[:8]) >= self.fault.share * 2**64:
            return False
        self.hits += 1
        return True


class Faults:
    """The faults in order, the first that fits strikes; safe to fill from another thread than the one that serves."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._orders: list[Order] = []

    def add(self, *faults: Fault) -> None:
        """Append to the queue."""
        with self._lock:
            self._orders.extend(Order(fault, len(self._orders) + n) for n, fault in enumerate(faults))

    def replace(self, faults: Iterable[Fault]) -> None:
        """Forget all there were and start over."""
        with self._lock:
            self._orders = [Order(fault, place) for place, fault in enumerate(faults)]

    def left(self) -> int:
        """How many requests are still to be hit, by faults that come to an end."""
        with self._lock:
            return sum(order.left or 0 for order in self._orders)

    def take(self, route: str, *, repeated: bool = False) -> Fault | None:
        """What happens to this request, one use of it consumed."""
        with self._lock:
            for order in self._orders:
                if order.left != 0 and order.fault.fits(route, repeated=repeated) and order.strikes(route, self._seed):
                    return order.fault
        return None

    def as_json(self) -> list[JsonObject]:
        """Every fault ordered, with `hits` so far and how many are `left`."""
        with self._lock:
            return [
                {**order.fault.model_dump(exclude_defaults=True), "hits": order.hits, "left": order.left}
                for order in self._orders
            ]
