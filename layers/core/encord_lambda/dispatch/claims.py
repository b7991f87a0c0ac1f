"""Who works on which task (DESIGN §5.3): the record, and the rules that read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from encord_lambda.errors import Retry

ROUNDS: Final = 5
"""How often a change is tried that others keep coming before."""


class State(StrEnum):
    """How far a task's visit to a stage has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REJECTED = "rejected"
    GONE = "gone"
    """It was not at the stage any more, or not yet: listings may be behind the times."""
    SHADOWED = "shadowed"
    """Tried in the shadow: the task did not move, and is new work once the shadow is lifted."""


FINISHED: Final = frozenset({State.DONE, State.REJECTED, State.GONE, State.SHADOWED})


@dataclass(frozen=True, slots=True)
class TaskKey:
    """A task at a stage; the same task at another stage has another claim."""

    stage: UUID
    task: UUID


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
    """Grows with each change, so that a worker which lost its lease can tell."""
    tries: int = 0
    """How many tries of this visit ended in trouble that may pass."""
    crashes: int = 0
    """How many workers died with the task in hand."""
    reason: str = ""
    """Why it was put off, refused or rejected the last time; empty if it never was."""

    @property
    def is_live(self) -> bool:
        """Whether the task is in flight: queued or running."""
        return self.state not in FINISHED

    def bars(self, updated_at: datetime, now: datetime) -> bool:
        """Whether a task seen with this `updated_at` must not be queued.

        A finished claim bars its own visit only: a task that came back to the stage is new work. A live claim bars
        every visit, for saving labels may touch `updated_at` while the task is being worked on.
        """
        if self.is_live:
            return now < self.lease_until
        return self.state is not State.GONE and updated_at <= self.updated_at

    def yields_to(self, message: "Claim", now: datetime) -> bool:
        """Whether a message may take the task: its own again, one that waits, or one whose worker's lease ran out."""
        if self.state is State.RUNNING:
            return self.owner == message.owner or self.lease_until < now
        return self.state in (State.QUEUED, State.GONE) or self.updated_at < message.updated_at

    def settled(self, state: State, reason: str = "") -> "Claim":
        """The claim that takes this one's place once the visit has come to its end."""
        return replace(self, token=self.token + 1, state=state, reason=reason or self.reason)

    def put_off(self, until: datetime, reason: str, *, counts: bool) -> "Claim":
        """The claim that takes this one's place when its message comes again; `until` is when it ceases to bar."""
        return replace(
            self,
            token=self.token + 1,
            state=State.QUEUED,
            lease_until=until,
            tries=self.tries + counts,
            reason=reason,
        )


class Held(Protocol):
    """Reads and changes claims."""

    def read(self, keys: Sequence[TaskKey]) -> dict[TaskKey, Claim]:
        """The claims there are, by key."""

    def swap(self, claims: Sequence[Claim]) -> dict[TaskKey, Claim | None]:
        """Write each claim in place of the one it was made from, whose token is one less; none for a token of 1.

        Returns, for those that were not written because another stands there by now, what stands (None: nothing).
        """

    def in_flight(self, stage: UUID, now: datetime) -> set[UUID]:
        """The tasks of the stage that are queued or running under a lease, as of a second ago or so."""


def queue(held: Held, claims: Sequence[Claim], standing: Mapping[TaskKey, Claim]) -> dict[TaskKey, Claim]:
    """Claim tasks for the queue, in place of the claims that were seen standing; returns those that are ours now.

    Tries and crashes of the same visit are remembered.
    """
    wanted = {claim.key: _in_place_of(standing.get(claim.key), claim) for claim in claims}
    lost = held.swap(list(wanted.values()))
    return {key: claim for key, claim in wanted.items() if key not in lost}


def start(held: Held, claims: Sequence[Claim], standing: Mapping[TaskKey, Claim], now: datetime) -> list[Claim]:
    """Take claims to run their tasks, in place of those that were seen standing.

    Returns, in the same order, our own running claim with its new token, or the claim that stands in the way. A worker
    that died with the task in hand is counted.

    Raises:
        Retry: Others changed the same claims again and again.
    """
    wanted = {claim.key: claim for claim in claims}
    known: dict[TaskKey, Claim | None] = {key: standing.get(key) for key in wanted}
    open_ = set(wanted)
    for _ in range(ROUNDS):
        taking = [_in_place_of(known[key], wanted[key]) for key in open_ if _is_free(known[key], wanted[key], now)]
        lost = held.swap(taking) if taking else {}
        known |= {claim.key: claim for claim in taking} | lost
        open_ = set(lost)
        if not open_:
            return [claim for key in wanted if (claim := known[key])]
    raise Retry("other workers changed the same claims again and again")


def settle(held: Held, claims: Sequence[Claim]) -> dict[TaskKey, Claim | None]:
    """Write what became of claims of ours; returns what stands in place of those that others took over since."""
    return held.swap(claims) if claims else {}


def _is_free(standing: Claim | None, wanted: Claim, now: datetime) -> bool:
    return standing is None or standing.yields_to(wanted, now)


def _in_place_of(standing: Claim | None, wanted: Claim) -> Claim:
    if standing is None:
        return replace(wanted, token=1)
    wanted = replace(wanted, token=standing.token + 1, updated_at=max(standing.updated_at, wanted.updated_at))
    if wanted.updated_at != standing.updated_at:
        return wanted
    crashes = standing.crashes + (standing.state is State.RUNNING)
    return replace(wanted, tries=standing.tries, crashes=crashes, reason=standing.reason)
