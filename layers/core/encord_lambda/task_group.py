"""The tasks of one (project, stage, branch), until each has an outcome."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from encord_lambda import config, errors
from encord_lambda.dispatch import backing_off, claims
from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.dispatch.messages import SqsRecord, TaskMessage
from encord_lambda.errors import Cause, GivenUp, Gone, OverBudget, Reject, Retry, Skip, Trouble
from encord_lambda.outcomes import Outcome, Postponed, Rejected, Result, Skipped

LEASE: Final = timedelta(minutes=15)
"""How long a message keeps its task, while it runs and after it falls due again. Longer than the queue hides a message
that a dead worker left, so that the same message resumes (a template test holds it)."""
TRIES: Final = 10
"""After so many tries a task is given up. With the back-off between them, that takes at least a quarter of an hour."""
_LOST: Final = "its lease ran out and another worker has it"


@dataclass(frozen=True, slots=True)
class Job:
    """A task's message and the claim that lets us work on it; the claim's owner is the message's id."""

    record: SqsRecord
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


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that will never work, and why."""

    record: SqsRecord
    subject: str
    reason: str
    cause: Cause = "refused"


class Inbox(Protocol):
    """The queue that the batch came from."""

    def bury(self, letters: Sequence[Letter]) -> None:
        """Send copies to the dead-letter queue, with their reasons. After trouble some may be there."""

    def hide(self, seconds: Mapping[str, int]) -> None:
        """Have messages, by receipt handle, come back after so many seconds."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where a batch's messages go that are not done."""

    inbox: Inbox
    result: Result

    def put_off(self, records: Mapping[str, tuple[SqsRecord, int]]) -> None:
        """Have messages, by id, come back after so many seconds."""
        self.result.keep += records
        try:
            self.inbox.hide({record.receiptHandle: seconds for record, seconds in records.values()})
        except Trouble as trouble:  # they come back when the queue has hidden them long enough
            self.result.outcomes.append(Postponed(f"the back-off of {len(records)} messages", trouble.reason))

    def bury(self, letters: Sequence[Letter]) -> None:
        """Reject messages for good; what cannot be buried today is kept."""
        self.result.outcomes += [Rejected(one.subject, one.reason, one.cause) for one in letters]
        try:
            self.inbox.bury(letters)
        except Trouble as trouble:
            self.result.keep += [letter.record.messageId for letter in letters]
            self.result.outcomes.append(Postponed(f"{len(letters)} dead letters", trouble.reason))


@dataclass(frozen=True, slots=True)
class Office(Post):
    """Where a batch's outcomes are settled."""

    claims: Held
    taken_up: datetime
    """When the batch was taken up."""
    draw: Callable[[], float]
    """A random number in [0, 1)."""


