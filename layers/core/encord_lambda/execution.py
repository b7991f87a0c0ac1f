"""One batch of tasks from the queue: take the claims, group by project, stage and branch, run each group.

Over protocols, so that it decides and the edge rooms do.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol
from uuid import UUID

from encord_lambda import config
from encord_lambda.agents.agent import Tools
from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.dispatch.messages import SqsRecord, TaskMessage, parse
from encord_lambda.errors import Reject, Trouble
from encord_lambda.outcomes import Rejected, Result, Skipped
from encord_lambda.stage_run import Job, LabelRow, Stage, StageRun

LEASE = timedelta(minutes=15)
"""How long a message keeps its task. Longer than the queue hides the message from others, so that the same message
comes back for a task in trouble, and is counted, until SQS moves it to the dead letters (a template test holds it)."""


class Stages[Row: LabelRow](Protocol):
    """Finds agent stages."""

    def stage(self, project: UUID, uuid: UUID) -> Stage[Row]:
        """The agent stage with this id."""
        ...


@dataclass(frozen=True, slots=True)
class Workbench[Row: LabelRow]:
    """What a batch is worked on with."""

    pipeline: config.PipelineConfig
    stages: Stages[Row]
    claims: Held
    tools: Tools


def run[Row: LabelRow](
    batch: Sequence[SqsRecord], workbench: Callable[[], Workbench[Row]], now: datetime, time_left: Callable[[], float]
) -> Result:
    """Work on a batch; the workbench is not set up for an empty one.

    No task's trouble is another's. `time_left` says how many seconds this worker still has; what the models have
    not answered shortly before its end is handed back.

    Raises:
        Misconfigured: pipeline.yaml, a key or a setting is wrong: the whole batch waits.
    """
    result = Result()
    if not batch:
        return result
    bench = workbench()
    jobs = _started(_parsed(batch, result, now + LEASE), bench.claims, result)
    for (project, stage, _), group in groupby(sorted(jobs, key=_group), key=_group):
        _run_group(project, stage, StageRun[Row](list(group), bench.claims, result, time_left), bench)
    return result


def _run_group[Row: LabelRow](project: UUID, uuid: UUID, group: StageRun[Row], bench: Workbench[Row]) -> None:
    try:
        stage = bench.stages.stage(project, uuid)
        configured = bench.pipeline.stage(project, stage.title)
        if configured is None:
            raise Reject(f"pipeline.yaml names no agent for stage '{stage.title}' of project {project}")
        group.run(stage, configured, bench.tools, bench.pipeline.limits.model_calls)
    except Trouble as trouble:
        for task in list(group.open):
            group.fall_out(task, trouble)


def _group(job: Job) -> tuple[UUID, UUID, str]:
    return job.message.project, job.message.stage, job.message.branch


def _parsed(records: Iterable[SqsRecord], result: Result, lease_until: datetime) -> list[Job]:
    jobs = []
    for record in records:
        try:
            message = parse(TaskMessage, record.body)
        except Reject as malformed:
            # Kept, so that SQS moves it to the dead-letter queue, where a person can read it.
            result.outcomes.append(Rejected(f"message {record.messageId}", malformed.reason))
            result.keep.append(record.messageId)
            continue
        key = TaskKey(message.stage, message.task)
        jobs.append(Job(message, Claim(key, State.RUNNING, message.updated_at, lease_until, record.messageId)))
    return jobs


def _started(jobs: list[Job], claims: Held, result: Result) -> list[Job]:
    """The jobs whose claim is ours now."""
    mine = []
    for job, standing in zip(jobs, claims.start([job.claim for job in jobs]), strict=True):
        ours = standing.owner == job.claim.owner
        if ours and standing.state is State.RUNNING:
            mine.append(Job(job.message, standing))
        elif ours and standing.state is State.REJECTED:
            result.outcomes.append(Rejected(str(job.message.task), "rejected before; goes to the dead-letter queue"))
            result.keep.append(job.claim.owner)
        else:
            reason = f"nothing to do: its claim is {standing.state} by message {standing.owner}"
            result.outcomes.append(Skipped(str(job.message.task), reason))
    return mine
