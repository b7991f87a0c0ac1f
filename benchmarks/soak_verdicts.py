"""What must hold after a soak, and how flat memory is: rules over samples, without a server."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median
from typing import Final

LIMIT: Final = 1.0
"""MB a minute. Lambda ends an instance after some hours: what grows less stays below what the function was given."""
WARM_UP: Final = 60.0
"""Seconds of a process that are left out: it still imports, opens connections and fills its caches."""
SHORTEST: Final = 120.0
"""Seconds; of a process that was watched for less than that, after its warm-up, nothing is said."""

type Point = tuple[float, float]
"""Seconds and MB."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The sandbox at one moment, `at` seconds after the traffic began."""

    at: float
    memory: Mapping[tuple[str, int], float]
    """Resident MB of each worker, by its function and process id."""
    servers: Mapping[str, float] = field(default_factory=dict)
    """Resident MB of the stand-ins, which keep all they were ever told."""
    queued: Mapping[str, int] = field(default_factory=dict)
    dead: Mapping[str, int] = field(default_factory=dict)
    live_claims: int = 0
    """Of tasks that are queued or being worked on."""
    open_jobs: int = 0
    """Upload jobs that have not ended."""
    waiting: int = 0
    """Tasks at agent stages."""
    registered: int = 0

    @property
    def is_drained(self) -> bool:
        """Nothing is under way any more."""
        return not (any(self.queued.values()) or self.live_claims or self.open_jobs or self.waiting)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What was asked of it."""

    uploads: int
    clicks: int
    refused: Sequence[str] = ()
    """What went wrong with clicks."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something holds, and what was found."""

    claim: str
    found: str
    holds: bool


def slope(points: Sequence[Point]) -> float:
    """The median of the slopes between any two points (Theil and Sen), in MB a minute; outliers hardly move it.

    Points are in order of time.

    >>> slope([(0, 100), (60, 101), (120, 250), (180, 103)])
    1.0
    """
    slopes = [60 * (b - a) / (later - at) for (at, a), (later, b) in combinations(points, 2) if later > at]
    return median(slopes) if slopes else 0.0


def growth(samples: Sequence[Sample]) -> dict[str, float]:
    """The steepest slope of each function's workers, of those that were watched for long enough."""
    steepest: dict[str, float] = {}
    for (function, _), points in _series(samples).items():
        warm = [point for point in points if point[0] >= points[0][0] + WARM_UP]
        if warm and warm[-1][0] - warm[0][0] >= SHORTEST:
            steepest[function] = max(steepest.get(function, float("-inf")), slope(warm))
    return steepest


def verdicts(samples: Sequence[Sample], traffic: Traffic) -> Iterator[Verdict]:
    """All of them; the last sample is of the end, when there was time to drain."""
    last = samples[-1]
    yield from _memory(samples)
    yield _none("no message is left on a queue", last.queued)
    yield _none("no message is a dead letter", last.dead)
    yield _none("no claim is left", {"claims": last.live_claims})
    yield _none("no upload job is left open", {"jobs": last.open_jobs})
    yield _none("no task waits for an agent", {"tasks": last.waiting})
    lost = traffic.uploads - last.registered
    yield Verdict("every upload is registered once", f"{last.registered} of {traffic.uploads}", lost == 0)
    answered = f"{traffic.clicks - len(traffic.refused)} of {traffic.clicks}"
    first = f": {traffic.refused[0]}" if traffic.refused else ""
    yield Verdict("every click is answered", answered + first, not traffic.refused)


def _memory(samples: Sequence[Sample]) -> Iterator[Verdict]:
    steepest = growth(samples)
    seen = sorted({function for function, _ in _series(samples)})
    for function in seen:
        claim, found = f"memory of {function} is flat (≤ {LIMIT:g} MB a minute)", steepest.get(function)
        if found is None:
            yield Verdict(claim, f"not judged: no worker of it was there for {WARM_UP + SHORTEST:g} s", holds=True)
        else:
            yield Verdict(claim, f"{found:+.2f}", found <= LIMIT)
    if not seen:
        yield Verdict("memory is flat", "no worker was seen", holds=False)


def _none(claim: str, left: Mapping[str, int]) -> Verdict:
    found = ", ".join(f"{name}: {number}" for name, number in left.items() if number)
    return Verdict(claim, found or "none", not found)


def _series(samples: Sequence[Sample]) -> dict[tuple[str, int], list[Point]]:
    series: dict[tuple[str, int], list[Point]] = {}
    for sample in samples:
        for worker, megabytes in sample.memory.items():
            series.setdefault(worker, []).append((sample.at, megabytes))
    return series