class TaskGroup:
    """Jobs that one run works on. `open` holds those without an outcome yet; those of them in `moves` are on their way.

    A job in trouble falls out alone. What became of the jobs is settled by `close`, all at once.
    """

    def __init__(self, jobs: Sequence[Job], office: Office) -> None:
        self.open = {job.message.task: job for job in jobs}
        self.moves: dict[UUID, Move] = {}
        self._office = office
        self._jobs = list(jobs)
        self._settled: list[Claim] = []
        self._letters: dict[TaskKey, Letter] = {}
        self._put_off: dict[str, tuple[SqsRecord, int]] = {}

    def tell(self, *outcomes: Outcome) -> None:
        """Add to the outcomes of the batch."""
        self._office.result.outcomes += outcomes

    def finish(self, tasks: Collection[UUID], state: State = State.DONE) -> None:
        """Their work is done: their messages go."""
        self._settled += [self.open.pop(task).claim.settled(state, self._refusal(task)) for task in list(tasks)]

    def fall_out(self, task: UUID, trouble: Trouble) -> None:
        """End a job in trouble: its message is put off, or buried with the reason, or goes if nothing is left to do."""
        claim = self.open[task].claim
        if isinstance(trouble, Skip):
            self.tell(Skipped(str(task), trouble.reason))
            self.finish([task], State.GONE if isinstance(trouble, Gone) else State.DONE)
        elif isinstance(trouble, Retry) and claim.tries + _counts(trouble) < TRIES:
            self._postpone(self.open.pop(task), trouble)
        elif isinstance(trouble, Retry):
            self._reject(self.open.pop(task), GivenUp(f"given up after {TRIES} tries: {trouble.reason}"))
        else:
            self._reject(self.open.pop(task), trouble)

    def refuse(self, configured: config.Stage, task: UUID, trouble: Trouble) -> None:
        """As `fall_out`, but what can never work, or not today, takes the pathway for that where there is one.

        In the shadow, what can never work is on its way all the same, to be written down.
        """
        if isinstance(trouble, Reject) and configured.shadow:
            self.moves[task] = Move(configured.failed, trouble.reason, refused=True)
        elif isinstance(trouble, Reject) and configured.failed:
            self.tell(Rejected(str(task), trouble.reason, trouble.cause))
            self.moves[task] = Move(configured.failed, trouble.reason, refused=True)
        elif isinstance(trouble, OverBudget) and configured.over_budget:
            self.moves[task] = Move(configured.over_budget, trouble.reason, refused=True)
        else:
            self.fall_out(task, trouble)

    def attempt[T](self, configured: config.Stage, step: Callable[[UUID], T]) -> dict[UUID, T]:
        """Do a step for each job that is not on its way yet; who fails falls out, even by a fault of ours."""
        done = {}
        for task in self.open.keys() - self.moves.keys():
            try:
                done[task] = step(task)
            except Trouble as trouble:
                self.refuse(configured, task, trouble)
            except Exception as error:  # noqa: BLE001 - its neighbours have nothing to do with it
                self.refuse(configured, task, errors.fault(error))
        return done

    def drop_lost(self) -> None:
        """Who lost the lease meanwhile must not write: another worker has the task."""
        standing = self._office.claims.read([job.claim.key for job in self.open.values()])
        for task, job in list(self.open.items()):
            claim = standing.get(job.claim.key)
            if claim is None or claim.token != job.claim.token:
                del self.open[task]
                self.moves.pop(task, None)
                self.tell(Skipped(str(task), _LOST))
                self._leave_message(job, claim)

    def close(self) -> None:
        """Write the claims, then let go of the messages; if the claims cannot be written, all messages come back."""
        try:
            lost = claims.settle(self._office.claims, self._settled)
        except Trouble as trouble:
            self.tell(Postponed(f"the claims of {len(self._settled)} tasks", trouble.reason))
            self._office.result.keep += [job.record.messageId for job in self._jobs]
            return
        for job in self._jobs:
            if job.claim.key in lost and job.record.messageId not in self._put_off:
                self._leave_message(job, lost[job.claim.key])
        for key in lost.keys() & self._letters.keys():
            del self._letters[key]
            self.tell(Skipped(str(key.task), _LOST))
        if self._letters:
            self._office.bury(list(self._letters.values()))
        if self._put_off:
            self._office.put_off(self._put_off)

    def _leave_message(self, job: Job, standing: Claim | None) -> None:
        """SQS may deliver a message to two workers. The other one, should it die, needs the message to come again."""
        if standing and standing.state is State.RUNNING and standing.owner == job.claim.owner:
            self._office.result.keep.append(job.record.messageId)

    def _postpone(self, job: Job, trouble: Retry) -> None:
        tries = job.claim.tries + 1 if _counts(trouble) else 0
        seconds = backing_off.seconds(tries, trouble.after, self._office.draw())
        until = self._office.taken_up + timedelta(seconds=seconds) + LEASE
        self._settled.append(job.claim.put_off(until, trouble.reason, counts=_counts(trouble)))
        self._put_off[job.record.messageId] = (job.record, seconds)
        self.tell(Postponed(str(job.message.task), trouble.reason, seconds))

    def _refusal(self, task: UUID) -> str:
        """Why a task takes its pathway unworked; empty for one that was worked on."""
        move = self.moves.get(task)
        return move.reason if move and move.refused else ""

    def _reject(self, job: Job, trouble: Trouble) -> None:
        """Tell the outcome with the letter, once it is clear that the claim says so too."""
        self._settled.append(job.claim.settled(State.REJECTED, trouble.reason))
        cause = trouble.cause if isinstance(trouble, Reject) else "refused"
        self._letters[job.claim.key] = Letter(job.record, str(job.message.task), trouble.reason, cause)


def _counts(trouble: Retry) -> bool:
    """Whether it is a try of the work: not if a service that is too busy says when to come again."""
    return trouble.counts and trouble.after <= 0
