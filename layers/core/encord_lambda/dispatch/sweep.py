"""Who gets queued: tasks that wait at an agent stage and have no live claim, as many as the stage has room for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from encord_lambda import config
from encord_lambda.dispatch import claims
from encord_lambda.dispatch.ahead import ahead
from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.dispatch.notification import TaskReady
from encord_lambda.errors import Misconfigured, Retry, Trouble, fault
from encord_lambda.outcomes import Listed, Outcome, Postponed, Queued, Skipped, Swept

QUEUED_LEASE = timedelta(hours=1)
"""How long a message may wait in the queue before its task is queued again."""
CHUNK = 100
"""Tasks claimed and sent at a time."""
AT_ONCE = 8
"""Chunks of a stage that are claimed and sent at once."""
READ_AHEAD = 2
"""Chunks that are listed before it is decided what of the first of them is queued."""
GATHER_SECONDS = 2
"""Messages fall due this much later, all at once, so that the consumer sees full batches instead of the first few."""
SPARE_SECONDS = 20.0
"""Kept back of the function's time, for what is under way when it is over: a request may take one of its timeouts."""


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

    def tasks(self) -> Iterator[WaitingTask]:
        """All tasks that wait here, in the order of their priority; listed page by page as they are taken."""


class Stages(Protocol):
    """Finds agent stages by title."""

    def titled(self, project: UUID, title: str) -> WaitingStage:
        """The agent stage with this title.

        Raises:
            Misconfigured: The project has no such agent stage; says which it has.
        """


class Outbox(Protocol):
    """Where task messages go; several threads may send."""

    def send(self, messages: Sequence[TaskMessage], *, delay: int = 0) -> None:
        """Send all of them, due in `delay` seconds."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """What a sweep works with."""

    pipeline: config.PipelineConfig
    stages: Stages
    claims: Held
    outbox: Outbox


def sweep(
    sweeper: Sweeper, now: datetime, time_left: Callable[[], float], ready: TaskReady | None = None
) -> Iterator[Outcome]:
    """Queue what waits at every configured stage, or at the one that is said to be ready, and at no other.

    Tells what happened as it happens, and keeps none of it; last, if all were to be swept, that the sweep came to its
    end. A stage in trouble, be it a fault of ours, is reported and does not stop the others. All have the same share of
    the time that is left (in seconds), and what one does not need goes to those after it.
    """
    if ready is not None:
        yield from _sweep_ready(sweeper, now, time_left, ready)
        return
    stages = sweeper.pipeline.stages
    for number, stage in enumerate(stages):
        share = _share(time_left, len(stages) - number)
        steps = _StageSweep(sweeper, stage, now, share).steps()
        yield from _told(f"stage '{stage.stage}' of project {stage.project}", steps)
    yield Swept(len(stages))


def _sweep_ready(
    sweeper: Sweeper, now: datetime, time_left: Callable[[], float], ready: TaskReady
) -> Iterator[Outcome]:
    subject = f"stage {ready.stage} of project {ready.project}"
    try:
        stage = _configured(sweeper, ready)
    except Trouble as trouble:
        yield Postponed(subject, trouble.reason, trouble.after if isinstance(trouble, Retry) else 0.0)
        return
    if stage is None:
        yield Skipped(subject, "pipeline.yaml has no agent for it")
        return
    steps = _StageSweep(sweeper, stage, now, _share(time_left, 1)).steps()
    yield from _told(f"stage '{stage.stage}' of project {stage.project}", steps)


def _configured(sweeper: Sweeper, ready: TaskReady) -> config.Stage | None:
    """The stage's agent. A title that is wrong says nothing about the others, unless none of them is the stage."""
    wrong: Misconfigured | None = None
    for stage in sweeper.pipeline.stages:
        try:
            if stage.project == ready.project and (
                sweeper.stages.titled(stage.project, stage.stage).uuid == ready.stage
            ):
                return stage
        except Misconfigured as trouble:
            wrong = trouble
    if wrong is not None:
        raise wrong
    return None


def _share(time_left: Callable[[], float], stages: int) -> Callable[[], float]:
    """What is left of the next stage's time, of so many that have yet to be swept."""
    left = time_left() - SPARE_SECONDS
    ends = SPARE_SECONDS + left - left / stages
    return lambda: time_left() - ends


def _told(subject: str, steps: Iterator[list[Queued] | list[Listed]]) -> Iterator[Outcome]:
    """What the steps tell, while the next one is made; what goes wrong is the last of it."""
    with ThreadPoolExecutor(1) as alone:
        step = alone.submit(next, steps, None)
        while (error := step.exception()) is None and (told := step.result()) is not None:
            step = alone.submit(next, steps, None)
            yield from told
    if isinstance(error, Exception):
        trouble = error if isinstance(error, Trouble) else fault(error)
        yield Postponed(subject, trouble.reason, trouble.after if isinstance(trouble, Retry) else 0.0)


