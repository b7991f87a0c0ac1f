"""How large and how fast a run is, and where its processes find each other."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run. Times are in seconds, and shorter than the deployed ones, so that a crash does not cost minutes."""

    seed: int
    tasks: int
    workers: int
    killers: int
    """Pictures that kill whoever decodes them."""
    kills: int
    """How many workers are killed mid-batch, at the most."""
    kill_every: float
    """Between two of them, more or less."""
    timeout: int
    """Of run_tasks: after it Lambda ends the process."""
    visibility: int
    """How long the queue hides a message; more than the timeout."""
    first_back_off: float
    """Between two tries of a task. Eight of them last longer than any outage, as the deployed ones do."""
    longest_back_off: float
    queued_lease: int
    """How long a message may wait before its task is queued again."""
    latest: int
    """After which a copy of a message, or one that was put back, is due at the latest."""
    in_flight: int
    """`limits.max_in_flight` of each stage."""
    outage: float
    """How long Encord, and then the models, are out of order."""
    ceiling: float
    """When the run is given up."""


def full(seed: int) -> Plan:
    """The campaign's runs: 5,000 tasks, under ten minutes on two cores."""
    return Plan(
        seed=seed,
        tasks=5000,
        workers=3,
        killers=1,
        kills=20,
        kill_every=10,
        timeout=45,
        visibility=50,
        first_back_off=2,
        longest_back_off=30,
        queued_lease=90,
        latest=6,
        in_flight=500,
        outage=8,
        ceiling=560,
    )


def small(seed: int) -> Plan:
    """The run that is part of `make test`."""
    return Plan(
        seed=seed,
        tasks=160,
        workers=2,
        killers=0,
        kills=3,
        kill_every=2,
        timeout=30,
        visibility=33,
        first_back_off=0.5,
        longest_back_off=2,
        queued_lease=12,
        latest=3,
        in_flight=60,
        outage=1.5,
        ceiling=150,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is, for the processes of one run."""

    plan: Plan
    folder: Path
    """Logs, what the processes tell each other, and the ledgers for the audit."""
    environment: Mapping[str, str]
    """What the functions are given."""
    encord: str
    far_side: str
    queue: str
    dead_letters: str
    person: str
    """The private key of the people who annotate."""
    projects: Mapping[str, UUID]

    @property
    def sweeps_are_over(self) -> bool:
        """Whether the sweeps shall come to their end."""
        return self.is_over or (self.folder / "sweeps-over").exists()

    def end_sweeps(self) -> None:
        """Tell the sweeps to come to their end."""
        (self.folder / "sweeps-over").touch()

    @property
    def is_over(self) -> bool:
        """Whether the processes shall come to their end."""
        return (self.folder / "over").exists()

    def shift(self) -> Iterator[None]:
        """Again and again until the run is over, or whoever started this process is gone."""
        parent = os.getppid()
        while not self.is_over and os.getppid() == parent:
            yield

    def end(self) -> None:
        """Tell the processes to come to their end."""
        (self.folder / "over").touch()

    def note(self, ledger: str, **facts: Any) -> None:
        """Add a line to a ledger; each process has its own."""
        with (self.folder / f"{ledger}.jsonl").open("a") as lines:
            lines.write(json.dumps({"at": time.time(), **facts}) + "\n")

    def notes(self, ledger: str) -> list[dict[str, Any]]:
        """All lines of the ledgers that match; a line that a killed process left unfinished is passed over."""
        found = []
        for path in sorted(self.folder.glob(f"{ledger}.jsonl")):
            found += [told for line in path.read_text().splitlines() if (told := _told(line))]
        return found


def _told(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
