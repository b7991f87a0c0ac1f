"""One run from its seed to its findings: everything at once until nothing is left to do, then the audit."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from tests.chaos import asking, audit, facts, ground, items, people, strangers
from tests.chaos.asking import agent_stage, ask, project
from tests.chaos.chance import chance
from tests.chaos.crew import Crew
from tests.chaos.items import Known
from tests.chaos.plan import Place, Plan
from tests.chaos.tally import Tally, tally
from tests.chaos.weather import Weather
from tests.chaos.world import AGENT_STAGE

LOOK: Final = 0.25
QUIET: Final = 1.0
"""Seconds that the queue must be empty before anybody believes it."""


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
        found = facts.collected(place, known, ask(f"{place.encord}/_twin/state"))
        violations = [*stuck, *audit.violations(known, found)]
        return Findings(plan, violations, tally(place), seconds)


def _played(place: Place, known: Mapping[int, Known]) -> list[str]:
    """Let it all happen; what is stuck at the end, in words."""
    crew = Crew(place, known, chance(place.plan.seed, "crew"))
    strangers.send(place, known, _agent_stages(place))
    weather = Weather(place)
    crew.start()
    try:
        return _watched(place, known, crew, weather)
    finally:
        weather.clear_up()
        crew.stop()


def _watched(place: Place, known: Mapping[int, Known], crew: Crew, weather: Weather) -> list[str]:
    began = quiet_since = time.monotonic()
    while (passed := time.monotonic() - began) < place.plan.ceiling:
        time.sleep(LOOK)
        crew.replace_the_dead()
        if not crew.sweeps_are_over:
            crew.kill_now_and_then(passed)
            weather.change(passed)
        if asking.depth(place):
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET:
            if crew.sweeps_are_over:
                return []
            # A sweep that looks once more may still queue what is gone by then: first they end, then the workers.
            if not _unfinished(place, known):
                crew.end_sweeps()
            quiet_since = time.monotonic()
    late = f"not done after {place.plan.ceiling:g} s: "
    return [late + words for words in _unfinished(place, known)] or [late + "messages are left"]


def _unfinished(place: Place, known: Mapping[int, Known]) -> list[str]:
    return audit.unfinished(known, facts.visits(ask(f"{place.encord}/_twin/state")))


def _agent_stages(place: Place) -> dict[str, UUID]:
    return {desk: agent_stage(project(place, desk), desk) for desk in AGENT_STAGE}


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
