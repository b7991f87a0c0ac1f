"""The processes of a run, started, killed and started again."""

import json
import multiprocessing
import random
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any, Final

from botocore.exceptions import ClientError

from tests.chaos import people, sweeping, worker
from tests.chaos.asking import client
from tests.chaos.items import Known
from tests.chaos.plan import Place

LEDGER: Final = "crew"
MOST_DEATHS: Final = 3
"""How often we may kill a message's worker: after five deaths a task is given up, and rightly so."""
NAMES: Final = {-signal.SIGKILL: "killed", -signal.SIGALRM: "timed out"}


@dataclass(slots=True)
class Crew:
    """Workers, two sweeps that overlap, and people. Whoever dies is replaced at once."""

    place: Place
    known: Mapping[int, Known]
    chance: random.Random
    killed: int = 0
    _next_kill: float = 0.0
    _lives: dict[str, int] = field(default_factory=dict)
    _running: dict[str, ForkServerProcess] = field(default_factory=dict)
    _deaths: dict[str, int] = field(default_factory=dict)
    _context: ForkServerContext = field(default_factory=lambda: multiprocessing.get_context("forkserver"))

    def start(self) -> None:
        """Start all of them."""
        # What is imported once is not imported again by whoever replaces a dead one.
        self._context.set_forkserver_preload(["tests.chaos.worker", "tests.chaos.sweeping", "tests.chaos.people"])
        for name in self._names():
            self._start(name)

    def replace_the_dead(self) -> None:
        """Note who died of what, and start others in their place."""
        for name, process in list(self._running.items()):
            if process.exitcode is None:
                continue
            if process.exitcode in NAMES:
                self.place.note(LEDGER, fault=f"{name.partition('-')[0]} {NAMES[process.exitcode]}")
            else:
                self.place.note(LEDGER, faulty=name)
            self._bury(name)
            self._start(name)

    def kill_now_and_then(self, passed: float) -> None:
        """Kill a worker in the middle of its batch, or rarely a sweep, if it is time; `passed` is in seconds."""
        if self.killed < self.place.plan.kills and passed > self._next_kill and self._kill_one():
            self._next_kill = passed + self.chance.uniform(0.5, 2) * self.place.plan.kill_every

    @property
    def sweeps_are_over(self) -> bool:
        """Whether nothing is queued any more."""
        return self.place.sweeps_are_over

    def end_sweeps(self) -> None:
        """Have the sweeps come to their end, and wait for it."""
        self.place.end_sweeps()
        for name in [name for name in self._running if name.startswith("sweep")]:
            self._running.pop(name).join()

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
            "sweep": (sweeping.tick, (self.place, name, life)),
            "people": (people.annotate, (self.place, self.known)),
        }
        act, arguments = acts[name.partition("-")[0]]
        process = self._context.Process(target=act, args=arguments, name=name, daemon=True)
        process.start()
        self._running[name] = process

    def _kill_one(self) -> bool:
        """Whether there was anybody to kill."""
        sweeps = [name for name in self._running if name.startswith("sweep")]
        busy = [name for name in self._running if name.startswith("worker") and self._may_die(name)]
        doomed = sweeps if self.chance.random() < 0.15 else busy
        if doomed:
            self._running[self.chance.choice(doomed)].kill()
            self.killed += 1
        return bool(doomed)

    def _in_hand(self, name: str) -> dict[str, str]:
        """Receipt handles of the messages that a worker works on, by their ids."""
        with suppress(OSError, ValueError):  # it may be about to write it
            found: dict[str, str] = json.loads((self.place.folder / f"{name}.busy").read_text())
            return found
        return {}

    def _may_die(self, name: str) -> bool:
        in_hand = self._in_hand(name)
        return bool(in_hand) and all(self._deaths.get(message, 0) < MOST_DEATHS for message in in_hand)

    def _bury(self, name: str) -> None:
        """Let the queue show at once what the dead one had in hand, instead of when it has hidden it long enough."""
        for message, handle in self._in_hand(name).items():
            self._deaths[message] = self._deaths.get(message, 0) + 1
            with suppress(ClientError):
                client(self.place, "sqs").change_message_visibility(
                    QueueUrl=self.place.queue, ReceiptHandle=handle, VisibilityTimeout=self.chance.randint(0, 3)
                )
        (self.place.folder / f"{name}.busy").unlink(missing_ok=True)
