"""One run from its seed to its findings: everything at once until nothing is left to do, then the audit."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tests.chaos import audit, ground, items, people, strangers, trouble
from tests.chaos.crew import Crew
from tests.chaos.ground import ask
from tests.chaos.people import Known
from tests.chaos.plan import Place, Plan
from tests.chaos.tally import Tally, tally
from tests.chaos.world import AGENT_STAGE

DEPTHS: Final = tuple(
    f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")
)
LOOK: Final = 0.25


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run came to."""

    plan: Plan
    violations: list[str]
    tally: Tally
    seconds: float


def run(plan: Plan, *, keep: Path | None = None) -> Findings:
    """Run a seed and audit it; logs and ledgers stay in the folder `keep`."""
    all_items = items.items(plan.seed, plan.tasks, killers=plan.killers)
    with _folder(keep) as folder, ground.prepared(plan, all_items, folder) as (place, known):
        people.prepare(place, known)
        began = time.monotonic()
        stuck = _played(place, known)
        seconds = time.monotonic() - began
        ask(f"{place.encord}/_twin/faults", [])
        state = ask(f"{place.encord}/_twin/state")
        violations = [*stuck, *audit.violations(place, known, state)]
        return Findings(plan, violations, tally(place), seconds)


def _played(place: Place, known: Mapping[int, Known]) -> list[str]:
    """Let it all happen; what is stuck at the end, in words."""
    crew = Crew(place, known, random.Random(f"crew {place.plan.seed}"))
    strangers.send(place, known, _agent_stages(place))
    weather = _Weather(place)
    crew.start()
    try:
        return _watched(place, known, crew, weather)
    finally:
        weather.clear_up()
        crew.stop()


def _watched(place: Place, known: Mapping[int, Known], crew: Crew, weather: "_Weather") -> list[str]:
    began = time.monotonic()
    quiet_since = next_kill = began
    while time.monotonic() - began < place.plan.ceiling:
        time.sleep(LOOK)
        crew.replace_the_dead()
        now = time.monotonic()
        if crew.killed < place.plan.kills and now > next_kill:
            crew.kill_one()
            next_kill = now + crew.chance.uniform(1, 240 / place.plan.kills if place.plan.tasks > 1000 else 4)
        weather.change(now - began)
        if _depth(place):
            quiet_since = now
        elif now - quiet_since > 2:
            if not audit.unfinished(place, known, ask(f"{place.encord}/_twin/state")):
                return []
            quiet_since = now
    left = audit.unfinished(place, known, ask(f"{place.encord}/_twin/state"))
    return [f"not done after {place.plan.ceiling:g} s: {words}" for words in left] or ["the queue did not become empty"]


class _Weather:
    """Encord's everyday trouble, and the two outages."""

    def __init__(self, place: Place) -> None:
        self._place = place
        chance = random.Random(f"weather {place.plan.seed}")
        first = place.plan.outage * chance.uniform(1.5, 4)
        second = first + place.plan.outage * chance.uniform(2, 4)
        self._changes = [(first, self._encord_breaks), (first + place.plan.outage, self._everyday)]
        self._changes.append((second, self._models_break))
        self._everyday()

    def change(self, passed: float) -> None:
        """What the weather is after so many seconds."""
        while self._changes and passed > self._changes[0][0]:
            self._changes.pop(0)[1]()

    def clear_up(self) -> None:
        """Note what the faults of now have hit, and end them."""
        for fault in ask(f"{self._place.encord}/_twin/faults"):
            outage = fault.get("route") == "" and fault.get("share", 1) >= 0.5
            name = "Encord: outage" if outage else trouble.called(fault)
            self._place.note("weather", fault=name, times=fault["hits"])
        ask(f"{self._place.encord}/_twin/faults", [])

    def _everyday(self) -> None:
        self._order(trouble.FAULTS)

    def _encord_breaks(self) -> None:
        self._order(trouble.OUTAGE)

    def _models_break(self) -> None:
        ask(f"{self._place.far_side}/_trouble/{self._place.plan.outage:.1f}", {})

    def _order(self, faults: list[dict[str, object]]) -> None:
        self.clear_up()
        ask(f"{self._place.encord}/_twin/faults", trouble.endless(faults))


def _depth(place: Place) -> int:
    """How many messages the queue holds."""
    told: dict[str, Any] = ground.client(place, "sqs").get_queue_attributes(
        QueueUrl=place.queue, AttributeNames=list(DEPTHS)
    )["Attributes"]
    return sum(int(told[name]) for name in DEPTHS)


def _agent_stages(place: Place) -> dict[str, UUID]:
    return {desk: people.agent_stage(place, desk) for desk in AGENT_STAGE}


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="chaos-") as made:
            yield Path(made)
        return
    with suppress(FileNotFoundError):
        shutil.rmtree(keep)
    keep.mkdir(parents=True)
    yield keep


