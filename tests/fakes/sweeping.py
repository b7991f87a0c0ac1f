"""Two stages with waiting tasks, and what a sweep of them queues."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from encord_lambda import outcomes
from encord_lambda.config import PipelineConfig
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.dispatch.sweep import Sweeper, WaitingTask, sweep
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.outcomes import Listed, Outcome, Queued
from tests.fakes.claims import FakeClaims

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PROJECT = UUID(int=9)
FIRST, SECOND = UUID(int=5), UUID(int=6)
STAGES = "".join(
    f"""
  - project: {PROJECT}
    stage: {title}
    agent: {{kind: classify, model: openai:m, classification: Animal}}
    pathways: {{otherwise: Other}}
"""
    for title in ("First", "Second")
)


def a_task(updated_at: datetime = NOON, task: UUID | None = None) -> WaitingTask:
    return WaitingTask(task or uuid4(), uuid4(), "cat.jpg", "main", updated_at)


def some_tasks(count: int) -> list[WaitingTask]:
    return [a_task() for _ in range(count)]


@dataclass
class FakeStage:
    """`taken` counts the tasks that were listed; after `good` of them comes the trouble, if there is any.

    Listing one takes so many `seconds` of the scene's time.
    """

    uuid: UUID
    waiting: list[WaitingTask]
    trouble: Exception | None = None
    good: int = 0
    taken: int = 0
    seconds: float = 0.0

    def tasks(self) -> Iterator[WaitingTask]:
        for task in list(self.waiting):
            if self.trouble and self.taken == self.good:
                raise self.trouble
            self.taken += 1
            yield task


class FakeStages(dict[str, FakeStage]):
    def titled(self, project: UUID, title: str) -> FakeStage:
        if title not in self:
            raise Misconfigured(f"project {project} has no agent stage titled '{title}'")
        return self[title]


class FakeOutbox:
    """After `good` sends comes the trouble, if there is any."""

    def __init__(self) -> None:
        self.sent: list[TaskMessage] = []
        self.delays: set[int] = set()
        self.sizes: list[int] = []
        self.trouble: Retry | None = None
        self.good = 0
        self._lock = threading.Lock()

    def send(self, messages: Sequence[TaskMessage], *, delay: int = 0) -> None:
        with self._lock:
            if self.trouble and len(self.sizes) >= self.good:
                raise self.trouble
            self.sizes.append(len(messages))
            self.sent += messages
            self.delays.add(delay)


class SweptClaims(FakeClaims):
    """Says how often it was asked what is in flight."""

    asked = 0

    def in_flight(self, stage: UUID, now: datetime) -> set[UUID]:
        self.asked += 1
        return super().in_flight(stage, now)


class Swept:
    """Two configured stages; tasks wait at the first."""

    def __init__(self, *tasks: WaitingTask, max_in_flight: int = 2000) -> None:
        self.now = NOON
        self.seconds = 60.0
        self.claims = SweptClaims()
        self.outbox = FakeOutbox()
        self.first, self.second = FakeStage(FIRST, list(tasks)), FakeStage(SECOND, [])
        self.stages = FakeStages(First=self.first, Second=self.second)
        limits = f"limits: {{max_in_flight: {max_in_flight}}}"
        self.pipeline = PipelineConfig.parse("p.yaml", f"version: 1\n{limits}\nstages:{STAGES}")

    @property
    def sweeper(self) -> Sweeper:
        return Sweeper(self.pipeline, self.stages, self.claims, self.outbox)

    def time_left(self) -> float:
        return self.seconds - sum(stage.taken * stage.seconds for stage in self.stages.values())

    def told(self) -> list[Outcome]:
        return list(sweep(self.sweeper, self.now, self.time_left))

    def outcomes(self) -> list[Outcome]:
        """What became of stages and tasks, less how much waits and that the sweep came to its end."""
        return [outcome for outcome in self.told() if not isinstance(outcome, Listed | outcomes.Swept)]

    def sweep(self) -> list[UUID]:
        """The tasks queued now."""
        return [task for outcome in self.outcomes() if isinstance(outcome, Queued) for task in outcome.tasks]

    def claim(self, tasks: Sequence[WaitingTask], state: State, lease: timedelta = MINUTE) -> None:
        """Have others claim tasks of the first stage."""
        keys = [TaskKey(FIRST, task.task) for task in tasks]
        standing = self.claims.read(keys)
        tokens = [standing[key].token + 1 if key in standing else 1 for key in keys]
        self.claims.swap(
            [
                Claim(key, state, task.updated_at, self.now + lease, "m1", token)
                for key, task, token in zip(keys, tasks, tokens, strict=True)
            ]
        )
