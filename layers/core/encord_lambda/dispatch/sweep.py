"""Who gets queued: tasks that wait at an agent stage and have no live claim."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Protocol
from uuid import UUID

from encord_lambda import config
from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.errors import Trouble
from encord_lambda.outcomes import Outcome, Postponed, Queued

QUEUED_LEASE = timedelta(hours=1)
"""How long a message may wait in the queue before its task is queued again."""
CHUNK = 100
"""Tasks claimed and sent at a time."""
GATHER_SECONDS = 2
"""Messages fall due this much later, all at once, so that the consumer sees full batches instead of the first few."""


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task as a stage lists it."""

    task: UUID
    data: UUID
    title: str
    branch: str
    updated_at: datetime


class WaitingStage(Protocol):
    """An agent stage, for listing."""

    @property
    def uuid(self) -> UUID:
        """The stage's id."""

    def tasks(self) -> list[WaitingTask]:
        """All tasks that wait here."""


class Stages(Protocol):
    """Finds agent stages by title."""

    def titled(self, project: UUID, title: str) -> WaitingStage:
        """The agent stage with this title.

        Raises:
            Misconfigured: The project has no such agent stage; says which it has.
        """


class Outbox(Protocol):
    """Where task messages go."""

    def send(self, messages: Sequence[TaskMessage], *, delay: int = 0) -> None:
        """Send all of them, due in `delay` seconds."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """What a sweep works with."""

    pipeline: config.PipelineConfig
    stages: Stages
    claims: Held
    outbox: Outbox


def sweep(sweeper: Sweeper, now: datetime) -> list[Outcome]:
    """Queue what waits at every configured stage. A stage in trouble is reported and does not stop the others."""
    outcomes: list[Outcome] = []
    for stage in sweeper.pipeline.stages:
        try:
            for queued in _sweep_stage(sweeper, stage, now):
                outcomes += queued
        except Trouble as trouble:
            outcomes.append(Postponed(f"stage '{stage.stage}' of project {stage.project}", trouble.reason))
    return outcomes


def to_queue(
    stage: UUID, tasks: Sequence[WaitingTask], claims: dict[TaskKey, Claim], now: datetime
) -> list[WaitingTask]:
    """The tasks no claim bars, in the stage's own order, which is that of their priority."""

    def barred(task: WaitingTask) -> bool:
        claim = claims.get(TaskKey(stage, task.task))
        return claim is not None and claim.bars(task.updated_at, now)

    return [task for task in tasks if not barred(task)]


def _sweep_stage(sweeper: Sweeper, stage: config.Stage, now: datetime) -> Iterator[list[Queued]]:
    """Queue a stage's tasks, a hundred at a time: what is claimed but not sent waits for its lease to run out."""
    found = sweeper.stages.titled(stage.project, stage.stage)
    tasks = found.tasks()
    known = sweeper.claims.read([TaskKey(found.uuid, task.task) for task in tasks])
    for some in batched(to_queue(found.uuid, tasks, known, now), CHUNK, strict=False):
        claims = [Claim(TaskKey(found.uuid, t.task), State.QUEUED, t.updated_at, now + QUEUED_LEASE) for t in some]
        ours = sweeper.claims.queue(claims)
        queued = [task for task in some if TaskKey(found.uuid, task.task) in ours]
        sweeper.outbox.send([_message(stage, found.uuid, task, now) for task in queued], delay=GATHER_SECONDS)
        yield [Queued(task.task, stage.project, stage.stage) for task in queued]


def _message(stage: config.Stage, uuid: UUID, task: WaitingTask, now: datetime) -> TaskMessage:
    return TaskMessage(
        version=1,
        project=stage.project,
        stage=uuid,
        task=task.task,
        data=task.data,
        title=task.title,
        branch=task.branch,
        updated_at=task.updated_at,
        swept_at=now,
    )
