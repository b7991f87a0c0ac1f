"""The processes of a run, started, killed and started again."""

import multiprocessing
import random
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any, Final

from tests.chaos import people, worker
from tests.chaos.people import Known
from tests.chaos.plan import Place

LEDGER: Final = "crew"
MOST_DEATHS: Final = 3
"""How often a message may be in the hands of a worker that we kill: after five deaths a task is given up, and rightly."""
NAMES: Final = {-signal.SIGKILL: "killed", -signal.SIGALRM: "timed out"}


@dataclass(slots=True)
class Crew:
    """Workers, two sweeps that overlap, and people. Whoever dies is replaced at once."""

    place: Place
    known: Mapping[int, Known]
    chance: random.Random
    killed: int = 0
    _lives: dict[str, int] = field(default_factory=dict)
    _running: dict[str, ForkServerProcess] = field(default_factory=dict)
    _deaths: dict[str, int] = field(default_factory=dict)
    _context: ForkServerContext = field(default_factory=lambda: multiprocessing.get_context("forkserver"))

    def start(self) -> None:
        """Start all of them."""
        # What is imported once is not imported again by whoever replaces a dead one.
        self._context.set_forkserver_preload(["tests.chaos.worker", "tests.chaos.people"])
        for name in self._names():
            self._start(name)

    def replace_the_dead(self) -> None:
        """Note who died of what, and start others in their place."""
        for name, process in list(self._running.items()):
            if process.exitcode is not None:
                ending = NAMES.get(process.exitcode, f"ended with {process.exitcode}")
                self.place.note(LEDGER, who=name, fault=f"{name.partition('-')[0]} {ending}")
                self._count_deaths(name)
                self._start(name)

    def kill_one(self) -> None:
        """Kill a worker in the middle of its batch, or rarely a sweep."""
        if self.chance.random() < 0.15:
            self._kill(self.chance.choice([name for name in self._running if name.startswith("sweep")]))
            return
        busy = [name for name in self._running if name.startswith("worker") and self._may_die(name)]
        if busy:
            self._kill(self.chance.choice(busy))

    def stop(self) -> None:
        """Have everybody come to their end, and wait for it."""
        self.place.end()
        for process in self._running.values():
            process.join(10)
            if process.exitcode is None:
                process.kill()
                process.join()

    def _names(self) -> list[str]:
        workers = [f"worker-{number}" for number in range(self.place.plan.workers)]
        return [*workers, "sweep-0", "sweep-1", "people"]

    def _start(self, name: str) -> None:
        life = self._lives[name] = self._lives.get(name, 0) + 1
        acts: dict[str, tuple[Callable[..., None], tuple[Any, ...]]] = {
            "worker": (worker.work, (self.place, name, life)),
            "sweep": (worker.tick, (self.place, name, life)),
            "people": (people.annotate, (self.place, self.known)),
        }
        act, arguments = acts[name.partition("-")[0]]
        process = self._context.Process(target=act, args=arguments, name=name, daemon=True)
        process.start()
        self._running[name] = process

    def _in_hand(self, name: str) -> list[str]:
        path = self.place.folder / f"{name}.busy"
        return path.read_text().split() if path.exists() else []

    def _may_die(self, name: str) -> bool:
        in_hand = self._in_hand(name)
        return bool(in_hand) and all(self._deaths.get(message, 0) < MOST_DEATHS for message in in_hand)

    def _count_deaths(self, name: str) -> None:
        for message in self._in_hand(name):
            self._deaths[message] = self._deaths.get(message, 0) + 1
        (self.place.folder / f"{name}.busy").unlink(missing_ok=True)

    def _kill(self, name: str) -> None:
        self._running[name].kill()
        self.killed += 1
