"""Who works on which task (DESIGN §5.3): the record, and the rule that reads it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class State(StrEnum):
    """How far a task's visit to a stage has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class TaskKey:
    """A task at a stage; the same task at another stage has another claim."""

    stage: UUID
    task: UUID

    def __str__(self) -> str:
        return f"{self.stage}/{self.task}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A task's claim. `updated_at` is the task's own, and so tells one visit to the stage from the next."""

    key: TaskKey
    state: State
    updated_at: datetime
    lease_until: datetime
    """Until when a queued or running claim keeps others away."""
    owner: str = ""
    """The SQS message that runs the task."""
    token: int = 0
    """Grows with each start, so that a worker which lost its lease can tell."""

    def bars(self, updated_at: datetime, now: datetime) -> bool:
        """Whether a task seen with this `updated_at` must not be queued.

        A finished claim bars its own visit only: a task that came back to the stage is new work. A live claim bars
        every visit, for saving labels may touch `updated_at` while the task is being worked on.
        """
        if self.state in (State.DONE, State.REJECTED):
            return updated_at <= self.updated_at
        return now < self.lease_until


class Held(Protocol):
    """Reads and changes claims."""

    def read(self, keys: list[TaskKey]) -> dict[TaskKey, Claim]:
        """The claims there are, by key."""

    def queue(self, claims: list[Claim]) -> set[TaskKey]:
        """Write new claims; returns the keys whose claim nobody else holds by now."""

    def start(self, claims: list[Claim]) -> list[Claim]:
        """Take claims to run their tasks.

        Returns, in the same order, our own running claim with its new token, or the claim that stands in the way.
        """

    def finish(self, claims: list[Claim], state: State) -> None:
        """Settle claims of ours; one that somebody else has taken over since is left alone."""
