"""The tasks of one (project, stage, branch), until each has an outcome."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from encord_lambda import config
from encord_lambda.dispatch.claims import Claim, Held, State
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.errors import OverBudget, Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Outcome, Postponed, Rejected, Result, Skipped


@dataclass(frozen=True, slots=True)
class Job:
    """A task's message and the claim that lets us work on it; the claim's owner is the message's id."""

    message: TaskMessage
    claim: Claim


@dataclass(frozen=True, slots=True)
class Move:
    """Where a task goes and why."""

    pathway: str | None
    """None stays; only for a task in the shadow that would be rejected."""
    reason: str
    refused: bool = False
    """Whether it goes there because it cannot be worked on."""


class TaskGroup:
    """Jobs that one run works on. `open` holds those without an outcome yet; those of them in `moves` are on their way.

    A job in trouble falls out alone.
    """

    def __init__(self, jobs: list[Job], claims: Held, result: Result) -> None:
        self.open = {job.message.task: job for job in jobs}
        self.moves: dict[UUID, Move] = {}
        self._claims, self._result = claims, result

    @property
    def data(self) -> set[UUID]:
        """The data units of the open jobs."""
        return {job.message.data for job in self.open.values()}

    def tell(self, *outcomes: Outcome) -> None:
        """Add to the outcomes of the batch."""
        self._result.outcomes += outcomes

    def finish(self, tasks: Collection[UUID]) -> None:
        """Their work is done: their messages go."""
        self._claims.finish([self.open.pop(task).claim for task in tasks], State.DONE)

    def fall_out(self, task: UUID, trouble: Trouble) -> None:
        """End a job in trouble: its message stays for a retry or the dead-letter queue, or goes if nothing is left."""
        if isinstance(trouble, Skip):
            self.tell(Skipped(str(task), trouble.reason))
            self.finish([task])
            return
        job = self.open.pop(task)
        self._result.keep.append(job.claim.owner)
        if isinstance(trouble, Reject):
            self.tell(Rejected(str(task), trouble.reason))
            self._claims.finish([job.claim], State.REJECTED)
        else:
            after = trouble.after if isinstance(trouble, Retry) else 0.0
            self.tell(Postponed(str(task), trouble.reason, after))

    def refuse(self, configured: config.Stage, task: UUID, trouble: Trouble) -> None:
        """As `fall_out`, but what can never work, or not today, takes the pathway for that where there is one.

        In the shadow, what can never work is on its way all the same, to be written down.
        """
        if isinstance(trouble, Reject) and configured.shadow:
            self.moves[task] = Move(configured.failed, trouble.reason, refused=True)
        elif isinstance(trouble, Reject) and configured.failed:
            self.tell(Rejected(str(task), trouble.reason))
            self.moves[task] = Move(configured.failed, trouble.reason, refused=True)
        elif isinstance(trouble, OverBudget) and configured.over_budget:
            self.moves[task] = Move(configured.over_budget, trouble.reason, refused=True)
        else:
            self.fall_out(task, trouble)

    def attempt[T](self, configured: config.Stage, step: Callable[[UUID], T]) -> dict[UUID, T]:
        """Do a step for each job that is not on its way yet; who fails falls out."""
        done = {}
        for task in self.open.keys() - self.moves.keys():
            try:
                done[task] = step(task)
            except Trouble as trouble:
                self.refuse(configured, task, trouble)
        return done

    def drop_lost(self) -> None:
        """Who lost the lease meanwhile must not write: another worker has the task."""
        standing = self._claims.read([job.claim.key for job in self.open.values()])
        for task, job in list(self.open.items()):
            claim = standing.get(job.claim.key)
            if claim is None or claim.token != job.claim.token:
                del self.open[task]
                self.moves.pop(task, None)
                self.tell(Skipped(str(task), "its lease ran out and another worker has it"))
