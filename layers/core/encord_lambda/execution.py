"""One batch of tasks from the queue: group by project, stage and branch; take each group's claims; run it.

Over protocols, so that it decides and the edge rooms do.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import batched, groupby
from typing import Final, Protocol
from uuid import UUID

from encord_lambda import config, deadlines, errors
from encord_lambda.agent_stage import LabelRow, Stage
from encord_lambda.agents.agent import Tools
from encord_lambda.dispatch import backing_off, claims
from encord_lambda.dispatch.claims import Claim, Held, State, TaskKey
from encord_lambda.dispatch.messages import SqsRecord, TaskMessage, parse
from encord_lambda.errors import GivenUp, Reject, Trouble
from encord_lambda.outcomes import Postponed, Result, Skipped
from encord_lambda.shadow import Shadows
from encord_lambda.stage_run import Listing, Means, StageRun, check_pathways
from encord_lambda.task_group import LEASE, Inbox, Job, Letter, Office, TaskGroup

FEW: Final = 10
"""How many tasks are worked on together of which a worker died once; after that, each is alone."""
CRASHES: Final = 5
"""After so many workers that died with it in hand, a task is given up."""


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
    inbox: Inbox
    tools: Tools
    shadows: Shadows
    draw: Callable[[], float]
    """A random number in [0, 1), for the back-off."""


def run[Row: LabelRow](
    batch: Sequence[SqsRecord], workbench: Callable[[], Workbench[Row]], now: datetime, time_left: Callable[[], float]
) -> Result:
    """Work on a batch; the workbench is not set up for an empty one.

    No task's trouble is another's. `time_left` says how many seconds this worker still has; the groups share them, and
    what the models have not answered by the end of a group's share is handed back.

    Raises:
        Misconfigured: pipeline.yaml, a key or a setting is wrong: the whole batch waits.
        Retry: The claims cannot be read: so does it.
    """
    result = Result()
    if not batch:
        return result
    bench = workbench()
    office = Office(bench.inbox, result, bench.claims, now, bench.draw)
    parsed = _parsed(batch, office)
    standing = bench.claims.read(list({job.claim.key for job in parsed}))
    groups = list(_groups(_one_each(parsed, standing, office), standing))
    for waiting, group in zip(range(len(groups), 0, -1), groups, strict=True):
        left = deadlines.share(time_left, waiting)
        means = Means(bench.tools, bench.pipeline.limits.model_calls, left, bench.shadows, now)
        try:
            deadlines.check(left)
            with ThreadPoolExecutor(1) as beside:
                listed = beside.submit(_listed, group, bench)
                started = _started(group, standing, office)
        except Trouble as trouble:
            _hand_back(group, trouble, office)
        else:
            _run_group(started, listed, means, office)
    return result


def _run_group[Row: LabelRow](jobs: list[Job], listed: Future[Listing[Row]], means: Means, office: Office) -> None:
    group = TaskGroup(jobs, office)
    try:
        _give_up(group)
        if group.open:
            StageRun(listed.result(), group, means).run()
    except Trouble as trouble:
        _end(group, trouble)
    except Exception as error:  # noqa: BLE001 - the other groups have nothing to do with it
        _end(group, errors.fault(error))
    group.close()


def _listed[Row: LabelRow](jobs: Sequence[Job], bench: Workbench[Row]) -> Listing[Row]:
    """Their stage, its agent, and the label rows; while their claims are taken, for each waits for a service."""
    first = jobs[0].message
    if all(stage.project != first.project for stage in bench.pipeline.stages):
        raise Reject(f"pipeline.yaml names no stage of project {first.project}")
    stage = bench.stages.stage(first.project, first.stage)
    configured = bench.pipeline.stage(first.project, stage.title)
    if configured is None:
        raise Reject(f"pipeline.yaml names no agent for stage '{stage.title}' of project {first.project}")
    check_pathways(stage, configured)
    return Listing(stage, configured, stage.rows({job.message.data for job in jobs}, first.branch))


def _give_up(group: TaskGroup) -> None:
    for task, job in list(group.open.items()):
        if job.claim.crashes >= CRASHES:
            group.fall_out(task, GivenUp(f"given up: {job.claim.crashes} workers died with it in hand"))


def _end(group: TaskGroup, trouble: Trouble) -> None:
    for task in list(group.open):
        group.fall_out(task, trouble)


def _hand_back(jobs: Sequence[Job], trouble: Trouble, office: Office) -> None:
    """Let messages come again whose claims were not touched."""
    after = getattr(trouble, "after", 0.0)
    seconds = {job.record.messageId: backing_off.seconds(0, after, office.draw()) for job in jobs}
    told = (Postponed(str(job.message.task), trouble.reason, seconds[job.record.messageId]) for job in jobs)
    office.result.outcomes += told
    office.put_off({job.record.messageId: (job.record, seconds[job.record.messageId]) for job in jobs})


def _groups(jobs: Iterable[Job], standing: dict[TaskKey, Claim]) -> Iterator[list[Job]]:
    """Those together that go together; those last, in small groups, of which a worker died and may die again."""

    def deaths(job: Job) -> int:
        claim = standing.get(job.claim.key)
        return claim.crashes + (claim.state is State.RUNNING) if claim else 0

    def alike(job: Job) -> tuple[int, UUID, UUID, str]:
        return min(deaths(job), 2), job.message.project, job.message.stage, job.message.branch

    for (died, *_), group in groupby(sorted(jobs, key=alike), key=alike):
        together = list(group)
        for some in batched(together, (len(together), FEW, 1)[died], strict=False):
            yield list(some)


def _parsed(records: Iterable[SqsRecord], office: Office) -> list[Job]:
    jobs, malformed = [], []
    for record in records:
        try:
            message = parse(TaskMessage, record.body)
        except Reject as fault:
            malformed.append(Letter(record, f"message {record.messageId}", fault.reason, fault.cause))
            continue
        key = TaskKey(message.stage, message.task)
        claim = Claim(key, State.RUNNING, message.updated_at, office.taken_up + LEASE, record.messageId)
        jobs.append(Job(record, message, claim))
    if malformed:
        office.bury(malformed)
    return jobs


def _one_each(jobs: Iterable[Job], standing: dict[TaskKey, Claim], office: Office) -> list[Job]:
    """One job for each task: of several messages, the one that can resume a dead worker's, or that of the latest visit.

    Of equals, the one that had the claim.
    """

    def rank(job: Job) -> tuple[bool, datetime, bool]:
        claim = standing.get(job.claim.key)
        mine = claim if claim and claim.owner == job.claim.owner else None
        return bool(mine and mine.state is State.RUNNING), job.message.updated_at, mine is not None

    chosen: dict[TaskKey, Job] = {}
    for job in sorted(jobs, key=rank):
        if job.claim.key in chosen:
            office.result.outcomes.append(Skipped(str(job.message.task), "nothing to do: its message came twice"))
        chosen[job.claim.key] = job
    return list(chosen.values())


def _started(jobs: list[Job], standing: dict[TaskKey, Claim], office: Office) -> list[Job]:
    """The jobs whose claim is ours now."""
    mine, letters = [], []
    started = claims.start(office.claims, [job.claim for job in jobs], standing, office.taken_up)
    for job, claim in zip(jobs, started, strict=True):
        ours = claim.owner == job.claim.owner
        if ours and claim.state is State.RUNNING:
            mine.append(Job(job.record, job.message, claim))
        elif ours and claim.state is State.REJECTED:
            letters.append(Letter(job.record, str(job.message.task), claim.reason))
        else:
            reason = f"nothing to do: its claim is {claim.state} by message {claim.owner}"
            office.result.outcomes.append(Skipped(str(job.message.task), reason))
    if letters:
        office.bury(letters)
    return mine
