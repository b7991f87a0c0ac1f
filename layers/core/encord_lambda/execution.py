"""One batch of tasks from the queue: take the claims, group by project, stage and branch, run each group.

Over protocols, so that it decides and the edge rooms do.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol
from uuid import UUID

from encord_lambda import config, deadlines
from encord_lambda.agent_stage import LabelRow, Stage
from encord_lambda.agents.agent import Tools
from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.dispatch.messages import SqsRecord, TaskMessage, parse
from encord_lambda.errors import Reject, Trouble
from encord_lambda.outcomes import Rejected, Result, Skipped
from encord_lambda.shadow import Shadows
from encord_lambda.stage_run import Means, StageRun
from encord_lambda.task_group import Job, TaskGroup

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
    shadows: Shadows


def run[Row: LabelRow](
    batch: Sequence[SqsRecord], workbench: Callable[[], Workbench[Row]], now: datetime, time_left: Callable[[], float]
) -> Result:
    """Work on a batch; the workbench is not set up for an empty one.

    No task's trouble is another's. `time_left` says how many seconds this worker still has; the groups share them, and
    what the models have not answered by the end of a group's share is handed back.

    Raises:
        Misconfigured: pipeline.yaml, a key or a setting is wrong: the whole batch waits.
    """
    result = Result()
    if not batch:
        return result
    bench = workbench()
    jobs = _started(_parsed(batch, result, now + LEASE), bench.claims, result)
    groups = [list(group) for _, group in groupby(sorted(jobs, key=_group), key=_group)]
    for waiting, group in zip(range(len(groups), 0, -1), groups, strict=True):
        means = Means(
            bench.tools, bench.pipeline.limits.model_calls, deadlines.share(time_left, waiting), bench.shadows, now
        )
        _run_group(TaskGroup(group, bench.claims, result), group[0].message, bench, means)
    return result


def _run_group[Row: LabelRow](group: TaskGroup, any_of_it: TaskMessage, bench: Workbench[Row], means: Means) -> None:
    try:
        deadlines.check(means.time_left)
        stage = bench.stages.stage(any_of_it.project, any_of_it.stage)
        configured = bench.pipeline.stage(any_of_it.project, stage.title)
        if configured is None:
            raise Reject(f"pipeline.yaml names no agent for stage '{stage.title}' of project {any_of_it.project}")
        StageRun(stage, configured, group, means).run()
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