def _hundreds(listed: Iterable[WaitingTask]) -> Iterator[list[WaitingTask]]:
    """The tasks by the hundred, none twice in one: pages may shift while they are gone through."""
    some: dict[UUID, WaitingTask] = {}
    for task in listed:
        some[task.task] = task
        if len(some) == CHUNK:
            yield list(some.values())
            some = {}
    if some:
        yield list(some.values())


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Tasks of a stage, and the claims that stand for them."""

    tasks: Sequence[WaitingTask]
    standing: dict[TaskKey, Claim]


class _StageSweep:
    """One sweep of one stage."""

    def __init__(
        self, sweeper: Sweeper, configured: config.Stage, now: datetime, time_left: Callable[[], float]
    ) -> None:
        self._sweeper, self._configured, self._now, self._time_left = sweeper, configured, now, time_left
        self._in_flight: set[UUID] = set()
        """Tasks that others queued or run, as far as we know."""
        self._chosen = 0
        self._waiting, self._oldest = 0, now
        """How many tasks wait for the agent, those it has in hand among them; and since when."""

    def steps(self) -> Iterator[list[Queued] | list[Listed]]:
        """Queue the tasks, a hundred at a time: what a dying sweep has claimed and not sent waits out its lease.

        Then tell what waits.
        """
        self._check_time()
        stage = self._sweeper.stages.titled(self._configured.project, self._configured.stage)
        with ThreadPoolExecutor(AT_ONCE + READ_AHEAD) as pool:
            chunks = ahead(pool, lambda tasks: self._read(stage.uuid, tasks), _hundreds(stage.tasks()), READ_AHEAD)
            chosen = self._choose(stage.uuid, chunks)
            yield from ahead(pool, lambda chunk: self._queue(stage.uuid, chunk), chosen, AT_ONCE)
        if self._waiting:
            oldest = (self._now - self._oldest).total_seconds()
            yield [Listed(self._configured.project, self._configured.stage, self._waiting, oldest)]

    def _read(self, stage: UUID, tasks: Sequence[WaitingTask]) -> _Chunk:
        return _Chunk(tasks, self._sweeper.claims.read([TaskKey(stage, task.task) for task in tasks]))

    def _choose(self, stage: UUID, chunks: Iterable[_Chunk]) -> Iterator[_Chunk]:
        """What no claim bars, in the stage's own order, which is that of priority, until there is no room left."""
        most = self._sweeper.pipeline.limits.max_in_flight
        for number, chunk in enumerate(chunks):
            live = (claim for claim in chunk.standing.values() if claim.is_live and self._now < claim.lease_until)
            self._in_flight.update(claim.key.task for claim in live)
            # Further down there may be others; but not if this is the whole stage and fits.
            if number == 0 and (len(chunk.tasks) == CHUNK or len(chunk.tasks) > most):
                self._in_flight |= self._sweeper.claims.in_flight(stage, self._now)
            room = max(0, most - len(self._in_flight) - self._chosen)
            free = [
                task for task in chunk.tasks if not self._is_barred(task, chunk.standing.get(TaskKey(stage, task.task)))
            ]
            self._note(free, chunk)
            tasks = free[:room]
            self._chosen += len(tasks)
            if tasks:
                yield _Chunk(tasks, chunk.standing)
            if len(tasks) == room:
                return
            self._check_time()

    def _note(self, free: Sequence[WaitingTask], chunk: _Chunk) -> None:
        waiting = {claim.key.task for claim in chunk.standing.values() if claim.is_live} | {one.task for one in free}
        self._waiting += len(waiting)
        self._oldest = min([self._oldest, *(one.updated_at for one in chunk.tasks if one.task in waiting)])

    def _is_barred(self, task: WaitingTask, claim: Claim | None) -> bool:
        if claim is None or (claim.state is State.SHADOWED and not self._configured.shadow):
            return False
        return claim.bars(task.updated_at, self._now)

    def _queue(self, stage: UUID, chunk: _Chunk) -> list[Queued]:
        lease_until = self._now + QUEUED_LEASE
        wanted = [Claim(TaskKey(stage, t.task), State.QUEUED, t.updated_at, lease_until) for t in chunk.tasks]
        ours = claims.queue(self._sweeper.claims, wanted, chunk.standing)
        queued = [task for task in chunk.tasks if TaskKey(stage, task.task) in ours]
        self._send(list(ours.values()), [self._message(stage, task) for task in queued])
        told = Queued(tuple(task.task for task in queued), self._configured.project, self._configured.stage)
        return [told] if queued else []

    def _send(self, ours: Sequence[Claim], messages: Sequence[TaskMessage]) -> None:
        try:
            self._sweeper.outbox.send(messages, delay=GATHER_SECONDS)
        except Trouble as trouble:
            # For the next sweep to send; those that did get through are received twice, and run once.
            claims.settle(
                self._sweeper.claims, [claim.put_off(self._now, trouble.reason, counts=False) for claim in ours]
            )
            raise

    def _message(self, stage: UUID, task: WaitingTask) -> TaskMessage:
        return TaskMessage(
            version=1,
            project=self._configured.project,
            stage=stage,
            task=task.task,
            data=task.data,
            title=task.title,
            branch=task.branch,
            updated_at=task.updated_at,
            swept_at=self._now,
        )

    def _check_time(self) -> None:
        if self._time_left() <= 0:
            raise Retry("its share of the sweep's time is over; the next sweep goes on")
