"""A stage with three tasks and their messages, and whatever shall go wrong there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from encord_lambda import execution
from encord_lambda.config import PipelineConfig
from encord_lambda.dispatch.claims import State, TaskKey
from encord_lambda.dispatch.messages import SqsRecord, TaskMessage
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.outcomes import Decided, Labelled, Outcome, Postponed, Rejected, Result, Routed, Skipped
from tests.fakes.claims import FakeClaims
from tests.fakes.inbox import FakeInbox
from tests.fakes.shadows import FakeShadows
from tests.fakes.stages import FakeRow, FakeStage, FakeStages, ScriptedModel, tools

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROJECT, STAGE = UUID(int=9), UUID(int=8)
PIPELINE = f"""
version: 1
stages:
  - project: {PROJECT}
    stage: Agent 1
    agent: {{kind: classify, model: openai:m, classification: Animal}}
    pathways: {{Cat: Cat, otherwise: Other}}
"""
FAILED = PIPELINE.replace("otherwise: Other", "otherwise: Other, failed: Dog")
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
TASKS = (FIRST, SECOND, THIRD)
TROUBLES = [Retry("busy"), Misconfigured("mend it"), Reject("never")]
KINDS: dict[type[Trouble], type[Postponed | Rejected]] = {Retry: Postponed, Misconfigured: Postponed, Reject: Rejected}


def data(task: UUID) -> UUID:
    return UUID(int=task.int + 100)


def key(task: UUID) -> TaskKey:
    return TaskKey(STAGE, task)


def a_record(
    task: UUID, message: str = "", stage: UUID = STAGE, branch: str = "main", updated_at: datetime = NOON
) -> SqsRecord:
    body = TaskMessage(
        version=1,
        project=PROJECT,
        stage=stage,
        task=task,
        data=data(task),
        title="cat.jpg",
        branch=branch,
        updated_at=updated_at,
        swept_at=NOON,
    )
    message = message or f"m{task.int}"
    return SqsRecord(messageId=message, receiptHandle=f"receipt of {message}", body=body.model_dump_json())


@dataclass
class Scene:
    """One stage where three tasks wait; every picture shows a cat."""

    pipeline: str = PIPELINE
    now: datetime = NOON
    time_left: Callable[[], float] = lambda: 600.0
    stage: FakeStage = field(default_factory=FakeStage)
    model: ScriptedModel = field(default_factory=ScriptedModel)
    result: Result = field(default_factory=Result)

    def __post_init__(self) -> None:
        self.stages = FakeStages({STAGE: self.stage})
        self.claims = FakeClaims()
        self.inbox = FakeInbox()
        self.shadows = FakeShadows()
        self.tools = tools(model=self.model)
        for task in TASKS:
            self.stage.add(task, data(task), f"url{task.int}")

    def run(self, *records: SqsRecord) -> Result:
        bench = execution.Workbench(
            PipelineConfig.parse("pipeline.yaml", self.pipeline),
            self.stages,
            self.claims,
            self.inbox,
            self.tools,
            self.shadows,
            lambda: 0.0,
        )
        batch = records or [a_record(task) for task in TASKS]
        self.result = execution.run(batch, lambda: bench, self.now, self.time_left)
        return self.result

    def of(self, task: UUID) -> list[Outcome]:
        """What became of a task, in order."""
        mine = [str(task)]
        told = [o for o in self.result.outcomes if not isinstance(o, Decided)]
        return [o for o in told if [str(getattr(o, "task", getattr(o, "subject", "")))] == mine]

    def decided(self, task: UUID) -> list[Decided]:
        """What the agent made of the task."""
        return [o for o in self.result.outcomes if isinstance(o, Decided) and o.task == task]

    def kinds(self, task: UUID) -> list[type[Outcome]]:
        return [type(outcome) for outcome in self.of(task)]

    def state(self, task: UUID) -> State:
        return self.claims.claims[key(task)].state

    def row(self, task: UUID) -> FakeRow:
        return self.stage.known[data(task)]

    def untouched(self, *neighbours: UUID) -> bool:
        """Whether these went all the way, whatever befell the others."""
        return all(
            self.kinds(task) == [Labelled, Routed]
            and self.stage.moved.get(task) == "Cat"
            and self.stage.saved[task] == {"Animal": "Cat"}
            and self.state(task) is State.DONE
            and f"m{task.int}" not in self.result.keep
            for task in neighbours
        )


def reason(outcomes: list[Outcome]) -> str:
    [outcome] = outcomes
    return cast("Postponed | Rejected | Skipped", outcome).reason
